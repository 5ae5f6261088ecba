"""Pseudonyms: stable in a project, different between projects, bound to the key."""

import uuid

from projects.exports.pseudonyms import pseudonym

ADA, BOB = uuid.UUID(int=1), uuid.UUID(int=2)


def of(project: int, person: uuid.UUID, *, signed_in: bool = True):
    pseudonym.cache_clear()
    return pseudonym(project, person, signed_in=signed_in, simulated=False)


def test_stable_in_a_project_and_different_by_project_and_person():
    assert of(1, ADA) == of(1, ADA)
    assert len({of(1, ADA), of(2, ADA), of(1, BOB)}) == 3
    assert len({of(1, ADA).user_id, of(2, ADA).user_id, of(1, BOB).user_id}) == 3


def test_another_key_gives_other_names(settings):
    before = of(1, ADA)
    settings.SECRET_KEY = "another"
    assert of(1, ADA) != before


def test_a_user_id_survives_a_float():
    ids = [of(1, uuid.UUID(int=i)).user_id for i in range(200)]
    assert len(set(ids)) == 200
    assert all(len(each) == 15 and str(int(float(each))) == each for each in ids)


def test_without_an_account_the_id_is_blank():
    assert of(1, ADA, signed_in=False).user_id == ""
