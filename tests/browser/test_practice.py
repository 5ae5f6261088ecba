"""A training with feedback, an exam failed and passed, a gate that opens: in a browser, by keyboard and by thumb."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from projects.models import (
    Classification,
    GoldSubject,
    ProjectMember,
    Qualification,
    Sitting,
    Use,
    Workflow,
)
from projects.services import Known, enter_gold, publish_workflow
from tests.browser.classifying import DEFINITION, Volunteer, make_zoo, wait_for_rows
from tests.browser.shots import keep
from tests.browser.test_site_axe import SETTLED
from tests.projects.factories import ARTIFACT

EXAM = {"subjects": 3, "pass_mark": 0.6, "tries": 2, "retry_after_hours": 1, "grants": "shapes-exam"}
PRACTISED = DEFINITION | {"training": {"subjects": 3}, "exam": EXAM}
FEATURES = [
    {"task": "T0", "value": "features"},
    {"task": "T2", "value": "bar"},
    {"task": "T7", "value": []},
]


def furnish(**options: object) -> Workflow:
    """Three subjects of training, of which the last has features; six of an exam; a second workflow behind a gate."""
    workflow = make_zoo(subjects=14, definition=PRACTISED, **options)
    workflow.refresh_from_db()
    project = workflow.project
    Qualification.objects.create(
        project=project, slug="shapes-exam", title="Shapes", kind="exam", rule={"workflow": "shapes"}
    )
    subjects = list(project.subjects.order_by("external_id").values_list("pk", flat=True))
    for at, subject in enumerate(subjects[:9]):
        use = Use.TRAINING if at < 3 else Use.EXAM
        known = Known(use, False, "A star it is." if at < 3 else "", "Look for the spikes." if at < 3 else "")
        enter_gold(
            workflow=workflow, subject_id=subject, annotations=ARTIFACT, expert="account:1", known=known
        )
    gated = Workflow.objects.create(
        project=project, slug="expert", title="The hard ones", subject_set=workflow.subject_set,
        position=2, requires=["shapes-exam"],
    )  # fmt: skip
    publish_workflow(gated, DEFINITION)
    return workflow


def quiet(page: Page) -> None:
    """Axe finds nothing, once colours have stopped changing."""
    page.evaluate(SETTLED)
    found = Axe().run(page).response["violations"]
    assert [(violation["id"], node["html"]) for violation in found for node in violation["nodes"]] == []


def both_themes(page: Page, name: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        quiet(page)
        keep(page, f"{name}-{scheme}")
    page.emulate_media(color_scheme="light")


def title(page: Page):
    return page.locator("[data-part=verdict-title]")


def test_a_training_by_keyboard(live_site: str, page: Page) -> None:
    furnish()
    volunteer = Volunteer(page, live_site)
    volunteer.url += "?use=training"
    volunteer.arrive()
    expect(page.locator("[data-part=practice-count]")).to_have_text("Training: 1 of 3")
    page.keyboard.press("3")
    volunteer.agree()
    expect(volunteer.option("Star or artifact")).to_be_checked()
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("That is right")
    expect(title(page)).to_be_focused()
    expect(page.locator("[data-part=verdict-message]")).to_have_text("A star it is.")
    both_themes(page, "practice-right")
    page.reload()
    expect(title(page)).to_have_text("That is right")
    before = volunteer.picture
    page.keyboard.press("2")  # nothing is answered while it is read
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=practice-count]")).to_have_text("Training: 2 of 3")
    expect(page.locator(".stage .picture")).not_to_have_attribute("src", before)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Not quite")
    expect(page.locator("[data-part=verdict-message]")).to_have_text("Look for the spikes.")
    (row,) = page.locator(".verdict li").all()
    expect(row).to_contain_text("Is it smooth?")
    expect(row).to_contain_text("Not right. You said: Features or disk")
    expect(row).to_contain_text("The team says: Star or artifact")
    both_themes(page, "practice-wrong")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=practice-count]")).to_have_text("Training: 3 of 3")
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("That is right")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="That was the training")).to_be_visible()
    both_themes(page, "practice-trained")
    rows = wait_for_rows(page, 3)
    assert [row.counted_reason for row in rows] == ["training"] * 3
    page.get_by_role("link", name="To the exam").click()
    expect(page.get_by_role("heading", name="An exam of 3 pictures")).to_be_visible()
    assert volunteer.problems == []


def test_an_answer_waits_for_the_network_and_no_feedback_comes_before(live_site: str, page: Page) -> None:
    furnish()
    volunteer = Volunteer(page, live_site)
    volunteer.url += "?use=training"
    volunteer.arrive()
    volunteer.agree_and_choose("Star or artifact")
    page.route("**/api/v1/classifications", lambda route: route.abort())
    volunteer.go_on()
    expect(title(page)).to_have_text("Not sent yet")
    keep(page, "practice-late")
    quiet(page)
    page.reload()
    expect(title(page)).to_have_text("Not sent yet")
    assert Classification.objects.count() == 0
    page.unroute("**/api/v1/classifications")
    page.get_by_role("button", name="Send now").click()
    expect(title(page)).to_have_text("That is right")
    wait_for_rows(page, 1)
    assert volunteer.problems == []


def test_two_tabs_of_one_training(live_site: str, page: Page) -> None:
    furnish()
    volunteer = Volunteer(page, live_site)
    volunteer.url += "?use=training"
    volunteer.arrive()
    volunteer.agree_and_choose("Star or artifact")
    second = page.context.new_page()
    other = Volunteer(second, live_site)
    other.url = volunteer.url
    other.arrive()
    other.choose("Smooth")
    assert other.picture == volunteer.picture
    volunteer.go_on()
    expect(title(page)).to_have_text("That is right")
    other.choose("Star or artifact")
    other.go_on()
    expect(second.get_by_text("You have already answered this subject")).to_be_visible()
    expect(second.locator("[data-part=practice-count]")).to_have_text("Training: 2 of 3")
    expect(other.answers.first).to_be_visible()
    wait_for_rows(page, 1)
    assert volunteer.problems == other.problems == []


def test_fail_the_exam_try_again_pass_and_the_gate_opens(live_site: str, page: Page) -> None:
    furnish()
    volunteer = Volunteer(page, live_site)
    page.goto(f"{live_site}/projects/zoo/classify/expert/")
    expect(page.get_by_role("heading", name="This work asks for something first")).to_be_visible()
    both_themes(page, "practice-gate")
    page.locator("section[data-state=unqualified]").get_by_role("link", name="To the exam").click()
    begin = page.get_by_role("button", name="Begin the exam")
    expect(begin).to_be_visible()
    both_themes(page, "practice-exam")
    begin.click()
    volunteer.agree()
    for at in range(3):
        expect(page.locator("[data-part=practice-count]")).to_have_text(f"Exam: {at + 1} of 3")
        if at == 1:
            page.reload()
            expect(page.locator("[data-part=practice-count]")).to_have_text("Exam: 2 of 3")
        volunteer.choose("Features or disk")
        volunteer.go_on()
        volunteer.choose("Bar")
        volunteer.go_on()
        volunteer.go_on()
    expect(page.get_by_role("heading", name="Not passed this time")).to_be_visible()
    exam = page.locator("section[data-state=exam]")
    expect(exam).to_contain_text("Your score: 0%")
    expect(exam).to_contain_text("60% were asked for")
    expect(exam).to_contain_text("Tries left: 1")
    both_themes(page, "practice-failed")
    page.goto(f"{live_site}/projects/zoo/")
    expect(page.get_by_text("Exam: try again")).to_be_visible()
    Sitting.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    page.reload()
    keep(page, "practice-project")
    quiet(page)
    page.get_by_role("link", name="Exam: 3 pictures").click()
    page.get_by_role("button", name="Begin the exam").click()
    for at in range(3):
        expect(page.locator("[data-part=practice-count]")).to_have_text(f"Exam: {at + 1} of 3")
        volunteer.choose("Star or artifact")
        volunteer.go_on()
    expect(page.get_by_role("heading", name="Passed", exact=True)).to_be_visible()
    expect(exam).to_contain_text("Your score: 100%")
    both_themes(page, "practice-passed")
    page.get_by_role("link", name="The hard ones").click()
    expect(volunteer.answers.first).to_be_visible()
    assert volunteer.problems == []


@pytest.mark.browser_context_args(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
def test_training_and_exam_by_thumb(live_site: str, page: Page) -> None:
    furnish()
    volunteer = Volunteer(page, live_site)
    volunteer.url += "?use=training"
    volunteer.arrive()
    page.locator(".answer", has_text="Smooth").tap()
    volunteer.agree()
    volunteer.go_on_button.tap()
    page.locator(".answer", has_text="Cigar-shaped").tap()
    volunteer.go_on_button.tap()
    volunteer.go_on_button.tap()
    expect(title(page)).to_be_in_viewport()
    expect(page.locator(".stage")).to_be_in_viewport()
    expect(page.get_by_text("The team says: Star or artifact")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    both_themes(page, "practice-390")
    volunteer.go_on_button.tap()
    expect(page.locator("[data-part=practice-count]")).to_have_text("Training: 2 of 3")
    page.goto(f"{live_site}/projects/zoo/classify/shapes/?use=exam")
    begin = page.get_by_role("button", name="Begin the exam")
    expect(begin).to_be_visible()
    both_themes(page, "practice-exam-390")
    begin.tap()
    page.locator(".answer", has_text="Star or artifact").tap()
    volunteer.go_on_button.tap()
    expect(page.locator("[data-part=practice-count]")).to_have_text("Exam: 2 of 3")
    page.goto(f"{live_site}/projects/zoo/")
    expect(page.get_by_role("link", name="Exam: go on, 1 of 3 answered")).to_be_visible()
    page.locator(".workflows").scroll_into_view_if_needed()
    both_themes(page, "practice-project-390")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert volunteer.problems == []


def test_an_expert_gives_known_answers_in_the_classifier(live_site: str, page: Page) -> None:
    workflow = make_zoo(subjects=4)
    user = User.objects.create_user("ann", password="quiet-nebula-7")
    ProjectMember.objects.create(project=workflow.project, user=user, role="expert")
    page.goto(f"{live_site}/accounts/login/")
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill("quiet-nebula-7")
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{live_site}/projects/zoo/")
    page.get_by_role("link", name="Known answers: Shapes").click()
    page.get_by_role("link", name="Give known answers").click()
    volunteer = Volunteer(page, live_site)
    expect(volunteer.answers.first).to_be_visible()
    page.get_by_label("training", exact=True).check()
    page.get_by_label("Said after a wrong answer").fill("Look again.")
    both_themes(page, "known-classify")
    before = volunteer.picture
    volunteer.choose("Star or artifact")
    if page.locator("#consent-dialog").is_visible():
        volunteer.agree()
        expect(volunteer.option("Star or artifact")).to_be_checked()
    volunteer.go_on()
    expect(page.locator(".stage .picture")).not_to_have_attribute("src", before)
    page.get_by_label("a hidden check").check()
    volunteer.choose("Star or artifact")
    before = volunteer.picture
    volunteer.go_on()
    expect(page.locator(".stage .picture")).not_to_have_attribute("src", before)
    known = list(GoldSubject.objects.order_by("at"))
    assert [(each.use, each.secret, each.wrong_message) for each in known] == [
        (Use.TRAINING, False, "Look again."),
        (Use.CHECK, True, ""),
    ]
    assert Classification.objects.count() == 0
    page.get_by_role("link", name="All known answers").click()
    expect(page.get_by_role("heading", name="2 known subjects")).to_be_visible()
    page.locator(".known-change summary").first.click()
    both_themes(page, "known-list")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    both_themes(page, "known-list-390")
    assert volunteer.problems == []
