"""The browser itself: the system's Chromium opens a page of the running site."""

from playwright.sync_api import Page


def test_page_opens_the_live_site(live_site: str, page: Page) -> None:
    page.goto(live_site + "/admin/login/")
    assert page.locator("input[name=username]").count() == 1
