"""Matrices as the online state stores them: row by row, perhaps from before an answer was added."""

from math import isqrt

import numpy as np


def square(flat: list[float], k: int) -> np.ndarray:
    """[k, k]; answers that the stored matrix does not know have 0."""
    stored = isqrt(len(flat))
    full = np.zeros((k, k))
    full[:stored, :stored] = np.reshape(flat, (stored, stored))
    return full
