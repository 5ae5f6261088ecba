"""How well a model predicts votes that it has not seen: the one rule for choosing a strength or a model without gold.

A vote of volunteer v on item i is predicted, from a fit to the other votes, with the chance

    P(l | i, v) = sum_c p_i[c] L_v[c, l],        score = mean of log P over the votes left out     (higher is better)

Votes are left out at random, one part of `PARTS` at a time, for the first `TURNS` parts; a vote that leaves its item
without others is not scored. Which part a vote belongs to follows from the names of its item and volunteer, not from
the order of the rows. It measures agreement, not truth: a belief that the crowd shares predicts votes well. A model
that is overconfident where votes differ scores low, so it compares models of one family better than a model of weights
with one of probabilities (measured: docs/science.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar
from zlib import crc32

import numpy as np
import numpy.typing as npt

from mining.science.consensus.base import Consensus
from mining.science.votes import Codes, Names, Votes

PARTS = 5
TURNS = 2
MOST = 1_000_000  # votes that are looked at; of a larger table a random part of the items

Key = TypeVar("Key")


def rows_of(votes: Votes, rows: npt.NDArray[np.bool_]) -> Votes:
    """The table with these rows [N] only; names and codes stay."""
    learned = None if votes.learned is None else votes.learned[rows]
    return Votes(
        votes.item[rows],
        votes.volunteer[rows],
        votes.label[rows],
        votes.items,
        votes.volunteers,
        votes.labels,
        learned=learned,
        weights=votes.weights,
    )


def score(fitted: Consensus, unseen: Votes) -> float:
    """Mean log chance of votes that were left out, of a method fitted to the others (same names and codes)."""
    p = fitted.probabilities_[unseen.item]
    chance = (p * fitted.confusion_[unseen.volunteer, :, unseen.label]).sum(axis=1)
    return float(np.log(np.maximum(chance, 1e-12)).mean())


def scores(
    candidates: Mapping[Key, Callable[[], Consensus]], votes: Votes, gold: Codes | None = None
) -> dict[Key, float]:
    """The score of each candidate, in their order; all on the same votes. NaN where no vote could be left out."""
    sample = _sample(votes)
    mixed = _hashes(sample.items)[sample.item] + np.uint64(31) * _hashes(sample.volunteers)[sample.volunteer]
    part = _scrambled(mixed) % PARTS
    found: dict[Key, list[float]] = {key: [] for key in candidates}
    for turn in range(TURNS):
        kept = rows_of(sample, part != turn)
        covered = np.bincount(kept.item, minlength=sample.shape[0]) > 0
        unseen = rows_of(sample, (part == turn) & covered[sample.item])
        if not len(kept) or not len(unseen):
            continue
        for key, make in candidates.items():
            found[key].append(score(make().fit(kept, gold), unseen))
    return {key: float(np.mean(each)) if each else float("nan") for key, each in found.items()}


def best(found: Mapping[Key, float], otherwise: Key) -> Key:
    """The candidate with the highest score, the first of equal ones; `otherwise` where there is none."""
    known = {key: value for key, value in found.items() if not np.isnan(value)}
    return max(known, key=known.__getitem__) if known else otherwise


def _sample(votes: Votes) -> Votes:
    if len(votes) <= MOST:
        return votes
    chosen = _scrambled(_hashes(votes.items)) % len(votes) < MOST
    return rows_of(votes, chosen[votes.item])


def _hashes(names: Names) -> npt.NDArray[np.uint64]:
    """A number that depends on the name alone."""
    return np.fromiter((crc32(name.encode()) for name in names.tolist()), dtype=np.uint64, count=len(names))


def _scrambled(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Numbers of 0 to 2^31 whose low digits have nothing to do with those of the argument (Knuth's multiplier)."""
    return np.asarray((numbers * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(33), dtype=np.int64)
