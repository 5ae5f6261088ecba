"""`make screenshots [SITE=http://localhost:8000]`: the README's pictures, taken from a running demo.

Nothing is answered: the classify page is walked up to a question and left. Its queue is asked for many pictures and
begins with one of SHOWY, so that the same kind of galaxy is on every picture; all of them are the demo's own.
"""

import json
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from PIL import Image
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests import chromium

IMAGES = Path(__file__).resolve().parent / "images"
WIDEST = 960  # px of a stored picture: README shows them smaller still
MOST = 200_000  # bytes
SIZES = {1280: 800, 390: 844}  # width to height of the window, px
SHOWY = ("x0123-y0401", "x0485-y0357", "x0095-y0086")
PROJECT = "/projects/deep-field/"
ARGUMENTS = ["--no-sandbox", "--disable-gpu"]


def front(page: Page, site: str) -> None:
    page.goto(site + "/")


def project(page: Page, site: str) -> None:
    page.goto(site + PROJECT)
    page.get_by_text("live", exact=True).wait_for()


def classify(page: Page, site: str) -> None:
    """Up to the question about spiral arms."""
    page.route("**/next?*", _showy_first)
    page.goto(f"{site}{PROJECT}classify/shapes/")
    page.locator("#tutorial-dialog [data-do=close]").click()
    page.locator(".answer", has_text="Features or disk").click()
    page.get_by_role("button", name="I agree, go on").click()
    for answer in (None, "No", "No bar"):
        if answer is not None:
            page.get_by_role("radio", name=answer, exact=True).check()
        page.locator("[data-part=go-on]").click()
    page.get_by_role("radio", name="Spiral arms", exact=True).check()


def papyrus(page: Page, site: str) -> None:
    page.goto(f"{site}/projects/papyri/classify/lines/")
    page.locator("#tutorial-dialog [data-do=close]").click()


def listing(page: Page, site: str) -> None:
    """A listing, its picture uncovered."""
    page.goto(f"{site}/projects/content-policy/classify/verdicts/")
    page.locator("#tutorial-dialog [data-do=close]").click()
    page.keyboard.press("b")


def survey(page: Page, site: str) -> None:
    """A sharp crater is found, and how many there are is asked."""
    page.goto(f"{site}/projects/moon/classify/survey/")
    page.locator("#tutorial-dialog [data-do=close]").click()
    page.get_by_role("button", name="Sharp crater").click()
    page.get_by_role("button", name="That is it").click()
    page.get_by_role("button", name="I agree, go on").click()
    page.get_by_role("textbox", name="Your number").fill("1")
    page.get_by_role("button", name="Back to the list").click()


def comparison(page: Page, site: str) -> None:
    page.goto(f"{site}{PROJECT}classify/stretched/")
    page.locator("#tutorial-dialog [data-do=close]").click()


def results(page: Page, site: str) -> None:
    page.goto(f"{site}{PROJECT}results/shapes/")


def disputed(page: Page, site: str) -> None:
    results(page, site)
    heading = page.get_by_role("heading", name="Most disputed")
    heading.evaluate("(element) => window.scrollTo(0, element.getBoundingClientRect().top + scrollY - 40)")


PLACES = {
    "front": front,
    "project": project,
    "classify": classify,
    "papyrus": papyrus,
    "listing": listing,
    "survey": survey,
    "comparison": comparison,
    "results": results,
    "disputed": disputed,
}
SHOTS = (
    ("front", 1280, "dark"),
    ("project", 1280, "light"),
    ("classify", 1280, "light"),
    ("classify", 390, "dark"),
    ("papyrus", 1280, "light"),
    ("listing", 1280, "dark"),
    ("survey", 1280, "light"),
    ("comparison", 1280, "dark"),
    ("results", 390, "dark"),
    ("disputed", 1280, "light"),
)


def _showy_first(route: Route) -> None:
    """Ask for fifty, and begin with a showy one if it is among them."""
    parts = urlsplit(route.request.url)
    query = urlencode({**{key: value[0] for key, value in parse_qs(parts.query).items()}, "n": "50"})
    response = route.fetch(url=parts._replace(query=query).geturl())
    batch = json.loads(response.body())
    batch["subjects"].sort(key=lambda subject: not any(name in subject["media"][0]["url"] for name in SHOWY))
    route.fulfill(response=response, json=batch)


def take(browser: Browser, site: str, name: str, width: int, theme: str) -> Path:
    """One picture, in as many colours as fit, so that the repository stays small."""
    context = browser.new_context(
        viewport={"width": width, "height": SIZES[width]},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        has_touch=width < 600,
    )
    page = context.new_page()
    PLACES[name](page, site)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    path = IMAGES / f"{name}-{width}-{theme}.png"
    page.screenshot(path=path)
    context.close()
    with Image.open(path) as picture:
        shown = picture.convert("RGB")
    shown.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS)
    for colours in (256, 192, 128, 96, 64):
        # Without dither: it would sprinkle the flat grounds, which are most of a page.
        shown.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST:
            break
    return path


def main(site: str) -> int:
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium.system(), args=ARGUMENTS)
        sizes = {path: path.stat().st_size for path in (take(browser, site, *shot) for shot in SHOTS)}
    for path, size in sizes.items():
        sys.stdout.write(f"{path.relative_to(Path.cwd())}  {size / 1000:.0f} kB\n")
    return int(max(sizes.values()) > MOST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].rstrip("/")))
