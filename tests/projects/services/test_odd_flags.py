"""Flags of what is odd: once each, one's own, limited; taken back as a date."""

from typing import Any

import pytest

from projects.models import OddFlag, Subject, Volunteer
from projects.services.odd_flags import MOST_TAGS, TooMany, flag_odd, flags_of, own_tags, take_back
from tests.projects.api.caller import Caller
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db


def test_flags_stand_once_and_are_taken_back_as_dates() -> None:
    workflow = make_workflow()
    subject, person = Subject.objects.order_by("pk")[0], Volunteer.objects.create()
    for _ in "ab":
        flag_odd(subject=subject, volunteer=person, tags=["", "#Ring"])
    assert flags_of(subject, person) == ["", "ring"]
    assert take_back(subject=subject, volunteer=person, tags=["ring"]) == 1
    assert take_back(subject=subject, volunteer=person, tags=["ring"]) == 0
    flag_odd(subject=subject, volunteer=person, tags=["ring"])
    assert OddFlag.objects.filter(tag="ring").count() == 2
    assert own_tags(workflow.project_id, person) == ["ring"]
    with pytest.raises(TooMany):
        flag_odd(subject=subject, volunteer=person, tags=[f"t{n}" for n in range(MOST_TAGS)])
    assert flags_of(subject, person) == ["", "ring"]


def test_a_call_tells_of_ones_own_only() -> None:
    make_workflow()
    subject = Subject.objects.order_by("pk")[0].pk
    ann, ben = Caller(), Caller()

    def flag(caller: Caller, tag: str) -> Any:
        return caller.post("odd", {"tag": tag}, subject_id=subject)

    assert flag(ann, "green").json() == {"tags": ["green"]}
    assert flag(ben, "Odd ring").json() == {"tags": ["odd-ring"]}
    assert flag(ben, "a/b").status_code == 400
    assert flag(Caller(agreed=False), "x").json()["error"]["code"] == "consent_required"
    assert ben.delete("odd", subject_id=subject).status_code == 204
    assert OddFlag.objects.get(taken_back_at__isnull=True).tag == "green"
