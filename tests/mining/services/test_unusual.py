"""Unusual objects: a planted one is found with its reasons and its first finders; what the team said stays."""

import pytest
from django.contrib.auth.models import AnonymousUser

from mining.models import AttributeRun, UnusualObject
from mining.services.attribute_runs import ask
from mining.services.follow import follow
from mining.services.follow_up import say
from mining.services.unusual import odd_paths, work
from projects.models import Classification
from projects.services import discount, get_version
from tests.mining.helpers import Crowd
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db(transaction=True)
ODD = {
    "kind": "multiple", "question": "Anything odd?", "required": False,
    "answers": [{"key": "ring", "label": "Ring"}, {"key": "green", "label": "Green"}],
}  # fmt: skip
TREE = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "single",
            "question": "What is it?",
            "answers": [
                {"key": "smooth", "label": "Smooth", "next": "T7"},
                {"key": "disk", "label": "Disk", "next": "T7"},
            ],
        },
        "T7": ODD,
    },
    "retirement": ["gte", ["votes"], 1000],
}


def answers(key: str, *odd: str) -> list[dict[str, object]]:
    return [{"task": "T0", "value": key}, {"task": "T7", "value": list(odd)}]


def test_a_planted_one_is_found_with_its_finders(redis_client: object) -> None:
    """Of 30 subjects three people each say smooth; of the first, one says disk and two say green; of the second one
    says ring."""
    workflow = make_workflow(30, definition=TREE)
    crowd = Crowd(workflow, 3)
    for subject in range(30):
        for who in range(3):
            if subject == 0:
                crowd.answer(who, subject, answers("disk") if who == 0 else answers("smooth", "green"))
            else:
                crowd.answer(
                    who, subject, answers("smooth", "ring") if (subject, who) == (1, 2) else answers("smooth")
                )
    follow(workflow.pk)
    workflow.refresh_from_db()
    assert odd_paths(get_version(workflow.published_id).definition) == ["T7:ring", "T7:green"]
    work(ask(workflow, AttributeRun.Kind.UNUSUAL, with_open=True))
    found = UnusualObject.objects.get()
    assert (found.subject_id, found.state) == (crowd.subjects[0], "new")
    assert [each["signal"] for each in found.signals] == ["odd", "divided"]
    assert found.signals[0]["facts"] == {"odd": 2, "asked": 3, "path": "T7:green"}
    assert found.finders == crowd.ids[1:3]
    say(found, "explained", "A satellite", AnonymousUser())
    for each in Classification.objects.filter(subject_id=crowd.subjects[0], volunteer__in=crowd.ids[1:]):
        discount(each, "test")
    follow(workflow.pk)
    work(ask(workflow, AttributeRun.Kind.UNUSUAL, with_open=True))
    kept = UnusualObject.objects.get()
    assert (kept.pk, kept.score, kept.signals, kept.state) == (found.pk, 0.0, [], "explained")
    UnusualObject.objects.update(score=9.0)
    kept.history.all().delete()
    work(ask(workflow, AttributeRun.Kind.UNUSUAL, with_open=True))
    assert not UnusualObject.objects.exists()
