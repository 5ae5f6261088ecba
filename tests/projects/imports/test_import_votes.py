"""Crowd labels in: what is stored is what the slow way would have stored, all of it or nothing."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from mining.services.follow import follow
from projects.models import (
    Answered,
    CatalogueAttribute,
    Classification,
    Evidence,
    Import,
    LedgerEntry,
    Project,
    Retirement,
    Subject,
    SubjectState,
    Volunteer,
    Workflow,
    WorkflowCounter,
)
from projects.services.rebuild import rebuild_workflow
from projects.services.tallies import add_votes, empty

pytestmark = pytest.mark.django_db

VOTES = """\
item,worker,label
b,w1,yes
a,w1,no
a,w2,yes
a,w1,yes
b,w3,maybe so
a,w3,no
"""


@pytest.fixture
def labels(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text(VOTES)
    return path


def bring(path, *more, project="crowd"):
    out = io.StringIO()
    call_command("import_votes", path, "--project", project, *map(str, more), stdout=out)
    return out.getvalue()


def workflow_of(project="crowd"):
    return Workflow.objects.get(project__slug=project)


def everything():
    """What an import may leave behind, counted."""
    models = (
        Project,
        Workflow,
        Subject,
        Volunteer,
        Classification,
        LedgerEntry,
        Evidence,
        SubjectState,
        Answered,
    )
    return {model.__name__: model.objects.count() for model in (*models, Retirement, WorkflowCounter, Import)}


def test_the_record_is_the_file(labels):
    said = bring(labels)
    assert said.startswith(
        "6 rows in the file\n6 answers added\n5 answers that count\n1 repeats of the same person on the same subject, "
        "stored, not counted\n2 subjects made\n3 volunteers made\n6 rows in "
    )
    workflow = workflow_of()
    entries = LedgerEntry.objects.filter(workflow=workflow).order_by("position")
    assert [e.position for e in entries] == list(range(1, 9))
    assert [e.kind for e in entries] == ["classification"] * 6 + ["retirement"] * 2
    by_id = Classification.objects.select_related("subject", "volunteer").in_bulk()
    rows = [by_id[e.record_id] for e in entries[:6]]
    assert [
        (c.subject.external_id, c.volunteer.external_id, c.annotations[0]["value"], c.counted) for c in rows
    ] == [
        ("b", "w1", "yes", "yes"),
        ("a", "w1", "no", "yes"),
        ("a", "w2", "yes", "yes"),
        ("a", "w1", "yes", "repeat"),
        ("b", "w3", "maybe-so", "yes"),
        ("a", "w3", "no", "yes"),
    ]
    of_a = [c.pk for c in rows if c.subject.external_id == "a"]
    assert of_a == sorted(of_a)
    assert {c.uuid.version for c in rows} == {8}
    assert {c.version_id for c in rows} == {workflow.published_id}
    answers = workflow.published.definition["tasks"]["T0"]["answers"]
    assert answers == [
        {"key": "maybe-so", "label": "maybe so"},
        {"key": "no", "label": "no"},
        {"key": "yes", "label": "yes"},
    ]
    assert workflow.published.inferred


def test_the_slow_way_agrees(labels):
    bring(labels)
    workflow = workflow_of()
    assert rebuild_workflow(workflow) == []
    counter = WorkflowCounter.objects.get(pk=workflow.pk)
    assert (counter.position, counter.answers, counter.subjects, counter.retired) == (8, 5, 2, 2)
    a = Evidence.objects.get(workflow=workflow, subject__external_id="a")
    tallies = empty()
    for key in ("no", "yes", "no"):
        tallies = add_votes(tallies, [(key, 1.0)])
    assert a.tallies == tallies
    assert follow(workflow.pk) == 8
    a.refresh_from_db()
    assert a.asked == 3
    assert max(a.probabilities, key=a.probabilities.get) == "no"


def test_nothing_of_it_is_served(labels):
    bring(labels)
    project, workflow = Project.objects.get(), workflow_of()
    assert (project.state, project.is_public) == ("draft", False)
    assert workflow.state == Workflow.State.FINISHED
    assert not SubjectState.objects.filter(retired_at__isnull=True).exists()


def test_the_same_file_again_adds_nothing(labels):
    bring(labels)
    before = everything()
    said = bring(labels)
    assert said.startswith("6 rows in the file\n6 answers here already\n6 rows in ")
    assert everything() == before | {"Import": 2}
    assert rebuild_workflow(workflow_of()) == []


def test_rows_behind_are_added(labels):
    bring(labels)
    labels.write_text(VOTES + "a,w4,never\na,w2,no\nc,w2,yes\n")
    said = bring(labels)
    assert said.startswith(
        "9 rows in the file\n3 answers added\n6 answers here already\n2 answers that count\n1 repeats"
    )
    workflow = workflow_of()
    assert rebuild_workflow(workflow) == []
    a = Evidence.objects.get(workflow=workflow, subject__external_id="a")
    assert a.tallies == {
        "asked": 4,
        "votes": {"no": 2, "yes": 1, "never": 1},
        "first": ["no", "yes", "no", "never"],
    }
    keys = [answer["key"] for answer in workflow.published.definition["tasks"]["T0"]["answers"]]
    assert keys == ["maybe-so", "no", "yes", "never"]
    assert workflow.published.number == "2.0"
    assert Retirement.objects.count() == 3
    assert SubjectState.objects.get(subject__external_id="a").answered == 4


def test_a_changed_row_is_refused_and_changes_nothing(labels):
    bring(labels)
    before = everything()
    labels.write_text(VOTES.replace("a,w2,yes", "a,w2,no"))
    with pytest.raises(CommandError, match=r"Row 2 of item a \(w2, no\) is not the one that was imported"):
        bring(labels)
    assert everything() == before | {"Import": 2}
    assert Import.objects.first().state == Import.State.FAILED


def test_two_sources_share_names_and_nothing_else(labels):
    bring(labels)
    bring(labels, "--source", "other")
    assert Subject.objects.count() == 4
    assert Volunteer.objects.count() == 6
    assert sorted(Workflow.objects.values_list("slug", flat=True)) == ["crowd-labels", "crowd-labels-votes"]
    for workflow in Workflow.objects.all():
        assert rebuild_workflow(workflow) == []


def test_what_is_known_of_items_and_the_truth(labels, tmp_path):
    items, truth = tmp_path / "items.csv", tmp_path / "truth.csv"
    items.write_text('item,text,size,#note\na,"One, two\nthree",1.5,x\nd,Four,,\nb,Five,-2,\n')
    truth.write_text("label,item\nno,a\nperhaps,b\n")
    said = bring(labels, "--items", items, "--truth", truth)
    assert "3 subjects made\n" in said
    assert "2 items whose true label is kept, for the team" in said
    a = Subject.objects.get(external_id="a")
    assert a.metadata == {"text": "One, two\nthree", "#note": "x", "#truth": "no"}
    assert a.attributes == {"size": 1.5}
    assert a.public_metadata == {"text": "One, two\nthree"}
    d = Subject.objects.get(external_id="d")
    assert (d.metadata, d.attributes) == ({"text": "Four"}, {})
    assert SubjectState.objects.get(subject=d).retired_at is None
    assert CatalogueAttribute.objects.get().key == "size"
    assert Subject.objects.get(external_id="b").metadata["#truth"] == "perhaps"
    assert "perhaps" in [a["key"] for a in workflow_of().published.definition["tasks"]["T0"]["answers"]]
    assert rebuild_workflow(workflow_of()) == []


def test_further_columns_are_kept_beside_the_vote(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text(
        'worker,seconds,item,label,why\nw1,25,a,1,\nw2,3,a,0,"he said ""no""\tand left"\nw3,,a,0,\n'
    )
    bring(path)
    rows = Classification.objects.order_by("id").values_list("metadata", "annotations")
    assert [metadata for metadata, _ in rows] == [
        {"seconds": "25"},
        {"seconds": "3", "why": 'he said "no"\tand left'},
        {},
    ]
    assert [annotations[0]["value"] for _, annotations in rows] == ["1", "0", "0"]
    answers = workflow_of().published.definition["tasks"]["T0"]["answers"]
    assert [answer["key"] for answer in answers] == ["0", "1"]


REFUSED = {
    "an empty file": (b"", r"labels.csv: The file is empty"),
    "no votes": (b"item,worker,label\n", "labels.csv has no votes, only a header"),
    "another header": (b"task,worker,label\na,b,c\n", "labels.csv: Line 1 lacks item"),
    "a column twice": (b"item,item,worker,label\na,a,b,c\n", "labels.csv: Line 1 names item twice"),
    "an empty item": (b"item,worker,label\na,b,c\n,b,c\n", "labels.csv, line 3: item is empty"),
    "a blank worker": (b"item,worker,label\na, ,c\n", "labels.csv, line 2: worker is empty"),
    "an empty label": (b"item,worker,label\na,b,\n", "labels.csv, line 2: label is empty"),
    "too few cells": (
        b"item,worker,label\na,b,c\na,b\n",
        "labels.csv: Line 3 has 2 cells, the header has 3",
    ),
    "Latin-1": ("item,worker,label\na,b,né\n".encode("latin-1"), "labels.csv: Line 2 is not UTF-8"),
    "UTF-16": ("item,worker,label\na,b,c\n".encode("utf-16"), "labels.csv: The file is encoded in UTF-16"),
    "cut off": (b"item,worker,label\na,b,c\na,b,c", "labels.csv: The file ends in the middle of line 3"),
    "an open quote": (b'item,worker,label\na,b,"c\n', "labels.csv: Line 2: a quote begins here"),
    "a NUL": (b"item,worker,label\na,b\0,c\n", "labels.csv, line 2: worker has a NUL character"),
    "a long worker": (b"item,worker,label\na," + b"w" * 101 + b",c\n", "line 2: worker is longer than 100"),
    "a giant cell": (
        b"item,worker,label\na,b," + b"c" * 5_000_000 + b"\n",
        "Line 2: longer than 4,000,000 bytes",
    ),
    "too many labels": (
        b"item,worker,label\n" + b"".join(b"a,w%d,l%d\n" % (i, i) for i in range(100)),
        "labels.csv, line 62: 'l60' is one label more than the 60",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_bad_file_is_refused_with_the_line_and_leaves_nothing(what, tmp_path):
    content, sentence = REFUSED[what]
    path = tmp_path / "labels.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        bring(path)
    assert set(everything().values()) == {0}


def test_a_mark_at_the_beginning_and_latin_1_when_said(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_bytes(b"\xef\xbb\xbf" + VOTES.encode())
    bring(path)
    path.write_bytes("item,worker,label\na,b,né\n".encode("latin-1"))
    bring(path, "--encoding", "latin-1", project="second")
    labels = [a["label"] for a in workflow_of("second").published.definition["tasks"]["T0"]["answers"]]
    assert labels == ["né"]


@pytest.mark.parametrize(
    ("what", "content", "sentence"),
    [
        ("--truth", "item,label\na,no\nz,no\n", "more.csv, line 3: the item z is not among those"),
        ("--truth", "item,label\na,no\na,yes\n", "more.csv, line 3: the item a has another label further up"),
        ("--items", "item,text\na,One\na,Two\n", "more.csv, line 3: the item a is there twice"),
        ("--items", "item,text,text\na,One,Two\n", "more.csv, line 1: the column text is there twice"),
        ("--items", "name,text\na,One\n", "more.csv: Line 1 lacks item"),
    ],
)
def test_what_goes_with_the_labels_is_checked_too(labels, tmp_path, what, content, sentence):
    path = tmp_path / "more.csv"
    path.write_text(content)
    with pytest.raises(CommandError, match=sentence):
        bring(labels, what, path)
    assert set(everything().values()) == {0}


def test_what_can_not_be_read_is_said(labels):
    with pytest.raises(CommandError, match="There is no file /nowhere"):
        bring(Path("/nowhere/labels.csv"))
    with pytest.raises(CommandError, match="'a b' is no slug"):
        bring(labels, project="a b")
    assert set(everything().values()) == {0}
