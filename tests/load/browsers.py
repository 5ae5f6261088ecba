"""Browsers without a window: volunteers who send each answer until it is acknowledged, as static/classify/outbox.js
does, and a page that listens for live hints and comes back as static/elements/live.js does. Both note what they saw."""

import asyncio
import contextlib
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from benchmarks.client import Answer, Client
from projects.services.volunteers import CONSENT_VERSION

PATIENCE = 30.0  # seconds for one call
KEPT = (408, 425, 429)  # with 5xx and lost connections: what the outbox sends again
REFUSALS = 60  # in a row, of one call: then this volunteer gives up


@dataclass
class Log:
    """Of all together. Times are Unix times."""

    statuses: Counter[tuple[str, int | str]] = field(default_factory=Counter)
    """Of ("next" or "send", status or what broke)."""
    without_hint: int = 0
    """503s that did not say when to come back."""
    away: list[float] = field(default_factory=list)
    """When the calls were begun that got 503."""
    acknowledged: dict[str, tuple[int, int]] = field(default_factory=dict)
    """UUID to (volunteer, subject)."""
    last: dict[int, float] = field(default_factory=dict)
    """When each volunteer's last answer was acknowledged."""
    hint: float = 0.0
    """When the last live hint came."""


@dataclass
class Volunteer:
    number: int
    address: str
    workflow: int
    log: Log
    pause: float
    """Seconds of looking, before each answer."""

    def __post_init__(self) -> None:
        self.client = Client(self.address)
        self.random = random.Random(self.number)

    async def work(self, ended: threading.Event) -> None:
        """Until `ended`; what is in hand then is still sent until acknowledged. Or until nothing is left to do."""
        await self.until("look", lambda: self.client.get("/accounts/login/"))  # the CSRF cookie
        await self.until("consent", lambda: self.client.post("/api/v1/consent", {"version": CONSENT_VERSION}))
        path = f"/api/v1/workflows/{self.workflow}/next?n=1&tab={uuid.uuid4()}"
        while not ended.is_set():
            told = (await self.until("next", lambda: self.client.get(path))).json()
            if told["state"] not in ("open", "all_leased"):
                break
            for subject in told["subjects"]:
                await asyncio.sleep(self.pause * self.random.uniform(0.5, 1.5))
                await self.answer(told["version"], subject["id"])
        await self.client.finish()

    async def answer(self, version: int, subject: int) -> None:
        value = self.random.choice(["smooth", "features", "artifact"])
        annotations = [{"task": "T0", "value": value}]
        body = {
            "id": str(uuid.uuid4()),
            "workflow_version": version,
            "subject": subject,
            "annotations": annotations,
        }
        told = (await self.until("send", lambda: self.client.post("/api/v1/classifications", body))).json()
        assert (told["id"], told["counted"]) == (body["id"], "yes")
        self.log.acknowledged[told["id"]] = (self.number, subject)
        self.log.last[self.number] = time.time()

    async def until(self, call: str, make) -> Answer:  # type: ignore[no-untyped-def]
        """Call until it is well; any other refusal than "later" fails the test."""
        for _ in range(REFUSALS):
            began = time.time()
            status, answer = await self.once(make)
            self.log.statuses[call, status] += 1
            if answer is not None and answer.status < 300:
                return answer
            assert answer is None or answer.status in KEPT or answer.status >= 500, (call, answer)
            if answer is not None and answer.status == 503:
                self.log.away.append(began)
                self.log.without_hint += "retry-after" not in answer.headers
            # The browser waits at least a second, and as long as it is told; here time is short.
            await asyncio.sleep(self.random.uniform(0.1, 0.5))
        raise AssertionError(f"{call} was not answered in {REFUSALS} tries: {self.log.statuses}")

    async def once(self, make) -> tuple[int | str, Answer | None]:  # type: ignore[no-untyped-def]
        try:
            answer = await asyncio.wait_for(make(), PATIENCE)
        except TimeoutError:
            self.client.close()
            return "no answer", None
        except OSError:
            self.client.close()
            return "connection lost", None
        return answer.status, answer


async def listen(address: str, project: int, log: Log, ended: threading.Event) -> None:
    """An open project page: joins, notes each hint, joins again when it was cut off."""
    socket = f"{address.replace('http', 'ws')}/ws/projects/{project}/"
    while not ended.is_set():
        with contextlib.suppress(OSError, WebSocketException, TimeoutError):
            async with connect(socket, origin=address, open_timeout=5, close_timeout=1) as page:
                while not ended.is_set():
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(page.recv(), 0.5)
                        log.hint = time.time()
        await asyncio.sleep(0.3)
