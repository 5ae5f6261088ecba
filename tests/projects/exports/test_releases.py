"""Releases: the same bytes from the same position, whatever came in since; what they say of themselves."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from mining.services.follow import follow
from mining.services.mine import mine
from mining.services.runs import publish
from projects.exceptions import Invalid
from projects.exports.releases.build import rebuild
from projects.exports.releases.make import make_release
from projects.exports.waiting import forget, opened, run_waiting
from projects.models import (
    CatalogueAttribute,
    Classification,
    Export,
    LedgerEntry,
    Release,
    Subject,
    Volunteer,
    Workflow,
)
from projects.services import discount, publish_workflow, record_classification
from projects.services.volunteers import join_account
from tests.projects.factories import ARMS, SMOOTH, TREE, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db(transaction=True)
SAID: dict[str, Any] = {
    "title": "Zoo \u03b1, first",
    "description": 'All "of" it',
    "licence": "CC-BY-4.0",
    "creators": ["Lovelace, Ada", " ", "Team of the Zoo"],
}


@pytest.fixture
def workflow(redis_client: object) -> Workflow:
    """s0: three answers, finished; s1: three, one of them discounted, so open again; s2: one, open. Ann is to be
    credited; a run is published."""
    made = make_workflow(4, data_public=True)
    subjects = by_name(made)
    crowd = [make_pass() for _ in range(3)]
    for held, answer in zip(crowd, (ARMS, SMOOTH, ARMS), strict=True):
        record_classification(submission(made, subjects["s0"], answer), held)
        record_classification(submission(made, subjects["s1"], SMOOTH), held)
    record_classification(submission(made, subjects["s2"], SMOOTH), crowd[0])
    discount(Classification.objects.filter(subject=subjects["s1"]).first(), "spam")  # type: ignore[arg-type]
    Volunteer.objects.filter(public_id=crowd[0].public_id).update(credit_name="Ann 🌌")
    Volunteer.objects.filter(public_id=make_pass().public_id).update(credit_name="Nobody")
    CatalogueAttribute.objects.create(project=made.project, key="r", label="Radius", unit="px")
    Subject.objects.filter(pk=subjects["s0"]).update(
        attributes={"r": 1.5}, metadata={"#secret": "x", "a": "=1"}
    )
    follow(made.pk)
    publish(mine(made, method="majority"), made)
    made.refresh_from_db()
    return made


def by_name(workflow: Workflow) -> dict[str, int]:
    return dict(workflow.project.subjects.values_list("external_id", "pk"))


def released(workflow: Workflow) -> tuple[Release, dict[str, bytes]]:
    """With the contents of its archive by name."""
    release = make_release(workflow.project, **SAID)
    run_waiting(release.export)
    assert release.export.state == "done", release.export.message
    release.refresh_from_db()
    with opened(release.export) as file, zipfile.ZipFile(file) as archive:
        top = f"zoo-release-{release.number}/"
        return release, {name.removeprefix(top): archive.read(name) for name in archive.namelist()}


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_it_is_built_again_to_the_same_bytes_whatever_came_in_since(
    workflow: Workflow, tmp_path: Path
) -> None:
    release, _ = released(workflow)
    with opened(release.export) as file:
        was = file.read()
    subjects = by_name(workflow)
    first = Classification.objects.filter(subject=subjects["s0"]).first()
    discount(first, "spam")  # type: ignore[arg-type]
    for name in ("s1", "s2", "s0"):
        for _ in range(3):
            record_classification(submission(workflow, subjects[name], ARMS), make_pass())
    ann = Volunteer.objects.get(credit_name="Ann 🌌")
    user = get_user_model().objects.create_user("ann")
    other = Volunteer.objects.filter(classifications__subject=subjects["s0"]).exclude(pk=ann.pk).first()
    assert other is not None
    for one in (ann, other):  # the second becomes an alias
        join_account(one.public_id, user)
    assert LedgerEntry.objects.filter(kind="joining").exists()
    Volunteer.objects.filter(pk=ann.pk).update(credit_name="")
    tree = TREE | {"tasks": TREE["tasks"] | {"T1": TREE["tasks"]["T1"] | {"question": "Which?"}}}
    publish_workflow(workflow, tree)
    follow(workflow.pk)
    again = Workflow.objects.get(pk=workflow.pk)
    publish(mine(again, method="majority"), again)
    Workflow.objects.update(title="Another", state="paused")
    workflow.project.title = "Another"
    workflow.project.save()
    target = tmp_path / "again.zip"
    assert rebuild(Release.objects.get(), target) == []
    assert target.read_bytes() == was
    Subject.objects.filter(pk=subjects["s0"]).update(metadata={"a": "changed"})
    assert set(rebuild(Release.objects.get(), target)) == CHANGED


CHANGED = {"shapes/catalogue.csv", "shapes/subjects.csv", "README.md", "croissant.json", "sha256sums.txt"}
"""By other metadata of a subject: its tables, and what tells their sizes and sums."""


def test_it_holds_what_counted_on_finished_subjects_and_the_runs_numbers(workflow: Workflow) -> None:
    release, files = released(workflow)
    (subject,) = rows(files["shapes/catalogue.csv"])
    assert (subject["external_id"], subject["attr_r"], subject["meta_a"]) == ("s0", "1.5", "'=1")
    assert "meta_#secret" not in subject
    assert (subject["T0_label"], subject["T0_votes_features"], subject["T0_asked"]) == ("features", "2", "3")
    run = release.rests_on[0]["run"]
    assert (subject["method"], float(subject["T0_probability"]) > 0.5) == (f"run {run}", True)
    answers = rows(files["shapes/annotations.csv"])
    assert [(row["external_id"], row["task"], row["key"]) for row in answers] == [
        ("s0", "T0", "features"), ("s0", "T1", "arms"), ("s0", "T0", "smooth"), ("s0", "T0", "features"),
        ("s0", "T1", "arms"),
    ]  # fmt: skip
    assert all(row["user_name"].startswith("volunteer-") for row in answers)
    assert [row["external_id"] for row in rows(files["shapes/subjects.csv"])] == ["s0"]
    (version,) = rows(files["shapes/workflow-versions.csv"])
    assert (version["version"], version["classifications_count"]) == ("1", "3")
    columns = {(row["table"], row["column"]) for row in rows(files["columns.csv"])}
    assert ("shapes/catalogue.csv", "attr_r") in columns
    assert files["CREDITS.md"].decode().endswith("\n- Ann 🌌\n")
    listed = dict(reversed(line.split("  ")) for line in files["sha256sums.txt"].decode().splitlines())
    assert listed.keys() == files.keys() - {"sha256sums.txt"}
    assert {name: hashlib.sha256(files[name]).hexdigest() for name in listed} == listed
    assert hashlib.sha256(files["sha256sums.txt"]).hexdigest() == release.checksum


def test_it_says_of_itself_what_the_formats_require(workflow: Workflow) -> None:
    _, files = released(workflow)
    told = json.loads(files["datacite.json"])
    assert [each["name"] for each in told["creators"]] == ["Lovelace, Ada", "Team of the Zoo"]
    assert told["titles"] == [{"title": "Zoo \u03b1, first, release 1"}]
    assert told["types"]["resourceTypeGeneral"] == "Dataset"
    mandatory = {
        "alternateIdentifiers",
        "creators",
        "titles",
        "publisher",
        "publicationYear",
        "types",
        "schemaVersion",
    }
    assert {name for name in mandatory if told.get(name)} == mandatory
    dataset = json.loads(files["croissant.json"])
    required = {
        "@context",
        "@type",
        "name",
        "description",
        "license",
        "url",
        "creator",
        "datePublished",
        "conformsTo",
    }
    assert {name for name in required if dataset.get(name)} == required
    objects = {each["@id"]: each for each in dataset["distribution"]}
    assert set(objects) == {
        f"shapes/{name}.csv" for name in ("catalogue", "annotations", "subjects", "workflow-versions")
    }
    for each in objects.values():
        assert each["sha256"] == hashlib.sha256(files[each["contentUrl"]]).hexdigest()
    for record_set in dataset["recordSet"]:
        header = next(csv.reader(io.StringIO(files[f"{record_set['name']}.csv"].decode(), newline="")))
        assert [field["source"]["extract"]["column"] for field in record_set["field"]] == header
        assert {field["source"]["fileObject"]["@id"] for field in record_set["field"]} <= objects.keys()
    cited = files["CITATION.txt"].decode()
    assert cited.startswith("Lovelace, Ada; Team of the Zoo (20")
    assert cited.strip() in files["README.md"].decode()


def test_they_are_numbered_and_stay(workflow: Workflow, settings: Any) -> None:
    first, _ = released(workflow)
    waits = make_release(workflow.project, **SAID)
    assert make_release(workflow.project, **SAID) == waits
    Export.objects.filter(pk=waits.export_id).update(state="failed", message="No.")
    second, _ = released(workflow)
    assert (first.number, second.number, Release.objects.count()) == (1, 2, 2)
    assert first.checksum != second.checksum
    settings.KEEP = settings.KEEP | {"exports": 0}
    forget(second.export.finished_at)  # type: ignore[arg-type]
    assert Export.objects.filter(state="done").count() == 2
    for wrong, sentence in [
        ({"creators": [" "]}, "Name at least one"),
        ({"licence": "mine"}, "Choose a licence"),
    ]:
        with pytest.raises(Invalid, match=sentence):
            make_release(workflow.project, **SAID | wrong)


def test_the_page_lists_them_and_the_team_makes_them(workflow: Workflow) -> None:
    here = "/projects/zoo/releases/"
    given = SAID | {"creators": "Lovelace, Ada\nTeam"}
    assert Client().post(here, given).status_code == 404
    user = get_user_model().objects.create_user("sam")
    workflow.project.members.create(user=user, role="scientist")
    client = Client()
    client.force_login(user)
    assert client.post(here, given).status_code == 302
    assert "Release 1 is being made." in Client().get(here).content.decode()
    release = Release.objects.get()
    run_waiting(release.export)
    page = Client().get(here).content.decode()
    assert "Lovelace, Ada; Team (20" in page
    assert "Make a release" not in page
    got = Client().get(f"/projects/zoo/data/files/{release.export.public_id}/")
    assert got["Content-Disposition"] == 'attachment; filename="zoo-release-1.zip"'
    assert b"".join(got.streaming_content)[:2] == b"PK"
    assert "zoo-release-1.zip" not in Client().get("/projects/zoo/data/").content.decode()
    workflow.project.data_public = False
    workflow.project.save()
    assert Client().get(here).status_code == 404


def test_who_wishes_it_is_credited(workflow: Workflow) -> None:
    from projects.services.volunteers import COOKIE

    held = make_pass()
    record_classification(submission(workflow, by_name(workflow)["s3"]), held)
    client = Client()
    assert client.post("/me/credit/", {"name": "Eve"}).status_code == 302
    client.cookies[COOKIE] = held.signed()
    told = client.post("/me/credit/", {"name": "  Eve \n Smith "}, follow=True).content.decode()
    assert "The next releases name you: Eve Smith." in told
    assert 'value="Eve Smith"' in told
    client.post("/me/credit/", {"name": "x" * 101})
    client.post("/me/credit/", {"name": "a\u202eb"})
    assert Volunteer.objects.get(public_id=held.public_id).credit_name == "Eve Smith"
    client.post("/me/credit/", {"name": ""})
    assert Volunteer.objects.get(public_id=held.public_id).credit_name == ""
