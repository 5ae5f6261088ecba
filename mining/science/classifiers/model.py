"""A classifier of one question: blocks, two heads, the temperature of the second; fitted to vote counts.

`fit` cross-fits: subjects are put in parts (two that show the same are in one part), each part is told by heads that
never saw its votes. From those come the penalty, the temperature (Guo et al. 2017, see mining/science/calibration.py)
and what is told of the subjects that it learnt from, so that no subject is ever told its own votes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from mining.science.calibration import fit_power, tempered
from mining.science.classifiers.blocks import Block, Matrix, Raw, fit_block, of_state
from mining.science.classifiers.dirichlet import log_likelihood
from mining.science.classifiers.heads import DirichletHead, MajorityHead
from mining.science.confusion import Array

PENALTIES = (0.1, 0.02, 0.004, 0.0008, 0.00016)
"""Tried from the strongest; the best by what is left out is taken."""

PARTS = 5
FEW_PARTS = 2  # of a fit to more than MANY subjects
MANY = 5_000
TRIED_ON = 3_000  # subjects on which the penalty is chosen
CROSS_ON = 10_000  # subjects of the other parts that tell a part: more tell hardly better

Indices = npt.NDArray[np.int64]


class ClassifierError(ValueError):
    """Nothing can be learnt from this; the message says why."""


@dataclass(frozen=True)
class Told:
    """Of N subjects and K answers. shares [N, K] : of votes. strength [N] : how firm those shares are, in votes.

    probabilities [N, K] : that most of the votes will be for this answer, calibrated.
    """

    shares: Array
    strength: Array
    probabilities: Array

    @property
    def alpha(self) -> Array:
        return np.asarray(np.maximum(self.shares * self.strength[:, None], 1e-10))

    def rows(self, at: Indices) -> Told:
        return Told(self.shares[at], self.strength[at], self.probabilities[at])


@dataclass
class Classifier:
    """blocks by name, in the order of the columns."""

    answers: list[str]
    blocks: dict[str, Block]
    votes: DirichletHead
    most: MajorityHead
    power: float = 1.0
    penalties: dict[str, float] = field(default_factory=dict)
    crossfitted_: Told | None = None

    @classmethod
    def fit(
        cls,
        raws: dict[str, Raw],
        counts: Array,
        answers: Sequence[str],
        *,
        groups: Sequence[str],
        seed: int = 0,
        start: Classifier | None = None,
    ) -> Self:
        """counts [N, K] of votes, K = len(answers). groups [N]: equal where subjects show the same.

        start: a classifier of the same answers and blocks, whose blocks and penalties are kept, and from whose weights
        the fit goes on. Raises ClassifierError where there is nothing to learn.
        """
        check(counts, answers)
        with threadpool_limits(1):  # on busy cores a second thread costs more than it does
            return cls._fit(raws, counts, answers, groups, np.random.default_rng(seed), start)

    @classmethod
    def _fit(
        cls,
        raws: dict[str, Raw],
        counts: Array,
        answers: Sequence[str],
        groups: Sequence[str],
        rng: np.random.Generator,
        start: Classifier | None,
    ) -> Self:
        warm = start if start is not None and start.fits(raws, answers) else None
        blocks = warm.blocks if warm else {name: fit_block(raw, rng) for name, raw in raws.items()}
        columns = [blocks[name].columns(raws[name]) for name in blocks]
        part = parts_of(groups, FEW_PARTS if len(counts) > MANY else PARTS, rng)
        penalties = dict(warm.penalties) if warm else _penalties(columns, counts, part, rng)
        votes = DirichletHead.fit(
            columns, counts, penalty=penalties["dirichlet"], start=warm.votes if warm else None
        )
        most = MajorityHead.fit(
            columns, counts, penalty=penalties["majority"], start=warm.most if warm else None
        )
        made = cls(list(answers), blocks, votes, most, penalties=penalties)
        made._cross(columns, counts, part)
        return made

    def fits(self, raws: dict[str, Raw], answers: Sequence[str]) -> bool:
        return self.answers == list(answers) and set(self.blocks) == set(raws)

    def _cross(self, columns: list[Matrix], counts: Array, part: Indices) -> None:
        """From here on: what is told of those it learnt from, and the temperature."""
        shape = counts.shape
        told = Told(np.empty(shape), np.empty(len(counts)), np.empty(shape))
        for turn in np.unique(part):
            seen, hidden = np.flatnonzero(part != turn), np.flatnonzero(part == turn)
            seen = _some(seen, CROSS_ON)
            learnt = [each[seen] for each in columns]
            votes = DirichletHead.fit(learnt, counts[seen], penalty=self.penalties["dirichlet"])
            most = MajorityHead.fit(learnt, counts[seen], penalty=self.penalties["majority"])
            shown = [each[hidden] for each in columns]
            told.shares[hidden], told.strength[hidden] = votes.shares(shown)
            told.probabilities[hidden] = most.probabilities(shown)
        clear = np.flatnonzero((counts == counts.max(axis=1, keepdims=True)).sum(axis=1) == 1)
        if len(clear):
            truth = counts[clear].argmax(axis=1).astype(np.int32)
            self.power = fit_power(told.probabilities[clear], truth)
        self.crossfitted_ = Told(told.shares, told.strength, tempered(told.probabilities, self.power))

    def tell(self, raws: dict[str, Raw]) -> Told:
        """Of subjects that it did not learn from."""
        columns = self.columns(raws)
        shares, strength = self.votes.shares(columns)
        return Told(shares, strength, tempered(self.most.probabilities(columns), self.power))

    def columns(self, raws: dict[str, Raw]) -> list[Matrix]:
        return [block.columns(raws[name]) for name, block in self.blocks.items()]

    def state(self) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
        """(arrays, what JSON holds), for mining/science/artefacts.py."""
        arrays: dict[str, npt.NDArray[Any]] = {"votes/bias": self.votes.bias, "most/bias": self.most.bias}
        blocks = []
        for at, (name, block) in enumerate(self.blocks.items()):
            inside, said = block.state()
            arrays |= {f"block{at}/{key}": each for key, each in inside.items()}
            arrays |= {f"votes/{at}": self.votes.weights[at], f"most/{at}": self.most.weights[at]}
            blocks.append({"name": name, "kind": block.kind, "said": said})
        told = {"answers": self.answers, "blocks": blocks, "power": self.power, "penalties": self.penalties}
        return arrays, told

    @classmethod
    def of_state(cls, arrays: dict[str, npt.NDArray[Any]], told: dict[str, Any]) -> Self:
        blocks = {}
        for at, each in enumerate(told["blocks"]):
            inside = {key.partition("/")[2]: a for key, a in arrays.items() if key.startswith(f"block{at}/")}
            blocks[each["name"]] = of_state(each["kind"], inside, each["said"])
        heads = [
            (tuple(arrays[f"{head}/{at}"] for at in range(len(blocks))), arrays[f"{head}/bias"])
            for head in ("votes", "most")
        ]
        return cls(
            told["answers"],
            blocks,
            DirichletHead(*heads[0]),
            MajorityHead(*heads[1]),
            told["power"],
            told["penalties"],
        )


def check(counts: Array, answers: Sequence[str]) -> None:
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise ClassifierError("votes must be numbers of 0 and above")
    if len(counts) == 0 or (counts.sum(axis=1) <= 0).any():
        raise ClassifierError("every subject that is learnt from needs a vote")
    if (counts.sum(axis=0) > 0).sum() < 2:
        raise ClassifierError(
            f"all votes are for one answer of {len(answers)}: there is nothing to tell apart"
        )
    if len(counts) < 2 * PARTS:
        raise ClassifierError(f"only {len(counts)} subjects have votes: at least {2 * PARTS} are needed")


def _some(at: Indices, most: int) -> Indices:
    """Every so-many-th."""
    return at[:: -(-len(at) // most)]


def parts_of(groups: Sequence[str], parts: int, rng: np.random.Generator) -> Indices:
    """[N]: a part for each group, drawn."""
    _, group = np.unique(np.asarray(groups), return_inverse=True)
    return np.asarray((rng.permutation(int(group.max()) + 1) % parts)[group])


def _penalties(
    columns: list[Matrix], counts: Array, part: Indices, rng: np.random.Generator
) -> dict[str, float]:
    """Of each head: the one under which one part is told best by the others. Two thirds of the work of a small fit."""
    n = len(counts)
    some = _some(rng.permutation(n), TRIED_ON)
    seen, hidden = some[part[some] != 0], some[part[some] == 0]
    learnt, shown = [each[seen] for each in columns], [each[hidden] for each in columns]
    target = MajorityHead.target(counts[hidden])
    lost: dict[str, list[float]] = {"dirichlet": [], "majority": []}
    for penalty in PENALTIES:
        alpha = DirichletHead.fit(learnt, counts[seen], penalty=penalty).alpha(shown)
        lost["dirichlet"].append(-float(log_likelihood(alpha, counts[hidden]).sum()))
        p = MajorityHead.fit(learnt, counts[seen], penalty=penalty).probabilities(shown)
        lost["majority"].append(-float((target * np.log(np.maximum(p, 1e-12))).sum()))
    return {name: PENALTIES[int(np.argmin(each))] for name, each in lost.items()}
