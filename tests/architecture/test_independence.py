"""Nobody for whom a subject is open sees by any door what others said of it, what it comes to, or that it is known."""

import asyncio
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth.models import AnonymousUser
from django.db import connections

from mining.services.draw_charts import draw_charts
from mining.services.follow import follow
from portal.live.consumers import ProjectConsumer
from portal.pages import activity
from projects.models import Evidence, Lease, SubjectState
from projects.services import record_classification
from projects.signals import subject_retired
from tests.architecture import independence_doors as doors
from tests.architecture.independence_doors import Said
from tests.architecture.independence_world import (
    NUMBERS,
    OTHERS,
    PLAIN,
    SENTINELS,
    WORDS,
    World,
    make_world,
    reveal,
)
from tests.projects.factories import submission

pytestmark = [
    pytest.mark.long,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_client"),
]
WALKERS = ("nobody", "volunteer", "account")


@pytest.fixture
def world() -> World:
    return make_world()


DIGESTS = re.compile(r"\b[0-9a-f]{32,64}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
"""ETags, checksums and ids, in which any five digits stand now and then."""


def leaks(said: list[Said]) -> list[tuple[str, str, str]]:
    """(who, door, what was found there); what the address itself asked for may come back."""
    secret = re.compile("|".join([*WORDS, *(rf"(?<![\d.]){number}(?!\d)" for number in NUMBERS)]))
    return [
        (each.who, each.what, found)
        for each in said
        for found in sorted(set(secret.findall(DIGESTS.sub("", each.text))))
        if found not in each.what
    ]


def unanswered(said: list[Said]) -> list[tuple[str, int]]:
    """A door that fails, or is shut by a rate limit, has not been looked behind."""
    shut = [each for each in said if each.status == 429 or each.status >= 500]
    return [(each.what, each.status) for each in shut if each.what != "GET /healthz"]


def test_no_door_was_forgotten() -> None:
    assert doors.missing() == [], "say in DOORS (independence_doors.py) what to ask at this new route"


def test_nothing_at_any_door_whatever_the_secrets(world: World) -> None:
    """No secret is found, and no door changes with them: not even a rounded number, an order or a count tells."""
    reached = set()
    for who in WALKERS:
        doors.ask(
            world.clients[who], who, "GET", f"/api/v1/workflows/{world.workflow.pk}/next?n=0"
        )  # a cookie
        before = doors.look(world, who)
        reveal(world, OTHERS)
        after = doors.look(world, who)
        reveal(world, SENTINELS)
        assert [
            (a.what, a.text, b.text) for a, b in zip(before, after, strict=True) if a.text != b.text
        ] == []
        said = [*before, *doors.send(world, who)]
        assert unanswered(said) == []
        assert leaks(said) == []
        reached |= {each.what.split("?")[0] for each in said if each.status == 200}
    assert {"GET /", "GET /projects/zoo/results/shapes/", "GET /me/", "GET /api/v1/projects"} <= reached


def test_what_is_handed_out_is_the_same_whatever_is_known(world: World) -> None:
    def handed() -> dict[int, Any]:
        Lease.objects.all().delete()
        SubjectState.objects.update(leased=0)
        said = doors.ask(client, who, "GET", f"/api/v1/workflows/{world.workflow.pk}/next?n=50")
        assert leaks([said]) == []
        return {subject["id"]: subject for subject in said.json["subjects"]}

    for who in WALKERS:
        client = world.clients[who]
        found: dict[int, Any] = {}
        while not found.keys() >= {world.names[name] for name in ("s0", "s1", "s2", "s7")}:
            found |= handed()
        reveal(world, OTHERS)
        assert [now for now in handed().values() if now != found.get(now["id"], now)] == []
        reveal(world, SENTINELS)


def test_the_lane_of_others_is_handed_to_nobody_and_refuses_work_and_check_alike(world: World) -> None:
    closed = {world.names["s8"], world.names["s9"]}
    for who in WALKERS:
        client = world.clients[who]
        said = doors.ask(client, who, "GET", f"/api/v1/workflows/{world.workflow.pk}/next?n=50")
        assert closed.isdisjoint(subject["id"] for subject in said.json["subjects"])
        told = [
            doors.ask(client, who, "POST", "/api/v1/classifications", doors.answer(PLAIN)(world, subject))
            for subject in sorted(closed)
        ]
        assert told[0].status == 403
        assert {(each.status, each.json["error"]["code"], each.text) for each in told} == {
            (403, told[0].json["error"]["code"], told[0].text)
        }
        assert leaks(told) == []


def test_an_answer_on_a_check_is_met_as_one_on_any_subject(world: World) -> None:
    """The answers to the answer, its corrections and a glance, and by how much it changes the counts at each door."""
    client = world.clients["volunteer"]

    seen = doors.look(world, "volunteer")

    def answer(name: str) -> tuple[list[Any], list[tuple[str, list[int]]]]:
        nonlocal seen
        subject = world.names[name]
        sent = [doors.answer(PLAIN)(world, subject)]
        sent += [doors.answer(PLAIN, corrects=True)(world, subject) for _ in range(2)]
        said = [doors.ask(client, "", "POST", "/api/v1/classifications", body) for body in [*sent, *sent]]
        glance = f"/api/v1/subjects/{subject}/glance?workflow={world.workflow.pk}"
        said.append(doors.ask(client, "", "GET", glance))
        assert leaks(said) == []
        follow(world.workflow.pk)
        draw_charts(world.workflow.pk)
        told = [(each.status, each.json | dict.fromkeys(NEW, "new")) for each in said]
        before, seen = seen, doors.look(world, "volunteer")
        return told, grown(before, seen)

    check, work = answer("s2"), answer("s7")
    assert [status for status, _ in check[0]] == [201, 201, 201, 200, 200, 200, 200]
    assert check[0] == work[0]
    assert check[1] == work[1]
    assert ("GET /api/v1/projects", [1, 0, 0]) in check[1]
    assert ("GET /projects/zoo/results/shapes/", [5]) in check[1]  # positions: an answer, two corrections


NEW = ("id", "subject", "received_at")
COUNTS = re.compile(
    r'data-count="\w+">(\d+)|"(?:answers|subjects|retired)": ?(\d+)|voorwerp_answers_total (\d+)'
    r"|up to position (\d+)"
)


def grown(before: list[Said], after: list[Said]) -> list[tuple[str, list[int]]]:
    """Door to by how much the counts changed that it shows."""
    found = []
    for a, b in zip(before, after, strict=True):
        counts = [[int("".join(each)) for each in COUNTS.findall(said.text)] for said in (a, b)]
        changed = [y - x for x, y in zip(*counts, strict=True)]
        if any(changed):
            found.append((a.what, changed))
    return found


def test_frames_say_that_something_changed_and_nothing_else(world: World) -> None:
    """Of an answer on an open subject, on a check, of evidence and of a retirement, as the site's signals send them."""
    project = world.workflow.project_id
    held = world.held["volunteer"]
    assert held is not None

    async def listen() -> list[dict[str, Any]]:
        scope = {
            "type": "websocket",
            "path": f"/ws/projects/{project}/",
            "url_route": {"kwargs": {"project_id": project}},
            "user": AnonymousUser(),
        }
        browser = ApplicationCommunicator(ProjectConsumer.as_asgi(), scope)
        await browser.send_input({"type": "websocket.connect"})
        assert (await browser.receive_output(3))["type"] == "websocket.accept"
        frames = []
        try:
            for change in changes:
                await sync_to_async(change)()
                frames.append(await browser.receive_output(5))
            await browser.send_input({"type": "websocket.disconnect", "code": 1000})
            await browser.wait(3)
        finally:
            await sync_to_async(connections.close_all)()
        return frames

    def answer(name: str) -> None:
        record_classification(submission(world.workflow, world.names[name], PLAIN), held)

    changes = [
        lambda: answer("s7"),
        lambda: answer("s2"),
        lambda: follow(world.workflow.pk),
        lambda: subject_retired.send(
            sender=None, workflow_id=world.workflow.pk, subject_id=world.names["s0"], project_id=project
        ),
    ]
    texts = [frame["text"] for frame in asyncio.run(listen())]
    assert [json.loads(text) for text in texts] == [{"kind": "project", "id": project}] * len(changes)


def test_the_walk_sees_a_leak(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tally among the project's live numbers, a word in an error: both tests above would tell."""
    totals = activity.totals

    def leaking(projects: Any) -> Any:
        asked = Evidence.objects.filter(task="T0", subject=world.names["s0"]).values_list(
            "tallies", flat=True
        )[0]["asked"]
        return {key: replace(value, answers=asked) for key, value in totals(projects).items()}

    monkeypatch.setattr(activity, "totals", leaking)
    said = doors.look(world, "nobody")
    assert ("nobody", "GET /projects/zoo/live/", "90007") in leaks(said)
    reveal(world, OTHERS)
    changed = [a.what for a, b in zip(said, doors.look(world, "nobody"), strict=True) if a.text != b.text]
    assert "GET /projects/zoo/live/" in changed
