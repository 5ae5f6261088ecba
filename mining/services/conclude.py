"""What the online state says of one task of one subject, in the form that the record takes in."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mining.ballots import Ballot, choice_of
from mining.fold import Fold
from mining.kinds import KINDS, Found
from mining.science.confusion import class_prior
from mining.science.consensus.online import OnlineTask
from mining.science.merit import SKILL_VOTES, mean_skill
from mining.sheet import Sheet
from mining.written import Written
from projects.services import Conclusion


class Reading(NamedTuple):
    """Of one question and subject: probabilities in the order of keys; the rest as in Conclusion."""

    probabilities: list[float]
    entropy: float
    dispersion: float
    effective_votes: float


def conclude(fold: Fold, subject: int, task: str, asked: Sequence[Ballot | Written]) -> Conclusion:
    """`asked`: what the task stood for in the version of the answer that was the last.

    Of a task of kind multiple: the probability of each choice (they are independent, so they don't sum to 1), the sum
    of the entropies, the mean of the dispersions and of the effective votes. Of a survey the same of its choices, and
    beside it what the answers about them come to.
    """
    written = [each for each in asked if isinstance(each, Written)]
    paths = [each.path for each in asked if isinstance(each, Ballot)]
    if not paths:
        return _put_together(fold.sheets[subject, task], subject, written[0])
    readings = [read(fold, subject, path) for path in paths]
    probabilities: dict[str, float] = {}
    for path, reading in zip(paths, readings, strict=True):
        choice = choice_of(path)
        if choice is None:
            probabilities = dict(zip(fold.tasks[path].keys, reading.probabilities, strict=True))
        else:
            probabilities[choice] = reading.probabilities[1]
    return Conclusion(
        subject_id=subject,
        task=task,
        probabilities=probabilities,
        entropy=sum(reading.entropy for reading in readings),
        dispersion=sum(reading.dispersion for reading in readings) / len(readings),
        effective_votes=sum(reading.effective_votes for reading in readings) / len(readings),
        certainty=None,  # a temperature belongs to a run, not to the fold: docs/architecture.md
        asked=max(fold.seats[subject, path].asked for path in paths),
        value=_found(fold.sheets[subject, task], written[0]).value if written else None,
    )


def _found(sheet: Sheet, written: Written) -> Found:
    return KINDS[written.task.kind].online(sheet, written.task)


def _put_together(sheet: Sheet, subject: int, written: Written) -> Conclusion:
    found = _found(sheet, written)
    return Conclusion(
        subject_id=subject,
        task=written.path,
        probabilities=None,
        entropy=None,
        dispersion=found.dispersion,
        effective_votes=found.effective_votes,
        certainty=None,
        asked=sheet.asked,
        value=found.value,
    )


def read(fold: Fold, subject: int, path: str) -> Reading:
    """Without a vote: the class frequencies, no dispersion, no effective votes."""
    task = fold.tasks[path]
    state = task.subjects.get(subject)
    if state is None:
        p = [float(value) for value in class_prior(np.array(task.class_counts))]
        return Reading(p, entropy(p), 0.0, 0.0)
    mean = mean_skill(np.array(task.crowd))
    weights = [skill(task, int(voter), mean) * task.weights.get(voter, 1.0) for voter in state.voters]
    tallies = [0.0] * len(task.keys)
    for weight, label in zip(weights, state.labels, strict=True):
        tallies[label] += weight
    total = sum(tallies)
    spread = entropy([tally / total for tally in tallies]) / math.log2(max(len(tallies), 2))
    effective = total * total / sum(weight * weight for weight in weights)
    return Reading(list(state.p), entropy(state.p), min(spread, 1.0), effective)


def skill(task: OnlineTask, person: int, mean: float) -> float:
    """The shrunk hit rate of mining.science.merit.skill, for one person and without its interval; above 0."""
    counts = task.volunteers[person]
    hits = sum(max(row[c], 0.0) for c, row in enumerate(counts))
    votes = sum(max(count, 0.0) for row in counts for count in row)
    return (hits + SKILL_VOTES * mean) / (votes + SKILL_VOTES)


def entropy(p: list[float]) -> float:
    """Bits."""
    return max(-sum(value * math.log2(value) for value in p if value > 0), 0.0)
