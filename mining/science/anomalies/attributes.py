"""Odd subjects by their attributes.

**Contradicting.** The `NEIGHBOURS` most similar objects (normal scores, each attribute weighed by the root of what
it tells of the label, the best `MOST` of them; a missing value stands in the middle) say what an object like this
is called. Strength: the surprise of its own label in bits, -log2((own + f) / (NEIGHBOURS + 1)), with f the label's
frequency. No shape of the classes is assumed. The reason names the attribute in which it lies farthest, so
weighed, from the middle of its own class; it is given where most neighbours are something else.

**Outliers.** The greatest distance from the median in any attribute, in units of 1.4826 MAD; needs no label. A
reason from `FAR` on.
"""

from __future__ import annotations

import numpy as np

from mining.science.anomalies.oddities import Items, Oddities
from mining.science.anomalies.reasons import Reason
from mining.science.attributes.columns import AttributesError, AttributeTable, Numbers
from mining.science.attributes.gain import gains, labelled
from mining.science.attributes.labels import Labels
from mining.science.confusion import Array
from mining.science.separation import MAD, normal_scores

NEIGHBOURS = 15
MOST = 20
FAR = 5.0


def contradicting(table: AttributeTable, labels: Labels, items: Items) -> Oddities:
    """Labelled rows of which the neighbours are called something else; items [N] names the rows of the table."""
    if labels.codes is None:
        raise AttributesError("attributes contradict a class, not a share: choose a column of classes")
    here = labelled(table, labels)
    told = gains(here, _compact(labels), permutations=0, bootstraps=0, is_missing=False)
    weight = {row.attribute: row.corrected_bits for row in told.rows if row.corrected_bits > 0}
    columns = [here[name] for name in list(weight)[:MOST]]
    numbers = [column for column in columns if isinstance(column, Numbers)]
    strength = np.full(table.n, np.nan)
    reasons: list[Reason | None] = [None] * table.n
    k = min(NEIGHBOURS, len(labels) - 1)
    if numbers and k > 0:
        scores = np.column_stack([_scores(column) for column in numbers])
        far = scores * np.sqrt([weight[column.name] for column in numbers])
        from sklearn.neighbors import NearestNeighbors  # noqa: PLC0415 - the command line starts without it

        near = NearestNeighbors(n_neighbors=k + 1).fit(far).kneighbors(far, return_distance=False)
        others = _without_self(near)[:, :k]
        own = (labels.codes[others] == labels.codes[:, None]).sum(axis=1)
        share = np.bincount(labels.codes, minlength=len(labels.classes)) / len(labels)
        strength[labels.rows] = -np.log2((own + share[labels.codes]) / (k + 1))
        for at, reason in enumerate(_contradictions(numbers, far, labels, own, k)):
            reasons[labels.rows[at]] = reason
    return Oddities("attributes", items, strength, tuple(reasons))


def outliers(table: AttributeTable, items: Items) -> Oddities:
    """Rows far outside the rest in some attribute."""
    numbers = [column for column in table.columns if isinstance(column, Numbers)]
    strength, reasons = np.full(table.n, np.nan), [None] * table.n
    if not numbers:
        return Oddities("outliers", items, strength, tuple(reasons))
    middles = np.array([np.nanmedian(column.values) for column in numbers])
    mads = np.array(
        [MAD * np.nanmedian(np.abs(column.values - m)) for column, m in zip(numbers, middles, strict=True)]
    )
    far = np.zeros((table.n, len(numbers)))
    for at, column in enumerate(numbers):
        if mads[at] > 0:
            far[:, at] = np.nan_to_num(np.abs(column.values - middles[at]) / mads[at])
    best = far.argmax(axis=1)
    strength = far.max(axis=1)
    made = tuple(
        Reason(
            "outlier",
            {
                "attribute": numbers[at].name,
                "value": float(numbers[at].values[row]),
                "usual": float(middles[at]),
                "far": float(far[row, at]),
            },
        )
        if far[row, at] >= FAR
        else None
        for row, at in enumerate(best.tolist())
    )
    return Oddities("outliers", items, strength, made)


def _compact(labels: Labels) -> Labels:
    """The labels as those of a table that has the labelled rows only."""
    return Labels(labels.classes, np.arange(len(labels)), len(labels), codes=labels.codes)


def _scores(column: Numbers) -> Array:
    return normal_scores(column.values, np.sort(column.values[~column.missing]))


def _without_self(near: np.typing.NDArray[np.int64]) -> np.typing.NDArray[np.int64]:
    """Each row's neighbours but itself; where equal rows crowd it out, the farthest goes."""
    own = near == np.arange(len(near))[:, None]
    own[~own.any(axis=1), -1] = True
    return np.asarray(near[~own].reshape(len(near), -1))


def _contradictions(
    numbers: list[Numbers], places: Array, labels: Labels, own: np.typing.NDArray[np.int64], k: int
) -> list[Reason | None]:
    if labels.codes is None:
        return []
    classes = range(len(labels.classes))
    middles = np.array([np.median(places[labels.codes == c], axis=0) for c in classes])
    usual = np.array([[_median(column.values[labels.codes == c]) for column in numbers] for c in classes])
    far = np.abs(places - middles[labels.codes])
    best = far.argmax(axis=1)
    reasons: list[Reason | None] = []
    for row, code in enumerate(labels.codes.tolist()):
        at, other = int(best[row]), k - int(own[row])
        unknown = bool(numbers[at].missing[row]) or np.isnan(usual[code, at])
        reasons.append(
            None
            if 2 * other <= k
            else Reason(
                "neighbours",
                {
                    "label": labels.classes[code],
                    "other": other,
                    "of": k,
                    "attribute": "" if unknown else numbers[at].name,
                    "value": float(numbers[at].values[row]),
                    "usual": float(usual[code, at]),
                },
            )
        )
    return reasons


def _median(values: Array) -> float:
    present = values[~np.isnan(values)]
    return float(np.median(present)) if len(present) else float("nan")
