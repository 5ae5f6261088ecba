"""The online state does not depend on messages: a transaction is held open while later ones commit, Redis is emptied
in the middle, the worker is killed in the middle, answers are discounted and accounts joined all the while. What the
workers leave is what the record says, bit for bit."""

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction

from mining import jobs
from mining.models import Reader
from mining.services.follow import follow
from mining.services.lag import lag_of
from mining.services.rebuild import forget, rebuild_online
from portal.processes import spawn, stop
from projects.models import Classification, LedgerEntry, WorkflowCounter
from projects.services.rebuild import rebuild_workflow
from tests.conftest import site_environment
from tests.load.size import size
from tests.mining.helpers import OPEN, Crowd, dump, evidence_of
from tests.projects.factories import ARMS, make_pass, make_workflow

pytestmark = pytest.mark.long
STEPS = size(small=240, stated=4000)
THREADS = 4
PATIENCE = size(small=60, stated=300)  # seconds until the workers have read all

WORKER = [sys.executable, "-m", "celery", "--app", "portal.celery:app", "--quiet", "worker"]
WORKER += [
    "--pool",
    "threads",
    "--concurrency",
    "2",
    "--queues",
    "fast",
    "--without-gossip",
    "--without-mingle",
]


class Workers:
    """Two at a time, each of which may find that the other is at work."""

    def __init__(self, log: Path) -> None:
        self.log, self.running = log, []

    def start(self) -> None:
        log = self.log / f"worker-{len(self.running)}.log"
        self.running.append(spawn(WORKER, log=log, env=site_environment(), cwd=settings.BASE_DIR))

    def kill(self) -> "subprocess.Popen[bytes]":
        killed = self.running[0]
        killed.send_signal(signal.SIGKILL)
        killed.wait(10)
        return killed

    def stop(self) -> None:
        for process in self.running:
            stop(process)


def answer(crowd: Crowd, seed: int, done: list[int]) -> None:
    """One of several who answer, discount and join at the same time; each has volunteers of their own."""
    rng = random.Random(seed)
    try:
        for _ in range(STEPS // THREADS):
            crowd.random_step(rng)
            done.append(1)
            time.sleep(0.01)
    finally:
        connection.close()


def hold_open(crowd: Crowd, open_: threading.Event, commit: threading.Event) -> None:
    """An answer that is stored early and committed late."""
    try:
        with transaction.atomic():
            crowd.answer(-1, -1, ARMS)
            open_.set()
            assert commit.wait(PATIENCE)
    finally:
        connection.close()


def ring(stopped: threading.Event) -> None:
    """What beat does, faster; a Redis that was just emptied is no reason to stop."""
    while not stopped.wait(0.2):
        try:
            jobs.tick.delay()
        except (OSError, redis.RedisError):
            continue


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_the_workers_leave_what_the_record_says(redis_client, tmp_path):
    workflow = make_workflow(41, definition=OPEN)
    crowds = [Crowd(workflow, size(small=8, stated=40)) for _ in range(THREADS)]
    for crowd in crowds:
        crowd.subjects = crowd.subjects[:-1]  # the last one is the held answer's
        crowd.join(0)
    late = Crowd(workflow, passes=[make_pass()])
    stopped, opened, commit = threading.Event(), threading.Event(), threading.Event()
    done: list[int] = []
    workers = Workers(tmp_path)
    workers.start()
    workers.start()
    threads = [threading.Thread(target=answer, args=(crowd, n, done)) for n, crowd in enumerate(crowds)]
    threads.append(threading.Thread(target=hold_open, args=(late, opened, commit)))
    threads.append(threading.Thread(target=ring, args=(stopped,)))

    def until(share: float) -> None:
        limit = time.monotonic() + PATIENCE
        while len(done) < share * STEPS and time.monotonic() < limit:
            time.sleep(0.01)
        assert len(done) >= share * STEPS

    try:
        for thread in threads:
            thread.start()
        assert opened.wait(PATIENCE)
        until(0.3)
        redis_client.flushdb()
        until(0.5)
        assert workers.kill().returncode == -signal.SIGKILL
        workers.start()
        until(0.8)
        before = WorkflowCounter.objects.get(pk=workflow.pk).position
        commit.set()
        for thread in threads[:-1]:
            thread.join(PATIENCE)
        limit = time.monotonic() + PATIENCE
        while lag_of(workflow.pk) and time.monotonic() < limit:
            time.sleep(0.05)
    finally:
        stopped.set()
        commit.set()
        workers.stop()
        for thread in threads:
            thread.join(PATIENCE)

    assert lag_of(workflow.pk) == 0
    held = Classification.objects.get(volunteer__public_id=late.passes[0].public_id)
    position = LedgerEntry.objects.get(kind="classification", record_id=held.pk).position
    assert position > before > 10
    overtaken_by = LedgerEntry.objects.filter(
        kind="classification", record_id__gt=held.pk, position__lt=position
    )
    assert overtaken_by.exists()  # a reader of ids or times would have missed it
    kinds = set(LedgerEntry.objects.values_list("kind", flat=True))
    assert kinds == {"classification", "discount", "joining"}
    live, posted = dump(workflow), evidence_of(workflow)
    assert live["position"] == Reader.objects.get().position == WorkflowCounter.objects.get().position
    assert rebuild_workflow(workflow) == []
    assert rebuild_online(workflow, batch=17) == []
    forget(workflow.pk)
    follow(workflow.pk, batch=3)
    assert (dump(workflow), evidence_of(workflow)) == (live, posted)
