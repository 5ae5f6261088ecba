"""The import page in the browser: upload, progress by itself, what came of it; nothing that axe-core finds."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from playwright.sync_api import Page, expect

from projects.imports.waiting import accept, run_waiting
from projects.models import Import, Project
from tests.browser.test_site_axe import MODES, check
from tests.projects.imports.rows import row, text

HERE = "/projects/birds/import/"
ROWS = [row(1), row(2, annotations="["), row(3, annotations=[{"task": "T1", "value": [{"x": 1}]}])]
OPTIONS: dict[str, Any] = {"strict": False, "encoding": "utf-8", "written": []}


@pytest.fixture
def owner(live_site: str, page: Page) -> User:
    """Signed in."""
    user = User.objects.create_user("ann", password="quiet-nebula-7")
    project = Project.objects.create(slug="birds", title="Birds", accent="#ffee00")
    project.members.create(user=user, role="owner")
    page.goto(live_site + "/accounts/login/")
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill("quiet-nebula-7")
    page.get_by_role("button", name="Sign in").click()
    return user


def test_upload_and_see_it_go(live_site: str, page: Page, owner: User) -> None:
    """By keyboard, from the project's page on; the page tells the end without being asked."""
    page.goto(live_site + "/projects/birds/")
    page.get_by_role("link", name="Import").press("Enter")
    file = {"name": "export.csv", "mimeType": "text/csv", "buffer": text(*ROWS).encode()}
    page.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    page.get_by_role("button", name="Upload").press("Enter")
    card = page.get_by_role("article", name="export.csv")
    expect(card).to_contain_text("waiting for the worker")
    card.get_by_role("button", name="Cancel").focus()
    Import.objects.update(state="running", rows_done=1, rows_total=3)
    expect(card).to_contain_text("1 of 3 rows")
    expect(card.get_by_role("button", name="Cancel")).to_be_focused()
    Import.objects.update(state="waiting")
    run_waiting(Import.objects.get())
    expect(page.get_by_role("row", name="answers added 2")).to_be_visible()
    expect(page.get_by_text("line 3: annotations is no JSON")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="1 broken row as CSV").click()
    assert download.value.suggested_filename.endswith("-broken-rows.csv")


@pytest.mark.parametrize(("scheme", "width"), MODES)
def test_it_has_no_violations(live_site: str, page: Page, owner: User, scheme: str, width: int) -> None:
    project = Project.objects.get()
    for name in ("done.csv", "waiting.csv", "reading.csv"):
        accept(project, ContentFile(text(*ROWS).encode(), name), source="x", options=OPTIONS, user=owner)
    run_waiting(Import.objects.get(file_name="done.csv"))
    Import.objects.filter(file_name="reading.csv").update(state="running", rows_done=7)
    Import.objects.create(
        project=project,
        kind="votes",
        source="x",
        file_name="no.csv",
        state="failed",
        report={"error": "Line 1."},
    )
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    assert check(page, live_site + HERE) == []
    assert check(page, f"{live_site}/projects/birds/results/{project.workflows.get().slug}/?open=1") == []
