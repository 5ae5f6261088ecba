"""The entry point of containers, run here: on servers that are given to it, role by role."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.db import connection

from portal import roles, start
from portal.supervisor import site as supervised
from tests.conftest import free_port, site_environment

pytestmark = pytest.mark.long
ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 240.0  # seconds; the machine may be shared


@pytest.fixture
def where(transactional_db: None, redis_client: redis.Redis) -> Iterator[dict[str, str]]:
    """The environment that compose gives: a database of its own, Redis, an empty data folder."""
    ours = connection.settings_dict["NAME"]
    name = f"{ours}_container"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    here = site_environment()
    with tempfile.TemporaryDirectory(prefix="voorwerp-container-") as var:
        plain = {key: here[key] for key in ("PATH", "REDIS_URL")}
        yield {
            **plain,
            "DATABASE_URL": here["DATABASE_URL"].replace(f"/{ours}?", f"/{name}?"),
            "VOORWERP_VAR": var,
            "SITE_URL": "https://voorwerp.example",
            "SECRET_KEY": "a long random text that nobody knows",
            "BEHIND_PROXY": "1",
            "STATIC_MANIFEST": "1",
            "WEB_CONCURRENCY": "2",
            "PORT": str(free_port()),
        }
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(where: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "portal.start", *words],
        cwd=ROOT, env=where, capture_output=True, text=True, check=False,
    )  # fmt: skip


def until_well(where: dict[str, str], role: str) -> None:
    last = time.monotonic() + PATIENCE
    while (done := run(where, "health", role)).returncode != 0:
        assert time.monotonic() < last, done.stderr
        time.sleep(2)  # each question is a process of its own


def test_prepare_then_every_role_comes_up_is_well_and_goes_down(
    where: dict[str, str], tmp_path: Path
) -> None:
    assert "no answer" in run(where, "health").stderr
    prepared = run(where, "prepare")
    assert prepared.returncode == 0, prepared.stderr
    assert (Path(where["VOORWERP_VAR"]) / "static" / "staticfiles.json").exists()
    running = {}
    for role in ("web", "worker", "beat"):
        with (tmp_path / f"{role}.log").open("wb") as log:
            running[role] = subprocess.Popen(
                [sys.executable, "-m", "portal.start", role],
                cwd=ROOT, env=where, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
    try:
        for role in running:
            until_well(where, role)
        request = urllib.request.Request(
            f"http://127.0.0.1:{where['PORT']}/",
            headers={"Host": "voorwerp.example", "X-Forwarded-Proto": "https"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 200
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        ends = {role: process.wait(PATIENCE) for role, process in running.items()}
    finally:
        for process in running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    assert ends == {"web": 0, "worker": 0, "beat": 0}, {
        role: (tmp_path / f"{role}.log").read_text()[-1000:] for role in ends
    }


def test_prepare_refuses_what_an_operator_got_wrong(where: dict[str, str]) -> None:
    del where["SECRET_KEY"]
    refused = run(where, "prepare")
    assert refused.returncode != 0
    assert "portal.E001" in refused.stderr


@pytest.mark.parametrize("words", [[], ["web", "twice"], ["dance"], ["health", "dance"]])
def test_other_words_are_refused(words: list[str]) -> None:
    done = run({**os.environ}, *words)
    assert done.returncode == 2
    assert "Usage: python -m portal.start prepare|web|worker|beat|health" in done.stderr


def test_the_demo_runs_the_same_lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only where they listen, how many and how patient differs."""

    class Listener:
        def fileno(self) -> int:
            return 7

    started: list[list[str]] = []
    monkeypatch.setattr(supervised, "spawn", lambda command, **more: started.append(list(command)))
    for child in supervised.site_children(tmp_path, {}, Listener(), 2):  # type: ignore[arg-type]
        child.start()
    monkeypatch.setenv("PORT", "8000")
    monkeypatch.setenv("WEB_CONCURRENCY", "3")
    assert started[2:] == [start.command("worker"), start.command("beat")]
    listen = {0: ["--fd", "7", "--workers", "1"], 1: ["--fd", "7", "--workers", "1"]}
    assert [line[len(line) - 6 : -2] for line in started[:2]] == [listen[0], listen[1]]
    web = start.command("web")
    assert web[: len(roles.WEB) + 2] == started[0][: len(roles.WEB) + 2]
    assert web[web.index("--workers") + 1] == "3"


def test_health_is_json_for_machines(where: dict[str, str]) -> None:
    """What `health` reads is what /healthz promises."""
    from django.test import Client

    body = json.loads(Client().get("/healthz", headers={"host": "localhost"}).content)
    assert {"database", "migrations", "worker", "beat"} <= body.keys()
    assert {"up", "detail"} == body["database"].keys()
