"""Which attributes say the same, and what each adds to those already chosen.

**Alike** (0 to 1): of two columns of numbers |Spearman's rank correlation|, over the rows that have both; where one
is of categories, the mutual information of both (numbers in quantile bins) over the smaller entropy, on the same
rows.

**Groups**: in the given order (usually that of the gains) an attribute joins the first group whose leader it is at
least `SAME` like, or leads one of its own.

**Chosen**: first the attribute that tells most, then the one that tells most beside it, and so on: the mutual
information, in quantile bins with one for missing values, with the classes within the cells of those already chosen
(their MDL partitions, or halves, so that what says the same as one of them finds little left to tell), corrected by
Miller and Madow in every cell. Labels permuted within the cells say what chance would add: where the best is not above
95 % of the best of chance, it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from mining.science.attributes.bins import mdl, mutual_information
from mining.science.attributes.columns import AttributesError, AttributeTable, Categories, Column, Numbers
from mining.science.attributes.labels import Labels
from mining.science.attributes.permutation import segments_of
from mining.science.attributes.splits import prepare
from mining.science.coding import Codes
from mining.science.confusion import Array

SAME = 0.9
MOST = 300  # attributes that are compared with each other
ROWS = 20_000  # a sample of more rows is drawn
BINS, CELL_ROWS = 5, 10  # bins of an attribute; rows that a bin of a cell should have
MOST_CHOSEN, TURNS, LEVEL = 5, 99, 0.95


@dataclass(frozen=True)
class Alike:
    """names [A] and how alike two are, float64 [A, A]; n: rows that were compared."""

    names: tuple[str, ...]
    alike: Array
    n: int


@dataclass(frozen=True)
class Step:
    """One chosen attribute: bits beside those before it, what chance adds there at best in 95 % (`level`), and bits
    of all up to it."""

    attribute: str
    bits: float
    level: float
    total: float


def alike(table: AttributeTable, names: Sequence[str], *, seed: int = 0) -> Alike:
    """Compare these columns, at most `MOST`; O(A^2 N) where there are categories, a matrix product else."""
    if len(names) > MOST:
        raise AttributesError(f"{len(names)} attributes are too many to compare; at most {MOST}")
    rows = _sample(table.n, seed)
    columns = [table[name].take(rows) for name in names]
    of_numbers = [at for at, column in enumerate(columns) if isinstance(column, Numbers)]
    out = np.eye(len(columns))
    out[np.ix_(of_numbers, of_numbers)] = _spearman([columns[at] for at in of_numbers])
    binned = [_binned(column, BINS) for column in columns]
    for a, one in enumerate(columns):
        for b in range(a):
            if isinstance(one, Categories) or isinstance(columns[b], Categories):
                out[a, b] = out[b, a] = _uncertainty(binned[a], binned[b])
    return Alike(tuple(names), out, len(rows))


def groups(found: Alike, same: float = SAME) -> tuple[tuple[str, ...], ...]:
    """Groups of attributes that say the same, their leaders first."""
    leaders: list[int] = []
    members: list[list[str]] = []
    for at, name in enumerate(found.names):
        near = [g for g, leader in enumerate(leaders) if found.alike[at, leader] >= same]
        if near:
            members[near[0]].append(name)
        else:
            leaders.append(at)
            members.append([name])
    return tuple(tuple(group) for group in members)


def chosen(
    table: AttributeTable, labels: Labels, names: Sequence[str], *, most: int = MOST_CHOSEN, seed: int = 0
) -> tuple[Step, ...]:
    """Choose among these columns of the labelled rows (`gain.labelled`)."""
    rows = _sample(len(labels), seed)
    weights = labels.weights()[rows]
    said = Labels(labels.classes, np.arange(len(rows)), len(rows), shares=weights)
    waiting = {name: table[name].take(rows) for name in names[:MOST]}
    cells = np.zeros(len(rows), dtype=np.int64)
    steps: list[Step] = []
    while waiting and len(steps) < most:
        bins = int(np.clip(len(rows) // (CELL_ROWS * (cells.max() + 1)), 2, BINS))
        binned = {name: _binned(column, bins) for name, column in waiting.items()}
        bits = {name: _within(cells, codes, weights) for name, codes in binned.items()}
        best = max(bits, key=lambda name: bits[name])
        level = _chance(cells, list(binned.values()), weights, seed=seed + len(steps))
        if bits[best] <= level:
            break
        steps.append(Step(best, bits[best], level, bits[best] + (steps[-1].total if steps else 0.0)))
        parts = _parts(waiting[best], said)
        _, cells = np.unique(cells * (int(parts.max()) + 1) + parts, return_inverse=True)
        del waiting[best]
    return tuple(steps)


def _sample(n: int, seed: int) -> npt.NDArray[np.int64]:
    if n <= ROWS:
        return np.arange(n)
    return np.sort(np.random.default_rng([seed, 4]).choice(n, ROWS, replace=False))


def _spearman(columns: Sequence[Column]) -> Array:
    """|rank correlation| of each pair over the rows that have both; ranks are those within a column's own rows."""
    if not columns:
        return np.empty((0, 0))
    ranks = np.zeros((len(columns[0].missing), len(columns)))
    there = np.ones_like(ranks)
    for at, column in enumerate(columns):
        missing = column.missing
        rank = rankdata(column.values[~missing]) if isinstance(column, Numbers) else np.empty(0)
        ranks[~missing, at] = rank - rank.mean()
        there[missing, at] = 0.0
    sums, squares, n = ranks.T @ there, (ranks**2).T @ there, np.maximum(there.T @ there, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = ranks.T @ ranks - sums * sums.T / n
        spread = squares - sums**2 / n
        return np.nan_to_num(np.abs(covariance) / np.sqrt(spread * spread.T)).clip(0.0, 1.0)


def _binned(column: Column, bins: int) -> Codes:
    """int32 [N]: quantile bins, the commonest levels; the last number is for missing values and for rare levels."""
    if isinstance(column, Categories):
        common = np.argsort(-np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels)))[
            :bins
        ]
        place = np.full(len(column.levels) + 1, bins, dtype=np.int32)
        place[common] = np.arange(len(common))
        return np.where(column.codes >= 0, place[column.codes], bins + 1).astype(np.int32)
    present = column.values[~column.missing]
    cuts = np.unique(np.quantile(present, np.arange(1, bins) / bins)) if len(present) else np.empty(0)
    # a column with few values is cut between them, not at them
    values = np.unique(present) if len(present) <= ROWS else present[:0]
    if 0 < len(values) <= bins:
        cuts = values[:-1]
    return np.where(column.missing, bins + 1, np.searchsorted(cuts, column.values)).astype(np.int32)


def _parts(column: Column, labels: Labels) -> Codes:
    """int32 [N]: the column cut where that tells most of the classes; the last number is for missing values."""
    if isinstance(column, Categories):
        return _binned(column, len(column.levels))
    cuts = mdl(prepare(column), labels).cuts
    if not cuts:
        return _binned(column, 2)
    return np.where(column.missing, len(cuts) + 1, np.searchsorted(cuts, column.values)).astype(np.int32)


def _uncertainty(a: Codes, b: Codes) -> float:
    counts = np.zeros((int(a.max()) + 1, int(b.max()) + 1))
    np.add.at(counts, (a, b), 1.0)
    least = min(_entropy(counts.sum(axis=0)), _entropy(counts.sum(axis=1)))
    return mutual_information(counts) / least if least > 1e-12 else 0.0


def _entropy(counts: Array) -> float:
    p = counts[counts > 0] / counts.sum()
    return float(-(p * np.log2(p)).sum())


def _within(cells: npt.NDArray[np.int64], codes: Codes, weights: Array) -> float:
    """Corrected bits that the codes tell of the classes within the cells."""
    width, n_cells = int(codes.max()) + 1, int(cells.max()) + 1
    at = cells * width + codes
    counts = np.stack(
        [np.bincount(at, weights=share, minlength=n_cells * width) for share in weights.T], axis=-1
    ).reshape(n_cells, width, -1)
    total = float(weights.sum())
    of_cell = counts.sum(axis=1)
    bits = float(
        _t(counts).sum() - _t(counts.sum(axis=2)).sum() - _t(of_cell).sum() + _t(of_cell.sum(axis=1)).sum()
    )
    used = (counts.sum(axis=2) > 0).sum(axis=1)
    classes = (of_cell > 0).sum(axis=1)
    bias = float((np.maximum(used - 1, 0) * np.maximum(classes - 1, 0)).sum()) / (2 * np.log(2))
    return float((bits - bias) / total)


def _t(x: npt.NDArray[Any]) -> Array:
    return np.asarray(x * np.log2(np.where(x > 0, x, 1.0)))


def _chance(cells: npt.NDArray[np.int64], binned: Sequence[Codes], weights: Array, *, seed: int) -> float:
    """The most that any attribute adds with labels permuted within the cells, in 95 % of permutations."""
    rng = np.random.default_rng([seed, 5])
    order, _ = segments_of(cells.astype(np.int32), len(cells))
    best = np.zeros(TURNS)
    for turn in range(TURNS):
        moved = np.empty_like(weights)
        moved[order] = weights[np.lexsort((rng.random(len(cells)), cells))]
        best[turn] = max(_within(cells, codes, moved) for codes in binned)
    return float(np.quantile(best, LEVEL))
