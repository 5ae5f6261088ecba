"""Tags in the catalogue: what more than half gave, and all with how many gave each."""

from typing import Any

import pytest
from django.db import connection

from projects.models import Subject
from tests.projects.api.caller import Caller
from tests.projects.exports.reading import table
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db

WORDS: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {"kind": "tags", "question": "What strikes you?", "required": False, "suggestions": ["ring"]}
    },
    "retirement": ["gte", ["votes"], 4],
}


def test_half_is_not_more_than_half_and_who_gave_none_was_asked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    workflow = make_workflow(1, definition=WORDS)
    subject = Subject.objects.get().pk
    for tags in (["Arc", "ring"], ["ring", "#arc"], ["arc", "faint"], []):
        Caller().answer(workflow, subject, [{"task": "T0", "value": tags}])
    (row,) = table("catalogue", workflow)
    names = ("tags", "tags_all", "asked", "votes_ring")
    assert [row[f"T0_{name}"] for name in names] == ["arc", "arc:3,ring:2,faint:1", "4", "2"]
