"""Raw classifications in the reference platform's 14 columns."""

import copy
import csv
import io
import json
import re
from datetime import UTC, datetime

import pytest

from projects.exports.files import pieces
from projects.exports.stream import csv_pieces
from projects.exports.tables import TABLES
from projects.models import Classification, Subject, Volunteer, Workflow
from projects.services import discount, publish_workflow
from tests.projects.exports.conftest import Zoo
from tests.projects.exports.reading import table
from tests.projects.factories import ARMS, SMOOTH, TREE, make_pass

HEADER = (
    "classification_id,user_name,user_id,user_ip,workflow_id,workflow_name,workflow_version,created_at,gold_standard,"
    "expert,metadata,annotations,subject_data,subject_ids"
)


def test_the_header_is_the_reference_platforms(zoo: Zoo):
    assert next(iter(pieces("classifications", zoo.workflow, team=False))).split("\n")[0] == HEADER


def test_one_row_cell_by_cell(zoo: Zoo):
    at = datetime(2024, 2, 23, 16, 17, 42, tzinfo=UTC)
    stored = Classification.objects.order_by("pk")[1]
    Classification.objects.filter(pk=stored.pk).update(received_at=at, started_at=at, finished_at=at)
    row = table("classifications", zoo.workflow)[1]
    plain = {name: row[name] for name in HEADER.split(",")[:10]}
    assert re.fullmatch("not-logged-in-[0-9a-f]{16}", plain.pop("user_name"))
    assert plain == {
        "classification_id": str(stored.pk),
        "user_id": "",
        "user_ip": "",
        "workflow_id": str(zoo.workflow.pk),
        "workflow_name": "Shapes",
        "workflow_version": "1.0",
        "created_at": "2024-02-23 16:17:42 UTC",
        "gold_standard": "",
        "expert": "",
    }
    assert json.loads(row["metadata"]) == {
        "started_at": "2024-02-23T16:17:42+00:00",
        "finished_at": "2024-02-23T16:17:42+00:00",
        "workflow_version": "1.0",
        "user_language": "en",
        "counted": "yes",
        "counted_reason": "",
    }
    assert json.loads(row["annotations"]) == [
        {"task": "T0", "task_label": "What is it?", "value": "Features", "key": "features", "kind": "single"},
        {
            "task": "T1",
            "task_label": "What do you see?",
            "value": ["Arms"],
            "key": ["arms"],
            "kind": "multiple",
        },
    ]
    subject = zoo.subjects[0]
    data = json.loads(row["subject_data"])[str(subject)]
    assert data.pop("retired").pop("retired_at")
    assert data == {"field": "A", "#secret": "x", "external_id": "s0"}
    assert row["subject_ids"] == str(subject)


@pytest.mark.parametrize("name", ["classifications", "annotations", "votes"])
@pytest.mark.parametrize("team", [True, False])
def test_the_lines_are_the_bytes_that_the_columns_would_write(zoo: Zoo, name: str, team: bool):
    """Whatever stands in them: commas, quotes, line ends, formulas, signs that turn writing, nothing."""
    odd = ['a,"b"', "two\nlines", "a\rb", "=1+1", "'=x", "\u202eleft 🌌", ""]
    for subject, text in zip(zoo.subjects, odd, strict=False):
        Subject.objects.filter(pk=subject).update(external_id=text, metadata={"m": text, "#t": text})
    tree = copy.deepcopy(TREE)
    tree["tasks"]["T0"]["question"] = 'Which, "if" any?\r'
    tree["tasks"]["T0"]["answers"][0]["label"] = "=smooth, really"
    publish_workflow(zoo.workflow, tree)
    zoo.passes.append(make_pass())
    zoo.answer(2, 3, SMOOTH, started_at=datetime(2024, 2, 23, 16, 17, 42, 7, tzinfo=UTC))
    zoo.answer(3, 3, ARMS)
    discount(Classification.objects.order_by("pk").first(), "said, twice")
    Workflow.objects.filter(pk=zoo.workflow.pk).update(title="Shapes, all")
    Classification.objects.filter(subject=zoo.subjects[1]).update(metadata={"expert": '-a "b"'})
    workflow = Workflow.objects.select_related("project").get(pk=zoo.workflow.pk)
    made = TABLES[name]
    columns = made.columns(workflow, team=team)
    plain = "".join(csv_pieces(columns, made.rows(workflow, team=team)))
    assert "".join(pieces(name, workflow, team=team)) == plain
    read = list(csv.reader(io.StringIO(plain, newline="")))
    assert {len(row) for row in read} == {len(columns)}
    assert len(read) == 1 + len(list(made.rows(workflow, team=team))) > 3


def test_every_stored_row_is_there_and_says_what_it_did(zoo: Zoo):
    zoo.passes.append(make_pass())
    zoo.answer(0, 3, SMOOTH)
    discount(Classification.objects.order_by("pk").first(), "alias")
    counted = [json.loads(row["metadata"]) for row in table("classifications", zoo.workflow)]
    assert [row["counted"] for row in counted] == ["discounted", *["yes"] * 6, "late"]
    assert (counted[0]["counted_reason"], counted[-1]["counted_reason"]) == ("alias", "retired")


def test_an_open_subject_is_not_retired_and_not_the_publics(zoo: Zoo):
    rows = table("classifications", zoo.workflow)
    assert json.loads(rows[-1]["subject_data"])[str(zoo.subjects[2])]["retired"] is None
    public = table("classifications", zoo.workflow, team=False)
    assert [row["subject_ids"] for row in public] == [str(s) for s in zoo.subjects[:2] for _ in range(3)]
    assert "#secret" not in json.loads(public[0]["subject_data"])[str(zoo.subjects[0])]


def test_nothing_of_the_account_and_little_of_the_browser_leaves(zoo: Zoo):
    text = "".join(pieces("classifications", zoo.workflow, team=True))
    people = Volunteer.objects.all()
    for secret in [
        "lovelace",
        "example.org",
        "blue eyes",
        *[p.public_id.hex for p in people],
        *[str(p.public_id) for p in people],
    ]:
        assert secret not in text


def test_names_are_by_person_and_kind(zoo: Zoo):
    rows = table("classifications", zoo.workflow)
    first, second, third = rows[:3]
    assert re.fullmatch("volunteer-[0-9a-f]{16}", first["user_name"])
    assert re.fullmatch(r"[1-9]\d{14}", first["user_id"])
    assert third["user_name"].startswith("simulated-")
    assert json.loads(third["metadata"])["simulated"] is True
    names = [row["user_name"] for row in rows]
    assert names == [first["user_name"], second["user_name"], third["user_name"]] * 2 + [first["user_name"]]


def test_an_alias_has_its_persons_name(zoo: Zoo):
    ada, nobody = (
        Volunteer.objects.get(account__isnull=False),
        Volunteer.objects.get(public_id=zoo.passes[1].public_id),
    )
    Volunteer.objects.filter(pk=nobody.pk).update(joined_to=ada)
    rows = table("classifications", zoo.workflow)
    assert rows[1]["user_name"] == rows[0]["user_name"]


def test_texts_are_those_of_the_version_that_was_answered(zoo: Zoo):
    task = TREE["tasks"]["T0"]
    edited = {
        **task,
        "question": "And now?",
        "answers": [{**a, "label": a["label"] + "!"} for a in task["answers"]],
    }
    publish_workflow(zoo.workflow, {**TREE, "tasks": {**TREE["tasks"], "T0": edited}})
    zoo.answer(2, 1, SMOOTH)
    rows = table("classifications", zoo.workflow)
    told = [
        (row["workflow_version"], json.loads(row["annotations"])[0]["value"]) for row in (rows[0], rows[-1])
    ]
    assert told == [("1.0", "Smooth"), ("1.1", "Smooth!")]


def test_an_empty_choice_is_an_empty_list(zoo: Zoo):
    zoo.answer(2, 1, [ARMS[0], {"task": "T1", "value": []}])
    last = json.loads(table("classifications", zoo.workflow)[-1]["annotations"])[1]
    assert (last["value"], last["key"]) == ([], [])


@pytest.mark.parametrize("language", ["<b>", "x" * 50, 7, None])
def test_only_a_language_is_told_as_one(zoo: Zoo, language):
    zoo.answer(2, 1, SMOOTH, metadata={"language": language, "viewport": {"width": "wide"}})
    metadata = json.loads(table("classifications", zoo.workflow)[-1]["metadata"])
    assert not {"user_language", "viewport"} & set(metadata)


def test_the_reference_tools_nine_columns_parse(zoo: Zoo):
    """What panoptes_aggregation 5.3.1 reads of each row: JSON in two, a version that sorts, one subject."""
    for row in csv.DictReader(io.StringIO("".join(pieces("classifications", zoo.workflow, team=True)))):
        assert float(row["workflow_version"]) == 1.0
        assert int(row["subject_ids"]) in zoo.subjects
        assert isinstance(json.loads(row["metadata"]), dict)
        assert all({"task", "value"} <= set(a) for a in json.loads(row["annotations"]))
        datetime.strptime(row["created_at"], "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
