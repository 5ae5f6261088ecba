"""Batch consensus: the methods by name. A method is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from mining.science.consensus.base import Consensus

METHODS = {
    "majority": "mining.science.consensus.majority.Majority",
    "dawid-skene": "mining.science.consensus.dawid_skene.DawidSkene",
    "dawid-skene-pooled": "mining.science.consensus.dawid_skene.DawidSkenePooled",
}
DEFAULT = "dawid-skene-pooled"


def method(name: str, **parameters: Any) -> Consensus:
    """The method of that name, with its parameters; ValueError names the known ones."""
    if name not in METHODS:
        raise ValueError(f"no method {name!r}; known: {', '.join(METHODS)}")
    module, _, attribute = METHODS[name].rpartition(".")
    return cast("Consensus", getattr(import_module(module), attribute)(**parameters))
