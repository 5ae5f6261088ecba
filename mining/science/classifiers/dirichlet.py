"""Votes as draws from a Dirichlet-multinomial: how a classifier says both what an answer is and how spread votes are.

A subject's n votes over K answers come from its own probabilities p, and those from a Dirichlet of concentrations
alpha = m s: mean m (sums to 1), strength s. With A = s and N = sum n, its log likelihood without the term of n alone is

    lnG(A) - lnG(A + N) + sum_k [ lnG(alpha_k + n_k) - lnG(alpha_k) ].

For s -> infinity that is the multinomial (all subjects like this one are alike); for s -> 0 each subject has one answer
and which one is not known. So strength is what tells "half say yes of each" from "half of them are yes"; one vote a
subject can't tell these apart. Weighted votes are fine: n need not be whole.

Mean and strength have weights of their own (z the logits of m, t those of s):

    m = softmax(z),  ln s = WIDE tanh(t / WIDE).
"""

from __future__ import annotations

import numpy as np
from scipy.special import digamma, gammaln

from mining.science.confusion import Array

WIDE = 7.0  # ln s stays within +-WIDE: between one thousandth of a vote and a thousand votes


def softmax(z: Array) -> Array:
    """[N, K]; rows sum to 1."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def strength(t: Array) -> Array:
    """s from t."""
    return np.asarray(np.exp(WIDE * np.tanh(t / WIDE)))


def log_likelihood(alpha: Array, counts: Array) -> Array:
    """[N], with the multinomial coefficient: the log probability of the vote vector. alpha, counts [N, K]."""
    total, votes = alpha.sum(axis=1), counts.sum(axis=1)
    ways = gammaln(votes + 1) - gammaln(counts + 1).sum(axis=1)
    each = (gammaln(alpha + counts) - gammaln(alpha)).sum(axis=1)
    return np.asarray(ways + gammaln(total) - gammaln(total + votes) + each)


def multinomial_log_likelihood(p: Array, counts: Array) -> Array:
    """[N]: the same where votes are drawn from p itself."""
    ways = gammaln(counts.sum(axis=1) + 1) - gammaln(counts + 1).sum(axis=1)
    return np.asarray(ways + (counts * np.log(np.maximum(p, 1e-12))).sum(axis=1))


def loss_and_slopes(z: Array, t: Array, counts: Array) -> tuple[float, Array, Array]:
    """Sum of the losses, d/dz [N, K], d/dt [N]. counts [N, K], without rows of zeros."""
    m, s = softmax(z), strength(t)
    alpha = np.maximum(m * s[:, None], 1e-10)
    votes = counts.sum(axis=1)
    lost = gammaln(s + votes) - gammaln(s) - (gammaln(alpha + counts) - gammaln(alpha)).sum(axis=1)
    by_alpha = digamma(alpha) - digamma(alpha + counts)  # of the loss, but for the term of A
    by_s = digamma(s + votes) - digamma(s)
    mean = (m * by_alpha).sum(axis=1)
    dz = alpha * (by_alpha - mean[:, None])
    dt = (by_s + mean) * s * (1 - np.tanh(t / WIDE) ** 2)
    return float(lost.sum()), dz, dt
