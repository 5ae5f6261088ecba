"""From the front page to stored answers: by mouse, by keyboard, by thumb."""

import pytest
from playwright.sync_api import Page, expect

from projects.models import Favourite
from tests.browser.classifying import ONE_QUESTION, Volunteer, add_tutorial, make_zoo, wait_for_rows
from tests.browser.shots import keep
from tests.browser.test_text import quiet


def test_a_stranger_answers_within_two_clicks_from_the_front_page(live_site: str, page: Page) -> None:
    workflow = make_zoo()
    add_tutorial(workflow.project)
    volunteer = Volunteer(page, live_site)
    page.goto(live_site)
    page.locator(f"a[href='/projects/zoo/classify/{workflow.slug}/']").first.click()
    expect(volunteer.question).to_have_text("Is it smooth?")
    expect(page.locator("#tutorial-dialog")).to_be_visible()
    page.locator(".answer", has_text="Features or disk").click()  # the second click is an answer
    volunteer.agree()
    expect(page.get_by_label("Features or disk")).to_be_checked()
    volunteer.go_on()
    volunteer.choose("No bar")
    volunteer.go_on()
    volunteer.choose("Merger")
    volunteer.choose("Ring")
    expect(volunteer.go_on_button).to_have_text("Done")
    volunteer.go_on()
    expect(volunteer.question).to_have_text("Is it smooth?")
    (row,) = wait_for_rows(page, 1)
    assert row.annotations == [
        {"task": "T0", "value": "features"},
        {"task": "T2", "value": "no-bar"},
        {"task": "T7", "value": ["ring", "merger"]},
    ]
    assert row.counted == "yes"
    assert row.metadata == {"language": "en", "viewport": {"width": 1280, "height": 720}}
    assert row.started_at is not None
    assert row.finished_at is not None
    assert row.started_at <= row.finished_at
    assert volunteer.problems == []


def test_who_does_not_agree_answers_nothing(live_site: str, page: Page) -> None:
    make_zoo()
    volunteer = Volunteer(page, live_site).arrive()
    page.locator(".answer", has_text="Smooth").click()
    expect(page.get_by_role("dialog", name="Before your first answer")).to_be_visible()
    page.get_by_role("button", name="Not now").click()
    expect(page.get_by_label("Smooth")).not_to_be_checked()
    volunteer.go_on()
    expect(page.get_by_role("dialog", name="Before your first answer")).to_be_visible()
    wait_for_rows(page, 0)


def test_back_and_forward_keep_answers_and_a_change_drops_the_other_branch(
    live_site: str, page: Page
) -> None:
    make_zoo()
    volunteer = Volunteer(page, live_site).arrive()
    volunteer.agree_and_choose("Smooth")
    volunteer.go_on()
    volunteer.choose("Cigar-shaped")
    volunteer.go_on()
    volunteer.back()
    expect(page.get_by_label("Cigar-shaped")).to_be_checked()
    volunteer.back()
    expect(page.get_by_label("Smooth")).to_be_checked()
    volunteer.go_on()
    expect(page.get_by_label("Cigar-shaped")).to_be_checked()
    volunteer.back()
    volunteer.choose("Features or disk")
    volunteer.go_on()
    expect(volunteer.question).to_have_text("Is there a bar?")
    volunteer.choose("Bar")
    volunteer.go_on()
    volunteer.go_on()
    (row,) = wait_for_rows(page, 1)
    assert row.annotations == [
        {"task": "T0", "value": "features"},
        {"task": "T2", "value": "bar"},
        {"task": "T7", "value": []},
    ]


def test_by_keyboard_alone(live_site: str, page: Page) -> None:
    make_zoo()
    volunteer = Volunteer(page, live_site).arrive()
    page.keyboard.press("Enter")
    expect(page.locator("#consent-dialog")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="I agree, go on")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#consent-dialog")).to_be_hidden()
    expect(page.get_by_text("Choose an answer first.")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(volunteer.question).to_have_text("How round is it?")
    page.keyboard.press("2")
    page.keyboard.press("Backspace")
    expect(volunteer.question).to_have_text("Is it smooth?")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(volunteer.question).to_have_text("Is there anything odd?")
    page.keyboard.press("1")
    page.keyboard.press("3")
    page.keyboard.press("1")
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Keep as a favourite")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    (row,) = wait_for_rows(page, 1)
    assert row.annotations == [
        {"task": "T0", "value": "smooth"},
        {"task": "T1", "value": "cigar"},
        {"task": "T7", "value": ["other"]},
    ]
    assert [kept.subject_id for kept in Favourite.objects.all()] == [row.subject_id]
    expect(page.get_by_role("button", name="Keep as a favourite")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Shortcuts")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_shortcuts_can_be_switched_off(live_site: str, page: Page) -> None:
    make_zoo()
    volunteer = Volunteer(page, live_site).arrive()
    volunteer.agree_and_choose("Smooth")
    page.keyboard.press("?")
    page.get_by_label("Single keys are shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    expect(page.get_by_label("Smooth")).to_be_checked()
    page.reload()
    expect(volunteer.answers.first).to_be_visible()
    page.keyboard.press("2")
    expect(page.get_by_label("Smooth")).to_be_checked()


def test_the_picture_by_keys_and_buttons(live_site: str, page: Page) -> None:
    make_zoo()
    Volunteer(page, live_site).arrive()
    picture, stage = page.locator(".stage .picture"), page.locator(".stage")
    viewer = page.locator("vw-viewer")
    expect(viewer).to_have_attribute("data-state", "ready")
    box, room = picture.bounding_box(), stage.bounding_box()
    assert box is not None
    assert room is not None
    assert box["width"] == int(min(room["width"], room["height"]))
    page.keyboard.press("z")
    expect(page.locator(".zoom-level")).to_have_text("135 %")
    page.get_by_role("button", name="Zoom out").click()
    expect(page.locator(".zoom-level")).to_have_text("100 %")
    page.keyboard.press("i")
    assert picture.evaluate("image => getComputedStyle(image).filter") == "invert(1)"
    page.keyboard.press("l")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    lit = "brightness(1.1) contrast(0.9) invert(1)"
    assert picture.evaluate("image => getComputedStyle(image).filter") == lit
    page.keyboard.press("Tab")
    page.keyboard.press("PageUp")
    tilt = page.get_by_role("slider", name="Turn").input_value()
    assert f"rotate({tilt}deg)" in str(picture.evaluate("image => image.style.transform"))
    assert int(tilt) > 1
    quiet(page)
    keep(page, "light-wide")
    page.get_by_role("slider", name="Turn").fill("0")
    page.keyboard.press("Escape")
    expect(page.get_by_role("slider")).to_have_count(0)
    page.keyboard.press("r")
    assert "rotate(90deg)" in str(picture.evaluate("image => image.style.transform"))
    stage.focus()
    for _ in range(4):
        page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    assert "translate(-60px, 0px)" in str(picture.evaluate("image => image.style.transform"))
    page.keyboard.press("0")
    assert picture.bounding_box() == box
    assert picture.evaluate("image => getComputedStyle(image).filter") == "none"


def test_the_picture_by_wheel_and_drag(live_site: str, page: Page) -> None:
    make_zoo()
    Volunteer(page, live_site).arrive()
    picture = page.locator(".stage .picture")
    expect(page.locator("vw-viewer")).to_have_attribute("data-state", "ready")
    before = picture.bounding_box()
    assert before is not None
    page.mouse.move(before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
    page.mouse.wheel(0, -400)
    expect(page.locator(".zoom-level")).to_have_text("223 %")
    grown = picture.bounding_box()
    assert grown is not None
    assert grown["width"] > 2 * before["width"]
    page.mouse.down()
    page.mouse.move(before["x"] + before["width"] / 2 + 50, before["y"] + before["height"] / 2 + 30, steps=4)
    page.mouse.up()
    moved = picture.bounding_box()
    assert moved is not None
    assert (round(moved["x"] - grown["x"]), round(moved["y"] - grown["y"])) == (50, 30)


def test_a_double_click_on_done_stores_one(live_site: str, page: Page) -> None:
    """Here an empty answer is allowed, so the second click would be a whole answer to the next picture."""
    make_zoo(definition=ONE_QUESTION)
    volunteer = Volunteer(page, live_site).arrive()
    volunteer.agree_and_choose("A")
    volunteer.go_on_button.dblclick()
    wait_for_rows(page, 1)
    page.wait_for_timeout(400)
    wait_for_rows(page, 1)


NEXT_PICTURE = """async () => {
    const image = document.querySelector(".picture");
    const began = performance.now();
    document.querySelector("[data-part=go-on]").click();
    while (document.querySelector(".picture") === image) await new Promise(requestAnimationFrame);
    await document.querySelector(".picture").decode();
    return performance.now() - began;
}"""


def test_done_shows_the_next_picture_within_a_tenth_of_a_second(live_site: str, page: Page) -> None:
    """With a server that never answers, so that nothing can come from it; the best of three on a busy machine."""
    make_zoo()
    volunteer = Volunteer(page, live_site).arrive()
    volunteer.agree_and_choose("Star or artifact")
    page.wait_for_load_state("networkidle")
    page.route("**/api/**", lambda route: None)
    took = []
    for _ in range(3):
        volunteer.choose("Star or artifact")
        took.append(page.evaluate(NEXT_PICTURE))
    assert min(took) < 100, f"milliseconds: {took}"
    page.unroute_all(behavior="ignoreErrors")


@pytest.mark.browser_context_args(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
def test_by_thumb_at_390_pixels(live_site: str, page: Page) -> None:
    workflow = make_zoo()
    add_tutorial(workflow.project)
    volunteer = Volunteer(page, live_site).arrive()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator(".answer", has_text="Smooth").tap()  # reachable beside the tutorial
    volunteer.agree()
    page.get_by_role("button", name="Close the tutorial").tap()
    for target in page.locator(".answer, .actions button, .tools button").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 44
    stage = page.locator(".stage").bounding_box()
    bar = page.locator(".actions").bounding_box()
    assert stage is not None
    assert bar is not None
    assert bar["y"] + bar["height"] == 844, "Back and Next stand at the bottom"
    volunteer.go_on_button.tap()
    page.locator(".answer", has_text="Completely round").tap()
    volunteer.go_on_button.tap()
    page.evaluate("window.scrollTo(0, 400)")
    assert (page.locator(".stage").bounding_box() or {})["y"] == 0, "the picture stays in sight"
    volunteer.go_on_button.tap()
    (row,) = wait_for_rows(page, 1)
    assert row.annotations[1] == {"task": "T1", "value": "round"}
    assert row.metadata["viewport"] == {"width": 390, "height": 844}
    assert volunteer.problems == []


@pytest.mark.browser_context_args(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
def test_two_fingers_zoom_the_picture(live_site: str, page: Page) -> None:
    make_zoo()
    Volunteer(page, live_site).arrive()
    expect(page.locator("vw-viewer")).to_have_attribute("data-state", "ready")
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, *places: tuple[int, int]) -> None:
        points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(places)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (145, 220))
    touch("touchStart", (145, 220), (245, 220))
    for apart in (20, 40, 50):
        touch("touchMove", (145 - apart, 220), (245 + apart, 220))
    touch("touchEnd")
    expect(page.locator(".zoom-level")).to_have_text("200 %")


def test_a_screen_reader_is_led_to_the_next_question(live_site: str, page: Page) -> None:
    make_zoo()
    volunteer = Volunteer(page, live_site).arrive()
    volunteer.agree_and_choose("Smooth")
    volunteer.option("Smooth").focus()
    page.keyboard.press("ArrowDown")
    expect(volunteer.option("Features or disk")).to_be_checked()
    expect(volunteer.option("Features or disk")).to_be_focused()
    page.keyboard.press("Enter")
    expect(volunteer.question).to_have_text("Is there a bar?")
    expect(volunteer.question).to_be_focused()


def test_signing_up_leads_back_and_a_message_leaves_room(live_site: str, page: Page) -> None:
    make_zoo()
    volunteer = Volunteer(page, live_site).arrive()
    volunteer.agree_and_choose("Star or artifact")
    volunteer.go_on()
    wait_for_rows(page, 1)
    page.get_by_role("link", name="sign up", exact=True).click()
    page.get_by_label("Username").fill("hanny")
    for name in ("password1", "password2"):
        page.locator(f"input[name={name}]").fill("a-green-blob-2007")
    page.locator("main").get_by_role("button").first.click()
    expect(page).to_have_url(volunteer.url)
    expect(volunteer.answers.first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight") == 720
    keep(page, "classify-signed-up")
    expect(page.locator(".messages")).to_be_visible()
    volunteer.answer_artifact()
    expect(page.locator(".messages")).to_be_hidden()
    rows = wait_for_rows(page, 2)
    assert len({row.volunteer.person_id for row in rows}) == 1
