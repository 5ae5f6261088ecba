"""Out of character: what somebody says of late is worth less than what the same person said before.

A volunteer's votes on a question are cut, in their order, after the first `least` into blocks of `recent`. Before each
block stands what was known of the attention b (`predict`) from all votes before; an honest person may fall to `fall` of
it within a block. A trial is a vote of the block, a hit one that is not what most others say (the likeliest of q); an
honest person hits with at most the chance e that P leaves at the attention fall * b. Against that stands one who clicks
at random, in all of the block or in half of it:

    E = mean over s = 1/2, 1 of the product over hits of P_s / e, over misses of (1 - P_s) / (1 - e)
    P_s = s max(e, 1 - 1 / K) + (1 - s) e

Only who had attention to lose (b of `LEAST` or more) and has lost it (the block's b is below fall * b) is found. Block
number n has to reach n (n + 1) times the bound, which sums to one bound over all blocks that ever come. Whoever gets
better is never found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mining.science.confusion import Array
from mining.science.fairness.evidence import EDGE, Finding, Rows, bound, mixed
from mining.science.fairness.predict import ATTENTIONS, SPREAD, Predicted
from mining.science.votes import Votes

LEAST = 0.75  # attention before, from which a fall is one
STRENGTHS = (0.5, 1.0)


@dataclass(frozen=True)
class Fall(Finding):
    """trials are the block's votes. before, then: attention before the block, and in it. start: number of the block's
    first vote of the person, from 0."""

    before: float = 1.0
    then: float = 1.0
    start: int = 0


def out_of_character(
    votes: Votes,
    predicted: Predicted,
    *,
    recent: int,
    fall: float,
    least: int,
    alarms: float,
    questions: int = 1,
) -> list[Fall]:
    """The latest block of each volunteer in which it is found."""
    _, size, k = votes.shape
    order = np.argsort(votes.volunteer, kind="stable")
    ends = np.cumsum(np.bincount(votes.volunteer, minlength=size))
    starts = ends - np.bincount(votes.volunteer, minlength=size)
    tested = np.flatnonzero(ends - starts >= least + recent)
    if k < 2:
        return []
    limit = bound(len(tested) * questions, alarms)
    found = []
    for v in tested:
        rows = order[starts[v] : ends[v]]
        for number in range((len(rows) - least) // recent, 0, -1):
            start = least + (number - 1) * recent
            each = _block(votes, predicted, int(v), rows, start, start + recent, fall)
            lost = each.before >= LEAST and each.then < fall * each.before
            if lost and each.evidence >= limit + np.log(number * (number + 1.0)):
                found.append(each)
                break
    return found


def _block(
    votes: Votes, predicted: Predicted, volunteer: int, rows: Rows, start: int, stop: int, fall: float
) -> Fall:
    block = rows[start:stop]
    before, then = _attention(predicted.own[rows[:start]]), _attention(predicted.own[block])
    chance = _at(predicted.chances[block], fall * before)
    labels = votes.label[block]
    missed = labels != predicted.chances[block].argmax(axis=1)
    e = np.clip(1.0 - chance.max(axis=1), EDGE, 1.0 - EDGE)
    logs = []
    for s in STRENGTHS:
        p = s * np.maximum(e, 1.0 - 1.0 / votes.shape[2]) + (1.0 - s) * e
        logs.append(np.where(missed, np.log(p / e), np.log((1.0 - p) / (1.0 - e))).sum(keepdims=True))
    order = np.argsort(chance[np.arange(len(block)), labels], kind="stable")
    return Fall(
        volunteer=volunteer,
        evidence=float(mixed(logs)[0]),
        trials=len(block),
        hits=int(missed.sum()),
        expected=float(e.sum()),
        rows=np.asarray(block[order][:6], dtype=np.int64),
        before=before,
        then=then,
        start=start,
    )


def _attention(own: Array) -> float:
    log_prior = -0.5 * ((np.array(ATTENTIONS) - 1.0) / SPREAD) ** 2
    return float(ATTENTIONS[int((own.sum(axis=0) + log_prior).argmax())])


def _at(chances: Array, attention: float) -> Array:
    logs = attention * np.log(chances)
    p = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(p / p.sum(axis=1, keepdims=True))
