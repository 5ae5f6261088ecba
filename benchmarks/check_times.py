"""Does the time of an answer tell a hidden check? `python -m benchmarks.check_times [--answers 1000]`.

One web process with fsync on, one volunteer after another, each handed one subject at a time, every other one a
hidden check. Of each call on it (the answer, a correction of it, a glance) prints the median on checks over that on
work, with a 95 % interval by drawing the calls again, for wall time and for CPU time (web and PostgreSQL, from
/proc/*/schedstat). A ratio of 1 tells nothing. `area` is how well that time alone tells them: 0.5 is chance.
"""

import argparse
import asyncio
import time
import uuid
from collections import defaultdict
from pathlib import Path

import numpy as np
import psutil

from benchmarks.client import Client
from benchmarks.site import stage

SETUP = """
import django; django.setup()
from tests.projects.factories import SMOOTH, TREE, make_workflow
from projects.services import enter_gold
from projects.services.volunteers import CONSENT_VERSION
made = make_workflow(SUBJECTS, definition=TREE | {
    "checks": {"shares": [], "floor": 0.5}, "retirement": ["gte", ["votes"], 1000], "redo_minutes": 1000})
made.refresh_from_db()
checks = list(made.project.subjects.values_list("pk", flat=True)[::2])
for subject in checks:
    enter_gold(workflow=made, subject_id=subject, annotations=SMOOTH, expert="account:1")
print(made.pk, CONSENT_VERSION, ",".join(map(str, checks)))
"""
EACH = 25
"""Answers of one volunteer."""

ANSWERS = [
    [{"task": "T0", "value": "smooth"}],
    [{"task": "T0", "value": "features"}, {"task": "T1", "value": ["bar"]}],
]

Times = dict[str, dict[bool, list[tuple[float, float]]]]
"""Call to whether it was on a check to (wall, CPU) in milliseconds."""


def cpu_ns(pids: list[int]) -> int:
    """Of processes with their threads and children; those that come and go meanwhile are missed."""
    total = 0
    for pid in pids:
        for process in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
            for each in Path(f"/proc/{process.pid}/task").glob("*/schedstat"):
                total += int(each.read_text().split()[0])
    return total


async def walk(
    address: str, workflow: int, consent: str, checks: set[int], answers: int, pids: list[int]
) -> Times:
    found: Times = defaultdict(lambda: {True: [], False: []})

    async def timed(call: str, subject: int, method: str, path: str, data: object = None) -> None:
        spent, started = cpu_ns(pids), time.perf_counter()
        got = await (client.post(path, data) if method == "POST" else client.get(path))
        wall = time.perf_counter() - started
        if got.status not in (200, 201):
            raise RuntimeError(f"{call}: {got.status} {got.body!r}")
        found[call][subject in checks].append((wall * 1000, (cpu_ns(pids) - spent) / 1e6))

    for turn in range(answers):
        if turn % EACH == 0:
            client = Client(address)
            await client.get("/accounts/login/")
            await client.post("/api/v1/consent", {"version": consent})
        got = (await client.get(f"/api/v1/workflows/{workflow}/next")).json()
        subject = got["subjects"][0]["id"]
        sent = {"workflow_version": got["version"], "subject": subject}
        first, second = ANSWERS if turn % 3 else ANSWERS[::-1]
        place = "/api/v1/classifications"
        await timed("answer", subject, "POST", place, {"id": str(uuid.uuid4()), **sent, "annotations": first})
        again = {"id": str(uuid.uuid4()), **sent, "annotations": second, "corrects": True}
        await timed("correction", subject, "POST", place, again)
        await timed("glance", subject, "GET", f"/api/v1/subjects/{subject}/glance?workflow={workflow}")
    return found


def area(checks: np.ndarray, work: np.ndarray) -> float:
    """Probability that a check took longer than a subject of the work."""
    ranks = np.concatenate([checks, work]).argsort().argsort()[: len(checks)]
    return float((ranks.sum() - len(checks) * (len(checks) - 1) / 2) / (len(checks) * len(work)))


def report(call: str, of: dict[bool, list[tuple[float, float]]]) -> None:
    draw = np.random.default_rng(1)
    for at, name in enumerate(("wall", "CPU")):
        checks, work = (np.array(of[known])[:, at] for known in (True, False))
        again = [
            np.median(draw.choice(checks, len(checks))) / np.median(draw.choice(work, len(work)))
            for _ in range(500)
        ]
        low, high = np.quantile(again, [0.025, 0.975])
        print(
            f"{call:10} {name:4}  checks {np.median(checks):6.2f} ms ({len(checks)})  "
            f"work {np.median(work):6.2f} ms ({len(work)})  ratio {np.median(checks) / np.median(work):.3f} "
            f"({low:.3f} to {high:.3f})  area {area(checks, work):.3f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=1000)
    answers = parser.parse_args().answers
    with stage() as here:
        subjects = str(max(4 * EACH, answers // 4))
        workflow, consent, checks = here.run("-c", SETUP.replace("SUBJECTS", subjects)).split()
        address = here.start_web("portal.asgi:application", workers=1)
        pids = [here.pids["web"], here.pids["postgres"]]
        known = {int(each) for each in checks.split(",")}
        found = asyncio.run(walk(address, int(workflow), consent, known, answers, pids))
    for call, times in found.items():
        report(call, times)


if __name__ == "__main__":
    main()
