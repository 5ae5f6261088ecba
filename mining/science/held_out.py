"""How well a model predicts votes that it has not seen: the one rule for choosing a strength without gold.

Each vote in turn is predicted from the others, as by leave-one-out cross-validation, without fitting once a vote
(conditional predictive ordinates: Geisser and Eddy 1979, "A predictive approach to model selection", JASA 74). With
p_i, N_v, C, s and the prior of the model fitted to all votes, the matrices as they are without item i,

    L_v^-i[c, l] = (N_v[c, l] - p_i[c] + s C[c, l]) / (R_v[c] - p_i[c] + s),      R_v[c] = sum_l N_v[c, l],

(for a vote v, l on i; C, here, is what v's matrix is shrunk to: `DawidSkenePooled.leaning`; a vote that is not learned
has nothing to take out; who weighs less is lessened), and

    q_i^-v[c] = prior[c] prod over the other votes (u, l) on i of L_u^-i[c, l] / normaliser,

the chance of the vote given the others on its item is P(l | i, v) = sum_c q_i^-v[c] L_v^-i[c, l]. The score is the mean
of log P over all votes whose item has others: higher is better. What is neglected: that item i had a part in the other
items' probabilities, and in C and the prior.

Every vote is used and nothing is drawn, so the score depends neither on the order of the rows nor on what items,
volunteers and labels are called. It measures agreement, not truth: a belief that the crowd shares predicts votes well.
It compares models of one family; a model of weights against one of probabilities it does not (docs/science.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import numba
import numpy as np
import numpy.typing as npt

from mining.science.consensus.base import crowd_counts
from mining.science.consensus.dawid_skene import DawidSkenePooled
from mining.science.sorting import counted, looked_up
from mining.science.votes import Codes, Votes

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


def score(fitted: DawidSkenePooled, votes: Votes, gold: Codes | None = None) -> float:
    """Mean log chance of a vote given the others, of a pooled model fitted to these votes and this gold; NaN where no
    item has two votes."""
    items = votes.shape[0]
    known = np.full(items, -1, dtype=np.int32) if gold is None else gold
    counts = fitted.counts_
    pull = fitted.strength * fitted.leaning(counts, crowd_counts(votes, counts))
    pull = np.broadcast_to(pull, counts.shape)
    total, n = _log_chances(
        votes.by_item.offsets, votes.by_item.cell, votes.by_item.learned, known, fitted.probabilities_,
        counts, counts.sum(axis=2), pull, fitted.strength, fitted.prior_,
        np.empty(0) if votes.weights is None else votes.weights,
    )  # fmt: skip
    return float(total / n) if n else float("nan")


def sample(votes: Votes, most: int) -> Votes:
    """The table, or of a larger one about `most` votes: whole items, taken by a hash of how many votes their volunteers
    have, which depends on no name and no order. Where that does not cut (each item has the same volunteers) every n-th
    item in order of first appearance."""
    if len(votes) <= most:
        return votes
    busy = _scrambled(counted(votes.volunteer, votes.shape[1]).astype(np.uint64))
    mark = np.zeros(votes.shape[0], dtype=np.uint64)
    _add(mark, votes.by_item.offsets, votes.by_item.cell, busy, votes.shape[2])
    chosen = _scrambled(mark) % np.uint64(len(votes)) < most
    rows = looked_up(chosen, votes.item)
    if not most / 2 <= np.count_nonzero(rows) <= 2 * most:
        rows = votes.item % -(-len(votes) // most) == 0
    return rows_of(votes, rows)


def with_votes(votes: Votes) -> tuple[Votes, npt.NDArray[np.int64]]:
    """The table without the items that have no votes, and which those are that stay."""
    items = np.flatnonzero(np.diff(votes.by_item.offsets))
    place = np.full(votes.shape[0], -1, dtype=np.int32)
    place[items] = np.arange(len(items), dtype=np.int32)
    return replace(votes, item=place[votes.item], items=votes.items[items]), items


def best(found: Mapping[Key, float], otherwise: Key) -> Key:
    """The candidate with the highest score, the first of equal ones; `otherwise` where there is none."""
    known = {key: value for key, value in found.items() if not np.isnan(value)}
    return max(known, key=known.__getitem__) if known else otherwise


@numba.njit(cache=True, nogil=True)
def _log_chances(offsets, cell, learned, gold, p, counts, rows, pull, strength, prior, weights):  # type: ignore[no-untyped-def]
    """Sum of log P over the votes on items with two or more, and how many these are."""
    k = len(prior)
    total, n = 0.0, 0
    whole, nothing = np.empty(k), np.zeros(k)
    for i in range(len(offsets) - 1):
        first, last = offsets[i], offsets[i + 1]
        if last - first < 2:
            continue
        logs = np.empty((last - first, k))
        for c in range(k):
            whole[c] = np.log(max(prior[c], 1e-300))
        for at in range(last - first):
            v, said = cell[first + at] // k, cell[first + at] % k
            taught = len(learned) == 0 or learned[first + at]
            for c in range(k):
                own = p[i, c] if taught else 0.0
                up = max(counts[v, c, said] - own, 0.0) + pull[v, c, said]
                down = max(rows[v, c] - own, 0.0) + strength
                w = weights[v] if len(weights) else 1.0  # as `base.lessened`
                logs[at, c] = np.log(max(w * up / down + (1.0 - w) / k, 1e-300))
                whole[c] += logs[at, c]
        n += last - first
        if gold[i] >= 0:
            for at in range(last - first):
                total += logs[at, gold[i]]
            continue
        everything = _log_sum(whole, nothing)
        for at in range(last - first):
            total += everything - _log_sum(whole, logs[at])
    return total, n


@numba.njit(cache=True, nogil=True)
def _log_sum(values, less):  # type: ignore[no-untyped-def]
    """Of the differences."""
    top = values[0] - less[0]
    for c in range(1, len(values)):
        top = max(top, values[c] - less[c])
    total = 0.0
    for c in range(len(values)):
        total += np.exp(values[c] - less[c] - top)
    return top + np.log(total)


def _scrambled(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Numbers under 2^31 that look like chance (Knuth's multiplier, twice)."""
    for _ in range(2):
        numbers = (numbers + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        numbers = numbers ^ (numbers >> np.uint64(32))
    return numbers >> np.uint64(33)


@numba.njit(cache=True, nogil=True)
def _add(mark, offsets, cell, values, k):  # type: ignore[no-untyped-def]
    """Sum of the values of each item's volunteers."""
    for i in range(len(mark)):
        for n in range(offsets[i], offsets[i + 1]):
            mark[i] += values[cell[n] // k]
