"""Two web processes, two workers and one beat on one PostgreSQL and one Redis: they serve one site."""

import asyncio
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection
from websockets.asyncio.client import connect

from benchmarks.client import Client
from benchmarks.site import wait_for
from benchmarks.volunteer import Log, Volunteer
from mining.services.follow import LOCK, follow
from mining.services.lag import lag_of
from mining.services.rebuild import forget, rebuild_online
from portal.celery import app
from portal.processes import spawn, stop
from projects.models import Classification, LedgerEntry, SubjectState, WorkflowCounter
from projects.services.rebuild import rebuild_workflow
from projects.services.volunteers import CONSENT_VERSION
from tests.conftest import free_port, site_environment
from tests.mining.helpers import dump, evidence_of
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.long


PEOPLE, SUBJECTS, VOTES = 12, 25, 5
DEFINITION = {
    "first_task": "T0",
    "tasks": {
        "T0": {"kind": "single", "question": "?", "answers": [{"key": k, "label": k} for k in ("yes", "no")]}
    },
    "retirement": ["gte", ["votes"], VOTES],
}
WORKERS = ("one", "two")  # also the names of their sessions in PostgreSQL
PATIENCE = 60.0  # seconds

HOLDERS = """
SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
 WHERE l.locktype = 'advisory' AND l.granted AND l.classid = %s AND l.objid = %s
"""


@contextmanager
def process(name: str, logs: Path, *arguments: str) -> Iterator[None]:
    """A process of the site, to the end of the block; PostgreSQL knows its sessions by `name`."""
    environment = site_environment() | {"PGAPPNAME": name}
    command = [sys.executable, "-m", *arguments]
    running = spawn(command, log=logs / f"{name}.log", env=environment, cwd=settings.BASE_DIR)
    try:
        yield
    finally:
        stop(running)


@pytest.fixture
def webs(transactional_db: None, redis_client: redis.Redis, tmp_path: Path) -> Iterator[list[str]]:
    """Addresses of two web processes, beside two workers and a beat."""
    celery = ("celery", "--app", "portal.celery:app", "--quiet")
    worker = (*celery, "worker", "--pool", "threads", "--concurrency", "2", "--queues", "fast")
    with ExitStack() as running:
        ports = [free_port(), free_port()]
        for port in ports:
            site = ("uvicorn", "portal.asgi:application", "--port", str(port), "--log-level", "warning")
            running.enter_context(process(f"web-{port}", tmp_path, *site))
        for name in WORKERS:
            running.enter_context(process(name, tmp_path, *worker, "--hostname", name))
        running.enter_context(process("beat", tmp_path, *celery, "beat"))
        addresses = [f"http://127.0.0.1:{port}" for port in ports]
        for address in addresses:
            wait_for(address, PATIENCE)
        wait_until("both workers live", lambda: len(jobs_done()) == len(WORKERS))
        yield addresses


def jobs_done() -> dict[str, int]:
    """By worker; one that does not live is not in it."""
    told = app.control.inspect(timeout=2).stats() or {}
    return {name.removeprefix("celery@"): sum(stats["total"].values()) for name, stats in told.items()}


def wait_until(what: str, holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, f"Not within {PATIENCE} s: {what}"
        time.sleep(0.05)


class Watch:
    """Looks again and again who follows the workflow."""

    def __init__(self, workflow: int) -> None:
        self.workflow, self.ended = workflow, threading.Event()
        self.seen: Counter[tuple[str, ...]] = Counter()
        self.thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        try:
            while not self.ended.wait(0.005):
                with connection.cursor() as cursor:
                    cursor.execute(HOLDERS, [LOCK, self.workflow])
                    self.seen[tuple(sorted(name for (name,) in cursor.fetchall()))] += 1
        finally:
            connection.close()

    def __enter__(self) -> "Counter[tuple[str, ...]]":
        self.thread.start()
        return self.seen

    def __exit__(self, *details: object) -> None:
        self.ended.set()
        self.thread.join()


async def everybody_works(webs: list[str], workflow: int) -> Log:
    """Every second volunteer on each web process."""
    log = Log()
    answer = [{"task": "T0", "value": "yes"}]
    people = [
        Volunteer(number, Client(webs[number % 2]), workflow, answer, log, batch=1 + number % 3)
        for number in range(PEOPLE)
    ]
    await asyncio.gather(*(each.arrive(CONSENT_VERSION) for each in people))
    await asyncio.gather(*(each.work() for each in people))
    await asyncio.gather(*(each.client.finish() for each in people))
    return log


async def hint_across(webs: list[str], workflow: int, project: int) -> tuple[float, dict[str, object]]:
    """A page is open on the second web process, an answer is given on the first: how long until its hint, and it."""
    socket = f"{webs[1].replace('http', 'ws')}/ws/projects/{project}/"
    async with connect(socket, origin=webs[1]) as page:
        volunteer = Volunteer(0, Client(webs[0]), workflow, [{"task": "T0", "value": "no"}], Log())
        await volunteer.arrive(CONSENT_VERSION)
        began = time.monotonic()
        await volunteer.work(most=1)
        hint = json.loads(await asyncio.wait_for(page.recv(), 10))
        await volunteer.client.finish()
        return time.monotonic() - began, hint


def test_two_of_each_serve_one_site(webs: list[str]) -> None:
    workflow = make_workflow(SUBJECTS, definition=DEFINITION)
    seconds, hint = asyncio.run(hint_across(webs, workflow.pk, workflow.project_id))
    assert hint == {"kind": "project", "id": workflow.project_id}
    assert seconds < 5
    with Watch(workflow.pk) as seen:
        log = asyncio.run(everybody_works(webs, workflow.pk))
        wait_until("mining has read all", lambda: lag_of(workflow.pk) == 0)

    assert log.refused == {}
    assert [pair for pair, times in Counter(log.served).items() if times > 1] == []
    stored = Classification.objects.count()
    assert stored == SUBJECTS * VOTES
    assert set(Classification.objects.values_list("counted", flat=True)) == {"yes"}
    assert set(SubjectState.objects.values_list("answered", flat=True)) == {VOTES}
    counter = WorkflowCounter.objects.get(workflow=workflow)
    assert (counter.answers, counter.retired) == (stored, SUBJECTS)
    positions = LedgerEntry.objects.order_by("position").values_list("position", flat=True)
    assert list(positions) == list(range(1, counter.position + 1))

    followers = set(seen) - {()}
    assert followers
    assert followers <= {("one",), ("two",)}  # never both at a time
    wait_until("each worker has done a job", lambda: all(jobs_done().get(name) for name in WORKERS))

    live, posted = dump(workflow), evidence_of(workflow)
    assert live["position"] == counter.position
    assert rebuild_workflow(workflow) == []
    assert rebuild_online(workflow) == []
    forget(workflow.pk)
    follow(workflow.pk)
    assert (dump(workflow), evidence_of(workflow)) == (live, posted)
