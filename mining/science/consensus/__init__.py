"""Batch consensus: the methods by name. A method is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from mining.science.consensus.base import Consensus

METHODS = {
    "majority": "mining.science.consensus.majority.Majority",
    "weighted": "mining.science.consensus.weighted.Weighted",
    "dawid-skene": "mining.science.consensus.dawid_skene.DawidSkene",
    "dawid-skene-pooled": "mining.science.consensus.dawid_skene.DawidSkenePooled",
    "dawid-skene-tuned": "mining.science.consensus.tuned.DawidSkeneTuned",
    "one-coin": "mining.science.consensus.one_coin.OneCoin",
    "swap": "mining.science.consensus.swap.Swap",
}
DEFAULT = "dawid-skene-tuned"


def method(name: str, **parameters: Any) -> Consensus:
    """The method of that name, with its parameters; ValueError names the known ones."""
    if name not in METHODS:
        raise ValueError(f"no method {name!r}; known: {', '.join(METHODS)}")
    module, _, attribute = METHODS[name].rpartition(".")
    return cast("Consensus", getattr(import_module(module), attribute)(**parameters))
