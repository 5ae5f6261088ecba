"""kill -9 of every part of the site, under load, by its own supervisor: nothing acknowledged is lost, nothing is stored
twice, every number is the record's, and everybody goes on by themselves."""

import asyncio
import json
import random
import signal
import threading
import time
import urllib.error
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import psutil
import psycopg
import pytest

from benchmarks.client import Client
from portal.embedded import Places, postgres
from tests.load.browsers import Log, Volunteer, listen
from tests.load.size import size
from tests.supervised import Site, command, data_folder, nobody_lives, running

pytestmark = pytest.mark.long
VICTIMS = ("web", "worker", "beat", "redis", "postgres", "a session of postgres")
BATCHES = size(small=1, stated=9)  # of one kill of each
PEOPLE = 6
VOTES = 3  # that retire a subject
SUBJECTS = size(small=700, stated=9000)
PAUSE = 0.15  # seconds before an answer: some thirty answers a second, under the limits of one address
BACK_WITHIN = 60.0  # seconds

var = pytest.fixture(scope="module", name="var")(data_folder)


@pytest.fixture(scope="module")
def site(var: Path) -> Iterator[Site]:
    with running(var, WEB_CONCURRENCY="2") as ready:
        yield ready


def wait_until(what: str, holds: Callable[[], bool], site: Site) -> None:
    until = time.monotonic() + BACK_WITHIN
    while not holds():
        assert site.process.poll() is None, site.said()
        assert time.monotonic() < until, f"Not within {BACK_WITHIN} s: {what}\n{site.said()}"
        time.sleep(0.1)


class Load:
    """Volunteers and one open page, in a thread of their own."""

    def __init__(self, site: Site, made: dict[str, int], log: Log) -> None:
        self.log, self.ended = log, threading.Event()
        self.volunteers = [Volunteer(n, site.address, made["workflow"], log, PAUSE) for n in range(PEOPLE)]
        self.page = listen(site.address, made["project"], log, self.ended)
        self.failure: BaseException | None = None
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        async def all_of_them() -> None:
            await asyncio.gather(self.page, *(each.work(self.ended) for each in self.volunteers))

        try:
            asyncio.run(all_of_them())
        except BaseException as failure:
            self.failure = failure

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self.ended.set()
        self.thread.join(BACK_WITHIN)
        if self.failure:
            raise self.failure

    def all_answered_since(self, moment: float) -> bool:
        assert self.failure is None, self.failure
        return all(self.log.last.get(number, 0.0) > moment for number in range(PEOPLE))


def is_up(site: Site) -> bool:
    try:
        return site.health()["status"] == "up"
    except (OSError, urllib.error.URLError):
        return False


def positions(site: Site, workflow: int) -> tuple[int, int]:
    """How far the record is, and how far mining has read."""
    with psycopg.connect(postgres.dsn(Places(site.var))) as connection:
        row = connection.execute(
            "SELECT k.position, coalesce(r.position, 0) FROM projects_workflowcounter k"
            " LEFT JOIN mining_reader r USING (workflow_id) WHERE k.workflow_id = %s",
            [workflow],
        ).fetchone()
    assert row is not None
    return row


def kill(site: Site, victim: str, dice: random.Random) -> None:
    """kill -9, then wait until the supervisor has another in its place (a server that loses a session mends itself)."""
    pids = site.pids()
    if victim == "a session of postgres":
        family = psutil.Process(pids["postgres"]).children()
        dice.choice([each for each in family if "voorwerp voorwerp" in command(each)]).kill()
        assert nobody_lives(family, BACK_WITHIN)  # the server ends all others too, and begins anew
        return
    name = dice.choice([each for each in sorted(pids) if each.startswith(victim)])
    psutil.Process(pids[name]).send_signal(signal.SIGKILL)
    wait_until(f"{name} is back", lambda: site.pids().get(name, pids[name]) != pids[name], site)


def one_round(site: Site, load: Load, workflow: int, victim: str, dice: random.Random) -> float:
    """Kill, and see everything go on: health, each volunteer, mining, live hints. Seconds until then."""
    time.sleep(dice.uniform(0.0, 1.5))
    began = time.monotonic()
    kill(site, victim, dice)
    wait_until("the site is well", lambda: is_up(site), site)
    moment, (reached, _) = time.time(), positions(site, workflow)
    wait_until("every volunteer goes on", lambda: load.all_answered_since(moment), site)
    wait_until("mining goes on", lambda: positions(site, workflow)[1] > reached, site)
    wait_until("live hints go on", lambda: load.log.hint > moment, site)
    assert [began for began in load.log.away if began > moment] == []  # no thread keeps a broken connection
    seconds = time.monotonic() - began
    print(f"{victim}: all well after {seconds:.1f} s", flush=True)
    return seconds


def check(told: dict[str, Any], log: Log) -> None:
    stored = [uuid for uuid, *_ in told["classifications"]]
    assert set(stored) == set(log.acknowledged)
    assert {counted for *_, counted in told["classifications"]} == {"yes"}
    assert len({(volunteer, subject) for _, volunteer, subject, _ in told["classifications"]}) == len(stored)
    assert told["answered"] == told["answers"] == told["kinds"]["classification"] == len(stored)
    assert told["positions"] == list(range(1, told["position"] + 1))
    assert told["position"] == sum(told["kinds"].values())
    assert told["most answers"] <= VOTES
    assert (told["wrong counts"], told["lag"], told["wrong state"], told["same bits"]) == ([], 0, [], True)


def ask_at_once(site: Site, times: int) -> Counter[int]:
    """Statuses of so many calls at the same time, so that every thread of the web processes serves some."""

    async def ask() -> int:
        client = Client(site.address)
        status = (await client.get("/api/v1/projects")).status
        await client.finish()
        return status

    async def all_of_them() -> list[int]:
        return await asyncio.gather(*(ask() for _ in range(times)))

    return Counter(asyncio.run(all_of_them()))


def test_a_restart_that_nobody_noticed_costs_nobody_an_error(site: Site) -> None:
    """Every thread holds a connection that broke while it was idle."""
    assert ask_at_once(site, 100) == {200: 100}
    kill(site, "postgres", random.Random(1))
    assert postgres.answers(Places(site.var))
    assert ask_at_once(site, 100) == {200: 100}


@pytest.mark.soak
def test_kill_9_of_every_part_under_load(site: Site) -> None:
    made = json.loads(site.run("-m", "tests.load.inside", "make", str(SUBJECTS), str(VOTES)))
    workflow, dice, log = made["workflow"], random.Random(11), Log()
    took: dict[str, list[float]] = {victim: [] for victim in VICTIMS}
    for _ in range(BATCHES):
        with Load(site, made, log) as load:
            wait_until("everybody is at work", lambda load=load: load.all_answered_since(0.0), site)
            for victim in dice.sample(VICTIMS, len(VICTIMS)):
                took[victim].append(one_round(site, load, workflow, victim, dice))
        wait_until("mining has read all", lambda: len(set(positions(site, workflow))) == 1, site)
        check(json.loads(site.run("-m", "tests.load.inside", "account", str(workflow))), log)
    for victim, seconds in took.items():
        print(f"{victim}: {len(seconds)} kills, all well after {min(seconds):.1f} to {max(seconds):.1f} s")
    print(dict(log.statuses))
    assert {status for _, status in log.statuses} <= {200, 201, 204, 503, "connection lost"}
    assert log.without_hint == 0
