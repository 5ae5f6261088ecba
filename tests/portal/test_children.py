"""Back-off of dead children, and the record that a killed supervisor leaves behind."""

import json
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from portal.processes import spawn
from portal.supervisor.children import CALM, Child, stop_all
from portal.supervisor.record import AlreadyRunning, Record

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DIE = [sys.executable, "-c", "raise SystemExit(3)"]


def test_waits_double_up_to_a_limit_and_begin_anew_after_calm() -> None:
    said: list[str] = []
    child = Child("web", lambda: spawn(DIE))
    waits, now = [], 0.0
    for _ in range(7):
        assert child.tend(now, said.append)  # started
        assert child.process is not None
        child.process.wait()
        assert child.tend(now, said.append)  # found dead
        waits.append(child.wait)
        assert not child.tend(now + child.wait - 0.01, said.append)  # not due yet
        now += child.wait
    assert waits == [2, 4, 8, 16, 30, 30, 30]
    assert said[:2] == ["web ended with status 3; starting it again in 2 s.", "web runs again."]
    assert child.deaths == 7

    child.tend(now, said.append)
    assert child.process is not None
    child.process.wait()
    child.tend(now + CALM + 1, said.append)
    assert child.wait == 1


def test_child_that_cannot_start_is_tried_again_later() -> None:
    said: list[str] = []

    def start() -> "subprocess.Popen[bytes]":
        raise psycopg.OperationalError("No room.")  # any error at all: the others must be tended on

    child = Child("postgres", start)
    assert not child.tend(0.0, said.append)
    assert said == ["postgres did not start: No room. Trying again in 2 s."]
    assert not child.tend(1.9, said.append)
    assert len(said) == 1


def test_stop_all_ends_grandchildren_too() -> None:
    code = "import subprocess, sys, time; subprocess.Popen(['sleep', '61']); print('up', flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    (grandchild,) = psutil.Process(process.pid).children()
    stop_all([Child("web", lambda: process, process)], patience=1)
    grandchild.wait(5)
    process.stdout.close()
    assert not grandchild.is_running()


def test_leftover_is_ended_but_never_a_stranger_with_its_pid(tmp_path: Path) -> None:
    ours, stranger = spawn(SLEEP), spawn(SLEEP)
    try:
        Record(tmp_path).write({"worker": ours.pid, "beat": stranger.pid})
        path = tmp_path / "supervisor.json"
        stored = json.loads(path.read_text())
        stored["children"]["beat"][1] -= 100  # born at another time: the pid has been used again
        path.write_text(json.dumps(stored))
        after = Record(tmp_path)
        after.take()
        assert after.end_leftovers() == ["worker"]
        after.give_up()
        assert not psutil.pid_exists(ours.pid)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
        ours.wait()


def test_lock_is_free_again_when_its_holder_was_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from portal.supervisor.record import Record\n"
        "record = Record(Path(sys.argv[1])); record.take(); print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(AlreadyRunning, match="runs already on"):
        Record(tmp_path).take()
    holder.kill()
    holder.wait()
    holder.stdout.close()
    record = Record(tmp_path)
    record.take()
    record.give_up()
