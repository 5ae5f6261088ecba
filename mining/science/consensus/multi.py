"""Several answers at once: each choice offered is a question of its own, yes or no.

Choices are taken as independent given the item: the plain reading of "tick all that apply". A volunteer has a matrix
for each choice, since who knows bars need not know rings. Any method of the registry weighs the votes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mining.science.confusion import Array
from mining.science.consensus import DEFAULT, method
from mining.science.consensus.base import Consensus
from mining.science.votes import Names, VotesError, encode
from mining.science.weigh import gold_codes

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Choices:
    """probabilities float64 [I, C]: that choice c belongs to item i; not calibrated. fitted: the method, by choice."""

    items: Names
    offered: tuple[str, ...]
    probabilities: Array
    fitted: Mapping[str, Consensus]

    def answer(self, at: int) -> set[str]:
        """The choices that are likelier than not."""
        return {choice for choice, p in zip(self.offered, self.probabilities[at], strict=True) if p > 0.5}


def weigh_choices(
    item: Sequence[str],
    volunteer: Sequence[str],
    chosen: Sequence[Collection[str]],
    offered: Sequence[str],
    *,
    name: str = DEFAULT,
    gold: Mapping[str, Collection[str]] | None = None,
) -> Choices:
    """Weigh rows (item, volunteer, choices ticked); `offered` names all choices, `gold` the known sets by item.

    VotesError for a choice that was not offered. Of repeated rows the first counts.
    """
    for row, ticked in enumerate(chosen):
        strange = set(ticked) - set(offered)
        if strange:
            raise VotesError(f"choice {min(strange)!r} was not offered", row)
    columns, fitted = [], {}
    items: Names = np.empty(0, dtype=np.str_)
    for choice in offered:
        said = [YES if choice in ticked else NO for ticked in chosen]
        votes = encode(item, volunteer, said, labels=[NO, YES])
        known = {i: YES if choice in ticked else NO for i, ticked in (gold or {}).items()}
        done = method(name).fit(votes, gold_codes(votes, known) if gold else None)
        columns.append(done.probabilities_[:, 1])
        fitted[choice] = done
        items = votes.items
    return Choices(items, tuple(offered), np.stack(columns, axis=1), fitted)
