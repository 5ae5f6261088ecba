"""Attributes in the browser, by keyboard: a table comes in, a run, the ranking, an unusual object marked; axe."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from mining.models import AttributeRun, UnusualObject
from mining.services import associations, attributes, unusual
from mining.services.attribute_runs import ask
from mining.services.follow import follow
from projects.imports.waiting import run_waiting
from projects.models import Import, Project, SubjectState
from tests.browser.classifying import make_zoo
from tests.browser.shots import keep
from tests.browser.test_site_axe import FEATURES, check
from tests.mining.helpers import Crowd
from tests.projects.factories import ARTIFACT

HERE = "/projects/zoo/attributes/shapes/"
UNUSUAL = "/projects/zoo/unusual/"


@pytest.fixture
def crowd(live_site: str, page: Page) -> Crowd:
    """A zoo of 12 with five answers each, all finished: the first half has features; its scientist signed in."""
    workflow = make_zoo(accent="#ffee00")
    user = User.objects.create_user("ann", password="quiet-nebula-7")
    Project.objects.get().members.create(user=user, role="scientist")
    page.goto(live_site + "/accounts/login/")
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill("quiet-nebula-7")
    page.get_by_role("button", name="Sign in").click()
    made = Crowd(workflow, 5)
    for volunteer in range(5):
        for subject in range(12):
            made.answer(volunteer, subject, FEATURES if subject < 6 else ARTIFACT)
    follow(workflow.pk)
    assert not SubjectState.objects.filter(retired_at=None).exists()
    return made


def measured(crowd: Crowd) -> str:
    names = crowd.workflow.subject_set.subjects.order_by("pk").values_list("external_id", flat=True)
    return "id,size\n" + "".join(f"{name},{at % 6 + 50 * (at < 6)}\n" for at, name in enumerate(names))


def test_from_the_table_to_the_discovery(live_site: str, page: Page, crowd: Crowd) -> None:
    page.goto(live_site + "/projects/zoo/import/")
    page.get_by_role("link", name="Catalogue table").press("Enter")
    file = {"name": "sizes.csv", "mimeType": "text/csv", "buffer": measured(crowd).encode()}
    page.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    page.get_by_label("Column of ids").fill("id")
    page.get_by_role("button", name="Upload").press("Enter")
    expect(page.get_by_role("article", name="sizes.csv")).to_contain_text("waiting for the worker")
    run_waiting(Import.objects.get())
    expect(page.get_by_role("row", name="subjects that a row was joined to 12")).to_be_visible()
    page.goto(live_site + "/projects/zoo/results/shapes/")
    page.get_by_role("link", name="Which measurements go with the answers").press("Enter")
    page.get_by_role("combobox", name="Answer").select_option("T0=features")
    page.get_by_role("button", name="Start").press("Enter")
    expect(page.get_by_role("article")).to_contain_text("waiting for the worker")
    run = AttributeRun.objects.get()
    attributes.work(run)
    expect(page.get_by_role("cell", name="done")).to_be_visible()
    page.get_by_role("link", name=str(run.pk), exact=True).press("Enter")
    table = page.get_by_role("region", name="Table of attributes")
    expect(table.get_by_role("row").nth(1)).to_contain_text("size")
    expect(page.get_by_role("img", name="What each attribute tells of the answer").first).to_be_visible()
    page.goto(live_site + UNUSUAL)
    page.get_by_role("button", name="Look again").press("Enter")
    expect(page.get_by_text("the worker is looking")).to_be_visible()
    unusual.work(AttributeRun.objects.get(kind="unusual"))
    UnusualObject.objects.get_or_create(
        workflow=crowd.workflow,
        project=crowd.workflow.project,
        subject_id=crowd.subjects[0],
        defaults={"score": 7},
    )
    page.reload()
    page.locator("details summary").first.press("Enter")
    page.get_by_role("combobox", name="State").first.select_option("discovery")
    page.get_by_role("textbox", name="Note").first.fill("Like nothing else.")
    page.get_by_role("button", name="Keep").first.press("Enter")
    expect(page.get_by_text("Kept: discovery.")).to_be_visible()
    expect(page.locator(".unusual-list .tag.good").first).to_have_text("discovery")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_they_have_no_violations(live_site: str, page: Page, crowd: Crowd, scheme: str, width: int) -> None:
    project = crowd.workflow.project
    project.attributes.create(key="size", label="Size", unit="px")
    for at, subject in enumerate(project.subjects.order_by("pk")):
        subject.attributes = {"size": at % 6 + 50.0 * (at < 6)}
        subject.save()
    run = ask(crowd.workflow, AttributeRun.Kind.ATTRIBUTES, task="T0", key="features")
    attributes.work(run)
    together = ask(crowd.workflow, AttributeRun.Kind.ASSOCIATIONS)
    associations.work(together)
    ask(crowd.workflow, AttributeRun.Kind.ATTRIBUTES, task="T0")
    signal = {"code": "votes", "task": "T0", "facts": {"votes": [["features", 2], ["smooth", 3]], "p": 0.01}}
    made = UnusualObject.objects.create(
        workflow=crowd.workflow, project=project, subject_id=crowd.subjects[0], score=5, signals=[signal],
        finders=crowd.ids[:1],
    )  # fmt: skip
    made.history.create(state="looked-at", note="Hm.")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    problems = []
    places = {"attributes": HERE, "attribute-run": f"{HERE}{run.pk}/", "unusual": UNUSUAL}
    places |= {
        "associations": HERE.replace("attributes", "associations"),
        "together": f"{HERE}{together.pk}/",
    }
    for name, place in (places | {"table": "/projects/zoo/import/catalogue/"}).items():
        problems += check(page, live_site + place)
        keep(page, f"{name}-{scheme}-{width}")
    assert problems == []
