"""The lake says what the database says, to the row; and what is wrong with it is told, and made again."""

import json
import logging
from pathlib import Path

import pytest
from django.db import connection

from mining.lake import append as appending
from mining.lake.append import append
from mining.lake.history import forget, standing
from mining.lake.manifest import FILE, LEFT, folder_of, held, load, sweep
from mining.lake.read import read_frames
from projects.models import Classification, LedgerEntry, WorkflowCounter
from tests.mining.helpers import Crowd
from tests.mining.lake.busy import assert_same, busy, step
from tests.projects.factories import SMOOTH

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def lake_dir(settings, tmp_path: Path) -> Path:
    settings.LAKE_DIR = tmp_path / "lake"
    return settings.LAKE_DIR


def end(crowd: Crowd) -> int:
    return WorkflowCounter.objects.get(pk=crowd.workflow.pk).position


def names(crowd: Crowd) -> list[str]:
    return [each.name for each in standing(crowd.workflow.pk).partitions]


@pytest.mark.parametrize("seed", range(2))
def test_every_position_reads_as_from_the_database(seed: int, monkeypatch):
    """Everything mixed, appended now and then in small pieces, read in the middle of partitions and behind the last."""
    monkeypatch.setattr(appending, "MOST", 40)
    crowd, rng = busy(0, seed)
    workflow = crowd.workflow.pk
    for number in range(100):
        step(crowd, rng)
        if number % 25 == 24:
            append(workflow, piece=rng.choice([5, 7, 50]))
    kinds = set(LedgerEntry.objects.values_list("kind", flat=True))
    assert kinds >= {"classification", "discount", "restoration", "joining", "gold"}
    assert Classification.objects.filter(supersedes__isnull=False).exists()
    assert 2 < len(names(crowd)) < 20
    position = end(crowd)
    assert standing(workflow).position < position or append(workflow).entries == 0
    checked = sheets = 0
    for at in {0, 1, position, *rng.sample(range(2, position), 5)}:
        found = read_frames(workflow, at)
        assert_same(found, workflow, at)
        checked, sheets = max(checked, found.checks.height), max(sheets, len(found.sheets))
    assert checked
    assert sheets


def damaged(crowd: Crowd, caplog, *, position: int = 0) -> list[str]:
    """Runs read right; `append` mends; after it nothing is wrong any more. Returns what was logged."""
    caplog.clear()
    workflow = crowd.workflow.pk
    with caplog.at_level(logging.WARNING, "mining.lake"):
        assert_same(read_frames(workflow, position or end(crowd)), workflow, position or end(crowd))
        append(workflow)
    said = [record.getMessage() for record in caplog.records]
    caplog.clear()
    with caplog.at_level(logging.WARNING, "mining.lake"):
        append(workflow, whole=True)
        assert standing(workflow).position == end(crowd)
        assert_same(read_frames(workflow, end(crowd)), workflow, end(crowd))
    assert caplog.records == []
    return said


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def flip(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)


def change(path: Path) -> None:
    body = json.loads(path.read_text())
    body["partitions"][0]["rows"] += 1
    path.write_text(json.dumps(body))


SPOIL = {
    "half a partition": (0, cut, "bytes instead of"),
    "a partition that is gone": (1, Path.unlink, "is missing"),
    "one bit of a partition": (1, flip, "was changed since it was written"),
    "half a manifest": (FILE, cut, "is no manifest"),
    "an edited manifest": (FILE, change, "was changed since it was written"),
    "no manifest": (FILE, Path.unlink, ""),
}


@pytest.mark.parametrize("what", SPOIL)
def test_damage_is_told_and_mended(what: str, caplog, monkeypatch):
    monkeypatch.setattr(appending, "MOST", 40)
    crowd, _ = busy(80, 5)
    append(crowd.workflow.pk, piece=20)
    file, spoil, sentence = SPOIL[what]
    folder = folder_of(crowd.workflow.pk)
    assert len(names(crowd)) > 2
    spoil(folder / (file if isinstance(file, str) else names(crowd)[file]))
    said = damaged(crowd, caplog)
    assert any(sentence in line for line in said) if sentence else said == []


@pytest.mark.parametrize("went_on", [False, True])
def test_a_restored_backup_is_noticed(went_on: bool, caplog, monkeypatch):
    """The database goes back to an earlier time, and on from there; the lake knows what is no more."""
    monkeypatch.setattr(appending, "MOST", 20)
    crowd, rng = busy(60, 8)
    workflow, position = crowd.workflow.pk, end(crowd)
    append(workflow, piece=9)
    kept = names(crowd)
    back = position - 12
    with connection.cursor() as cursor:  # as if the last twelve entries had never been
        cursor.execute("SET session_replication_role = replica")
        for kind, table in {"classification": "classification", "gold": "goldanswer"}.items():
            cursor.execute(
                f"DELETE FROM projects_{table} WHERE id IN (SELECT record_id FROM projects_ledgerentry"
                " WHERE workflow_id = %s AND position > %s AND kind = %s)",
                [workflow, back, kind],
            )
        cursor.execute(
            "DELETE FROM projects_ledgerentry WHERE workflow_id = %s AND position > %s", [workflow, back]
        )
        cursor.execute(
            "UPDATE projects_workflowcounter SET position = %s WHERE workflow_id = %s", [back, workflow]
        )
        cursor.execute("SET session_replication_role = origin")
    if went_on:  # elsewhere, and further than before
        while end(crowd) < position + 3:
            step(crowd, rng)
    said = damaged(crowd, caplog)
    assert f"reaches position {position}, but behind" in said[0]
    assert kept[0] in names(crowd)
    assert not set(kept) <= set(names(crowd))


def test_a_record_that_lost_rows_has_another_lake(caplog):
    crowd, _ = busy(40, 2)
    append(crowd.workflow.pk)
    forget(crowd.workflow.pk)
    assert "of another record, or of one that lost rows since" in damaged(crowd, caplog)[0]


def test_of_two_appenders_one_writes(monkeypatch):
    crowd, _ = busy(20, 1)
    with held(folder_of(crowd.workflow.pk)) as alone:
        assert alone
        assert "Another process writes" in append(crowd.workflow.pk).said
    assert append(crowd.workflow.pk).entries == end(crowd)
    assert append(crowd.workflow.pk).entries == 0


def test_small_partitions_are_put_together_and_old_files_swept(monkeypatch):
    crowd, rng = busy(0, 4)
    workflow, folder = crowd.workflow.pk, folder_of(crowd.workflow.pk)
    for _ in range(24):
        step(crowd, rng)
        append(workflow)
    assert len(names(crowd)) < 8
    (folder / ".new-left-by-the-dead").write_text("half")
    manifest = load(folder)
    assert manifest is not None
    sweep(folder, manifest)
    assert not (folder / ".new-left-by-the-dead").exists()
    assert len(list(folder.glob("*.parquet"))) > len(names(crowd))  # somebody may be about to open them
    newest = max(path.stat().st_mtime for path in folder.iterdir())
    sweep(folder, manifest, clock=lambda: newest + LEFT + 1)
    assert sorted(path.name for path in folder.glob("*.parquet")) == sorted(names(crowd))
    assert_same(read_frames(workflow, end(crowd)), workflow, end(crowd))


def test_a_disk_that_takes_no_more_leaves_the_lake_as_it_was(caplog):
    """The system refuses what goes beyond some bytes, as a full disk does."""
    import resource
    import signal

    crowd, _ = busy(30, 3)
    append(crowd.workflow.pk)
    before, position = names(crowd), end(crowd)
    Crowd(crowd.workflow, 1).answer(0, 0, SMOOTH)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, limits[1]))
    try:
        said = append(crowd.workflow.pk).said
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert "can't be written (" in said
    assert "File too large" in said
    assert (names(crowd), standing(crowd.workflow.pk).position) == (before, position)
    assert not list(folder_of(crowd.workflow.pk).glob(".new-*"))
    assert_same(read_frames(crowd.workflow.pk, end(crowd)), crowd.workflow.pk, end(crowd))
    assert append(crowd.workflow.pk).position == end(crowd)
