"""A researcher's journey by keyboard: a FITS catalogue is asked for, a release is made, both are taken away."""

import re
import zipfile
from pathlib import Path

from astropy.table import Table
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from projects.exports.waiting import run_waiting, tend
from projects.models import Export, ProjectMember
from projects.services import record_classification
from tests.projects.factories import make_pass, make_workflow, submission


def write_all() -> None:
    """As the worker does."""
    for pk in tend():
        run_waiting(Export.objects.get(pk=pk))


def saved(page: Page, name: str) -> Path:
    """The file behind the link of that name, chosen by the key Enter."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name).press("Enter")
    return download.value.path()


def test_a_catalogue_and_a_release_are_asked_for_and_downloaded(live_site: str, page: Page) -> None:
    workflow = make_workflow(2, data_public=True)
    subject = workflow.project.subjects.get(external_id="s0").pk
    for _ in range(3):
        record_classification(submission(workflow, subject), make_pass())
    ann = User.objects.create_user("ann")
    ProjectMember.objects.create(project=workflow.project, user=ann, role="scientist")
    client = Client()
    client.force_login(ann)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_site}])
    page.goto(f"{live_site}/projects/zoo/data/")
    expect(page.get_by_role("heading", name="Data", exact=True)).to_be_visible()
    page.wait_for_load_state()
    page.get_by_role("button", name=re.compile(r"FITS ?: Catalogue, Shapes")).press("Enter")
    expect(page.get_by_text("zoo-shapes-catalogue.fits").first).to_be_visible()
    write_all()
    expect(page.get_by_role("link", name=re.compile("Download.*zoo-shapes-catalogue.fits"))).to_be_visible()
    page.wait_for_load_state()
    table = Table.read(saved(page, "zoo-shapes-catalogue.fits"), format="fits")
    assert sorted(table["external_id"].astype(str)) == ["s0", "s1"]
    page.get_by_role("link", name="Releases to cite").press("Enter")
    expect(page.get_by_role("heading", name="Make a release")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_label("Creators").focus()
    page.keyboard.type("Arkel, Hanny van")
    page.get_by_role("button", name="Make the release").press("Enter")
    expect(page.get_by_text("Release 1 is being made.")).to_be_visible()
    write_all()
    expect(page.get_by_text("Cite it as")).to_be_visible()
    with zipfile.ZipFile(saved(page, "Download")) as archive:
        assert "sha256sums.txt" in {Path(name).name for name in archive.namelist()}
