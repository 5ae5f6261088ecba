"""From nothing to the first answer: `python -m benchmarks.cold_start [--empty-cache] [--keep]`.

Clones this repository (what is committed) into an empty folder, runs `make demo` there, agrees to the privacy text and
posts an answer over HTTP, as a browser does. Prints minutes, CPU minutes, megabytes downloaded and on disk, then
removes all of it. Without --empty-cache pip takes the wheels that it has already; their sizes are counted all the same.
"""

import argparse
import asyncio
import json
import os
import re
import resource
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.client import Client
from benchmarks.site import ROOT, free_port

WHEEL = re.compile(r"(?:Downloading|Using cached) (\S+\.(?:whl|tar\.gz)) \(([\d.]+) (bytes|kB|MB|GB)\)")
MEGABYTES = {"bytes": 1e-6, "kB": 1e-3, "MB": 1.0, "GB": 1e3}
STEPS = {"Starting PostgreSQL": "installed", "Voorwerp is ready": "ready"}
OWN = ("DATABASE_URL", "REDIS_URL", "VOORWERP_VAR", "PYTHONPATH", "VIRTUAL_ENV")
PAGE_DATA = re.compile(r'<script id="classify-data" type="application/json">(.*?)</script>', re.DOTALL)
PATIENCE = 30.0  # seconds for an orderly stop


@dataclass
class Log:
    """Seconds since the beginning by what was reached then; megabytes of each wheel by its name."""

    began: float = field(default_factory=time.monotonic)
    at: dict[str, float] = field(default_factory=dict)
    wheels: dict[str, float] = field(default_factory=dict)

    def reached(self, step: str) -> None:
        self.at[step] = time.monotonic() - self.began

    def follow(self, process: "subprocess.Popen[str]") -> None:
        """Read what `make demo` says until the site is ready; RuntimeError with its last lines if it ends before."""
        last: list[str] = []
        for line in process.stdout or ():
            last = [*last[-30:], line]
            if found := WHEEL.search(line):
                self.wheels[found[1]] = float(found[2]) * MEGABYTES[found[3]]
            for words, step in STEPS.items():
                if line.startswith(words):
                    self.reached(step)
            if "ready" in self.at:
                return
        raise RuntimeError("The site did not start:\n" + "".join(last))


@contextmanager
def demo(clone: Path, port: int, cache: Path | None) -> Iterator["subprocess.Popen[str]"]:
    """`make demo` to the end of the block; then it is asked to stop, as by closing its terminal."""
    environment = {key: value for key, value in os.environ.items() if key not in OWN} | {"PORT": str(port)}
    if cache is not None:
        environment["PIP_CACHE_DIR"] = str(cache)
    process = subprocess.Popen(
        ["make", "demo"],
        cwd=clone,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        process.terminate()  # make hands it on by ending: the supervisor ends with its parent
        for _ in process.stdout or ():
            pass
        process.wait(PATIENCE)


def answers_to(definition: dict[str, Any]) -> list[dict[str, Any]]:
    """The first answer to each question on the way. For workflows whose tasks are all of choosing."""
    given: list[dict[str, Any]] = []
    name: str | None = definition["first_task"]
    while name is not None:
        task = definition["tasks"][name]
        first = task["answers"][0]
        value: Any = first["key"] if task["kind"] == "single" else [first["key"]]
        given.append({"task": name, "value": value})
        name = first["next"] if task["kind"] == "single" and "next" in first else task.get("next")
    return given


async def first_answer(address: str) -> str:
    """Consent and an answer in the first workflow whose tasks are all of choosing. Returns its address."""
    client = Client(address)
    projects = (await client.get("/api/v1/projects")).json()["projects"]
    for project, workflow in [(p["slug"], w["slug"]) for p in projects for w in p["workflows"]]:
        path = f"/projects/{project}/classify/{workflow}/"
        found = PAGE_DATA.search((await client.get(path)).body.decode())
        data = json.loads(found[1]) if found else {"definition": {"tasks": {"": {"kind": ""}}}}
        if {task["kind"] for task in data["definition"]["tasks"].values()} <= {"single", "multiple"}:
            break
    else:
        raise RuntimeError("No workflow here is only of choosing.")
    await client.post(data["urls"]["consent"], {"version": data["consent"]["version"]})
    got = (await client.get(f"{data['urls']['next']}?n=1&tab={uuid.uuid4()}")).json()
    body = {
        "id": str(uuid.uuid4()),
        "workflow_version": got["version"],
        "subject": got["subjects"][0]["id"],
        "annotations": answers_to(data["definition"]),
    }
    answer = await client.post(data["urls"]["classifications"], body)
    await client.finish()
    if answer.status != 201:
        raise RuntimeError(f"The first answer was refused: {answer.status} {answer.body!r}")
    return path


def megabytes(folder: Path) -> float:
    """On disk, as `du` counts."""
    told = subprocess.run(["du", "-sk", folder], check=True, stdout=subprocess.PIPE, text=True).stdout
    return int(told.split()[0]) * 1024 / 1e6


def report(log: Log, clone: Path, path: str) -> None:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=clone, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()
    installed, ready, answered = (log.at[step] for step in ("installed", "ready", "answered"))
    print(f"commit {commit}: first answer ({path}) after {answered / 60:.1f} minutes")
    print(
        f"  installing {installed:.0f} s, preparing {ready - installed:.0f} s, answer {answered - ready:.1f} s"
    )
    print(f"  {sum(log.wheels.values()):.0f} MB in {len(log.wheels)} wheels, the largest:")
    for name, size in sorted(log.wheels.items(), key=lambda each: -each[1])[:5]:
        print(f"    {size:6.1f} {name}")
    print(f"  on disk .venv {megabytes(clone / '.venv'):.0f} MB, var {megabytes(clone / 'var'):.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--empty-cache", action="store_true", help="let pip download everything")
    parser.add_argument("--keep", action="store_true", help="leave the clone where it is")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="voorwerp-cold-", dir="/tmp"))
    folder.chmod(0o755)  # as root, PostgreSQL runs as another user, who must be able to enter
    clone, port, log = folder / "voorwerp", free_port(), Log()
    try:
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        with demo(clone, port, folder / "cache" if arguments.empty_cache else None) as process:
            log.follow(process)
            path = asyncio.run(first_answer(f"http://127.0.0.1:{port}"))
            log.reached("answered")
            report(log, clone, path)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"  CPU {(used.ru_utime + used.ru_stime) / 60:.1f} minutes, all processes to their end")
    finally:
        if arguments.keep:
            print(f"kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
