"""How good a classifier is on subjects whose votes it never saw: proper scores first, then what people ask for.

**Loss of votes**: minus the log probability of a subject's vote vector, over its number of votes (nats a vote); the
term that counts orders is left out, since it is the same for every classifier. A proper score: no other than the true
probabilities do better in the mean.
**Loss of the majority**: minus the log of the probability given to the answer that most gave. Ties are left out.
**Recall** of an answer: of the subjects where most gave it, the share that the classifier leads with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from mining.science.calibration import Bin, reliability
from mining.science.classifiers.dirichlet import log_likelihood
from mining.science.classifiers.model import Told
from mining.science.confusion import Array

DRAWS = 2_000


@dataclass(frozen=True)
class Scores:
    """n: subjects. clear: those without a tie. recall: None where no subject has that answer.

    confusion [K][K]: subjects by the answer that most gave and the one that the classifier leads with.
    """

    n: int
    clear: int
    vote_loss: float
    majority_loss: float
    accuracy: float
    error: float
    expected_error: float
    bins: tuple[Bin, ...]
    confusion: list[list[int]]
    recall: list[float | None]
    precision: list[float | None]


def vote_losses(alpha: Array, counts: Array) -> Array:
    """[N], nats a vote."""
    votes = counts.sum(axis=1)
    ways = gammaln(votes + 1) - gammaln(counts + 1).sum(axis=1)
    return np.asarray((ways - log_likelihood(alpha, counts)) / votes)


def truths(counts: Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(the subjects without a tie, the answer that most gave)."""
    clear = np.flatnonzero((counts == counts.max(axis=1, keepdims=True)).sum(axis=1) == 1)
    return clear, counts[clear].argmax(axis=1)


def score(told: Told, counts: Array, *, seed: int = 0) -> Scores:
    """counts [N, K]: every row with votes."""
    k = counts.shape[1]
    clear, truth = truths(counts)
    p = told.probabilities[clear]
    leading = p.argmax(axis=1)
    top, right = p.max(axis=1), (leading == truth).astype(np.float64)
    error, bins = reliability(top, right) if len(clear) else (float("nan"), ())
    confusion = np.zeros((k, k), dtype=np.int64)
    np.add.at(confusion, (truth, leading), 1)
    given, said, hit = confusion.sum(axis=1), confusion.sum(axis=0), np.diag(confusion)
    own = p[np.arange(len(truth)), truth]
    return Scores(
        n=len(counts),
        clear=len(clear),
        vote_loss=float(vote_losses(told.alpha, counts).mean()),
        majority_loss=float(-np.log(np.maximum(own, 1e-12)).mean()) if len(clear) else float("nan"),
        accuracy=float(right.mean()) if len(clear) else float("nan"),
        error=error,
        expected_error=usual_error(top, seed) if len(clear) else float("nan"),
        bins=bins,
        confusion=confusion.tolist(),
        recall=[float(hit[at] / given[at]) if given[at] else None for at in range(k)],
        precision=[float(hit[at] / said[at]) if said[at] else None for at in range(k)],
    )


def usual_error(top: Array, seed: int, draws: int = 200) -> float:
    """The calibration error that one classifier of twenty has on so few subjects though it is calibrated."""
    rng = np.random.default_rng(seed)
    errors = [reliability(top, (rng.random(len(top)) < top).astype(np.float64))[0] for _ in range(draws)]
    return float(np.quantile(errors, 0.95))


def paired(differences: Array, seed: int, draws: int = DRAWS) -> tuple[float, float, float]:
    """(mean, low, high): its 95 % interval by the bootstrap over subjects."""
    rng = np.random.default_rng(seed)
    n = len(differences)
    means = np.array([differences[rng.integers(0, n, n)].mean() for _ in range(draws)])
    low, high = np.quantile(means, [0.025, 0.975])
    return float(differences.mean()), float(low), float(high)
