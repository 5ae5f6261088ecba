"""How good a version is that was trained elsewhere: what it said before a subject had an answer, against what most
people said there when it was finished. Light: one statement, and arithmetic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json import loads
from math import fsum, log, sqrt
from typing import Any

from django.db import connection

from mining.ballots import NO, YES, choice_of, task_of
from mining.models import ModelVersion
from mining.services.champions import champion

FLOOR = 1e-6
"""Under which no chance is believed: what was called impossible and came about costs 13.8 nats, not without end."""
Z = 1.96
LEAST = 15
"""Subjects under which nothing is compared, as at the gate."""
JUDGING = """
SELECT p.probabilities, c.probabilities, e.tallies
  FROM mining_prediction p
  JOIN projects_subjectstate s ON s.workflow_id = %(workflow)s AND s.subject_id = p.subject_id
  JOIN projects_evidence e ON e.workflow_id = s.workflow_id AND e.subject_id = s.subject_id AND e.task = %(task)s
  LEFT JOIN mining_prediction c ON c.version_id = %(champion)s AND c.subject_id = p.subject_id
 WHERE p.version_id = %(version)s AND p.early AND s.use = 0 AND s.retired_at IS NOT NULL
"""


@dataclass(frozen=True)
class Score:
    """subjects: of which it had told. agreed: where its leading answer is that of most people. loss: minus the log of
    the chance that it gave that answer, in nats, on average."""

    subjects: int
    agreed: int
    loss: float


@dataclass(frozen=True)
class Judged:
    """said: of how many subjects; early: before they had an answer. alone: on those of these that are finished and on
    which one answer has most votes. The rest is of the subjects of which the champion told as well: difference is
    (mean, low, high) of the loss, this version's less the champion's, with a 95 % interval; below 0 it is better."""

    said: int
    early: int
    alone: Score | None
    champion: int | None = None
    both: Score | None = None
    champions: Score | None = None
    difference: tuple[float, float, float] | None = None


def judged(version: ModelVersion) -> Judged:
    said = version.predictions.count()
    early = version.predictions.filter(early=True).count()
    speaks = champion(version.workflow, version.task)
    comparable = speaks is not None and speaks.answers == version.answers
    with connection.cursor() as cursor:
        cursor.execute(
            JUDGING,
            {
                "workflow": version.workflow_id,
                "task": task_of(version.task),
                "champion": speaks.pk if speaks is not None and comparable else None,
                "version": version.pk,
            },
        )
        rows = cursor.fetchall()
    ours: list[tuple[bool, float]] = []
    pairs: list[tuple[tuple[bool, float], tuple[bool, float]]] = []
    for own, theirs, tallies in rows:
        most = most_said(loads(tallies), version.task, version.answers)
        if most is not None:
            ours.append(_on(loads(own), most))
            if theirs is not None:
                pairs.append((ours[-1], _on(loads(theirs), most)))
    alone = _score(ours)
    if speaks is None or len(pairs) < LEAST:
        return Judged(said, early, alone)
    both, champions = (_score([pair[side] for pair in pairs]) for side in (0, 1))
    difference = _interval([mine[1] - other[1] for mine, other in pairs])
    return Judged(said, early, alone, speaks.pk, both, champions, difference)


def most_said(tallies: Mapping[str, Any], path: str, answers: Sequence[str]) -> int | None:
    """The place of the answer with most votes; None where two have as many, or nobody voted."""
    choice, votes = choice_of(path), tallies["votes"]
    if choice is not None:
        yes = votes.get(choice, 0)
        votes = {YES: yes, NO: tallies["asked"] - yes}
    counts = [votes.get(key, 0) for key in answers]
    most = max(counts)
    return counts.index(most) if most and counts.count(most) == 1 else None


def _on(chances: Sequence[float], most: int) -> tuple[bool, float]:
    return chances.index(max(chances)) == most, -log(max(chances[most], FLOOR))


def _score(rows: Sequence[tuple[bool, float]]) -> Score | None:
    if not rows:
        return None
    return Score(
        len(rows), sum(right for right, _loss in rows), fsum(loss for _right, loss in rows) / len(rows)
    )


def _interval(differences: Sequence[float]) -> tuple[float, float, float]:
    n = len(differences)
    mean = fsum(differences) / n
    off = Z * sqrt(fsum((each - mean) ** 2 for each in differences) / (n - 1) / n)
    return mean, mean - off, mean + off
