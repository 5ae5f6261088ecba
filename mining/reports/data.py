"""What the charts show, as plain rows. Only finished subjects: charts are for everybody (rule of independence)."""

from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from django.db.models import Count
from django.db.models.functions import TruncDay, TruncHour

from mining.models import OnlineTask, OnlineVolunteer
from mining.reports.matrices import square
from mining.science.merit import Estimate, information, mean_skill, skill
from projects.exports.pseudonyms import pseudonym
from projects.models import Classification, Evidence, Retirement, SubjectState, Volunteer, Workflow

ENOUGH = 10
"""Votes from which a volunteer is shown: with fewer the intervals say nothing, and a person may be recognised."""


class Step(NamedTuple):
    """One hour or day: answers (those on hidden checks too), and subjects finished less those reopened."""

    at: datetime
    answers: int
    finished: int


def progress(workflow: Workflow) -> tuple[str, list[Step]]:
    """("hour" or "day", steps): by hours while all answers lie within two days. Costs a read of the record."""
    shown = Classification.objects.shown().filter(workflow=workflow)
    first, last = shown.order_by("id").first(), shown.order_by("-id").first()
    if first is None or last is None:
        return "day", []
    unit = "hour" if last.received_at - first.received_at < timedelta(days=2) else "day"
    trunc = TruncHour if unit == "hour" else TruncDay
    answers = dict(
        shown.annotate(t=trunc("received_at")).values("t").annotate(n=Count("id")).values_list("t", "n")
    )
    finished: Counter[datetime] = Counter()
    events = Retirement.objects.filter(workflow=workflow).annotate(t=trunc("at"))
    for at, retired in events.values_list("t", "retired"):
        finished[at] += 1 if retired else -1
    times = sorted(answers.keys() | finished.keys())
    return unit, [Step(at, answers.get(at, 0), finished[at]) for at in times]


def finished_evidence(workflow: Workflow, task: str) -> list[Evidence]:
    """Mining's word on the finished subjects that were asked the task."""
    finished = SubjectState.objects.filter(workflow=workflow, retired_at__isnull=False).values("subject_id")
    return list(
        Evidence.objects.filter(
            workflow=workflow, task=task, subject_id__in=finished, dispersion__isnull=False
        )
    )


class Worth(NamedTuple):
    """One volunteer on one task; (value, low, high) of skill (0..1) and of bits a vote."""

    name: str
    simulated: bool
    votes: int
    skill: tuple[float, float, float]
    bits: tuple[float, float, float]


def _estimate(found: Estimate, at: int) -> tuple[float, float, float]:
    """(value, low, high) of one volunteer."""
    value, low, high = (round(float(part[at]), 6) for part in found)
    return value, low, high


def volunteers(workflow: Workflow, task: str) -> list[Worth]:
    """Of everybody with `ENOUGH` votes on the task, most bits first, from the online state."""
    crowd = OnlineTask.objects.filter(workflow=workflow, task=task).first()
    rows = OnlineVolunteer.objects.filter(workflow=workflow, task=task, votes__gte=ENOUGH)
    found = list(rows.values_list("volunteer_id", "counts", "votes"))
    if crowd is None or not found:
        return []
    k = len(crowd.keys)
    counts = np.maximum(np.stack([square(each, k) for _, each, _ in found]), 0.0)
    crowds = square(crowd.crowd, k)
    skills = skill(counts, mean_skill(crowds))
    bits = information(counts, crowds, np.array(crowd.class_counts))
    people = Volunteer.objects.in_bulk([who for who, _, _ in found])
    worths = []
    for at, (who, _, votes) in enumerate(found):
        person = people[who]
        name = pseudonym(
            workflow.project,
            person.public_id,
            signed_in=person.account_id is not None,
            simulated=person.simulated,
        )
        worths.append(
            Worth(name.user_name, person.simulated, votes, _estimate(skills, at), _estimate(bits, at))
        )
    return sorted(worths, key=lambda worth: (-worth.bits[0], worth.name))
