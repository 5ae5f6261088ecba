"""Look at a workflow's answers for who does not play fair, and write down what is suggested. Loads the arrays."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from math import log

from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from mining.frames import answers_frame, position_of, votes_frame
from mining.models import FairnessLook, Suggestion
from mining.services.examine import Found, examine
from mining.services.suggestions import move_to_persons, rules_of, settle_weights
from projects.models import Block, Volunteer, Workflow, WorkflowCounter

LOCK = 0x46414952  # "FAIR": the advisory locks of this module
LEAST = 50
"""Entries of the ledger before a workflow is looked at."""

REST = timedelta(minutes=10)
"""Between two looks at a workflow."""

SHARE = 50
"""And at least so many times as long as the last look took."""


def workflows_to_look_at() -> list[int]:
    """Whose answers have gone on since the last look, and that have rested."""
    looks = FairnessLook.objects.filter(workflow=OuterRef("workflow"))
    counters = WorkflowCounter.objects.filter(position__gte=LEAST).annotate(
        looked=Subquery(looks.values("position")),
        last=Subquery(looks.values("at")),
        took=Subquery(looks.values("seconds")),
    )
    news = counters.filter(looked=None) | counters.filter(position__gt=F("looked"))
    now = timezone.now()
    return [
        each.pk
        for each in news.order_by("pk")
        if each.last is None or now - each.last >= max(REST, timedelta(seconds=SHARE * each.took))
    ]


def look(workflow: Workflow) -> int | None:
    """Write what is found as suggestions and weights; returns how many suggestions are new, None where another process
    looks at this workflow.

    Safe to repeat: on the same record nothing is written twice. A suggestion that was decided comes back only when its
    evidence has grown by as much again as it takes. Of simulated volunteers, and of those who are blocked, none is
    made.
    """
    with _alone(workflow.pk) as alone:
        if not alone:
            return None
        began, position = time.monotonic(), position_of(workflow.pk)
        rules = rules_of(workflow)
        answers = answers_frame(workflow.pk, position)
        volunteers = answers["volunteer"].n_unique()
        found = examine(votes_frame(workflow.pk, position), answers, rules)
        growth = log(max(volunteers, 1) / rules.alarms)
        with transaction.atomic():
            move_to_persons(workflow)
            made = _write(workflow, found, position, growth)
            FairnessLook.objects.update_or_create(
                workflow=workflow,
                defaults={
                    "position": position,
                    "at": timezone.now(),
                    "seconds": time.monotonic() - began,
                    "volunteers": volunteers,
                },
            )
        settle_weights(workflow)
        return made


@contextmanager
def _alone(workflow_id: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, workflow_id])
        alone = bool(cursor.fetchone()[0])
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, workflow_id])


def _write(workflow: Workflow, found: list[Found], position: int, growth: float) -> int:
    people = Volunteer.objects.select_related("joined_to").in_bulk({each.volunteer for each in found})
    blocked = set(
        Block.objects.filter(project=workflow.project_id, lifted_at=None).values_list("volunteer", flat=True)
    )
    rows = Suggestion.objects.select_for_update().filter(workflow=workflow).order_by("pk")
    open_rows = {(row.volunteer_id, row.rule): row for row in rows if row.state == Suggestion.State.OPEN}
    decided = {
        (row.volunteer_id, row.rule): row
        for row in rows
        if row.state in (Suggestion.State.DISMISSED, Suggestion.State.ACTED)
    }
    made = 0
    for each in found:
        volunteer = people.get(each.volunteer)
        person = volunteer and (volunteer.joined_to or volunteer)
        if person is None or person.simulated or person.pk in blocked:
            continue
        key = person.pk, each.rule
        values = {
            "question": each.question,
            "strength": each.strength,
            "harm": each.harm,
            "evidence": each.evidence,
            "position": position,
        }
        if key in open_rows:
            row = open_rows[key]
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=[*values, "updated_at"])
        elif key not in decided or each.strength >= decided[key].strength + growth:
            open_rows[key] = Suggestion.objects.create(
                workflow=workflow, volunteer=person, rule=each.rule, **values
            )
            made += 1
    return made
