"""No wasted effort: many volunteers at once, down to the last subject."""

import asyncio
from collections import Counter

import pytest

from benchmarks.client import Client
from benchmarks.volunteer import Log, Volunteer
from projects.models import Classification, Lease, SubjectState, WorkflowCounter
from projects.services.volunteers import CONSENT_VERSION
from tests.load.size import size
from tests.projects.factories import make_workflow

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]
LIMIT = 5
DEFINITION = {
    "first_task": "T0",
    "tasks": {
        "T0": {"kind": "single", "question": "?", "answers": [{"key": k, "label": k} for k in ("yes", "no")]}
    },
    "retirement": ["gte", ["votes"], LIMIT],
}


async def everybody_works(address: str, workflow: int, people: int) -> Log:
    log = Log()
    answer = [{"task": "T0", "value": "yes"}]
    volunteers = [
        Volunteer(number, Client(address), workflow, answer, log, batch=1 + number % 10)
        for number in range(people)
    ]
    await asyncio.gather(*(volunteer.arrive(CONSENT_VERSION) for volunteer in volunteers))
    await asyncio.gather(*(volunteer.work() for volunteer in volunteers))
    await asyncio.gather(*(volunteer.client.finish() for volunteer in volunteers))
    return log


def no_false_ends(log: Log) -> list[tuple[int, int]]:
    """(volunteer, subject) of whoever was sent away while a subject that they had not answered was still open."""
    retired_at = dict(SubjectState.objects.values_list("subject_id", "retired_at"))
    served = set(log.served)
    assert {state for _, state, _ in log.ends} <= {"workflow_finished", "finished_for_you"}
    return [
        (volunteer, subject)
        for volunteer, state, at in log.ends
        for subject, retired in retired_at.items()
        if retired.timestamp() > at and (state == "workflow_finished" or (volunteer, subject) not in served)
    ]


def test_volunteers_down_to_the_last_subject(live_site):
    people, subjects = size(16, 64), size(60, 1000)
    workflow = make_workflow(subjects, definition=DEFINITION)
    log = asyncio.run(everybody_works(live_site, workflow.pk, people))

    repeats = [pair for pair, times in Counter(log.served).items() if times > 1]
    assert repeats == []
    assert log.refused == {}
    stored = Counter(Classification.objects.values_list("counted", flat=True))
    assert stored["yes"] == subjects * LIMIT
    assert stored["late"] <= subjects * LIMIT * 0.01
    assert set(SubjectState.objects.values_list("answered", flat=True)) == {LIMIT}
    assert SubjectState.objects.filter(retired_at__isnull=True).count() == 0
    assert no_false_ends(log) == []
    counter = WorkflowCounter.objects.get(workflow=workflow)
    assert (counter.retired, counter.answers) == (subjects, subjects * LIMIT)
    assert Lease.objects.count() == 0
