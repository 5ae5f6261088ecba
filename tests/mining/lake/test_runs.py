"""Runs, the command and the job over a lake; appenders that are killed."""

import io
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from mining.jobs import tend_lakes
from mining.lake import tend
from mining.lake.append import append
from mining.lake.history import standing
from mining.lake.manifest import FILE, folder_of, load
from mining.lake.read import read_frames
from mining.models import Consensus, Merit
from mining.services.mine import mine
from mining.services.simulated_crowd import remove_crowd
from projects.models import Volunteer, WorkflowCounter
from tests.conftest import ROOT, site_environment
from tests.load.size import size
from tests.mining.lake.busy import assert_same, busy, step
from tests.projects.factories import ARTIFACT, SMOOTH

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def lake_dir(settings, tmp_path: Path, monkeypatch) -> Path:
    settings.LAKE_DIR = tmp_path / "lake"
    monkeypatch.setenv("LAKE_DIR", str(settings.LAKE_DIR))
    return settings.LAKE_DIR


def rows(run):
    return [
        sorted(tuple(row.values()) for row in model.objects.filter(run=run).values(*names))
        for model, names in (
            (Consensus, ("subject", "task", "key", "probability", "dispersion", "votes", "certainty")),
            (Merit, ("volunteer", "task", "skill", "bits", "votes", "known", "known_right")),
        )
    ]


def test_a_run_gives_the_same_rows_with_and_without_a_lake(lake_dir: Path):
    crowd, rng = busy(60, 6)
    plain = mine(crowd.workflow, seed=2)
    append(crowd.workflow.pk, piece=30)
    assert rows(mine(crowd.workflow, seed=2)) == rows(plain)
    for _ in range(20):
        step(crowd, rng)  # the tail is read from the database
    assert standing(crowd.workflow.pk).position < WorkflowCounter.objects.get(pk=crowd.workflow.pk).position
    mixed = mine(crowd.workflow, seed=2)
    (folder_of(crowd.workflow.pk) / FILE).unlink()
    assert rows(mine(crowd.workflow, seed=2)) == rows(mixed) != rows(plain)


def test_a_removed_crowd_is_in_no_lake():
    crowd, _ = busy(0, 9)
    for volunteer in range(7):
        crowd.answer(volunteer, volunteer % 3, SMOOTH)
        crowd.answer(volunteer, 3, ARTIFACT)
    append(crowd.workflow.pk)
    Volunteer.objects.filter(public_id__in=[held.public_id for held in crowd.passes[3:]]).update(
        simulated=True
    )
    before = read_frames(crowd.workflow.pk, 14).votes.height
    remove_crowd(crowd.workflow.project)
    position = WorkflowCounter.objects.get(pk=crowd.workflow.pk).position
    assert 0 < read_frames(crowd.workflow.pk, position).votes.height < before
    assert_same(read_frames(crowd.workflow.pk, position), crowd.workflow.pk, position)
    append(crowd.workflow.pk)
    assert standing(crowd.workflow.pk).position == position
    assert_same(read_frames(crowd.workflow.pk, position), crowd.workflow.pk, position)


def test_the_command_says_what_is_there(lake_dir: Path):
    crowd, _ = busy(40, 4)
    end = WorkflowCounter.objects.get(pk=crowd.workflow.pk).position

    def lake(*words: str) -> str:
        call_command("lake", *words, "zoo", stdout=(out := io.StringIO()))
        return out.getvalue()

    assert lake("status") == f"zoo shapes: no lake yet; the record reaches position {end}.\n"
    assert lake("append") == f"zoo shapes: {end} entries appended, up to position {end}.\n"
    assert f"position {end} of {end}" in lake("status")
    votes = read_frames(crowd.workflow.pk, end).votes.height
    assert (
        lake("verify") == f"zoo shapes: up to position {end}: {votes} votes, the same as in the database.\n"
    )
    next(iter(folder_of(crowd.workflow.pk).glob("*.parquet"))).write_bytes(b"")
    for action in ("status", "verify"):
        with pytest.raises(CommandError, match="1 of 1 lakes are not well"):
            lake(action)
    assert lake("append").endswith(f"up to position {end}, 1 partitions made again.\n")
    assert lake("rebuild") == f"zoo shapes: {end} entries appended, up to position {end}.\n"
    with pytest.raises(CommandError, match="no such published workflow"):
        call_command("lake", "status", "nowhere")


def test_the_job_appends_what_is_worth_it_and_removes_orphans(lake_dir: Path, monkeypatch):
    crowd, _ = busy(20, 1)
    tend_lakes()
    assert load(folder_of(crowd.workflow.pk)) is None
    (lake_dir / "987654").mkdir(parents=True)
    monkeypatch.setattr(tend, "LEAST", 5)
    asked = []
    monkeypatch.setattr("mining.jobs._run", lambda *words, seconds: asked.append(words))
    tend_lakes()
    assert asked == [("lake", "append", "--id", crowd.workflow.pk)]
    done = subprocess.run(
        [sys.executable, "manage.py", *map(str, asked[0])],
        check=False,
        env=site_environment(),
        cwd=ROOT,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    assert not (lake_dir / "987654").exists()
    assert standing(crowd.workflow.pk).position == WorkflowCounter.objects.get(pk=crowd.workflow.pk).position


APPENDER = """
import sys, django
django.setup()
from mining.lake.append import append
from mining.lake.tend import remove
while True:
    print("on", flush=True)
    append(int(sys.argv[1]), piece=2)
    remove(int(sys.argv[1]))
"""


@pytest.mark.soak
def test_an_appender_killed_at_any_moment_leaves_what_can_be_read():
    crowd, _ = busy(60, 7)
    workflow, rng = crowd.workflow.pk, random.Random(3)
    end = WorkflowCounter.objects.get(pk=workflow).position
    reached = set()
    for _ in range(size(3, 60)):
        process = subprocess.Popen(
            [sys.executable, "-c", APPENDER, str(workflow)],
            env=site_environment(), cwd=ROOT, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == b"on\n"
        time.sleep(rng.random() * 0.4)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        reached.add(standing(workflow).position)
        assert_same(read_frames(workflow, end), workflow, end)
    assert append(workflow, whole=True).position == end
    assert not list(folder_of(workflow).glob(".new-*"))
    assert_same(read_frames(workflow, end), workflow, end)
