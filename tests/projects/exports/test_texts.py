"""Texts in the files, in the glance, on the results page and on one's own: the consensus, and nothing too early."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from portal.pages.own_work import steps
from projects.models import Subject
from projects.services import Conclusion, post_evidence
from projects.tasks.definition import parse_definition
from tests.projects.api.caller import Caller
from tests.projects.exports.reading import table
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db

LINES: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {"kind": "text", "question": "What does it say?", "keyboard": "polytonic_greek", "next": "T1"},
        "T1": {
            "kind": "single",
            "question": "Is it worn?",
            "answers": [{"key": "yes", "label": "Yes"}, {"key": "no", "label": "No"}],
        },
    },
    "retirement": ["gte", ["votes"], 3],
}
VALUE = {"text": "=κα?", "letters": [["=", 1.0], ["κ", 0.6667], ["α", 0.3333], ["?", 0.0]]}


def line(text: str) -> list[dict[str, Any]]:
    return [{"task": "T0", "value": text}, {"task": "T1", "value": "no"}]


@pytest.fixture
def lines():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    workflow = make_workflow(2, definition=LINES)
    workflow.subject = Subject.objects.order_by("pk").first().pk
    for text in ("=κα?", "=κε?", "=χη?"):
        Caller().answer(workflow, workflow.subject, line(text))
    return workflow


def mined(workflow) -> None:
    post_evidence(
        workflow_id=workflow.pk,
        position=3,
        conclusions=[
            Conclusion(
                workflow.subject, "T0", None, entropy=None, dispersion=0.4, effective_votes=3.0, certainty=None,
                asked=3, value=VALUE,
            )
        ],
    )  # fmt: skip


def test_the_catalogue_has_the_text_and_how_sure_its_letters_are(lines) -> None:
    before = table("catalogue", lines)[0]
    assert (before["T0_text"], before["T0_asked"], before["T0_votes_text"]) == ("", "3", "3")
    mined(lines)
    row = table("catalogue", lines)[0]
    names = (
        "text",
        "letters",
        "mean_share",
        "least_share",
        "unsure_letters",
        "dispersion",
        "asked",
        "votes_text",
    )
    assert [row[f"T0_{name}"] for name in names] == ["'=κα?", "4", "0.5", "0.0", "2", "0.4", "3", "3"]
    assert row["path"] == "T0.text>T1.no"
    assert [name for name in row if name.startswith("T0_")] == [f"T0_{name}" for name in names]
    assert row["T1_label"] == "no"


def test_the_raw_file_has_each_text_as_it_was_written(lines) -> None:
    rows = table("classifications", lines)
    assert json.loads(rows[0]["annotations"])[0] == {
        "task": "T0",
        "task_label": "What does it say?",
        "value": "=κα?",
        "kind": "text",
    }


def test_a_glance_has_the_text_after_ones_own_only(lines) -> None:
    mined(lines)
    stranger = Caller()
    asked = {"workflow": lines.pk}
    assert stranger.get("glance", asked, subject_id=lines.subject).status_code == 403
    stranger.answer(lines, lines.subject, line("=κ"))
    told = stranger.get("glance", asked, subject_id=lines.subject).json()["tasks"][0]
    assert told == {
        "task": "T0",
        "question": "What does it say?",
        "asked": 3,
        "yours": "=κ",
        "answers": [],
        "text": "=κα?",
        "written": 3,
    }


def test_the_results_mark_uncertain_letters(lines) -> None:
    mined(lines)
    page = Client().get("/projects/zoo/results/shapes/?sort=clear").content.decode()
    assert '<p class="letters" lang="grc">=κ<span class="unsure"' in page
    assert "2 of 4 letters are uncertain" in page
    assert "model probability" not in page


def test_ones_own_page_tells_what_one_wrote() -> None:
    said = [(step.question, step.words) for step in steps(parse_definition(LINES), line("<b>κ?"))]
    assert said == [("What does it say?", "<b>κ?"), ("Is it worn?", "No")]
