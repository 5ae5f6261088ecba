"""Odd subjects by their votes.

**Unusual patterns.** Under the fitted crowd (class frequencies prior, volunteers' matrices L) the votes (v, l) on
an item have the likelihood

    sum over c of prior[c] * product over its votes of L_v[c, l].

The same volunteers' votes are drawn again `DRAWS` times, class and answers, and p is the share of draws that are no
likelier, (1 + b) / (1 + DRAWS). A subject on which good volunteers contradict each other is unlikely; one that is
only difficult for weak ones is not. Strength: how many standard deviations of the draws the log likelihood lies
below their mean; 0 where it does not.

**Odd answers.** Of n votes k are for answers that mean *something odd* (or of n comments k carry a tag): the chance
of k or more at the usual rate, from the binomial distribution. Strength: -log10 of it.

A reason is given up to a chance of `SAID`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numba
import numpy as np
from scipy.stats import binom

from mining.science.anomalies.oddities import SAID, Items, Oddities
from mining.science.anomalies.reasons import Reason
from mining.science.confusion import Array
from mining.science.consensus.base import Consensus
from mining.science.votes import Votes, VotesError

DRAWS = 200
LEAST_VOTES = 3  # fewer make no pattern


def unusual_votes(votes: Votes, fitted: Consensus, *, seed: int = 0) -> Oddities:
    """Every item with `LEAST_VOTES` votes or more; O(N K DRAWS)."""
    order = np.argsort(votes.item, kind="stable")
    offsets = np.concatenate([[0], np.cumsum(np.bincount(votes.item, minlength=votes.shape[0]))])
    matrices = np.maximum(fitted.confusion_, 1e-12)
    found, expected, spread, p = _likelihoods(
        offsets, votes.volunteer[order], votes.label[order], np.log(matrices), np.cumsum(matrices, axis=2),
        np.log(np.maximum(fitted.prior_, 1e-300)), np.cumsum(fitted.prior_), DRAWS, seed,
    )  # fmt: skip
    n = np.diff(offsets)
    strength = np.where(
        n >= LEAST_VOTES, np.maximum((expected - found) / np.maximum(spread, 1e-9), 0.0), np.nan
    )
    tallies = votes.tallies()
    reasons = tuple(
        None
        if np.isnan(strength[at]) or p[at] > SAID
        else Reason("votes", {"votes": _said(tallies[at], votes), "p": float(p[at])})
        for at in range(votes.shape[0])
    )
    return Oddities("votes", votes.items, strength, reasons)


def odd_answers(votes: Votes, labels: Collection[str]) -> Oddities:
    """Items with more votes for these answers than usual."""
    known = votes.labels.tolist()
    unknown = [label for label in labels if label not in known]
    if unknown:
        raise VotesError(f"no vote says {', '.join(unknown)} (answers: {', '.join(known[:10])})")
    tallies = votes.tallies()
    of = tallies.sum(axis=1)
    n = tallies[:, [known.index(label) for label in labels]].sum(axis=1)
    return more_than_usual(votes.items, n, of, tuple(labels))


def more_than_usual(
    items: Items, n: Array, of: Array, labels: tuple[str, ...], most: Sequence[str] | None = None
) -> Oddities:
    """n of so many votes (or comments) of each item are of the odd kind [I]. most: which label they are most often [I],
    where there are several; it is told."""
    usual = float(n.sum() / max(of.sum(), 1.0))
    with np.errstate(divide="ignore"):
        strength = np.where(of > 0, -binom.logsf(n - 1, of, usual) / np.log(10), np.nan)
    reasons: list[Reason | None] = [None] * len(items)
    for at in np.flatnonzero((n > 0) & (strength >= -np.log10(SAID))).tolist():
        said: dict[str, object] = {"labels": labels} if most is None else {"most": most[at]}
        reasons[at] = Reason("odd_answer", {"n": int(n[at]), "of": int(of[at]), "usual": usual} | said)
    return Oddities("odd_answers", items, np.minimum(strength, 300.0), tuple(reasons))


def _said(tally: Array, votes: Votes) -> list[tuple[str, int]]:
    order = np.argsort(-tally, kind="stable")
    return [(str(votes.labels[at]), int(tally[at])) for at in order[:5] if tally[at] > 0]


@numba.njit(cache=True)
def _likelihoods(offsets, volunteer, label, log_matrix, sums, log_prior, prior_sums, draws, seed):  # type: ignore[no-untyped-def]
    """(log likelihood, mean and deviation of the draws', p) of each item."""
    np.random.seed(seed)
    items, k = len(offsets) - 1, len(log_prior)
    found, mean, spread, p = np.zeros(items), np.zeros(items), np.zeros(items), np.ones(items)
    drawn = np.zeros(k)
    for i in range(items):
        start, stop = offsets[i], offsets[i + 1]
        if start == stop:
            continue
        drawn[:] = log_prior
        for n in range(start, stop):
            for c in range(k):
                drawn[c] += log_matrix[volunteer[n], c, label[n]]
        found[i] = _log_sum(drawn)
        total, squares, below = 0.0, 0.0, 0
        for _ in range(draws):
            truth = min(np.searchsorted(prior_sums, np.random.random(), side="right"), k - 1)
            drawn[:] = log_prior
            for n in range(start, stop):
                v = volunteer[n]
                said = min(np.searchsorted(sums[v, truth], np.random.random(), side="right"), k - 1)
                for c in range(k):
                    drawn[c] += log_matrix[v, c, said]
            value = _log_sum(drawn)
            total += value
            squares += value * value
            below += value <= found[i] + 1e-9
        mean[i] = total / draws
        spread[i] = np.sqrt(max(squares / draws - mean[i] ** 2, 0.0))
        p[i] = (1 + below) / (1 + draws)
    return found, mean, spread, p


@numba.njit(cache=True)
def _log_sum(x):  # type: ignore[no-untyped-def]
    top = x.max()
    return top + np.log(np.exp(x - top).sum())
