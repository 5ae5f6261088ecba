"""Pseudonyms: stable in a project, different between projects, bound to the project's key."""

import uuid

import pytest

from projects.exports.pseudonyms import Pseudonym, pseudonym
from projects.models import Project
from projects.services.rename_volunteers import rename_volunteers

ADA, BOB = uuid.UUID(int=1), uuid.UUID(int=2)
ONE, TWO = (Project(pk=pk, pseudonym_key="ab" * 32) for pk in (1, 2))


def of(project: Project, person: uuid.UUID, *, signed_in: bool = True) -> Pseudonym:
    return pseudonym(project, person, signed_in=signed_in, simulated=False)


def test_stable_in_a_project_and_different_by_project_and_person() -> None:
    assert of(ONE, ADA) == of(ONE, ADA)
    assert len({of(ONE, ADA), of(TWO, ADA), of(ONE, BOB)}) == 3
    assert len({of(ONE, ADA).user_id, of(TWO, ADA).user_id, of(ONE, BOB).user_id}) == 3


@pytest.mark.django_db
def test_a_new_key_gives_other_names_and_a_new_secret_key_the_same(settings) -> None:
    project = Project.objects.create(slug="zoo")
    before = of(project, ADA)
    settings.SECRET_KEY = "another"
    assert of(project, ADA) == before
    rename_volunteers(project)
    project.refresh_from_db()
    assert not set(of(project, ADA)) & set(before)
    assert Project.objects.create(slug="other").pseudonym_key != project.pseudonym_key


def test_a_user_id_survives_a_float() -> None:
    ids = [of(ONE, uuid.UUID(int=i)).user_id for i in range(200)]
    assert len(set(ids)) == 200
    assert all(len(each) == 15 and str(int(float(each))) == each for each in ids)


def test_without_an_account_the_id_is_blank() -> None:
    assert of(ONE, ADA, signed_in=False).user_id == ""
