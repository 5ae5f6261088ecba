"""The labelled subjects that look most like another, in the space in which the heads weigh."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix, hstack, issparse

from mining.science.classifiers.blocks import Matrix
from mining.science.classifiers.model import Indices

SHOWN = 5
MOST = 5_000  # labelled subjects that are compared with
BLOCK = 2_000


def nearest(columns: list[Matrix], asked: Indices, labelled: Indices) -> list[list[tuple[int, float]]]:
    """Of each of the rows `asked`: (row of `labelled`, cosine), the most alike first, never itself."""
    if not columns or not len(labelled):
        return [[] for _ in asked]
    whole = (
        hstack([csr_matrix(each) for each in columns]).tocsr()
        if any(map(issparse, columns))
        else np.hstack(columns)
    )
    others = labelled[:: -(-len(labelled) // MOST)]
    right = _unit(whole[others])
    found: list[list[tuple[int, float]]] = []
    for at in range(0, len(asked), BLOCK):
        rows = asked[at : at + BLOCK]
        likeness = _unit(whole[rows]) @ right.T
        likeness = np.asarray(likeness.todense() if issparse(likeness) else likeness)
        likeness[rows[:, None] == others[None, :]] = -np.inf
        best = np.argsort(-likeness, axis=1, kind="stable")[:, :SHOWN]
        for place, near in enumerate(best.tolist()):
            found.append(
                [(int(others[n]), float(likeness[place, n])) for n in near if np.isfinite(likeness[place, n])]
            )
    return found


def _unit(rows: Matrix) -> Matrix:
    if issparse(rows):
        length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)))
        return rows.multiply(1 / np.maximum(length, 1e-12)).tocsr()
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
