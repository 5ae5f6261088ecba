"""How far two classes lie apart in one attribute, and in several together.

**One attribute.** First what no sentinel or tail can spoil: the separation |2 AUC - 1| (0 none, 1 full; the chance
that a row of one class lies above one of the other, over what chance gives), and the distance of the medians over
the mean MAD,

    |median_1 - median_0| / (1.4826 sqrt((MAD_1^2 + MAD_0^2) / 2)).

Beside them mean over standard deviation. For normal classes separation = 2 Phi(d / sqrt 2) - 1; where the two
differ by more than `DISAGREE` the mean is not to be trusted (a sentinel, a tail, two humps) and the row says so.

**Several attributes.** Each is turned into normal scores (its ranks as a normal distribution; a missing value
stands at 0, the middle), the covariance within classes is shrunk for each subset (Ledoit, Wolf 2004), and the
distance is Mahalanobis', sqrt(delta' S^-1 delta). The discriminant S^-1 delta is learnt on one half of the rows and
scored on the other (`held_back`, |2 AUC - 1| with its sign: below 0 it points the wrong way).

**Search.** A size is searched whole while it has at most `WHOLE` subsets, and size 2 always: its first is the best
of all (`exact`). Beyond that, the `BEAM` best subsets of a size are each extended by every attribute: good ones,
without a guarantee; what tells only three together may be missed. 1,000 attributes up to size 4 are 1.5 million
distances instead of 41 thousand million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from mining.science.attributes.columns import AttributesError, AttributeTable, Note, Numbers
from mining.science.attributes.gain import labelled, why
from mining.science.attributes.labels import Labels
from mining.science.attributes.splits import over
from mining.science.confusion import Array

DISAGREE = 0.15
WHOLE = 3_000_000
BEAM = 500
ROWS = 50_000  # of the half on which is searched; more are drawn from
SHOWN = 20  # subsets of a size that are scored
BLOCK = 100_000  # subsets whose distances are taken at once
MAD = 1.4826
MOST_SIZE = 8
LEAST_CLASS = 4  # rows of each class, half of them to learn from

Subsets = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Separation:
    """One attribute or subset. `score` below is the attribute itself, or the discriminant.

    separation    : |2 AUC - 1| of the score over all rows that have a value of each
    held_back     : 2 AUC - 1 on rows that it was not learnt on; low, high: its 95 % interval (Hanley, McNeil 1982)
    median_mad, mean_sd : distances of the score's classes; NaN where the spread is 0
    distance      : Mahalanobis', on the rows that it was learnt on
    missing       : labelled rows that lack one of the values
    exact         : no subset of its size has a greater distance than the first
    disagree      : mean and median tell different things
    """

    attributes: tuple[str, ...]
    separation: float
    held_back: float
    low: float
    high: float
    median_mad: float
    mean_sd: float
    distance: float
    missing: int
    exact: bool
    disagree: bool


@dataclass(frozen=True)
class Separations:
    """Single attributes by separation, then the best subsets of each size by distance.

    tried: subsets looked at, by size
    """

    rows: tuple[Separation, ...]
    classes: tuple[str, ...]
    n_rows: int
    n_unlabelled: int
    n_learnt: int
    tried: tuple[int, ...]
    left_out: tuple[Note, ...]
    warnings: tuple[Note, ...]


def separate(
    table: AttributeTable, labels: Labels, *, max_subset: int = 4, shown: int = SHOWN, seed: int = 0
) -> Separations:
    """Separate two classes; categories are left out, since they have no distance."""
    if len(labels.classes) != 2:
        raise AttributesError(
            f"separation takes two classes, the label has {len(labels.classes)}: name one with --positive"
        )
    if not 1 <= max_subset <= MOST_SIZE:
        raise AttributesError(f"subsets have 1 to {MOST_SIZE} attributes, not {max_subset}")
    table = labelled(table, labels)
    columns = [column for column in table.columns if isinstance(column, Numbers)]
    left = [Note("not_numbers", c.name) for c in table.columns if not isinstance(c, Numbers)]
    if not columns:
        raise AttributesError("no attribute of numbers is left to look at" + why([*table.left_out, *left]))
    ones = labels.weights()[:, 1]
    if min(ones.sum(), len(ones) - ones.sum()) < LEAST_CLASS:
        fewest = labels.classes[int(ones.sum() < len(ones) - ones.sum())]
        raise AttributesError(
            f"{fewest} has {min(ones.sum(), len(ones) - ones.sum()):,.0f} of {len(ones):,} rows: each class needs"
            f" {LEAST_CLASS} to learn from and be scored on"
        )
    learn, back = _halves(ones, seed)
    model = _Model.learn(columns, ones, learn)
    found: list[Separation] = []
    tried = []
    for subsets, distances, n, exact in search(model.moments, max_subset):
        tried.append(n)
        kept = range(len(subsets)) if subsets.shape[1] == 1 else range(min(shown, len(subsets)))
        scored = over(
            kept,
            lambda at, subsets=subsets, distances=distances, exact=exact: _scored(  # type: ignore[misc]
                columns, model, subsets[at], float(distances[at]), ones, back, exact
            ),
        )
        if subsets.shape[1] == 1:
            scored.sort(key=lambda row: -row.separation)
        found += scored
    return Separations(
        tuple(found), labels.classes, len(labels), labels.n_missing, len(learn), tuple(tried),
        (*table.left_out, *left), table.warnings,
    )  # fmt: skip


# --- One score --------------------------------------------------------------------------------------


def auc(score: Array, ones: Array) -> float:
    """Chance that a row of class 1 lies above one of class 0, ties half; `ones` [N] is each row's share of class
    1."""
    _, place = np.unique(score, return_inverse=True)
    above, below = np.bincount(place, weights=ones), np.bincount(place, weights=1.0 - ones)
    under = np.concatenate([[0.0], np.cumsum(below)[:-1]])
    whole = above.sum() * below.sum()
    return float((above * (under + below / 2)).sum() / whole) if whole > 0 else 0.5


def auc_error(area: float, n_ones: float, n_zeros: float) -> float:
    """Standard error of an AUC (Hanley, McNeil 1982)."""
    if min(n_ones, n_zeros) < 1:
        return 0.5
    a = max(area, 1 - area)
    q1, q2 = a / (2 - a), 2 * a * a / (1 + a)
    variance = a * (1 - a) + (n_ones - 1) * (q1 - a * a) + (n_zeros - 1) * (q2 - a * a)
    return float(np.sqrt(max(variance, 0.25 / max(n_ones, n_zeros)) / (n_ones * n_zeros)))


def weighted_median(values: Array, weights: Array) -> float:
    """The value with half of the weight on each side; the middle of two where both would do."""
    order = np.argsort(values)
    sums = np.cumsum(weights[order])
    half = sums[-1] / 2
    at = int(np.searchsorted(sums, half))
    other = int(np.searchsorted(sums, half, side="right")) if np.isclose(sums[at], half) else at
    return float((values[order[at]] + values[order[min(other, len(order) - 1)]]) / 2)


def distances_of(score: Array, ones: Array) -> tuple[float, float]:
    """(medians over MAD, means over standard deviation) of the two classes."""
    sides = (ones, 1.0 - ones)
    middles = [weighted_median(score, w) for w in sides]
    mads = [weighted_median(np.abs(score - m), w) for m, w in zip(middles, sides, strict=True)]
    means = [float((score * w).sum() / w.sum()) for w in sides]
    variances = [float(((score - m) ** 2 * w).sum() / w.sum()) for m, w in zip(means, sides, strict=True)]
    robust = MAD * float(np.sqrt((mads[0] ** 2 + mads[1] ** 2) / 2))
    spread = float(np.sqrt(sum(variances) / 2))
    return (
        abs(middles[1] - middles[0]) / robust if robust > 0 else float("nan"),
        abs(means[1] - means[0]) / spread if spread > 0 else float("nan"),
    )


# --- The search -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moments:
    """What the distance of any subset is made of: the difference of the class means [A], the covariance within
    classes and the mean products of squares [A, A], from n rows."""

    delta: Array
    covariance: Array
    fourth: Array
    n: int

    @classmethod
    def of(cls, scores: Array, ones: Array) -> Moments:
        """From scores [n, A] and each row's share of class 1 [n]."""
        high, low = ones @ scores / ones.sum(), (1 - ones) @ scores / (1 - ones).sum()
        centred = scores - np.outer(ones, high) - np.outer(1 - ones, low)
        squares, n = centred**2, len(scores)
        return cls(high - low, centred.T @ centred / n, squares.T @ squares / n, n)

    def shrunk(self, subsets: Subsets) -> Array:
        """The covariance of each subset [n, size], shrunk towards a multiple of the identity, [n, size, size].

        Ledoit and Wolf's weight min(1, beta / delta), with beta = sum_ab (fourth_ab - S_ab^2) / n and delta =
        sum_ab S_ab^2 - (trace S)^2 / size, is each subset's own: two attributes that go together keep it however
        many others there are.
        """
        size = subsets.shape[1]
        at = (subsets[:, :, None], subsets[:, None, :])
        plain = self.covariance[at]
        squares = (plain**2).sum(axis=(1, 2))
        level = np.trace(plain, axis1=1, axis2=2) / size
        beta = (self.fourth[at].sum(axis=(1, 2)) - squares) / self.n
        delta = squares - level**2 * size
        weight = np.clip(np.where(delta > beta, beta / np.maximum(delta, 1e-300), 1.0), 0.0, 1.0)
        if size == 1:
            weight[:] = 0.0
        out = (1 - weight)[:, None, None] * plain
        out[:, np.arange(size), np.arange(size)] += (weight * level)[:, None] + 1e-9
        return np.asarray(out)

    def squares(self, subsets: Subsets) -> Array:
        """Squared distances of the classes in each subset [n, size]."""
        told = self.delta[subsets]
        return np.asarray(
            (told * np.linalg.solve(self.shrunk(subsets), told[:, :, None])[:, :, 0]).sum(axis=1)
        )


def search(moments: Moments, max_subset: int) -> list[tuple[Subsets, Array, int, bool]]:
    """For each size (subsets [n, size] by falling distance, distances [n], how many were looked at, exact)."""
    a = len(moments.delta)
    out: list[tuple[Subsets, Array, int, bool]] = []
    frontier, whole = np.zeros((1, 0), dtype=np.int64), True
    for size in range(1, min(max_subset, a) + 1):
        whole = whole and (size <= 2 or comb(a, size) <= WHOLE)
        subsets = _extended(frontier if whole else out[-1][0][:BEAM], a, later=whole)
        squares = np.concatenate(
            [moments.squares(subsets[at : at + BLOCK]) for at in range(0, len(subsets), BLOCK)]
        )
        order = np.argsort(-squares, kind="stable")
        frontier = subsets
        out.append((subsets[order], np.sqrt(squares[order]), len(subsets), whole))
    return out


def _extended(subsets: Subsets, a: int, *, later: bool) -> Subsets:
    """Each subset with each attribute more (`later`: only those numbered after its last, so that none comes
    twice)."""
    every = np.arange(a)
    if later:
        last = subsets[:, -1] if subsets.shape[1] else np.full(len(subsets), -1)
        f, j = np.nonzero(every > last[:, None])
        return np.concatenate([subsets[f], j[:, None]], axis=1)
    f, j = np.nonzero(~(subsets[:, :, None] == every).any(axis=1))
    return np.unique(np.sort(np.concatenate([subsets[f], j[:, None]], axis=1), axis=1), axis=0)


@dataclass(frozen=True)
class _Model:
    """Normal scores learnt on one half: the sorted values of each column, and the moments."""

    sorted_values: tuple[Array, ...]
    moments: Moments

    @classmethod
    def learn(cls, columns: Sequence[Numbers], ones: Array, rows: Subsets) -> _Model:
        values = over(columns, lambda column: np.sort(column.values[rows][~column.missing[rows]]))
        scores = np.column_stack(
            over(range(len(columns)), lambda at: normal_scores(columns[at].values[rows], values[at]))
        )
        return cls(tuple(values), Moments.of(scores, ones[rows]))

    def score(self, columns: Sequence[Numbers], subset: Subsets) -> Array:
        """The discriminant, float64 [N]; NaN where a value is missing. Of one attribute the attribute itself."""
        if len(subset) == 1:
            return columns[int(subset[0])].values
        told = np.linalg.solve(self.moments.shrunk(subset[None, :])[0], self.moments.delta[subset])
        out = np.zeros(len(columns[0].values))
        for weight, at in zip(told, subset, strict=True):
            scores = normal_scores(columns[at].values, self.sorted_values[at])
            out += weight * np.where(columns[at].missing, np.nan, scores)
        return out


def normal_scores(values: Array, sorted_values: Array) -> Array:
    """Where values stand among others, as a normal deviate; 0 where missing."""
    n = len(sorted_values)
    if not n:
        return np.zeros(len(values))
    place = np.searchsorted(sorted_values, values) + np.searchsorted(sorted_values, values, side="right")
    return np.asarray(np.where(np.isnan(values), 0.0, ndtri((place / 2 + 0.5) / (n + 1))))


def _halves(ones: Array, seed: int) -> tuple[Subsets, Subsets]:
    """Rows to learn from and to score on, each half of either class."""
    rng = np.random.default_rng([seed, 6])
    learn: list[Subsets] = []
    back: list[Subsets] = []
    for side in (np.flatnonzero(ones >= 0.5), np.flatnonzero(ones < 0.5)):
        mixed = rng.permutation(side)
        learn.append(mixed[: len(mixed) // 2])
        back.append(mixed[len(mixed) // 2 :])
    chosen = np.concatenate(learn)
    if len(chosen) > ROWS:
        chosen = rng.choice(chosen, ROWS, replace=False)
    return np.sort(chosen), np.sort(np.concatenate(back))


def _scored(
    columns: Sequence[Numbers],
    model: _Model,
    subset: Subsets,
    distance: float,
    ones: Array,
    back: Subsets,
    exact: bool,
) -> Separation:
    score = model.score(columns, subset)
    there = ~np.isnan(score)
    held = back[there[back]]
    area = auc(score[there], ones[there])
    away = auc(score[held], ones[held]) if len(held) else 0.5
    if len(subset) == 1 and model.moments.delta[subset[0]] < 0:
        away = 1 - away
    error = auc_error(away, float(ones[held].sum()), float((1 - ones[held]).sum()))
    both = min(ones[there].sum(), (1 - ones[there]).sum()) > 0 if there.any() else False
    robust, plain = distances_of(score[there], ones[there]) if both else (float("nan"), float("nan"))
    separation = abs(2 * area - 1)
    expected = float(2 * ndtr(plain / np.sqrt(2)) - 1)
    return Separation(
        attributes=tuple(columns[at].name for at in subset),
        separation=separation,
        held_back=2 * away - 1,
        low=max(2 * (away - 1.96 * error) - 1, -1.0),
        high=min(2 * (away + 1.96 * error) - 1, 1.0),
        median_mad=robust,
        mean_sd=plain,
        distance=distance,
        missing=int((~there).sum()),
        exact=exact,
        disagree=bool(abs(expected - separation) > DISAGREE),
    )
