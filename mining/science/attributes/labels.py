"""What was said of each row: one class, or a share of each class.

Shares are consensus probabilities or fractions of votes or tags. A gain on shares is the mutual information of the
attribute with an answer drawn from them, so it is bounded by what the shares leave open, as votes that contradict
each other should. Single votes are rows of their own: repeat the subject's attributes and give the subject as the
group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from mining.science.attributes.columns import AttributesError, Categories, Numbers, Rows
from mining.science.attributes.table import label_column
from mining.science.confusion import Array
from mining.science.uncertainty import entropy_bits

MOST_CLASSES = 50
Classes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Labels:
    """M labelled rows of a table of N.

    classes: their names [K]; the *positive* one, where there is one, is the last of two
    rows   : int64 [M], which rows of the table
    codes  : uint8 [M], the class of each, or None where there are shares
    shares : float64 [M, K], rows that sum to 1, or None where there are codes
    """

    classes: tuple[str, ...]
    rows: Rows
    n_rows: int
    codes: Classes | None = None
    shares: Array | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def n_missing(self) -> int:
        """Rows of the table without a label: they are left out."""
        return self.n_rows - len(self.rows)

    def weights(self) -> Array:
        """Shares float64 [M, K], 0 and 1 where there are classes."""
        if self.shares is not None:
            return self.shares
        return np.eye(len(self.classes))[self.codes]

    @property
    def entropy(self) -> float:
        """Of the classes, in bits."""
        return float(entropy_bits(self.weights().mean(axis=0)))


def labels_of(
    columns: Sequence[pl.Series], *, positive: str | None = None, sentinels: Sequence[str | float] = ()
) -> Labels:
    """One column: classes, or shares of a yes (numbers from 0 to 1, some between). Several columns: the share or the
    count of votes of each class. `positive`: that class against all others."""
    if not columns:
        raise AttributesError("a label is needed")
    if len(columns) > 1:
        return _several(columns, positive, sentinels)
    series = columns[0]
    found = label_column(series, sentinels)
    if found is None:
        raise AttributesError(_unusable(series))
    if isinstance(found, Numbers):
        present = found.values[~found.missing]
        if positive is None and present.min() >= 0 and present.max() <= 1 and (present % 1 > 0).any():
            return of_shares(np.column_stack([1 - found.values, found.values]), ("no", series.name))
        found = _as_categories(found)
    return of_classes(found, positive)


def of_classes(found: Categories, positive: str | None = None) -> Labels:
    """Labels from a column of categories; classes without rows don't count."""
    rows = np.flatnonzero(~found.missing)
    used = np.unique(found.codes[rows])
    names = [found.levels[at] for at in used]
    if positive is not None:
        if positive not in names:
            raise AttributesError(
                f"the label {found.name} has no value {positive!r} (values: {', '.join(names[:10])})"
            )
        codes = (found.codes[rows] == found.levels.index(positive)).astype(np.uint8)
        names = [
            " or ".join(n for n in names if n != positive) if len(names) < 5 else f"not {positive}",
            positive,
        ]
    else:
        codes = np.searchsorted(used, found.codes[rows]).astype(np.uint8 if len(used) < 256 else np.int64)
    if len(used) < 2:
        raise AttributesError(
            f"the label {found.name} has one class only ({', '.join(names)}): nothing can be told apart"
        )
    if len(names) > MOST_CLASSES:
        raise AttributesError(
            f"the label {found.name} has {len(names)} classes, at most {MOST_CLASSES} can be told apart: name one with"
            " --positive"
        )
    return Labels(tuple(names), rows, len(found.codes), codes=codes.astype(np.uint8))


def of_shares(shares: Array, classes: Sequence[str]) -> Labels:
    """Labels from shares [N, K] >= 0, scaled to sum to 1; a row with a NaN or without any share has no label."""
    total = shares.sum(axis=1)
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero(total > 0)
    if not len(rows):
        raise AttributesError(f"no row has a share of {', '.join(classes)}")
    kept = shares[rows]
    if (kept < 0).any():
        raise AttributesError("a share of a class is negative")
    if int((kept.sum(axis=0) > 0).sum()) < 2:
        raise AttributesError(
            f"all shares are of one class of {', '.join(classes)}: nothing can be told apart"
        )
    return Labels(tuple(classes), rows, len(shares), shares=kept / total[rows, None])


def _several(columns: Sequence[pl.Series], positive: str | None, sentinels: Sequence[str | float]) -> Labels:
    names = [series.name for series in columns]
    if len(names) > MOST_CLASSES:
        raise AttributesError(f"{len(names)} classes, at most {MOST_CLASSES} can be told apart")
    read = [label_column(series, sentinels) for series in columns]
    shares = []
    for series, found in zip(columns, read, strict=True):
        if not isinstance(found, Numbers):
            raise AttributesError(
                f"{_unusable(series)}; of several labels each must hold the shares of a class"
            )
        shares.append(found.values)
    both = np.column_stack(shares)
    if positive is not None:
        if positive not in names:
            raise AttributesError(f"{positive!r} is none of the labels {', '.join(names)}")
        at = names.index(positive)
        both = np.column_stack([np.delete(both, at, axis=1).sum(axis=1), both[:, at]])
        names = [f"not {positive}", positive]
    return of_shares(both, names)


def _as_categories(found: Numbers) -> Categories:
    values, codes = np.unique(found.values, return_inverse=True)  # NaN, once, at the end
    n = len(values) - int(np.isnan(values[-1]))
    if n > MOST_CLASSES:
        raise AttributesError(
            f"the label {found.name} holds {n} different numbers: it must be a class, or a share between 0 and 1"
        )
    levels = tuple(str(int(v)) if v.is_integer() else repr(v) for v in values[:n].tolist())
    return Categories(found.name, np.where(codes < n, codes, -1).astype(np.int32), levels)


def _unusable(series: pl.Series) -> str:
    values = series.cast(pl.String, strict=False).drop_nulls().unique()
    if len(values) > 1:
        return f"the label {series.name} has {len(values)} different values in {len(series)} rows: it is no class"
    said = f"one class only ({values[0]})" if len(values) else "no value"
    return f"the label {series.name} has {said}: nothing can be told apart"
