"""Pages of an imported crowd, with items of text and items without anything: axe finds nothing, nothing is too wide."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from playwright.sync_api import Page

from mining.services.draw_charts import draw_charts
from mining.services.follow import follow
from mining.services.mine import mine
from projects.models import Workflow
from tests.browser.test_site_axe import MODES, check

PLACES = ["/projects/crowd/", "/projects/crowd/results/crowd-labels/", "/projects/crowd/data/"]


@pytest.mark.parametrize(("scheme", "width"), MODES)
def test_pages_have_no_violations(
    live_site: str, page: Page, tmp_path: Path, scheme: str, width: int
) -> None:
    labels, items = tmp_path / "labels.csv", tmp_path / "items.csv"
    votes = (f"i{item},w{n},{'yes' if (item + n) % 3 else 'no'}\n" for item in range(12) for n in range(5))
    labels.write_text("item,worker,label\n" + "".join(votes))
    items.write_text("item,text,size\n" + "".join(f"i{n},{'A long word ' * 9 * n},{n}\n" for n in range(8)))
    call_command("import_votes", labels, "--project", "crowd", "--items", items, verbosity=0)
    workflow = Workflow.objects.get()
    follow(workflow.pk)
    mine(workflow)
    draw_charts(workflow.pk)
    User.objects.create_superuser("ann", email="ann@example.org", password="quiet-nebula-7")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live_site + "/accounts/login/")
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill("quiet-nebula-7")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    assert [problem for place in PLACES for problem in check(page, live_site + place)] == []
