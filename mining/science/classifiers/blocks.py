"""From what encoders give to the columns that heads weigh: blocks side by side (early fusion).

A block is one source: the picture's features, the text's n-grams, the catalogue attributes. Each is prepared by what
it was fitted on and nothing else, and scaled to mean squared length 1, so that no block drowns another:

- dense   : columns to mean 0 and spread 1, then their first `MOST_AXES` principal axes. A row that lacks the block
            (NaN) is the mean.
- sparse  : TF-IDF of hashed n-grams, rows of length 1.
- numbers of a table : clipped ranks' normal scores, a missing value is the middle and has a column that says so;
            categories: a column for each of the `MOST_LEVELS` most frequent levels, missing among them.

What was learnt is arrays and JSON (`state`, `of_state`), nothing that would be unpickled.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, issparse
from scipy.special import ndtri

from mining.science.confusion import Array

MOST_AXES = 128
MOST_ROWS = 10_000  # that principal axes are found on
MOST_LEVELS = 20
QUANTILES = 101

Columns = npt.NDArray[np.float32]
Matrix = Any
"""[N, D] float32: an array, or scipy's csr_matrix."""
State = tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]


@dataclass(frozen=True)
class Table:
    """Catalogue attributes by name: numbers (NaN: missing) or texts (None: missing), N each."""

    numbers: dict[str, Array]
    categories: dict[str, list[str | None]]
    n: int

    def rows(self, at: npt.NDArray[np.int64]) -> Table:
        return Table(
            {name: each[at] for name, each in self.numbers.items()},
            {name: [each[i] for i in at.tolist()] for name, each in self.categories.items()},
            len(at),
        )


Raw = Any
"""What a source gives of N subjects: an array [N, D] (float16 or float32), a csr_matrix, or a Table."""


class Block(Protocol):
    """One source, prepared."""

    kind: ClassVar[str]

    def columns(self, raw: Any) -> Matrix: ...

    def state(self) -> State: ...


@dataclass(frozen=True)
class Dense:
    mean: Columns
    scale: Columns
    axes: Columns  # [D, A]
    kind: ClassVar[str] = "dense"

    @classmethod
    def fit(cls, raw: Columns, rng: np.random.Generator) -> Dense:
        there = np.flatnonzero(np.isfinite(raw).all(axis=1))
        if len(there) > MOST_ROWS:
            there = np.sort(rng.choice(there, MOST_ROWS, replace=False))
        some = raw[there].astype(np.float64)
        if len(some) < 2:
            width = raw.shape[1]
            nothing = np.zeros(width, dtype=np.float32)
            return cls(nothing, nothing, np.zeros((width, 1), dtype=np.float32))
        mean, spread = some.mean(axis=0), some.std(axis=0)
        scale = np.where(
            spread > 1e-6 * max(float(spread.max()), 1e-12), 1.0 / np.maximum(spread, 1e-12), 0.0
        )
        some = (some - mean) * scale
        kept, total = _axes(some, min(MOST_AXES, len(some) - 1))
        length = np.sqrt(max(total, 1e-12))
        return cls(*(each.astype(np.float32) for each in (mean, scale, kept / length)))

    def columns(self, raw: Columns) -> Matrix:
        axes = self.axes * self.scale[:, None]
        out = np.empty((len(raw), axes.shape[1]), dtype=np.float32)
        for at in range(0, len(raw), 8192):  # float16 from the cache becomes float32 a part at a time
            part = raw[at : at + 8192].astype(np.float32)
            out[at : at + 8192] = part @ axes - self.mean @ axes
        out[~np.isfinite(out).all(axis=1)] = 0.0
        return out

    def state(self) -> State:
        return {"mean": self.mean, "scale": self.scale, "axes": self.axes}, {}


@dataclass(frozen=True)
class Sparse:
    rarity: Columns
    kind: ClassVar[str] = "sparse"

    @classmethod
    def fit(cls, raw: csr_matrix, rng: np.random.Generator) -> Sparse:
        n = raw.shape[0]
        seen = np.bincount(raw.indices, minlength=raw.shape[1])
        return cls((np.log((1 + n) / (1 + seen)) + 1).astype(np.float32))

    def columns(self, raw: csr_matrix) -> Matrix:
        weighed = raw.multiply(self.rarity[None, :]).tocsr()
        length = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        weighed.data /= np.repeat(np.maximum(length, 1e-12), np.diff(weighed.indptr)).astype(np.float32)
        return weighed

    def state(self) -> State:
        return {"rarity": self.rarity}, {}


@dataclass(frozen=True)
class Attributes:
    quantiles: dict[str, Columns]  # of a number's known values
    levels: dict[str, list[str]]
    scale: float
    kind: ClassVar[str] = "attributes"

    @classmethod
    def fit(cls, raw: Table, rng: np.random.Generator) -> Attributes:
        quantiles, levels = {}, {}
        for name, values in raw.numbers.items():
            known = values[np.isfinite(values)]
            if len(np.unique(known)) > 1 or (len(known) and len(known) < len(values)):
                quantiles[name] = np.quantile(known, np.linspace(0, 1, QUANTILES)).astype(np.float32)
        for name, texts in raw.categories.items():
            common = [
                level for level, _ in Counter(t for t in texts if t is not None).most_common(MOST_LEVELS)
            ]
            if common:
                levels[name] = sorted(common)
        plain = cls(quantiles, levels, 1.0).columns(raw)
        return cls(
            quantiles, levels, float(1 / np.sqrt(max(float(np.square(plain).sum(axis=1).mean()), 1e-12)))
        )

    def columns(self, raw: Table) -> Matrix:
        parts = [np.zeros((raw.n, 0), dtype=np.float32)]
        for name, known in self.quantiles.items():
            values = raw.numbers.get(name, np.full(raw.n, np.nan)).astype(np.float32)
            missing = ~np.isfinite(values)
            low = np.searchsorted(known, np.where(missing, 0, values), "left")
            high = np.searchsorted(known, np.where(missing, 0, values), "right")
            rank = np.clip((low + high) / 2 / QUANTILES, 0.5 / QUANTILES, 1 - 0.5 / QUANTILES)
            parts.append(np.column_stack([np.where(missing, 0.0, ndtri(rank)), missing]).astype(np.float32))
        for name, common in self.levels.items():
            texts = raw.categories.get(name, [None] * raw.n)
            at = {level: number for number, level in enumerate(common)}
            code = np.array([len(common) if t is None else at.get(t, len(common) + 1) for t in texts])
            parts.append(np.eye(len(common) + 2, dtype=np.float32)[code.astype(np.int64), :-1])
        return np.concatenate(parts, axis=1) * np.float32(self.scale)

    def state(self) -> State:
        return dict(self.quantiles), {"levels": self.levels, "scale": self.scale}


def _axes(some: Array, most: int) -> tuple[Array, float]:
    """(the principal axes [D, A], the variance along all of them), by the smaller of the two Gram matrices."""
    n, d = some.shape
    if d <= n:
        values, vectors = np.linalg.eigh(some.T @ some / n)
        return vectors[:, ::-1][:, :most], float(values[::-1][:most].sum())
    values, vectors = np.linalg.eigh(some @ some.T / n)
    values, vectors = values[::-1][:most], vectors[:, ::-1][:, :most]
    some_kept = values > 1e-9 * max(float(values[0]), 1e-12)
    axes = some.T @ vectors[:, some_kept] / np.sqrt(values[some_kept] * n)
    return axes, float(values[some_kept].sum())


def fit_block(raw: Raw, rng: np.random.Generator) -> Block:
    if isinstance(raw, Table):
        return Attributes.fit(raw, rng)
    return Sparse.fit(raw, rng) if issparse(raw) else Dense.fit(raw, rng)


def of_state(kind: str, arrays: dict[str, npt.NDArray[Any]], said: dict[str, Any]) -> Block:
    if kind == "dense":
        return Dense(**arrays)
    if kind == "sparse":
        return Sparse(**arrays)
    return Attributes(dict(arrays), said["levels"], said["scale"])


def rows_of(raw: Raw, at: npt.NDArray[np.int64]) -> Raw:
    return raw.rows(at) if isinstance(raw, Table) else raw[at]
