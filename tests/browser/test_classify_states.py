"""What stands where no picture is: three empty answers, paused, offline, a lost picture; what lies beside one."""

import uuid

from playwright.sync_api import Page, expect

from projects.models import Look, Project, Workflow
from projects.services import next_subjects, record_classification
from tests.browser.classifying import DEFINITION, Volunteer, add_tutorial, make_zoo, wait_for_rows
from tests.projects.factories import ARTIFACT, make_pass, submission


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_finished_for_you(live_site: str, page: Page) -> None:
    make_zoo(subjects=2)
    volunteer = Volunteer(page, live_site).arrive()
    volunteer.agree_and_choose("Star or artifact")
    volunteer.answer_artifact()
    volunteer.choose("Star or artifact")
    volunteer.go_on()
    heading(page, "You have seen every picture")
    expect(page.get_by_role("link", name="See the results").locator("visible=true")).to_have_attribute(
        "href", "/projects/zoo/results/shapes/"
    )
    wait_for_rows(page, 2)


def test_all_leased_counts_down_and_looks_again(live_site: str, page: Page) -> None:
    workflow = make_zoo(subjects=1, definition={**DEFINITION, "retirement": ["gte", ["votes"], 1]})
    somebody = make_pass()
    batch = next_subjects(workflow_id=workflow.pk, holder=somebody.public_id, tab=uuid.uuid4())
    assert len(batch.subjects) == 1
    page.goto(Volunteer(page, live_site).url)
    heading(page, "Every picture that is left is with someone")
    countdown = page.locator("[data-state=all_leased] [data-part=countdown]")
    first = int((countdown.text_content() or "").split()[-2])
    assert 480 <= first <= 600
    page.wait_for_timeout(1500)
    assert int((countdown.text_content() or "").split()[-2]) < first
    record_classification(submission(workflow, batch.subjects[0].id, ARTIFACT), somebody)
    page.get_by_role("button", name="Look now").click()
    heading(page, "All done, by all of you")


def test_workflow_finished(live_site: str, page: Page) -> None:
    workflow = make_zoo(subjects=1, definition={**DEFINITION, "retirement": ["gte", ["votes"], 1]})
    subject = workflow.subject_set.subjects.get()
    record_classification(submission(workflow, subject.pk, ARTIFACT), make_pass())
    page.goto(Volunteer(page, live_site).url)
    heading(page, "All done, by all of you")


def test_a_paused_workflow_rests(live_site: str, page: Page) -> None:
    workflow = make_zoo()
    Workflow.objects.filter(pk=workflow.pk).update(state="paused")
    page.goto(Volunteer(page, live_site).url)
    heading(page, "This one is resting")


def test_a_private_project_is_not_there_for_a_stranger(live_site: str, page: Page) -> None:
    make_zoo()
    Project.objects.update(is_public=False)
    response = page.goto(Volunteer(page, live_site).url)
    assert response is not None
    assert response.status == 404


def test_offline_from_the_start(live_site: str, page: Page) -> None:
    make_zoo()
    volunteer = Volunteer(page, live_site)
    page.add_init_script("Object.defineProperty(navigator, 'onLine', {get: () => false})")
    page.route("**/api/v1/**", lambda route: route.abort())
    page.goto(volunteer.url)
    heading(page, "You are offline")
    # In vain as yet: once the site answers, the page might try by itself before the click.
    with page.expect_request("**/next?**"):
        page.get_by_role("button", name="Try now").locator("visible=true").click()
    page.unroute("**/api/v1/**")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(volunteer.answers.first).to_be_visible()


def test_a_picture_that_does_not_load_can_be_tried_again_or_left(live_site: str, page: Page) -> None:
    make_zoo()
    volunteer = Volunteer(page, live_site)
    page.route("**/media/**", lambda route: route.abort())
    volunteer.arrive()
    expect(page.get_by_text("This picture did not load.")).to_be_visible()
    page.unroute("**/media/**")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("vw-viewer")).to_have_attribute("data-state", "ready")
    page.route("**/media/**", lambda route: route.abort())
    page.reload()
    expect(page.get_by_text("This picture did not load.")).to_be_visible()
    before = volunteer.picture  # whichever of those in hand comes first again
    page.get_by_role("button", name="Take another").click()
    expect(page.locator(".stage .picture")).not_to_have_attribute("src", before)


def test_the_glance_shows_others_only_after_the_own_answer_is_stored(live_site: str, page: Page) -> None:
    workflow = make_zoo()
    for subject in workflow.subject_set.subjects.all():
        record_classification(submission(workflow, subject.pk, ARTIFACT), make_pass())
    volunteer = Volunteer(page, live_site).arrive()
    volunteer.agree_and_choose("Smooth")
    page.get_by_label("Show how others answered, once I have").check()
    glance = page.get_by_role("region", name="How others answered the picture before")
    expect(glance).to_contain_text("After your next answer")
    assert Look.objects.count() == 0
    volunteer.go_on()
    volunteer.choose("Cigar-shaped")
    volunteer.go_on()
    volunteer.go_on()
    expect(glance).to_contain_text("answers of 2 people, yours included")
    expect(glance.locator("li", has_text="Star or artifact")).to_contain_text("1 of 2")
    expect(glance.locator("li.yours").first).to_have_text("Smooth (you)1 of 2")
    assert Look.objects.count() == 1
    page.get_by_label("Show how others answered, once I have").uncheck()
    expect(glance).to_be_hidden()
    volunteer.answer_artifact()
    wait_for_rows(page, workflow.subject_set.subjects.count() + 2)
    page.wait_for_timeout(300)
    assert Look.objects.count() == 1, "who does not want to look has not looked"
    page.reload()
    expect(page.get_by_label("Show how others answered, once I have")).not_to_be_checked()


def test_the_tutorial_opens_once_by_itself_and_again_on_request(live_site: str, page: Page) -> None:
    workflow = make_zoo()
    add_tutorial(workflow.project)
    Volunteer(page, live_site).arrive()
    tutorial = page.get_by_role("dialog", name="Tutorial")
    expect(tutorial).to_contain_text("A window of the sky")
    tutorial.get_by_role("button", name="Next").click()
    expect(tutorial).to_contain_text("What you do")
    expect(tutorial).to_contain_text("2 of 2")
    tutorial.get_by_role("button", name="Back").click()
    expect(tutorial).to_contain_text("A window of the sky")
    tutorial.get_by_role("button", name="Next").click()
    tutorial.get_by_role("button", name="Start").click()
    expect(tutorial).to_be_hidden()
    page.reload()
    expect(page.locator(".answer").first).to_be_visible()
    expect(tutorial).to_be_hidden()
    page.get_by_role("button", name="Tutorial", exact=True).click()
    expect(tutorial).to_contain_text("A window of the sky")
    page.keyboard.press("Escape")
    expect(tutorial).to_be_hidden()


def test_help_is_there_for_the_task_that_has_it(live_site: str, page: Page) -> None:
    make_zoo()
    volunteer = Volunteer(page, live_site).arrive()
    page.get_by_text("Help with this question").click()
    expect(page.locator(".help-text strong")).to_have_text("middle")
    volunteer.agree_and_choose("Smooth")
    volunteer.go_on()
    expect(page.get_by_text("Help with this question")).to_be_hidden()


def test_what_is_known_of_the_picture_is_told_and_the_teams_own_keys_are_not(
    live_site: str, page: Page
) -> None:
    make_zoo()
    Volunteer(page, live_site).arrive()
    page.get_by_text("About this picture").click()
    about = page.locator("[data-part=about]")
    expect(about.locator("dt")).to_have_text(["field"])
    expect(about.locator("dd")).to_have_text(["A"])
    expect(about).to_contain_text("Shown 8 times enlarged.")
    assert "secret" not in page.content()
