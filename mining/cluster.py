"""The same consensus and gain on several processes or machines, by Dask (`distributed`): for what is too much for one.

The subjects are dealt to the workers by a hash of their id. Each worker reads the partitions, which it must see under
the same paths, keeps the votes of its own subjects, and holds them. A round of EM sends every worker the volunteers'
matrices, and brings back its share of their counts (V * K * K numbers) and of the class counts; nothing else moves.
The numbers are those of one machine but for the order in which they are added.

A worker that dies is replaced by another, which reads its share again. Known answers are not taken in here, nor that
somebody weighs less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mining.lake.question import Ids, Question, read_question
from mining.science.attributes.columns import AttributeTable, Column
from mining.science.attributes.gain import Gains, Measured, gains, measure
from mining.science.attributes.labels import Labels
from mining.science.attributes.permutation import Null
from mining.science.confusion import Array, class_prior, crowd_matrix, shrunk
from mining.science.consensus.base import Consensus, leading, start
from mining.science.consensus.dawid_skene import DawidSkene
from mining.science.consensus.kernels import matrices_of
from mining.science.consensus.majority import Majority
from mining.science.consensus.passes import Passes
from mining.science.votes import Codes, VotesError

if TYPE_CHECKING:
    from distributed import Client, Future

TRIES = 5
AGAIN = "nothing was stored; start it again."

PATIENCE = 60
"""Seconds after which we look whether any worker is left."""

WITHOUT = (
    "Dask is not installed: .venv/bin/python -m pip install --constraint constraints.txt --requirement "
    "requirements/cluster.txt"
)


class ClusterError(RuntimeError):
    """The cluster can't be used; the message says why and what to do."""


@dataclass(frozen=True)
class Found:
    """subjects [I], volunteers [V]: ids; method: fitted, its results in their order; votes [I]: how many of each."""

    subjects: Ids
    volunteers: Ids
    method: Consensus
    votes: Codes


def weigh_question(
    files: Sequence[Path],
    task: str,
    labels: Sequence[str],
    method: Consensus,
    *,
    position: int | None = None,
    scheduler: str = "",
) -> Found:
    """One question of a lake weighed: here, or on the cluster at a scheduler's address. VotesError without votes."""
    if scheduler:
        with connected(scheduler) as client:
            return weigh_on(client, files, task, labels, method, position=position)
    question = read_question(files, task, labels, position=position)
    method.fit(question.votes)
    return Found(question.subjects, question.volunteers, method, _sizes(question))


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """Raises ClusterError."""
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ClusterError(WITHOUT) from error
    try:
        client = Client(address, timeout=10, direct_to_workers=True)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(f"No Dask scheduler answers at {address} ({type(error).__name__}).") from error
    with client:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise ClusterError(f"The Dask scheduler at {address} has no workers.")
        yield client


def weigh_on(
    client: Client,
    files: Sequence[Path],
    task: str,
    labels: Sequence[str],
    method: Consensus,
    *,
    position: int | None = None,
) -> Found:
    """`weigh_question` on a cluster's workers, one part each."""
    if not isinstance(method, DawidSkene | Majority):
        raise VotesError(
            f"{method.name} is not made for a cluster: majority, dawid-skene or dawid-skene-pooled"
        )
    spread = Spread(client, [str(file) for file in files], task, list(labels), position)
    if isinstance(method, DawidSkene):
        method.iterate(spread)
    else:
        method.counts_ = matrices_of(spread.counts)
        method.confusion_ = shrunk(method.counts_, crowd_matrix(method.counts_.sum(axis=0)))
        method.prior_ = class_prior(spread.classes())
        method.n_iter_, method.converged_ = 1, True
    method.probabilities_ = spread.probabilities()
    method.labels_ = leading(method.probabilities_, spread.commonness)
    return Found(spread.subjects, spread.volunteers, method, spread.votes)


def gains_on(client: Client, table: AttributeTable, labels: Labels, **options: Any) -> Gains:
    """`mining.science.attributes.gain.gains` with the columns dealt to the workers: the same numbers to the bit, since
    every worker draws the same permutations, and what is judged over all attributes is judged here."""

    def measured(columns: Sequence[Column], asked: Labels, **how: Any) -> Measured:
        how.pop("progress", None)
        workers = sorted(client.scheduler_info(n_workers=-1)["workers"])
        dealt = [columns[at :: len(workers)] for at in range(len(workers))]
        futures = [
            client.submit(measure, some, asked, **how, workers=[worker], allow_other_workers=True, pure=False)
            for some, worker in zip(dealt, workers, strict=True)
            if some
        ]
        return _side_by_side(client.gather(futures), len(columns), len(workers))

    return gains(table, labels, measured=measured, **options)


def _side_by_side(parts: list[Measured], columns: int, workers: int) -> Measured:
    """The columns of all parts in their order: the n-th part has each n-th."""
    place = np.argsort(
        np.concatenate([np.arange(at, columns, workers) for at in range(len(parts))]), kind="stable"
    )
    found = [row for part in parts for row in part.found]
    noise = [part.noise for part in parts if part.noise is not None]

    def beside(some: list[Array]) -> Array:
        """In memory as one machine has them: sums over them are then the same to the last bit."""
        return np.ascontiguousarray(np.concatenate(some, axis=1)[:, place])

    return Measured(
        found=[found[at] for at in place],
        null=Null(beside([part.null.gains for part in parts])),
        drawn=beside([part.drawn for part in parts]),
        noise=beside(noise) if noise else None,
    )


class Part:
    """What a worker holds: the votes of its subjects, and where these stand."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.passes = (
            Passes(question.votes, None, start(question.votes, None)) if len(question.votes) else None
        )

    def step(self, log_prior: Array, log_confusion: Array, settled: float) -> tuple[float, Array, Array]:
        """A round, and what it brings back: how far the subjects moved in all, the counts and the class counts."""
        if self.passes is None:  # more workers than subjects
            return 0.0, np.zeros_like(log_confusion), np.zeros_like(log_prior)
        moved = self.passes.step(log_prior, log_confusion, settled) * len(self.passes.p)
        return moved, self.passes.counts, self.passes.classes()


class Spread:
    """The parts on the workers, as `DawidSkene.iterate` wants them."""

    def __init__(
        self, client: Client, files: list[str], task: str, labels: list[str], position: int | None
    ) -> None:
        self._client = client
        self._workers = sorted(client.scheduler_info(n_workers=-1)["workers"])
        n = len(self._workers)
        read = self._on_each(_read, [(files, task, labels, position, (at, n)) for at in range(n)])
        people = self._gather(self._on_each(_people, [(each,) for each in read]))
        ids = np.concatenate([each[0] for each in people])
        names, place = np.unique(ids, return_inverse=True)
        votes = np.bincount(place, weights=np.concatenate([each[1] for each in people]), minlength=len(names))
        if not len(names):
            raise VotesError("no votes: there is nothing to agree on")
        self.volunteers: Ids = names[np.argsort(-votes, kind="stable")]
        self._parts = self._on_each(_begin, [(each, self.volunteers) for each in read])
        del read
        begun = self._gather(self._on_each(_begun, [(each,) for each in self._parts]))
        self.subjects: Ids = np.concatenate([each[0] for each in begun])
        self.votes: Codes = np.concatenate([each[1] for each in begun])
        self.commonness: Array = np.sum([each[2] for each in begun], axis=0)
        self.counts: Array = np.sum([each[3] for each in begun], axis=0)
        self._classes: Array = np.sum([each[4] for each in begun], axis=0)

    def classes(self) -> Array:
        return self._classes

    def crowd(self, counts: Array) -> Array:
        return np.asarray(counts.sum(axis=0))

    @property
    def n_votes(self) -> int:
        return int(self.votes.sum(dtype=np.int64))

    def told(self, confusion: Array, volunteers: slice) -> Array:
        return confusion

    def step(self, log_prior: Array, log_confusion: Array, settled: float) -> float:
        found = self._round(log_prior, log_confusion, settled)
        self.counts = found[0][1]
        for each in found[1:]:
            self.counts = self.counts + each[1]
        self._classes = np.sum([each[2] for each in found], axis=0)
        return float(sum(each[0] for each in found) / len(self.subjects))

    def probabilities(self) -> Array:
        return np.concatenate(self._gather(self._on_each(_stand, [(part,) for part in self._parts])))

    def _round(
        self, log_prior: Array, log_confusion: Array, settled: float
    ) -> list[tuple[float, Array, Array]]:
        """A step on each part; again where the worker died to which the matrices had been sent."""
        for left in reversed(range(TRIES)):
            try:
                [sent] = self._client.scatter([log_confusion])
                told = [(part, log_prior, sent, settled) for part in self._parts]
                return self._gather(self._on_each(_step, told))
            except (OSError, CancelledError) as error:
                if not left:
                    raise ClusterError(
                        f"The cluster lost its workers ({type(error).__name__}): {AGAIN}"
                    ) from error
        raise AssertionError  # not reached

    def _on_each(self, work: Callable[..., Any], arguments: list[tuple[Any, ...]]) -> list[Future]:
        """One call a worker; another may take it over where that one has died."""
        return [
            self._client.submit(work, *each, workers=[worker], allow_other_workers=True, pure=False)
            for worker, each in zip(self._workers, arguments, strict=True)
        ]

    def _gather(self, futures: list[Future]) -> list[Any]:
        from distributed import wait  # noqa: PLC0415 - an extra

        while True:
            try:
                wait(futures, timeout=PATIENCE)
            except TimeoutError:
                if not self._client.scheduler_info(n_workers=-1)["workers"]:
                    raise ClusterError(f"The cluster has no workers left: {AGAIN}") from None
                continue
            return list(self._client.gather(futures))


def _read(
    files: list[str], task: str, labels: list[str], position: int | None, part: tuple[int, int]
) -> Question:
    return read_question([Path(file) for file in files], task, labels, position=position, part=part)


def _people(question: Question) -> tuple[Ids, Ids]:
    return question.volunteers, np.bincount(question.votes.volunteer, minlength=len(question.volunteers))


def _begin(question: Question, volunteers: Ids) -> Part:
    return Part(question.among(volunteers))


def _begun(part: Part) -> tuple[Ids, Codes, Array, Array, Array]:
    """subjects, votes of each, votes a label, counts, expected subjects a class."""
    votes = part.question.votes
    _, v, k = votes.shape
    if part.passes is None:
        return (
            part.question.subjects,
            np.empty(0, dtype=np.int32),
            np.zeros(k),
            np.zeros((v * k, k)),
            np.zeros(k),
        )
    commonness = np.bincount(votes.label, minlength=k).astype(np.float64)
    return (
        part.question.subjects,
        _sizes(part.question),
        commonness,
        part.passes.counts,
        part.passes.classes(),
    )


def _step(part: Part, log_prior: Array, log_confusion: Array, settled: float) -> tuple[float, Array, Array]:
    """Changes the part, which Dask does not know. That is safe: where the subjects stand after a step follows from the
    matrices alone, so a step that is done twice, or by a worker that has just read its share, brings back the same;
    only how far they moved is then too large, which costs a round more."""
    return part.step(log_prior, log_confusion, settled)


def _stand(part: Part) -> Array:
    return np.empty((0, part.question.votes.shape[2])) if part.passes is None else part.passes.p


def _sizes(question: Question) -> Codes:
    return np.bincount(question.votes.item, minlength=len(question.subjects)).astype(np.int32)
