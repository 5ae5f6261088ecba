"""A volunteer without a name, then with one, then somebody else in the same browser."""

from playwright.sync_api import Page, expect

from projects.models import Volunteer as Person
from tests.browser.classifying import Volunteer, make_zoo, wait_for_rows

PASSWORD = "quiet-nebula-7"


def test_front_page_to_first_answer_in_two_clicks(live_site: str, page: Page) -> None:
    make_zoo()
    page.goto(live_site)
    page.get_by_role("link", name="Start classifying").click()
    page.locator(".answer", has_text="Smooth").click()
    expect(page.get_by_role("button", name="I agree, go on")).to_be_visible()


def test_sign_up_keeps_and_sign_out_starts_afresh(live_site: str, page: Page) -> None:
    make_zoo()
    volunteer = Volunteer(page, live_site).arrive()
    volunteer.agree_and_choose("Star or artifact")
    volunteer.go_on()
    wait_for_rows(page, 1)

    page.goto(live_site + "/me/")
    expect(page.get_by_text("Your 1 answer belongs to a number")).to_be_visible()
    page.locator("main").get_by_role("link", name="Sign up").click()
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()

    page.goto(live_site + "/me/")
    expect(page.get_by_role("heading", name="ann")).to_be_visible()
    expect(page.locator(".answer")).to_have_count(1)
    expect(page.locator(".answer")).to_contain_text("Star or artifact")

    volunteer.arrive()
    volunteer.answer_artifact()  # consent was given before: nothing asks again
    rows = wait_for_rows(page, 2)
    assert {row.volunteer_id for row in rows} == {Person.objects.get(account__username="ann").pk}

    page.goto(live_site + "/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(live_site + "/me/")
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    volunteer.arrive()
    volunteer.agree_and_choose("Star or artifact")
    volunteer.go_on()
    rows = wait_for_rows(page, 3)
    assert rows[2].volunteer_id not in {rows[0].volunteer_id, rows[1].volunteer_id}
    assert volunteer.problems == []


def test_theme_is_chosen_and_remembered(live_site: str, page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(live_site + "/privacy/")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(ground) == "rgb(246, 247, 249)"
    toggle = page.locator("theme-toggle button")
    expect(toggle).to_have_accessible_name("Colours: as your device")
    toggle.click()
    toggle.click()
    expect(toggle).to_have_accessible_name("Colours: dark")
    assert page.evaluate(ground) == "rgb(11, 13, 18)"
    page.reload()
    assert page.evaluate(ground) == "rgb(11, 13, 18)"
    toggle.click()
    assert page.evaluate(ground) == "rgb(246, 247, 249)"
