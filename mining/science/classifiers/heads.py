"""Heads: linear in the columns of the blocks, fitted to raw vote counts by L-BFGS.

`DirichletHead` fits the votes themselves (dirichlet.py): shares and their strength. `MajorityHead` fits the answer most
gave (a tie is shared): the better judge of which answer that is, and blind to how spread votes are.

Loss: mean over subjects, plus penalty / 2 times the squared weights (biases are free). A large fit first learns from
`FIRST` subjects, then goes on with all from there: few passes over all of them are needed. The same columns, counts and
start give the same weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import issparse

from mining.science.classifiers.blocks import Matrix
from mining.science.classifiers.dirichlet import WIDE, loss_and_slopes, softmax, strength
from mining.science.classifiers.kernels import MOST_VOTES, whole_loss_and_slopes
from mining.science.confusion import Array

FIRST = 10_000
STEPS = 200
LAST_STEPS = 8  # over all subjects, once those FIRST were learnt from
CALM = 1e-3  # penalty on t's own bias: one vote a subject says nothing of strength

Weights = npt.NDArray[np.float64]


def majority(counts: Array) -> Array:
    """[N, K]: 1 for the answer that most gave, shared by those that tie."""
    most = (counts == counts.max(axis=1, keepdims=True)).astype(np.float64)
    return np.asarray(most / most.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class Linear:
    """weights: one [D_b, outputs] a block, bias [outputs]."""

    weights: tuple[Weights, ...]
    bias: Weights

    kind: ClassVar[str] = ""
    extra: ClassVar[int] = 0
    """Outputs beyond the answers."""

    @classmethod
    def fit(cls, columns: list[Matrix], counts: Array, *, penalty: float, start: Self | None = None) -> Self:
        """counts [N, K]; rows without votes must be left out before."""
        widths = [each.shape[1] for each in columns]
        outputs = counts.shape[1] + cls.extra
        at = (
            np.zeros((sum(widths) + 1, outputs)) if start is None else np.vstack([*start.weights, start.bias])
        )
        n = len(counts)
        if n > 2 * FIRST:
            if start is None:
                step = n // FIRST
                some = [each[::step] for each in columns]
                at = _minimise(cls, some, counts[::step], at, penalty, STEPS)
            at = _minimise(cls, columns, counts, at, penalty, LAST_STEPS)
        else:
            at = _minimise(cls, columns, counts, at, penalty, STEPS)
        return cls(_parts(at, widths), at[-1])

    def outputs(self, columns: list[Matrix]) -> Array:
        """[N, K + extra]; of no columns one row, which is every subject's."""
        out = np.tile(self.bias, (columns[0].shape[0] if columns else 1, 1))
        for each, weights in zip(columns, self.weights, strict=True):
            out += each @ weights.astype(np.float32)
        return np.asarray(out)

    @staticmethod
    def target(counts: Array) -> npt.NDArray[Any]:
        """What the loss is of."""
        return counts

    @classmethod
    def loss(cls, out: Array, target: npt.NDArray[Any]) -> tuple[float, npt.NDArray[Any]]:
        """Sum over subjects, and its slopes [N, K + extra]."""
        raise NotImplementedError


@dataclass(frozen=True)
class MajorityHead(Linear):
    kind: ClassVar[str] = "majority"

    @staticmethod
    def target(counts: Array) -> npt.NDArray[Any]:
        return majority(counts)

    @classmethod
    def loss(cls, out: Array, target: npt.NDArray[Any]) -> tuple[float, npt.NDArray[Any]]:
        p = softmax(out)
        return float(-(target * np.log(np.maximum(p, 1e-300))).sum()), p - target

    def probabilities(self, columns: list[Matrix]) -> Array:
        """[N, K]: that most will give this answer."""
        return softmax(self.outputs(columns))


@dataclass(frozen=True)
class DirichletHead(Linear):
    kind: ClassVar[str] = "dirichlet"
    extra: ClassVar[int] = 1

    @staticmethod
    def target(counts: Array) -> npt.NDArray[Any]:
        whole = (counts == np.floor(counts)).all() and counts.sum(axis=1).max() <= MOST_VOTES
        return counts.astype(np.int64) if whole else counts

    @classmethod
    def loss(cls, out: Array, target: npt.NDArray[Any]) -> tuple[float, npt.NDArray[Any]]:
        if target.dtype == np.int64:
            lost, slopes = whole_loss_and_slopes(out, target, WIDE)
            return float(lost), slopes
        lost, dz, dt = loss_and_slopes(out[:, :-1], out[:, -1], target)
        return lost, np.column_stack([dz, dt])

    def shares(self, columns: list[Matrix]) -> tuple[Array, Array]:
        """(m [N, K], s [N])"""
        out = self.outputs(columns)
        return softmax(out[:, :-1]), strength(out[:, -1])

    def alpha(self, columns: list[Matrix]) -> Array:
        m, s = self.shares(columns)
        return np.asarray(np.maximum(m * s[:, None], 1e-10))


HEADS: dict[str, type[Linear]] = {"dirichlet": DirichletHead, "majority": MajorityHead}


def _parts(at: Weights, widths: list[int]) -> tuple[Weights, ...]:
    """A block's rows each; the last row is the bias."""
    return tuple(np.split(at[:-1], np.cumsum(widths)[:-1])) if widths else ()


def _minimise(
    head: type[Linear], columns: list[Matrix], counts: Array, at: Weights, penalty: float, steps: int
) -> Weights:
    n, shape, target = len(counts), at.shape, head.target(counts)
    widths = [each.shape[1] for each in columns]
    turned = [each.T.tocsr() if issparse(each) else each.T for each in columns]

    def wanted(flat: Weights) -> tuple[float, Weights]:
        now = flat.reshape(shape)
        out = head(_parts(now, widths), now[-1]).outputs(columns)
        lost, slopes = head.loss(out if columns else np.tile(out, (n, 1)), target)
        small = slopes.astype(np.float32, copy=False)
        back: list[Any] = [np.asarray(each @ small, dtype=np.float64) for each in turned]
        slope = np.vstack([*back, slopes.sum(axis=0, dtype=np.float64)[None, :]]) / n
        slope[:-1] += penalty * now[:-1]
        total = lost / n + penalty / 2 * float(np.square(now[:-1]).sum())
        if head.extra:
            total += CALM / 2 * float(now[-1, -1] ** 2)
            slope[-1, -1] += CALM * now[-1, -1]
        return total, slope.ravel()

    options = {"maxiter": steps, "ftol": 1e-7, "gtol": 1e-5}
    found = minimize(wanted, at.ravel(), jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x.reshape(shape))
