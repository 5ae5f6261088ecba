"""Copies: somebody says what another says, beyond what the items and the skill of both explain.

For u and v who share items, a trial is an item of both, a hit that they gave the same answer. Given all other votes on
the item, v's among them, an honest u gives v's answer with the chance P of `predict`, at u's own attention, at odds
`lean` times as large. At a hit the two answers are one, so the chance is that of u's own vote, and a miss costs ln(1 -
s) whatever it was: the evidence of all pairs is a product of sparse matrices, item by item,

    ln E_s(u, v) = sum over items where they agree of gain_s(u, item) + ln(1 - s) * items where they do not

Cost: the votes of volunteers with `least` votes, squared item by item (20 votes an item: 20 N), in blocks of
volunteers; pairs that share fewer than `least` items are never written down.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from math import log

import numpy as np
from scipy.sparse import csr_array

from mining.science.confusion import Array
from mining.science.fairness.evidence import (
    STRENGTHS,
    Finding,
    Rows,
    bound,
    gain,
    leaned,
    mixed,
    most_telling,
)
from mining.science.fairness.predict import Predicted
from mining.science.votes import Votes

BLOCK = 256  # volunteers at a time


@dataclass(frozen=True)
class Copy(Finding):
    """of: code of the volunteer who is copied. later: how many of the same answers came after the other's."""

    of: int = 0
    later: int = 0


@dataclass(frozen=True)
class _Pairs:
    """one, two: codes of volunteers; common, agreed: items; evidence: ln E with `one` as the copy; arrays [pairs]."""

    one: Rows
    two: Rows
    common: Array
    agreed: Array
    evidence: Array


def copies(
    votes: Votes,
    predicted: Predicted,
    *,
    often: float,
    lean: float,
    least: int,
    alarms: float,
    questions: int = 1,
    explained: Container[int] = (),
) -> list[Copy]:
    """Who, on `least` common items or more, says what another says at least in the share `often`, whatever they see.

    Of two the copy is who mostly answers later; whoever copies several is found once, with whom the evidence is
    strongest.
    explained : volunteers whose agreement has another reason, such as always giving one answer; left out, as either.
    """
    chance = leaned(predicted.chance(votes), lean)
    blocks = list(_blocks(votes, chance, least))
    tested = sum(len(each.one) for each in blocks)
    limit = bound(tested * questions, alarms)
    strongest: dict[int, Copy] = {}
    for each in blocks:
        for at in np.flatnonzero(each.evidence >= limit):
            one, two = int(each.one[at]), int(each.two[at])
            if one in explained or two in explained:
                continue
            found = _finding(votes, chance, one, two, float(each.evidence[at]))
            if found is None or found.often < often:
                continue
            if one not in strongest or found.evidence > strongest[one].evidence:
                strongest[one] = found
    return [strongest[one] for one in sorted(strongest)]


def _blocks(votes: Votes, chance: Array, least: int) -> Iterator[_Pairs]:
    """Both orders of each pair with `least` common items."""
    items, size, k = votes.shape
    busy = np.flatnonzero(np.bincount(votes.volunteer, minlength=size) >= least)
    place = np.full(size, -1, dtype=np.int64)
    place[busy] = np.arange(len(busy))
    rows = np.flatnonzero(place[votes.volunteer] >= 0)
    who, item = place[votes.volunteer[rows]], votes.item[rows].astype(np.int64)
    cell = item * k + votes.label[rows]  # the same item and answer
    shape = (len(busy), items * k)
    same = csr_array((np.ones(len(rows)), (who, cell)), shape=shape)
    there = csr_array((np.ones(len(rows)), (who, item)), shape=(len(busy), items))
    gains = [csr_array((gain(chance[rows], s), (who, cell)), shape=shape) for s in STRENGTHS]
    same_turned, there_turned = same.T.tocsr(), there.T.tocsr()
    for start in range(0, len(busy), BLOCK):
        part = slice(start, start + BLOCK)
        common = (there[part] @ there_turned).tocoo()
        enough = (common.data >= least) & (common.row + start != common.col)
        one, two = common.row[enough].astype(np.int64), common.col[enough].astype(np.int64)
        if not len(one):
            continue
        shared = common.data[enough]
        agreed = _at((same[part] @ same_turned).tocsr(), one, two)
        missed = shared - agreed
        found = [
            _at((gained[part] @ same_turned).tocsr(), one, two) + missed * log(1.0 - s)
            for gained, s in zip(gains, STRENGTHS, strict=True)
        ]
        yield _Pairs(busy[one + start], busy[two], shared, agreed, mixed(found))


def _at(table: csr_array, rows: Rows, columns: Rows) -> Array:
    """The cells of a sparse table, [len(rows)]."""
    return np.asarray(table[rows, columns], dtype=np.float64).reshape(-1)


def _finding(votes: Votes, chance: Array, one: int, two: int, found: float) -> Copy | None:
    """None where `one` mostly answered before the other."""
    mine, theirs = np.flatnonzero(votes.volunteer == one), np.flatnonzero(votes.volunteer == two)
    _, at, there = np.intersect1d(votes.item[mine], votes.item[theirs], return_indices=True)
    own, other = mine[at], theirs[there]
    later, earlier = int((own > other).sum()), int((own < other).sum())
    if later < earlier or (later == earlier and one < two):
        return None
    agreed = votes.label[own] == votes.label[other]
    return Copy(
        volunteer=one,
        evidence=found,
        trials=len(own),
        hits=int(agreed.sum()),
        expected=float(_expected(chance[own], agreed)),
        rows=most_telling(own[agreed], chance[own[agreed]]),
        of=two,
        later=int((agreed & (own > other)).sum()),
    )


def _expected(chance: Array, agreed: np.ndarray) -> float:
    """Where they differed the other's answer had at most what the own one left."""
    return float(np.where(agreed, chance, 1.0 - chance).sum())
