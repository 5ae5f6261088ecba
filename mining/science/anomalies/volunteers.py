"""Volunteers unlike the rest: robots, copies, people who take the question for another.

With p_i the consensus of item i and C the crowd's matrix, others would say l on it with q_i[l] = sum_c p_i[c] C[c,
l].

- **answers**: what somebody said, counted, against the sum of q over their items (Pearson's chi-square with the
variance of
  these sums, K - 1 degrees of freedom): always the same answer, or a taste of their own.
- **disagrees**: votes that hit the consensus against how many of others' would; only fewer counts.
- **copies**: equal answers of two on the items they share, against sum_l q[l]^2; only more counts. Those
`MOST_PAIRED` with the
  most votes are compared, pairs with `LEAST_COMMON` items in common.

Strength is -log10 of the chance of each (normal approximation), the greatest of the three less log10 of the number of
comparisons made; above 2 it would be found in fewer than one crowd in a hundred.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.stats import chi2, norm

from mining.science.anomalies.oddities import Oddities
from mining.science.anomalies.reasons import Reason
from mining.science.confusion import Array, crowd_matrix
from mining.science.consensus.base import Consensus
from mining.science.votes import Votes

LEAST_VOTES = 10
LEAST_COMMON = 10
MOST_PAIRED = 1000


def unlike_the_rest(votes: Votes, fitted: Consensus) -> Oddities:
    """Every volunteer with `LEAST_VOTES` votes or more; items of the result are volunteers."""
    q = fitted.probabilities_ @ crowd_matrix(fitted.counts_.sum(axis=0))
    n = np.bincount(votes.volunteer, minlength=votes.shape[1])
    lists = [_answers(votes, q), _disagrees(votes, fitted, q), _copies(votes, q)]
    strength = np.full(votes.shape[1], np.nan)
    reasons: list[Reason | None] = [None] * votes.shape[1]
    for v in np.flatnonzero(n >= LEAST_VOTES).tolist():
        best = max(range(len(lists)), key=lambda at, v=v: lists[at][0][v])  # type: ignore[misc]
        strength[v] = lists[best][0][v] - np.log10(len(lists) * (n >= LEAST_VOTES).sum())
        reasons[v] = lists[best][1][v]
    return Oddities("volunteers", votes.volunteers, strength, tuple(reasons))


def _per_volunteer(votes: Votes, values: Array) -> Array:
    sums = np.bincount(votes.volunteer, weights=values, minlength=votes.shape[1])
    return np.asarray(sums, dtype=np.float64)


def _answers(votes: Votes, q: Array) -> tuple[Array, list[Reason | None]]:
    size, k = votes.shape[1], votes.shape[2]
    said = np.zeros((size, k))
    np.add.at(said, (votes.volunteer, votes.label), 1.0)
    of_vote = q[votes.item]
    expected = np.column_stack([_per_volunteer(votes, of_vote[:, c]) for c in range(k)])
    variance = np.column_stack([_per_volunteer(votes, of_vote[:, c] * (1 - of_vote[:, c])) for c in range(k)])
    square = ((said - expected) ** 2 / np.maximum(variance, 1e-9)).sum(axis=1) * (k - 1) / max(k, 1)
    strength = -chi2.logsf(square, max(k - 1, 1)) / np.log(10)
    over = (said - expected).argmax(axis=1)
    reasons: list[Reason | None] = [
        Reason(
            "answers",
            {
                "label": str(votes.labels[at]),
                "n": int(said[v, at]),
                "of": int(said[v].sum()),
                "expected": float(expected[v, at]),
            },
        )
        for v, at in enumerate(over.tolist())
    ]
    return np.minimum(strength, 300.0), reasons


def _disagrees(votes: Votes, fitted: Consensus, q: Array) -> tuple[Array, list[Reason | None]]:
    leading = fitted.labels_[votes.item]
    hit = _per_volunteer(votes, (votes.label == leading).astype(np.float64))
    chance = q[votes.item, leading]
    expected, variance = _per_volunteer(votes, chance), _per_volunteer(votes, chance * (1 - chance))
    strength = -norm.logcdf((hit + 0.5 - expected) / np.sqrt(np.maximum(variance, 1e-9))) / np.log(10)
    of = np.bincount(votes.volunteer, minlength=votes.shape[1])
    reasons: list[Reason | None] = [
        Reason("disagrees", {"n": int(hit[v]), "of": int(of[v]), "expected": float(expected[v])})
        for v in range(votes.shape[1])
    ]
    return np.minimum(strength, 300.0), reasons


def _copies(votes: Votes, q: Array) -> tuple[Array, list[Reason | None]]:
    """A pair's chance is multiplied by the number of pairs over that of volunteers, so that all three lists
    compare."""
    items, size, k = votes.shape
    strength, reasons = np.zeros(size), [None] * size
    n = np.bincount(votes.volunteer, minlength=size)
    those = np.argsort(-n, kind="stable")[:MOST_PAIRED]
    those = those[n[those] >= LEAST_COMMON]
    if len(those) < 2:
        return strength, list(reasons)
    place = np.full(size, -1)
    place[those] = np.arange(len(those))
    rows = place[votes.volunteer]
    kept = rows >= 0
    rows, item, label = rows[kept], votes.item[kept].astype(np.int64), votes.label[kept]
    shape, ones = len(those), np.ones(len(rows))
    answers = csr_matrix((ones, (rows, item * k + label)), shape=(shape, items * k))
    same_chance = (q**2).sum(axis=1)

    def in_common(weights: Array) -> Array:
        left = csr_matrix((weights[item], (rows, item)), shape=(shape, items))
        right = csr_matrix((ones, (rows, item)), shape=(shape, items))
        return np.asarray((left @ right.T).todense())

    same = np.asarray((answers @ answers.T).todense())
    common, expected = in_common(np.ones(items)), in_common(same_chance)
    variance = in_common(same_chance * (1 - same_chance))
    z = np.where(
        common >= LEAST_COMMON, (same - 0.5 - expected) / np.sqrt(np.maximum(variance, 1e-9)), -np.inf
    )
    np.fill_diagonal(z, -np.inf)
    partner = z.argmax(axis=1)
    made: list[Reason | None] = list(reasons)
    for at, v in enumerate(those.tolist()):
        other = int(partner[at])
        if np.isfinite(z[at, other]):
            log_p = norm.logsf(z[at, other]) / np.log(10)
            strength[v] = min(max(-log_p - np.log10(max(len(those) - 1, 1)), 0.0), 300.0)
            facts = {
                "n": int(same[at, other]),
                "of": int(common[at, other]),
                "expected": float(expected[at, other]),
            }
            made[v] = Reason("copies", {**facts, "other": str(votes.volunteers[those[other]])})
    return strength, made
