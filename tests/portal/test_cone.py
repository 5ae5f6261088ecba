"""Cone Search, asked by pyvo and astropy: what lies within the circle, and errors as the standard has them."""

import io
from typing import Any

import pytest
import pyvo
from astropy.io.votable import parse
from django.test import Client

from projects.models import CatalogueAttribute, Subject, Workflow
from projects.services import record_classification
from tests.projects.factories import ARTIFACT, make_pass, make_workflow, submission

HERE = "/api/v1/projects/zoo/workflows/shapes/cone"
PLACES: dict[str, dict[str, Any]] = {
    "s0": {"attributes": {"ra": 359.9995, "dec": 0.0, "class": "<a & b>"}},
    "s1": {"attributes": {"ra": "0.0005", "dec": " -1e-4 "}},
    "s2": {"metadata": {"ra": 0.001, "dec": 0.0}},
    "s3": {"metadata": {"#ra": 0.0, "#dec": 0.0}},
    "s4": {"attributes": {"ra": 0.0, "dec": 0.0}},
    "s5": {"attributes": {"ra": 180.0, "dec": 89.9999}},
    "s6": {"attributes": {"ra": 0.0, "dec": "north"}, "metadata": {"dec": 89.9999}},
    "s7": {"attributes": {"ra": 1000.0, "dec": 0.0}},
}
"""All are finished but s4. s0 to s2 lie around 0, 0, on both sides of 0 hours; s5 and s6 are neighbours at the pole."""


def make_sky() -> Workflow:
    workflow = make_workflow(len(PLACES), data_public=True)
    CatalogueAttribute.objects.create(project=workflow.project, key="ra", label="RA", unit="deg")
    for name, place in PLACES.items():
        subject = Subject.objects.get(project=workflow.project, external_id=name)
        Subject.objects.filter(pk=subject.pk).update(**{"metadata": {}, **place})
        for _ in range(0 if name == "s4" else 2):
            record_classification(submission(workflow, subject.pk, ARTIFACT), make_pass())
    return workflow


def asked(**given: Any) -> Any:
    """The parsed VOTable, which has no fault."""
    answer = Client().get(HERE, given)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/x-votable+xml")
    return parse(io.BytesIO(answer.content), verify="exception")


@pytest.mark.django_db(transaction=True)
def test_pyvo_finds_what_lies_within_the_circle(live_site: str) -> None:
    make_sky()
    service = pyvo.dal.SCSService(f"{live_site}{HERE}?")
    found = service.search(pos=(0.0, 0.0), radius=0.002, verbosity=3)
    by_name = {row["external_id"]: row for row in found}
    assert list(by_name) == ["s0", "s1", "s2"]
    ids = dict(Subject.objects.values_list("external_id", "pk"))
    names = {field.ucd: field.name for field in found.resultstable.fields}
    assert {ucd: names[ucd] for ucd in UCDS.values()} == {ucd: name for name, ucd in UCDS.items()}
    assert {name: row["id"] for name, row in by_name.items()} == {name: str(ids[name]) for name in by_name}
    assert (by_name["s0"]["ra"], by_name["s0"]["dec"], by_name["s0"]["attr_class"]) == (
        359.9995,
        0.0,
        "<a & b>",
    )
    assert [row["distance"] for row in found] == pytest.approx([0.0005, 0.00050990, 0.001], abs=1e-8)
    assert by_name["s0"]["T0_label"] == "artifact"
    pole = service.search(pos=(90.0, 90.0), radius=0.00011)
    assert sorted(row["external_id"] for row in pole) == ["s5", "s6"]
    assert len(service.search(pos=(0.0, 0.0), radius=0.00045)) == 0
    with pytest.raises(pyvo.dal.DALQueryError, match="SR is to be a number of decimal degrees from 0 to 180"):
        service.search(pos=(0.0, 0.0), radius=181.0)
    assert "pyvo:" in Client().get("/projects/zoo/data/").content.decode()


UCDS = {"id": "meta.id;meta.main", "ra": "pos.eq.ra;meta.main", "dec": "pos.eq.dec;meta.main"}


@pytest.mark.django_db
def test_the_table_has_the_fields_that_the_standard_requires() -> None:
    make_sky()
    for verbosity, columns in [(1, 4), (2, 5), (3, 5)]:
        fields = asked(RA="0", dec="0", Sr="0.002", VERB=str(verbosity)).get_first_table().fields
        for name, ucd in UCDS.items():
            (field,) = [each for each in fields if each.ucd == ucd]
            assert (field.name, field.datatype) == (name, "unicodeChar" if name == "id" else "double")
        assert (len(fields) == columns) == (verbosity == 1)
    assert len(asked(RA="0", DEC="0", SR="0").get_first_table().array) == 0
    assert (
        len(asked(RA="0", DEC="0", SR="180").get_first_table().array) == 5
    )  # s3, s4, s7 have no place that is told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "RA is missing: give decimal degrees from 0 to 360."),
        ({"RA": "0"}, "DEC is missing: give decimal degrees from -90 to 90."),
        ({"RA": "12:30", "DEC": "0", "SR": "1"}, "RA is to be a number of decimal degrees from 0 to 360."),
        ({"RA": "nan", "DEC": "0", "SR": "1"}, "RA is to be a number of decimal degrees from 0 to 360."),
        ({"RA": "0", "DEC": "90.1", "SR": "1"}, "DEC is to be a number of decimal degrees from -90 to 90."),
        ({"RA": "0", "DEC": "0", "SR": "-1"}, "SR is to be a number of decimal degrees from 0 to 180."),
        ({"RA": "0", "DEC": "0", "SR": "1", "VERB": "4"}, "VERB is to be 1, 2 or 3."),
        ({"RA": "0", "DEC": "0", "SR": "1"}, "The subjects of this catalogue have no places on the sky."),
    ],
)
def test_an_error_is_an_info_of_that_name(given: dict[str, str], sentence: str) -> None:
    make_workflow(1, data_public=True)
    (info,) = asked(**given).infos
    assert (info.name, info.value) == ("Error", sentence)


@pytest.mark.django_db
def test_what_is_not_public_is_not_there_and_many_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    workflow = make_sky()
    monkeypatch.setattr("projects.exports.cone.MOST", 2)
    table = asked(RA="0", DEC="0", SR="180")
    assert len(table.get_first_table().array) == 2
    assert {info.name: info.value for info in table.resources[0].infos} == {"QUERY_STATUS": "OVERFLOW"}
    workflow.project.data_public = False
    workflow.project.save()
    assert Client().get(HERE, {"RA": "0", "DEC": "0", "SR": "1"}).status_code == 404
