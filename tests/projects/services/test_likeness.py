"""Whether hidden checks look like the work: alike, nothing is said; what tells them is named."""

import random
from collections.abc import Callable

import pytest
from django.db import connection

from projects.models import Media, Subject, SubjectState, Use, Workflow
from projects.services.likeness import likeness
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db
ALIKE = "Hidden checks look like the work: nothing in metadata, pictures or sets tells them (40 and 160 compared)."
TELLS = "A person could tell hidden checks from the work: "


@pytest.fixture
def workflow() -> Workflow:
    """200 subjects with a place and a size by chance; every fifth is a hidden check."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    made = make_workflow(200)
    made.refresh_from_db()
    draw = random.Random(3)
    change(lambda subject, _check: subject.metadata.update(field=draw.choice("NS"), size=draw.randrange(90)))
    some = Subject.objects.filter(external_id__regex="[05]$").values("pk")
    SubjectState.objects.filter(workflow=made, subject__in=some).update(use=Use.CHECK)
    return made


def change(how: Callable[[Subject, bool], object]) -> None:
    checks = set(SubjectState.objects.filter(use=Use.CHECK).values_list("subject_id", flat=True))
    subjects = list(Subject.objects.order_by("external_id"))
    for subject in subjects:
        how(subject, subject.pk in checks)
    Subject.objects.bulk_update(subjects, ["metadata"])


def test_alike(workflow: Workflow) -> None:
    assert likeness(workflow) == [ALIKE]


def test_what_the_team_alone_sees_tells_nobody(workflow: Workflow) -> None:
    change(lambda subject, check: subject.metadata.update({"#why": "known" if check else "work"}))
    assert likeness(workflow) == [ALIKE]


def test_a_key_a_value_and_a_number_that_tell(workflow: Workflow) -> None:
    def mark(subject: Subject, check: bool) -> None:
        subject.metadata["size"] += 60 * check
        subject.metadata["field"] = "N" if check else subject.metadata["field"]
        if check:
            subject.metadata["note"] = f"of {subject.external_id}"

    change(mark)
    said = likeness(workflow)
    assert said[0] == TELLS + "100 % of them and 0 % of the others have “note” among the metadata."
    assert len(said) == 4
    assert any("“size” is greater on them in 9" in sentence for sentence in said)
    assert any(sentence.endswith("of the others have “field: N”.") for sentence in said)


def test_pictures_and_their_names_that_tell(workflow: Workflow) -> None:
    checks = SubjectState.objects.filter(use=Use.CHECK).values("subject_id")
    for picture in Media.objects.filter(subject__in=checks):
        picture.width, picture.path = 80, f"zoo/gold{picture.subject_id}.png"
        picture.save()
    told = {sentence.removeprefix(TELLS) for sentence in likeness(workflow)}
    assert "100 % of them and 0 % of the others have a picture of 80 × 64." in told
    assert "100 % of them and 0 % of the others have a file named like “gold0”." in told


def test_too_few_to_say(workflow: Workflow) -> None:
    SubjectState.objects.filter(subject__external_id__startswith="s1").update(use=Use.WORK)
    SubjectState.objects.filter(subject__external_id__regex="^s[2-9]").update(use=Use.WORK)
    assert likeness(workflow) == ["Too few to say whether hidden checks (1) look like the work (199)."]
    SubjectState.objects.update(use=Use.WORK)
    assert likeness(workflow) == []
