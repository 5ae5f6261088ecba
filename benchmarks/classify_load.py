"""Record and next under load, beside a bare Django site: `python -m benchmarks.classify_load [--mining]`.

32 volunteers in a closed loop without think time, fsync on, 2 web processes. Prints answers/s, percentiles of both
calls and CPU ms an answer, summed over web, worker, beat, PostgreSQL and Redis until mining has read all.
Read the CPU first: it holds on a busy machine; latency and rate do not. Rate limits are off (one address could not
send so much), so one Redis count a call is not in the numbers.
"""

import argparse
import asyncio
import statistics
import time
from typing import Any

from benchmarks.client import Client
from benchmarks.cpu import by_group, spent
from benchmarks.site import Stage, stage
from benchmarks.volunteer import Log, Volunteer

SETUP = """
import django; django.setup()
from tests.projects.factories import make_workflow
from projects.services.volunteers import CONSENT_VERSION
definition = {"first_task": "T0", "tasks": {"T0": {"kind": "single", "question": "Which?", "answers": [
    {"key": key, "label": key} for key in ("smooth", "features", "artifact")]}}, "retirement": ["gte", ["votes"], 5]}
print(make_workflow(SUBJECTS, slug="SLUG", definition=definition).pk, CONSENT_VERSION)
"""
LAG = """
import django; django.setup()
from mining.services.lag import lag
print(lag().entries)
"""


def percentiles(times: list[float]) -> str:
    if len(times) < 2:
        return "-"
    cuts = statistics.quantiles([t * 1000 for t in times], n=100)
    return f"{cuts[49]:.0f} / {cuts[94]:.0f} / {cuts[98]:.0f}"


async def load(address: str, workflow: int, consent: str, volunteers: int, batch: int, seconds: float) -> Log:
    log = Log()
    annotations = [{"task": "T0", "value": "smooth"}]
    people = [Volunteer(i, Client(address), workflow, annotations, log, batch) for i in range(volunteers)]
    await asyncio.gather(*(person.arrive(consent) for person in people))
    log.next_times.clear()
    until = time.monotonic() + seconds
    await asyncio.gather(*(person.work(until) for person in people))
    await asyncio.gather(*(person.client.finish() for person in people))
    return log


async def bare_load(address: str, volunteers: int, seconds: float) -> Log:
    log, until = Log(), time.monotonic() + seconds

    async def work(number: int) -> None:
        client = Client(address)
        while time.monotonic() < until:
            started = time.perf_counter()
            item = (await client.get("/next")).json()["id"]
            told = time.perf_counter()
            log.next_times.append(told - started)
            await client.post("/answers", {"item": item, "who": number, "value": {"T0": "smooth"}})
            log.submit_times.append(time.perf_counter() - told)
        await client.finish()

    await asyncio.gather(*(work(number) for number in range(volunteers)))
    return log


def report(name: str, log: Log, seconds: float, cpu: dict[str, float]) -> float:
    answers = len(log.submit_times)
    each = {group: ms / answers for group, ms in cpu.items()}
    total = sum(each.values())
    print(
        f"{name:34} {answers / seconds:7.0f}  {percentiles(log.next_times):>16}  {percentiles(log.submit_times):>16}  "
        f"{total:6.2f}  " + ", ".join(f"{group} {ms:.2f}" for group, ms in each.items()),
        flush=True,
    )
    if log.refused:
        print(f"    refused: {log.refused}")
    return total


def measure_site(here: Stage, arguments: argparse.Namespace, batch: int, mining: bool) -> float:
    subjects = str(arguments.subjects)
    workflow, consent = here.run(
        "-c", SETUP.replace("SUBJECTS", subjects).replace("SLUG", f"load-{batch}-{mining}".lower())
    ).split()
    address = here.start_web("portal.asgi:application")
    if mining:
        here.start("worker", "-m", "celery", "-A", "portal.celery", "worker", "--pool", "threads", "-c", "2",
                   "-Q", "fast,heavy", "--loglevel", "warning")  # fmt: skip
        here.start("beat", "-m", "celery", "-A", "portal.celery", "beat", "--loglevel", "warning",
                   "-s", str(here.servers.places.var / "beat"))  # fmt: skip
        time.sleep(6)
    asyncio.run(load(address, int(workflow), consent, arguments.volunteers, batch, 2))  # warm up
    before = by_group(here.pids)
    log = asyncio.run(load(address, int(workflow), consent, arguments.volunteers, batch, arguments.seconds))
    while mining and int(here.run("-c", LAG)):
        time.sleep(1)
    cpu = spent(before, by_group(here.pids))
    name = f"Voorwerp, n={batch}{', with mining' if mining else ''}"
    total = report(name, log, arguments.seconds, cpu)
    here.stop_processes()
    return total


def measure_bare(here: Stage, arguments: argparse.Namespace) -> float:
    here.run("-m", "benchmarks.bare", str(arguments.subjects))
    address = here.start_web("benchmarks.bare:application")
    asyncio.run(bare_load(address, arguments.volunteers, 2))
    before = by_group(here.pids)
    log = asyncio.run(bare_load(address, arguments.volunteers, arguments.seconds))
    total = report("bare Django, pick + insert", log, arguments.seconds, spent(before, by_group(here.pids)))
    here.stop_processes()
    return total


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--volunteers", type=int, default=32)
    parser.add_argument("--subjects", type=int, default=20_000)
    parser.add_argument(
        "--mining", action="store_true", help="also measure with worker and beat, until lag is 0"
    )
    arguments = parser.parse_args()
    print(f"{'':34} answers/s   next p50/95/99 ms  submit p50/95/99  CPU ms an answer")
    with stage() as here:
        bare = measure_bare(here, arguments)
        totals: dict[str, Any] = {f"n={n}": measure_site(here, arguments, n, mining=False) for n in (1, 10)}
        if arguments.mining:
            totals |= {f"n={n} with mining": measure_site(here, arguments, n, mining=True) for n in (1, 10)}
    for name, total in totals.items():
        print(f"{name}: {total / bare:.2f} x bare Django")


if __name__ == "__main__":
    main()
