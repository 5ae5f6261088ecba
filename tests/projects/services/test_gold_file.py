"""Known answers from a file: all or nothing, a mistake named by its line, the same file again adds nothing."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from projects.exceptions import Invalid
from projects.models import GoldAnswer, GoldSubject, SubjectState, Use, Workflow
from projects.services.gold_file import read_gold, store_gold
from tests.projects.factories import ARMS, SMOOTH, make_workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def workflow() -> Workflow:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    made = make_workflow(6)
    made.refresh_from_db()
    return made


def take(workflow: Workflow, text: str) -> int:
    rows = read_gold(text.encode(), {workflow.slug: workflow}, only=workflow)
    return store_gold(rows, expert="account:7")


FILE = """\
external_id,use,secret,T0,T1,right_message,wrong_message,expert
s0,training,no,smooth,,Well seen.,Look again.,
s1,exam,,features,arms,,,Ann
s2,,,features,,,,
"""


def test_each_row_becomes_a_known_answer_and_its_subject_leaves_the_queue(workflow: Workflow) -> None:
    assert take(workflow, FILE) == 3
    answers = {answer.subject.external_id: answer for answer in GoldAnswer.objects.select_related("subject")}
    assert answers["s0"].annotations == SMOOTH
    assert answers["s1"].annotations == ARMS
    assert answers["s2"].annotations == [{"task": "T0", "value": "features"}, {"task": "T1", "value": []}]
    assert [answers[name].expert for name in ("s0", "s1", "s2")] == ["account:7", "Ann", "account:7"]
    known = {each.subject.external_id: each for each in GoldSubject.objects.select_related("subject")}
    told = [(each.use, each.secret, each.right_message, each.wrong_message) for each in known.values()]
    assert sorted(told) == [
        (Use.TRAINING, False, "Well seen.", "Look again."),
        (Use.EXAM, False, "", ""),
        (Use.CHECK, True, "", ""),
    ]
    assert SubjectState.objects.filter(workflow=workflow, use=Use.WORK).count() == 3


def test_the_same_file_again_adds_nothing_and_a_changed_row_one(workflow: Workflow) -> None:
    take(workflow, FILE)
    assert take(workflow, FILE) == 0
    assert GoldAnswer.objects.count() == 3
    assert take(workflow, FILE.replace("smooth", "artifact")) == 1
    assert take(workflow, FILE.replace("smooth", "artifact").replace("s2,,", "s2,exam,")) == 1
    assert GoldAnswer.objects.count() == 5


def test_annotations_as_json(workflow: Workflow) -> None:
    quoted = '[{""task"": ""T0"", ""value"": ""smooth""}]'
    assert take(workflow, f'external_id,annotations\ns3,"{quoted}"\n') == 1
    assert GoldAnswer.objects.get().annotations == SMOOTH


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("id,T0\ns0,smooth\n", "The column external_id is missing."),
        ("external_id,T0,T0\ns0,smooth,\n", "The column T0 is there twice."),
        ("external_id,T0\n", "There is no row in the file below its header."),
        ("external_id,T0\ns0,smooth,x\n", "Line 2: it has more or fewer cells than the header."),
        ("external_id,T0\ns0,smooth\n,smooth\n", "Line 3: external_id is empty."),
        ("external_id,T0\ns0,smoth\n", "Line 2: choose one of smooth, features, artifact"),
        ("external_id,T0\ns0,\n", "Line 2: an answer is required"),
        ("external_id,T0,T1\ns0,smooth,arms\n", "Line 2: T1 is not on the way through the tasks."),
        ("external_id,T0,T9\ns0,smooth,arms\n", "Line 2: T9 is no task of this workflow."),
        ("external_id,T0,use\ns0,smooth,hidden\n", "Line 2: use is check, training or exam, not hidden."),
        ("external_id,T0,secret\ns0,smooth,perhaps\n", "Line 2: secret is yes or no, not perhaps."),
        ("external_id,T0,workflow\ns0,smooth,other\n", "Line 2: there is no published workflow other here."),
        ("external_id,T0\ns0,smooth\ns0,artifact\n", "Line 3: s0 stands in line 2 already."),
        ("external_id,T0\ns0,smooth\ns99,smooth\n", "Line 3: there is no subject s99 in this project."),
        ("external_id,annotations\ns0,[1\n", "Line 2: "),
        ("external_id,T0\ns0,\x00\n", "The file is not a CSV file: it has NUL characters."),
    ],
)
def test_a_mistake_is_named_and_nothing_is_stored(workflow: Workflow, text: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        take(workflow, text)
    assert str(refused.value).startswith(reason)
    assert not GoldAnswer.objects.exists()


def test_a_retired_subject_is_refused_with_its_line(workflow: Workflow) -> None:
    SubjectState.objects.filter(subject__external_id="s1").update(retired_at="2026-11-22T10:00Z")
    with pytest.raises(Invalid, match=r"^Line 3: This subject is retired"):
        take(workflow, "external_id,T0\ns0,smooth\ns1,smooth\n")
    assert not GoldAnswer.objects.exists()


def test_the_command_says_what_it_did_and_why_not(workflow: Workflow, tmp_path: Path) -> None:
    file = tmp_path / "gold.csv"
    file.write_text(FILE)
    said = StringIO()
    call_command("import_gold", str(file), project="zoo", workflow="shapes", stdout=said)
    assert said.getvalue() == "3 known answers read, 3 of them new.\n"
    file.write_bytes(b"external_id,T0\ns3,\xff\n")
    with pytest.raises(CommandError, match="not UTF-8"):
        call_command("import_gold", str(file), project="zoo", workflow="shapes")
    with pytest.raises(CommandError, match="There is no project moon"):
        call_command("import_gold", str(file), project="moon", workflow="shapes")
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_gold", str(tmp_path / "none.csv"), project="zoo", workflow="shapes")
