"""What every batch consensus method has in common.

Manners of scikit-learn: a method is a dataclass whose fields are its parameters and nothing else; `fit`
checks, computes, returns self, and sets results whose names end in an underscore; fitting again forgets the
previous fit.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import fields
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from mining.science.confusion import Array, crowd_matrix
from mining.science.consensus.kernels import count_pass, matrices_of
from mining.science.sorting import counted
from mining.science.votes import Codes, Votes, VotesError

START_ITEMS = 3.0  # items a class that the votes without truth are worth beside known items, before EM
START_CLASSES = 10.0  # known items that they are worth in the class frequencies, before EM
BLOCK = 100_000  # items looked at together
MAX_BYTES = 2 * 2**30  # of one table of results; above it a method refuses, rather than to be killed


class Consensus(ABC):
    """A method that turns Votes (I items, V volunteers, K labels) into answers.

    Results after `fit`:
    labels_        int32 [I], the leading answer; a tie goes to the answer that is commoner in the table
    probabilities_ float64 [I, K], rows sum to 1. Uncalibrated: a ranking, not a rate of being right
    counts_        float64 [V, K, K], N_v: expected votes by true class (axis 1) and label given (axis 2)
    confusion_     float64 [V, K, K], the volunteer's matrix; rows sum to 1
    prior_         float64 [K], class frequencies
    n_iter_        int, iterations done
    converged_     bool, whether the last iteration changed less than the method's tolerance

    An item without votes gets the prior; a volunteer without votes the crowd's matrix.
    """

    name: ClassVar[str]
    ordered: ClassVar[bool] = False  # whether the order of the rows matters

    labels_: Codes
    probabilities_: Array
    counts_: Array
    confusion_: Array
    prior_: Array
    n_iter_: int
    converged_: bool

    @property
    def by_matrices_(self) -> Array:
        """[I, K]: what the model whose matrices these are makes of the answers; of most methods `probabilities_`."""
        return self.probabilities_

    def fit(self, votes: Votes, gold: Codes | None = None) -> Self:
        """Weigh the votes. `gold` int32 [I]: the known answer of an item, which is kept as it is, or -1."""
        if len(votes) == 0:
            raise VotesError("no votes: there is nothing to agree on")
        items, volunteers, k = votes.shape
        size = 8 * k * max(items, volunteers * k)
        if size > MAX_BYTES:
            raise VotesError(
                f"{items} items, {volunteers} volunteers and {k} labels make a table of {size / 2**30:.1f} GB"
                f" (limit {MAX_BYTES / 2**30:.0f}): fewer kinds of label are needed"
            )
        if gold is not None:
            if gold.shape != (items,) or gold.dtype != np.int32:
                raise VotesError(f"gold must be int32 of shape ({items},), not {gold.dtype} {gold.shape}")
            if gold.min(initial=-1) < -1 or gold.max(initial=-1) >= k:
                raise VotesError(f"gold must lie in -1..{k - 1}")
        self._fit(votes, gold)
        self.labels_ = leading(self.probabilities_, counted(votes.label, k))
        return self

    @abstractmethod
    def _fit(self, votes: Votes, gold: Codes | None) -> None:
        """Set every result but `labels_`."""

    def again(self) -> Consensus:
        """An unfitted method of the same kind and parameters, with what this one chose from the data kept."""
        return type(self)(**self.get_params())

    def open_probabilities(self, votes: Votes) -> Array:
        """Probabilities [I, K] that rule no answer out for lack of a vote: what calibration starts from."""
        return self.probabilities_

    def get_params(self) -> dict[str, Any]:
        """The parameters, for the record of a run."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.init}  # type: ignore[arg-type]


def leading(probabilities: Array, commonness: Array | npt.NDArray[np.int64]) -> Codes:
    """The most probable label of each item; ties (to 1e-9) go to the label of which there are more votes in the table
    (`commonness` [K])."""
    order = np.argsort(-commonness, kind="stable")
    found = np.empty(len(probabilities), dtype=np.int32)
    for at in range(0, len(found), BLOCK):  # a few rows at a time: less memory
        ranked = probabilities[at : at + BLOCK, order]
        best = np.argmax(ranked >= ranked.max(axis=1, keepdims=True) - 1e-9, axis=1)
        found[at : at + BLOCK] = order[best]
    return found


def open_shares(tallies: Array) -> Array:
    """Shares from (weighted) tallies [I, K] with half a vote more for each answer (Jeffreys), so that a share of two
    votes is less sure than one of twenty."""
    total = tallies.sum(axis=1, keepdims=True) + 0.5 * tallies.shape[1]
    return np.asarray((tallies + 0.5) / total, dtype=np.float64)


def vote_shares(votes: Votes) -> Array:
    """Share of each label among an item's votes [I, K]; an item without votes gets those of the table."""
    return _shares(votes.tallies())


def _shares(tallies: Array) -> Array:
    total = tallies.sum(axis=1, keepdims=True)
    shares = tallies / np.maximum(total, 1.0)
    if (total == 0).any():
        shares[total[:, 0] == 0] = tallies.sum(axis=0) / tallies.sum()
    return np.asarray(shares)


def start(votes: Votes, gold: Codes | None) -> Array:
    """The probabilities [I, K] that EM starts from: the vote shares, or what known items teach about the crowd.

    With gold: the crowd's matrix R as the vote shares of known items tell it, each item once whatever its votes, since
    votes on one item share its errors; `START_ITEMS` items a class as the vote shares of all items tell it; and
    one E-step with R for everybody. So an error that most share is put right before the volunteers' matrices have
    learnt it. EM from the vote shares finds back only in part (docs/science.md).
    """
    tallies = votes.tallies()
    shares = _shares(tallies)
    known = np.empty(0, dtype=np.int64)
    if gold is not None:
        known = np.flatnonzero((gold >= 0) & (tallies.sum(axis=1) > 0))
    if gold is None or not len(known):
        return keep_gold(shares, gold)
    p = keep_gold(shares.copy(), gold)
    k = votes.shape[2]
    matrix = START_ITEMS * crowd_matrix(expected_counts(votes, p).sum(axis=0))
    np.add.at(matrix, gold[known], shares[known])
    matrix /= matrix.sum(axis=1, keepdims=True)
    classes = np.bincount(gold[known], minlength=k) + START_CLASSES * shares.mean(axis=0)
    with np.errstate(divide="ignore"):
        log_p = np.log(classes) + tallies @ np.log(matrix).T
    p = np.exp(log_p - log_p.max(axis=1, keepdims=True))
    return keep_gold(np.asarray(p / p.sum(axis=1, keepdims=True), dtype=np.float64), gold)


def still_say(gold: Codes | None) -> float:
    """What the votes without truth still have to say, 1 where nothing is known: the more is known, the less."""
    known = 0 if gold is None else int(np.count_nonzero(gold >= 0))
    return START_CLASSES / (START_CLASSES + known)


def keep_gold(probabilities: Array, gold: Codes | None) -> Array:
    """Probabilities with certainty where the answer is known; changes and returns its argument."""
    if gold is not None:
        known = np.flatnonzero(gold >= 0)
        probabilities[known] = 0.0
        probabilities[known, gold[known]] = 1.0
    return probabilities


def expected_counts(votes: Votes, probabilities: Array) -> Array:
    """N_v[c, l] = sum of p_i[c] over the volunteer's votes l that are learned, float64 [V, K, K]."""
    _, v, k = votes.shape
    counts = np.empty((v * k, k))
    count_pass(votes.by_item, np.ascontiguousarray(probabilities, dtype=np.float64), counts)
    return matrices_of(counts)


def crowd_counts(votes: Votes, counts: Array) -> Array:
    """The crowd's counts [K, K] from N_v [V, K, K]: of the volunteers who weigh in full."""
    return np.asarray((counts if votes.weights is None else counts[votes.weights == 1.0]).sum(axis=0))


def lessened(votes: Votes, confusion: Array, volunteers: slice = slice(None)) -> Array:
    """L_v [V, K, K], or of some, as their votes tell: w L_v + (1 - w) / K, with the chance 1 - w to say nothing."""
    if votes.weights is None:
        return confusion
    w = votes.weights[volunteers, None, None]
    return np.asarray(np.where(w == 1.0, confusion, w * confusion + (1.0 - w) / confusion.shape[2]))


def class_counts(probabilities: Array, gold: Codes | None) -> Array:
    """Expected items a class, float64 [K]: over the items that are not gold, since the team chose what is gold (it may
    have looked for rare ones). Where all items are gold, over all."""
    if gold is None or (gold >= 0).all():
        return np.asarray(probabilities.sum(axis=0))
    return np.asarray(probabilities[gold < 0].sum(axis=0))
