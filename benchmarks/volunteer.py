"""A simulated volunteer on the wire: looks, agrees to the privacy text, answers until there is nothing left."""

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from benchmarks.client import Answer, Client

Annotations = list[dict[str, Any]]


@dataclass
class Log:
    """What happened. Times in seconds."""

    next_times: list[float] = field(default_factory=list)
    submit_times: list[float] = field(default_factory=list)
    served: list[tuple[int, int]] = field(default_factory=list)
    """(volunteer, subject) as handed out."""
    ends: list[tuple[int, str, float]] = field(default_factory=list)
    """(volunteer, state, Unix time) where each stopped."""
    counted: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)


@dataclass
class Volunteer:
    number: int
    client: Client
    workflow: int
    annotations: Annotations
    log: Log
    batch: int = 1
    patience: float = 0.05
    """Seconds to wait where the server says that all is out on lease (it says how long; a test can't wait)."""

    async def arrive(self, consent_version: str) -> None:
        """As a browser does: the page (CSRF cookie), then the consent."""
        await self.client.get("/accounts/login/")
        agreed = await self.client.post("/api/v1/consent", {"version": consent_version})
        if agreed.status != 204:
            raise RuntimeError(f"consent: {agreed.status} {agreed.body!r}")

    async def work(self, until: float = float("inf"), most: float = float("inf")) -> None:
        """Answer until the end of the workflow, a time (monotonic seconds), or so many answers."""
        tab, done = uuid.uuid4(), 0
        while time.monotonic() < until and done < most:
            started = time.perf_counter()
            got = await self.client.get(f"/api/v1/workflows/{self.workflow}/next?n={self.batch}&tab={tab}")
            self.log.next_times.append(time.perf_counter() - started)
            if got.status != 200:
                raise RuntimeError(f"next: {got.status} {got.body!r}")
            told = got.json()
            if told["state"] == "all_leased":
                await asyncio.sleep(self.patience)
                continue
            if told["state"] != "open":
                self.log.ends.append((self.number, told["state"], time.time()))
                return
            for subject in told["subjects"]:
                self.log.served.append((self.number, subject["id"]))
                await self._answer(told["version"], subject["id"])
                done += 1

    async def _answer(self, version: int, subject: int) -> None:
        body = {
            "id": str(uuid.uuid4()),
            "workflow_version": version,
            "subject": subject,
            "annotations": self.annotations,
        }
        started = time.perf_counter()
        answer = await self.client.post("/api/v1/classifications", body)
        self.log.submit_times.append(time.perf_counter() - started)
        self._note(answer)

    def _note(self, answer: Answer) -> None:
        told = answer.json()
        if answer.status in (200, 201):
            self.log.counted[told["counted"]] = self.log.counted.get(told["counted"], 0) + 1
        else:
            code = told["error"]["code"]
            self.log.refused[code] = self.log.refused.get(code, 0) + 1
