"""A question's votes as codes, straight from partitions: what the frames say, whatever is mixed."""

import io

import numpy as np
import polars as pl
import pytest
from django.core.management import CommandError, call_command

from mining.lake import append as appending
from mining.lake.append import append
from mining.lake.history import standing
from mining.lake.manifest import folder_of
from mining.lake.question import part_of, read_question
from mining.lake.read import read_frames
from mining.services.mine import mine
from projects.models import GoldAnswer, Subject, WorkflowCounter
from tests.mining.lake.busy import busy

pytestmark = pytest.mark.django_db(transaction=True)


def votes_in(question) -> list[tuple[int, int, int, bool]]:
    """(subject, volunteer, label, learned), in the order of the table."""
    votes = question.votes
    learned = np.ones(len(votes), dtype=bool) if votes.learned is None else votes.learned
    rows = zip(
        question.subjects[votes.item], question.volunteers[votes.volunteer], votes.label, learned, strict=True
    )
    return [(int(s), int(v), int(label), bool(flag)) for s, v, label, flag in rows]


@pytest.mark.parametrize(
    ("task", "keys"), [("T0", ["smooth", "features", "artifact"]), ("T1:bar", ["no", "yes"])]
)
def test_a_question_is_read_as_the_frames_say(task, keys, settings, tmp_path, monkeypatch):
    settings.LAKE_DIR = tmp_path
    monkeypatch.setattr(appending, "MOST", 50)
    crowd, _ = busy(110, 12)
    workflow = crowd.workflow.pk
    append(workflow, piece=25)
    files = [folder_of(workflow) / each.name for each in standing(workflow).partitions]
    assert len(files) > 1
    end = WorkflowCounter.objects.get(pk=workflow).position
    for position in (end, end - 30):
        frame = read_frames(workflow, position).votes.filter(
            (pl.col("task") == task) & (pl.col("key") != "none")
        )
        frame = frame.unique(["subject", "volunteer"], keep="first", maintain_order=True)
        expected = [
            (row["subject"], row["volunteer"], keys.index(row["key"]), row["first"])
            for row in frame.to_dicts()
        ]
        question = read_question(files, task, keys, position=position)
        assert votes_in(question) == expected
        assert (np.diff(np.bincount(question.votes.volunteer)) <= 0).all()
        assert question.votes.items.tolist() == [str(each) for each in question.subjects]
        parts = [read_question(files, task, keys, position=position, part=(n, 2)) for n in (0, 1)]
        assert sorted(row for part in parts for row in votes_in(part)) == sorted(expected)
        assert set(part_of(parts[1].subjects, 2).tolist()) <= {1}
        everybody = np.array(sorted(question.volunteers.tolist()))
        assert votes_in(parts[0].among(everybody)) == votes_in(parts[0])
    with pytest.raises(ValueError, match="an answer that the question does not offer: one of '"):
        read_question(files, task, keys[:1])


def test_the_command_writes_what_a_run_finds(settings, tmp_path):
    settings.LAKE_DIR = tmp_path / "lake"
    crowd, _ = busy(80, 3)
    GoldAnswer.objects.all().delete()  # the command takes no known answers in
    run = mine(crowd.workflow, method="dawid-skene-pooled")
    out = tmp_path / "out.csv"
    words = ["consensus", "zoo", "--workflow", "shapes", "--out", str(out), "--task"]
    call_command(*words, "T0", stdout=(said := io.StringIO()))
    names = dict(Subject.objects.values_list("external_id", "pk"))
    told = {
        names[row["item"]]: (row["label"], row["votes"], row["probability"])
        for row in pl.read_csv(out).to_dicts()
    }
    rows = run.consensus.filter(task="T0")
    assert {subject: each[:2] for subject, each in told.items()} == {
        r.subject_id: (r.key, r.votes) for r in rows
    }
    for row in rows:
        assert told[row.subject_id][2] == pytest.approx(row.probability, abs=1e-6)
    assert (
        f"{len(told)} subjects, {sum(each[1] for each in told.values())} votes up to position"
        in said.getvalue()
    )
    for task in ("T9", "T1", "T2", "T0:smooth"):
        with pytest.raises(CommandError, match=f"no question {task}"):
            call_command(*words, task)
    with pytest.raises(CommandError, match="No Dask scheduler answers"):
        call_command(*words, "T0", "--scheduler", "tcp://127.0.0.1:9")
