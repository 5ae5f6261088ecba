"""One question about many items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mining.science.confusion import Array
from mining.science.simulate.crowd import COPIED, Crowd, answer_chances
from mining.science.votes import Votes

EASE_MEAN = 1.65  # of log ease: the median volunteer is right on the median item with odds e^1.65, or 0.84
EASE_SIGMA = 0.9  # of log ease


@dataclass(frozen=True)
class Subjects:
    """I items of one question.

    truth    int64 [I] in 0..K-1
    lure     int64 [I], the wrong answer that it looks like; != truth where K > 1
    ease     float64 [I], > 0
    mistaken float64 [I], chance that anybody takes it for its lure (a shared error), or None for 0 everywhere
    """

    truth: npt.NDArray[np.int64]
    lure: npt.NDArray[np.int64]
    ease: Array
    k: int
    mistaken: Array | None = None


def make_subjects(
    n: int,
    *,
    seed: int,
    prior: Sequence[float] = (0.5, 0.5),
    ease_mean: float = EASE_MEAN,
    ease_sigma: float = EASE_SIGMA,
    shared_error: tuple[int, int, float] | None = None,
) -> Subjects:
    """n items whose classes follow `prior` [K].

    `shared_error` (a, b, share): everybody, however good, takes an item of class a for one of class b with the
    chance `share`. Above 1/2 the majority errs on that class, the more surely the better the crowd.
    """
    k = len(prior)
    rng = np.random.default_rng([seed, n, k])
    truth = rng.choice(k, size=n, p=np.asarray(prior, dtype=np.float64))
    lure = (truth + rng.integers(1, k, size=n)) % k if k > 1 else truth.copy()
    ease, mistaken = rng.lognormal(ease_mean, ease_sigma, n), None
    if shared_error is not None:
        a, b, share = shared_error
        if a == b or not (0 <= min(a, b) and max(a, b) < k) or not 0.0 <= share <= 1.0:
            raise ValueError(f"no shared error between {k} classes: {shared_error}")
        lure[truth == a] = b
        mistaken = np.where(truth == a, share, 0.0)
    return Subjects(truth, lure, ease, k, mistaken)


def make_votes(crowd: Crowd, subjects: Subjects, *, seed: int, per_item: int = 20) -> Votes:
    """`per_item` votes an item by different volunteers, the active ones more often; rows in a mixed order, which is
    that of time."""
    n, size = len(subjects.truth), len(crowd)
    if per_item > size:
        raise ValueError(f"{per_item} votes an item need as many volunteers; there are {size}")
    rng = np.random.default_rng([seed, n, size, per_item])
    # Without replacement, in proportion to activity: the largest of log activity + Gumbel noise.
    chosen = np.argsort(-(np.log(crowd.activity) + rng.gumbel(size=(n, size))), axis=1)[:, :per_item]
    item = np.repeat(np.arange(n), per_item)
    volunteer = chosen.reshape(-1).astype(np.int64)
    order = rng.permutation(len(item))
    item, volunteer = item[order], volunteer[order]
    chances = answer_chances(
        crowd,
        volunteer,
        subjects.truth[item],
        subjects.ease[item],
        subjects.lure[item],
        subjects.k,
        mistaken=None if subjects.mistaken is None else subjects.mistaken[item],
        time=_time_of_each(volunteer),
    )
    label = (rng.random((len(item), 1)) > np.cumsum(chances, axis=1)[:, :-1]).sum(axis=1)
    label = _copied(crowd, item, volunteer, label, np.random.default_rng([seed, n, size, per_item, 1]))
    return Votes(
        item=item.astype(np.int32),
        volunteer=volunteer.astype(np.int32),
        label=label.astype(np.int32),
        items=np.array([f"item{i}" for i in range(n)]),
        volunteers=np.array([f"volunteer{v}" for v in range(size)]),
        labels=np.array([f"answer{c}" for c in range(subjects.k)]),
    )


def _time_of_each(volunteer: npt.NDArray[np.int64]) -> Array:
    """0 for a volunteer's first row, 1 for the last, float64 [N]; 0.5 where there is one only."""
    order = np.argsort(volunteer, kind="stable")
    _, counts = np.unique(volunteer, return_counts=True)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    turn = (np.arange(len(volunteer)) - first) / np.maximum(np.repeat(counts, counts) - 1, 1)
    time = np.empty(len(volunteer))
    time[order] = np.where(np.repeat(counts, counts) > 1, turn, 0.5)
    return time


def _copied(
    crowd: Crowd,
    item: npt.NDArray[np.int64],
    volunteer: npt.NDArray[np.int64],
    label: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> npt.NDArray[np.int64]:
    """Labels [N] where those who copy took the other's, whenever given."""
    if not len(crowd.copies) or (crowd.copies < 0).all():
        return label
    given = np.full((int(item.max()) + 1, len(crowd)), -1, dtype=np.int64)
    given[item, volunteer] = label
    theirs = np.where(crowd.copies[volunteer] >= 0, given[item, crowd.copies[volunteer]], -1)
    return np.where((theirs >= 0) & (rng.random(len(item)) < COPIED), theirs, label)


def true_confusion(crowd: Crowd, subjects: Subjects) -> Array:
    """Each volunteer's chance of each answer by true class, averaged over these items, float64 [V, K, K].

    Rows sum to 1; a class without items has a row of NaN. Skill is taken in the middle of a drift, and who copies
    as if alone.
    """
    n, k = len(subjects.truth), subjects.k
    per_class = np.eye(k)[subjects.truth].T  # [K, n]
    items = per_class.sum(axis=1, keepdims=True)
    confusion = np.empty((len(crowd), k, k))
    for v in range(len(crowd)):
        who = np.full(n, v, dtype=np.int64)
        chances = answer_chances(
            crowd, who, subjects.truth, subjects.ease, subjects.lure, k, mistaken=subjects.mistaken
        )
        with np.errstate(invalid="ignore"):
            confusion[v] = (per_class @ chances) / items
    return confusion


def expected_accuracy(crowd: Crowd, subjects: Subjects) -> Array:
    """The true skill: each volunteer's chance to be right on a random item of these, float64 [V]."""
    share = np.bincount(subjects.truth, minlength=subjects.k) / len(subjects.truth)
    right = np.diagonal(true_confusion(crowd, subjects), axis1=1, axis2=2)
    return np.asarray(np.nan_to_num(right) @ share, dtype=np.float64)
