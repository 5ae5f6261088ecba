"""Confusion matrices of volunteers, and the constants by which batch, online and merit agree.

N_v[c, l] is the (expected) number of votes l that volunteer v gave to items of true class c. From the crowd's
sum

    crowd[c, l] = sum_v N_v[c, l]
    C[c, l]     = (crowd[c, l] + A[c, l]) / sum_l (crowd[c, l] + A[c, l])         the crowd's matrix
    L_v[c, l]   = (N_v[c, l] + s C[c, l]) / (sum_l N_v[c, l] + s)                 the volunteer's matrix
    prior[c]    = (class_counts[c] + b) / sum_c (class_counts[c] + b)

A is what is believed before anybody voted: `CROWD_VOTES` votes a class, of which the share `CROWD_RIGHT` is
right and the rest is spread evenly. L_v is the mean of a Dirichlet with s C[c] as its prior: a volunteer
without votes answers as the crowd does, and s votes on a class later their own votes weigh half.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

STRENGTH = 5.0  # s: votes a class that the crowd's matrix is worth to each volunteer
CROWD_VOTES = 10.0  # pseudo-votes a class in the crowd's matrix before the first vote
CROWD_RIGHT = 0.7  # the share of those that is right
CLASS_ITEMS = 1.0  # b: pseudo-items a class in the class frequencies


def crowd_prior(k: int) -> Array:
    """A, float64 [K, K]: the crowd's pseudo-votes. With one class there is nothing to confuse."""
    if k == 1:
        return np.full((1, 1), CROWD_VOTES)
    prior = np.full((k, k), CROWD_VOTES * (1.0 - CROWD_RIGHT) / (k - 1))
    np.fill_diagonal(prior, CROWD_VOTES * CROWD_RIGHT)
    return prior


def crowd_matrix(crowd: Array) -> Array:
    """C, float64 [K, K], rows sum to 1; `crowd` [K, K] holds the counts of all volunteers."""
    smoothed = crowd + crowd_prior(len(crowd))
    return np.asarray(smoothed / smoothed.sum(axis=1, keepdims=True), dtype=np.float64)


def shrunk(counts: Array, matrix: Array, strength: float = STRENGTH) -> Array:
    """L_v, float64 [..., K, K], rows sum to 1: `counts` [..., K, K] shrunk to the crowd's `matrix` [K, K], or
    each to their own [..., K, K]."""
    if strength <= 0:
        raise ValueError("strength must be above 0; for none at all use the plain Dawid-Skene")
    total = counts.sum(axis=-1, keepdims=True)
    return np.asarray((counts + strength * matrix) / (total + strength), dtype=np.float64)


def class_prior(class_counts: Array) -> Array:
    """The class frequencies, float64 [K], from the expected number of items a class."""
    smoothed = class_counts + CLASS_ITEMS
    return np.asarray(smoothed / smoothed.sum(), dtype=np.float64)
