"""One question about many items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mining.science.confusion import Array
from mining.science.simulate.crowd import Crowd, answer_chances
from mining.science.votes import Votes

EASE_MEAN = 1.65  # of log ease: the median volunteer is right on the median item with odds e^1.65, or 0.84
EASE_SIGMA = 0.9  # of log ease


@dataclass(frozen=True)
class Subjects:
    """I items of one question: truth int64 [I] in 0..K-1, lure int64 [I] != truth where K > 1, ease float64 [I] > 0."""

    truth: npt.NDArray[np.int64]
    lure: npt.NDArray[np.int64]
    ease: Array
    k: int


def make_subjects(
    n: int,
    *,
    seed: int,
    prior: Sequence[float] = (0.5, 0.5),
    ease_mean: float = EASE_MEAN,
    ease_sigma: float = EASE_SIGMA,
) -> Subjects:
    """n items whose classes follow `prior` [K]."""
    k = len(prior)
    rng = np.random.default_rng([seed, n, k])
    truth = rng.choice(k, size=n, p=np.asarray(prior, dtype=np.float64))
    lure = (truth + rng.integers(1, k, size=n)) % k if k > 1 else truth.copy()
    return Subjects(truth, lure, rng.lognormal(ease_mean, ease_sigma, n), k)


def make_votes(crowd: Crowd, subjects: Subjects, *, seed: int, per_item: int = 20) -> Votes:
    """`per_item` votes an item by different volunteers, the active ones more often; rows in a mixed order."""
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
        crowd, volunteer, subjects.truth[item], subjects.ease[item], subjects.lure[item], subjects.k
    )
    label = (rng.random((len(item), 1)) > np.cumsum(chances, axis=1)[:, :-1]).sum(axis=1)
    return Votes(
        item=item.astype(np.int32),
        volunteer=volunteer.astype(np.int32),
        label=label.astype(np.int32),
        items=np.array([f"item{i}" for i in range(n)]),
        volunteers=np.array([f"volunteer{v}" for v in range(size)]),
        labels=np.array([f"answer{c}" for c in range(subjects.k)]),
    )


def true_confusion(crowd: Crowd, subjects: Subjects) -> Array:
    """Each volunteer's chance of each answer by true class, averaged over these items, float64 [V, K, K].

    Rows sum to 1; a class without items has a row of NaN.
    """
    n, k = len(subjects.truth), subjects.k
    per_class = np.eye(k)[subjects.truth].T  # [K, n]
    items = per_class.sum(axis=1, keepdims=True)
    confusion = np.empty((len(crowd), k, k))
    for v in range(len(crowd)):
        who = np.full(n, v, dtype=np.int64)
        chances = answer_chances(crowd, who, subjects.truth, subjects.ease, subjects.lure, k)
        with np.errstate(invalid="ignore"):
            confusion[v] = (per_class @ chances) / items
    return confusion


def expected_accuracy(crowd: Crowd, subjects: Subjects) -> Array:
    """The true skill: each volunteer's chance to be right on a random item of these, float64 [V]."""
    share = np.bincount(subjects.truth, minlength=subjects.k) / len(subjects.truth)
    right = np.diagonal(true_confusion(crowd, subjects), axis1=1, axis2=2)
    return np.asarray(np.nan_to_num(right) @ share, dtype=np.float64)
