"""Exactly once: submissions through a network that drops, delays and doubles calls."""

import asyncio
import uuid
from urllib.parse import urlsplit

import pytest

from benchmarks.client import Client
from projects.models import Answered, Classification, Evidence, LedgerEntry, SubjectState, WorkflowCounter
from projects.services.volunteers import CONSENT_VERSION
from tests.load.proxy import FaultyProxy
from tests.load.size import size
from tests.projects.factories import make_workflow

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]
PEOPLE = 20
UNLIMITED = {
    "first_task": "T0",
    "tasks": {
        "T0": {"kind": "single", "question": "?", "answers": [{"key": k, "label": k} for k in ("yes", "no")]}
    },
    "retirement": ["gte", ["votes"], 1_000_000],
}


async def send_all(proxy: FaultyProxy, version: int, subjects: list[int]) -> int:
    """Everybody answers every subject, sending again until acknowledged; returns how many were acknowledged."""
    async with proxy as address:

        async def volunteer(number: int) -> int:
            client, acknowledged = Client(address), 0
            await client.get("/accounts/login/")
            assert (await client.post("/api/v1/consent", {"version": CONSENT_VERSION})).status == 204
            for subject in subjects:
                value = "yes" if (number + subject) % 3 else "no"
                body = {
                    "id": str(uuid.uuid4()),
                    "workflow_version": version,
                    "subject": subject,
                    "annotations": [{"task": "T0", "value": value}],
                }
                acknowledged += await until_acknowledged(client, body)
            await client.finish()
            return acknowledged

        return sum(await asyncio.gather(*(volunteer(number) for number in range(PEOPLE))))


async def until_acknowledged(client: Client, body: dict) -> int:
    for _ in range(60):
        try:
            answer = await client.post("/api/v1/classifications", body)
        except ConnectionError:
            continue
        assert answer.status in (200, 201), answer.body
        assert answer.json()["id"] == body["id"]
        return 1
    return 0


def test_a_bad_network_loses_nothing_and_stores_nothing_twice(live_site):
    submissions = size(400, 10_000)
    workflow = make_workflow(submissions // PEOPLE, definition=UNLIMITED)
    subjects = list(SubjectState.objects.values_list("subject_id", flat=True))
    where = urlsplit(live_site)
    proxy = FaultyProxy(where.hostname, where.port, path="/api/v1/classifications", share=0.3, seed=7)
    acknowledged = asyncio.run(send_all(proxy, workflow.published_id, subjects))

    for fault in ("dropped before", "dropped after", "delayed", "doubled"):
        assert proxy.done[fault] > submissions * 0.03, proxy.done
    assert acknowledged == submissions
    assert Classification.objects.count() == submissions == Answered.objects.count()
    assert set(Classification.objects.values_list("counted", flat=True)) == {"yes"}
    counter = WorkflowCounter.objects.get(workflow=workflow)
    assert (counter.answers, counter.position) == (submissions, submissions)
    positions = LedgerEntry.objects.order_by("position").values_list("position", flat=True)
    assert list(positions) == list(range(1, submissions + 1))
    assert set(SubjectState.objects.values_list("answered", flat=True)) == {PEOPLE}
    for evidence in Evidence.objects.all():
        no = sum((number + evidence.subject_id) % 3 == 0 for number in range(PEOPLE))
        expected = {"yes": PEOPLE - no, "no": no}
        assert evidence.tallies["votes"] == expected
        assert evidence.tallies["asked"] == PEOPLE
