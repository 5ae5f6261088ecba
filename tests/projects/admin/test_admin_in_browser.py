"""The staff's pages under the site's content policy, in a real browser."""

import os
from pathlib import Path

from django.contrib.auth import get_user_model
from playwright.sync_api import Page

from projects.models import ProjectMember, Workflow
from tests.projects.factories import make_workflow


def picture(page: Page, name: str) -> None:
    """For a person to look at: ADMIN_PICTURES=/folder."""
    if folder := os.environ.get("ADMIN_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_staff_work_without_a_complaint_of_the_browser(live_site: str, page: Page):
    workflow = make_workflow(title="Zoo of forms")
    get_user_model().objects.create_superuser("root", password="pw")
    get_user_model().objects.create_user("maria", password="pw")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(live_site + "/admin/login/")
    page.fill("input[name=username]", "root")
    page.fill("input[name=password]", "pw")
    page.click("input[type=submit]")
    page.wait_for_url(live_site + "/admin/")
    picture(page, "index")

    page.goto(f"{live_site}/admin/projects/project/{workflow.project_id}/change/")
    page.click("text=Add another Project member")
    page.click("#id_members-0-user + .select2")
    page.fill(".select2-search__field", "mar")
    page.click(".select2-results__option:has-text('maria')")
    page.select_option("#id_members-0-role", "scientist")
    picture(page, "project")
    page.click("input[name=_save]")
    page.wait_for_url(live_site + "/admin/projects/project/")
    assert ProjectMember.objects.get().user.username == "maria"

    page.goto(f"{live_site}/admin/projects/workflow/{workflow.pk}/change/")
    picture(page, "workflow")
    definition = page.input_value("#id_definition")
    page.fill("#id_definition", definition.replace("What is it?", "What do you see there?"))
    page.click("input[name=_save]")
    page.wait_for_url(live_site + "/admin/projects/workflow/")
    assert Workflow.objects.get().published.number == "1.1"

    for table in ("subject", "classification", "volunteer", "workflowversion", "retirement"):
        page.goto(f"{live_site}/admin/projects/{table}/")
        picture(page, table)
    pictures_not_there = [text for text in complaints if "404" in text]  # the tests' subjects have no files
    assert [text for text in complaints if text not in pictures_not_there] == []
