"""From the classify page to its discussion, by keyboard: flag in two presses, done and discuss, say something; and
whoever is named there hears of it at once."""

from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from portal.talk.models import Comment
from portal.talk.services.boards import open_talk
from projects.models import OddFlag
from tests.browser.classifying import Volunteer, make_zoo, wait_for_rows
from tests.browser.shots import keep
from tests.portal.pages.helpers import member


def sign_in(page: Page, address: str, user: User) -> None:
    client = Client()
    client.force_login(user)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}]
    )


def test_flag_done_and_discuss_say(live_site: str, page: Page) -> None:
    zoo = make_zoo()
    open_talk(zoo.project, member(zoo.project))
    sign_in(page, live_site, User.objects.create_user("ann", password="a long enough one"))
    volunteer = Volunteer(page, live_site).arrive()
    page.wait_for_load_state()
    volunteer.agree_and_choose("Star or artifact")
    page.keyboard.press("o")
    expect(page.get_by_role("button", name="Just odd")).to_be_focused()
    keep(page, "talk-odd")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Flagged as odd.")).to_be_visible()
    flag = OddFlag.objects.get()
    keep(page, "talk-classify")
    page.keyboard.press("d")
    field = page.get_by_label("Your comment")
    expect(field).to_be_visible()
    page.wait_for_load_state()
    (answer,) = wait_for_rows(page, 1)
    assert answer.subject_id == flag.subject_id
    assert str(flag.subject_id) in page.url
    theirs = page.context.browser.new_context(reduced_motion="reduce").new_page()  # type: ignore[union-attr]
    sign_in(theirs, live_site, User.objects.get(username="bob"))
    theirs.goto(f"{live_site}/projects/zoo/talk/")
    number = theirs.locator("talk-notices [data-part=unread]")
    expect(number).to_have_text("0")  # asked for once the socket is open
    field.fill("A #ring, **surely**, @bob")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="#ring")).to_be_visible()
    expect(page.locator(".talk-comment strong", has_text="surely")).to_be_visible()
    keep(page, "talk-discussion")
    expect(number).to_have_text("1")
    theirs.get_by_role("link", name="Notices").click()
    theirs.get_by_role("link", name="ann mentioned you").click()
    expect(theirs.locator(".talk-comment strong", has_text="surely")).to_be_visible()
    expect(number).to_have_text("0")
    theirs.context.close()
    assert Comment.objects.get().author.get_username() == "ann"  # type: ignore[union-attr]
    assert set(OddFlag.objects.values_list("tag", flat=True)) == {"", "ring"}
    assert volunteer.problems == []
