"""Kind drawing: every shape by mouse, keys and finger; undone, redone, removed, kept over a reload; stored exactly."""

import math
from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.classifying import Volunteer, choice, make_zoo, wait_for_rows
from tests.browser.shots import keep
from tests.browser.test_text import quiet

SIDE = 64
"""Of the zoo's pictures, in pixels."""

SHAPES = {
    "point": ("Star", "yellow"),
    "line": ("Bar", "sky"),
    "rectangle": ("Chip", "orange"),
    "rotated_rectangle": ("Satellite trail", "purple"),
    "circle": ("Bubble", "vermilion"),
    "ellipse": ("Galaxy", "green"),
    "polygon": ("Cloud", "blue"),
    "segmented_line": ("Arm", "#ffffff"),
    "freehand": ("Blot", "#000000"),
}
TOOLS = [
    {"key": shape.replace("_", "-"), "label": label, "shape": shape, "color": color}
    for shape, (label, color) in SHAPES.items()
]
TOOLS[4] |= {
    "min": 1,
    "max": 2,
    "details": [
        {
            "kind": "single",
            "question": "How clear is it?",
            "answers": [choice("clear", "Clear"), choice("faint", "Faint")],
        },
        {"kind": "text", "question": "A note?", "required": False},
    ],
}
DEFINITION: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {"kind": "drawing", "question": "Mark everything that you see.", "tools": TOOLS, "next": "T1"},
        "T1": {
            "kind": "single",
            "question": "Is that all?",
            "answers": [choice("yes", "Yes"), choice("no", "No")],
        },
    },
    "retirement": ["gte", ["votes"], 3],
}


def two(value: float) -> float:
    """To two decimals, as the browser rounds."""
    return math.floor(value * 100 + 0.5) / 100


def mark(shape: str, details: Sequence[Any] = (), **geometry: Any) -> dict[str, Any]:
    rounded = {name: two(value) if name != "points" else value for name, value in geometry.items()}
    return {"tool": shape.replace("_", "-"), "frame": 0, **rounded, "details": list(details)}


class Paper:
    """The picture under the hand. Places are asked for in its pixels and taken at whole pixels of the screen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def on_screen(self, x: float, y: float) -> tuple[int, int]:
        left, top, side = self._box()
        return round(left + x * side / SIDE), round(top + y * side / SIDE)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The place that a press near there means."""
        left, top, side = self._box()
        across, down = self.on_screen(x, y)
        return (across - left) * SIDE / side, (down - top) * SIDE / side

    def enlarge(self) -> None:
        """By the wheel, until the picture is larger and lies still."""
        before = now = self._box()
        self.page.mouse.wheel(0, -300)
        for _ in range(400):
            if now != before and now == self._box():
                return
            self.page.wait_for_timeout(50)
            now = self._box()
        raise AssertionError("the wheel did not enlarge the picture")

    def drag(self, *places: tuple[float, float], button: Any = "left") -> list[tuple[float, float]]:
        meant = [self.at(*place) for place in places]
        self.page.mouse.move(*self.on_screen(*places[0]))
        self.page.mouse.down(button=button)
        screen = [self.on_screen(*place) for place in places[1:]]
        for place in screen:
            self.page.mouse.move(*place)
        self.page.mouse.up(button=button)
        return meant

    def tap(self, *places: tuple[float, float]) -> list[tuple[float, float]]:
        meant = [self.at(*place) for place in places]
        for place in places:
            self.page.mouse.click(*self.on_screen(*place))
        return meant

    @property
    def unit(self) -> float:
        """Pixels of the picture that a pixel of the screen is wide."""
        return SIDE / self._box()[2]

    def _box(self) -> tuple[float, float, float]:
        box = self.page.evaluate(
            "(({left, top, width}) => [left, top, width])(document.querySelector('.picture').getBoundingClientRect())"
        )
        return box[0], box[1], box[2]


def tool(page: Page, shape: str) -> Locator:
    return page.get_by_role("group", name="Tools").get_by_role("button", name=SHAPES[shape][0])


def rows(page: Page) -> Locator:
    return page.get_by_role("list", name="Marks").get_by_role("listitem")


def pairs(places: Sequence[tuple[float, float]]) -> list[list[float]]:
    return [[two(x), two(y)] for x, y in places]


def arrive(page: Page, address: str) -> Volunteer:
    volunteer = Volunteer(page, address)
    page.goto(volunteer.url)
    expect(page.locator("vw-viewer[data-state=ready]")).to_be_visible()
    return volunteer


def test_wide_by_mouse(live_site: str, page: Page) -> None:
    make_zoo(definition=DEFINITION)
    volunteer = arrive(page, live_site)
    paper = Paper(page)
    expected = []

    tool(page, "point").click()
    ((x, y),) = paper.tap((8, 8))
    volunteer.agree()
    expected.append(mark("point", x=x, y=y))

    tool(page, "line").click()
    (a, b) = paper.drag((16, 8), (30, 12))
    expected.append(mark("line", x1=a[0], y1=a[1], x2=b[0], y2=b[1]))

    tool(page, "rectangle").click()
    (a, b) = paper.drag((50, 16), (38, 6))
    expected.append(mark("rectangle", x=b[0], y=b[1], width=a[0] - b[0], height=a[1] - b[1]))

    tool(page, "rotated_rectangle").click()
    (a, b) = paper.drag((6, 22), (22, 30))
    x, y = two((a[0] + b[0]) / 2), two((a[1] + b[1]) / 2)
    quiet(page)
    keep(page, "drawing-wide")
    # the handle that turns it stands 26 pixels of the screen above; dragged to the upper right
    (_, to) = paper.drag((x, a[1] - 26 * paper.unit), (x + 10, y - 10))
    angle = math.degrees(math.atan2(to[1] - y, to[0] - x)) + 90
    turned = {"width": two(b[0] - a[0]), "height": two(b[1] - a[1]), "angle": angle}
    expected.append(mark("rotated_rectangle", x_center=x, y_center=y, **turned))

    tool(page, "circle").click()
    (a, b) = paper.drag((40, 40), (44, 43))
    expected.append(mark("circle", ["faint", ""], x_center=a[0], y_center=a[1], r=math.dist(a, b)))
    expect(page.get_by_text("Asks you something")).to_be_visible()
    volunteer.choose("Faint")
    expect(page.get_by_text("Asks you something")).to_have_count(0)

    # from here on enlarged and moved
    page.mouse.move(*paper.on_screen(20, 50))
    paper.enlarge()
    paper.drag((20, 50), (24, 46), button="middle")
    tool(page, "ellipse").click()
    (a, b) = paper.drag((16, 44), (24, 48))
    expected.append(mark("ellipse", x_center=a[0], y_center=a[1], rx=b[0] - a[0], ry=b[1] - a[1], angle=0))

    tool(page, "polygon").click()
    corners = paper.tap((10, 52), (22, 52), (18, 60))
    keep(page, "drawing-polygon-begun")
    paper.tap((10, 52))
    expected.append(mark("polygon", points=pairs(corners)))
    page.keyboard.press("0")  # the whole picture again

    tool(page, "segmented_line").click()
    corners = paper.tap((30, 50), (40, 60), (50, 50))
    page.keyboard.press("Enter")
    expected.append(mark("segmented_line", points=pairs(corners)))
    expect(volunteer.question).to_have_text("Mark everything that you see.")

    tool(page, "freehand").click()
    outline = paper.drag((54, 40), (62, 40), (62, 56), (70, 62), (54, 62))
    outline[3] = (SIDE, outline[3][1])  # no mark leaves the picture
    expected.append(mark("freehand", points=pairs(outline)))
    expect(rows(page)).to_have_count(9)

    # moved, undone, done again; one removed
    tool_hand = page.get_by_role("button", name="Move and choose")
    tool_hand.click()
    (a, b) = paper.drag((40, 40), (38, 36))
    undo, redo = (page.get_by_role("button", name=name, exact=True) for name in ("Undo", "Redo"))
    undo.click()
    undo.click()
    expect(rows(page)).to_have_count(8)
    page.keyboard.press("Control+Shift+Z")
    redo.click()
    expect(redo).to_have_attribute("aria-disabled", "true")
    expected[4].update(
        x_center=two(expected[4]["x_center"] + b[0] - a[0]),
        y_center=two(expected[4]["y_center"] + b[1] - a[1]),
    )
    paper.tap((8, 8))
    page.keyboard.press("Delete")
    expected.pop(0)
    expect(rows(page)).to_have_count(8)
    quiet(page)
    page.emulate_media(color_scheme="dark")
    quiet(page)
    keep(page, "drawing-wide-dark")

    # over the tasks, and over a reload
    volunteer.go_on()
    expect(volunteer.question).to_have_text("Is that all?")
    expect(page.locator(".marks")).to_have_count(0)
    volunteer.choose("Yes")
    page.keyboard.press("Control+z")
    expect(volunteer.option("Yes")).not_to_be_checked()
    page.keyboard.press("Control+z")
    expect(volunteer.question).to_have_text("Mark everything that you see.")
    expect(rows(page)).to_have_count(9)
    page.keyboard.press("Control+y")
    expect(rows(page)).to_have_count(8)
    page.reload()
    expect(rows(page)).to_have_count(8)
    expect(page.locator(".marks .mark-ink")).to_have_count(8)
    volunteer.go_on()
    volunteer.choose("Yes")
    volunteer.go_on()
    (row,) = wait_for_rows(page, 1)
    assert row.annotations == [{"task": "T0", "value": expected}, {"task": "T1", "value": "yes"}]
    assert volunteer.problems == []


def said(page: Page) -> Locator:
    return page.locator(".drawing-answer [role=status]")


def test_wide_by_keys_alone(live_site: str, page: Page) -> None:
    make_zoo(definition=DEFINITION)
    volunteer = arrive(page, live_site)

    def press(*keys: str) -> None:
        for key in keys:
            page.keyboard.press(key)

    press("a")  # the first tool is in the hand
    page.get_by_role("button", name="I agree, go on").press("Enter")
    expect(page.get_by_role("button", name="Star 1 x 32, y 32")).to_be_focused()
    press("ArrowRight", "ArrowRight", "Shift+ArrowUp")
    expect(said(page)).to_have_text("Star 1 changed: x 34, y 22.")
    press("2", "a", ".", "ArrowDown", "ArrowDown", "ArrowDown", ".", "Shift+ArrowUp")
    press("3", "a", "+", "Shift+ArrowRight")
    press("4", "a", "]", "]", "]", "{", "Shift+ArrowLeft")
    press("5", "a", "-", "-", "Shift+ArrowDown")
    expect(said(page)).to_have_text("Bubble 1 changed: middle 32, 42, radius 6.")
    press("Tab", "Tab", "2")  # over the button that removes it, to its first question
    expect(volunteer.option("Clear")).to_be_focused()
    expect(volunteer.option("Faint")).to_be_checked()
    page.get_by_role("textbox", name="Your text").press("1")  # a letter here
    press("Enter")  # back to the mark
    expect(page.get_by_role("button", name="Bubble 1 middle")).to_be_focused()
    press("6", "a", "}", "Shift+ArrowUp")
    press("7", "a", ".", "Shift+ArrowUp", ".", "Delete", "Shift+ArrowLeft")
    press("8", "a", *["ArrowDown"] * 5)
    press("9", "a", "-", "Shift+ArrowRight", "Delete")
    expect(rows(page)).to_have_count(8)
    press("Control+z")
    expect(rows(page)).to_have_count(9)
    press("Escape")
    page.locator(".stage").press("ArrowUp")  # nothing is chosen any more: this would move the picture
    quiet(page)
    keep(page, "drawing-keys")
    volunteer.go_on_button.press("Enter")
    expect(volunteer.question).to_have_text("Is that all?")
    press("1", "Enter")
    (row,) = wait_for_rows(page, 1)
    ring = [
        (32 + radius * math.sin(at * math.tau / corners), 32 - radius * math.cos(at * math.tau / corners))
        for corners, radius in ((5, 8), (16, 7))
        for at in range(corners)
    ]
    assert row.annotations[0]["value"] == [
        mark("point", x=34, y=22),
        mark("line", x1=24, y1=35, x2=40, y2=22),
        mark("rectangle", x=33, y=25, width=18, height=14),
        mark("rotated_rectangle", x_center=22, y_center=32, width=16, height=9.6, angle=168),
        mark("circle", ["faint", "1"], x_center=32, y_center=42, r=6),
        mark("ellipse", x_center=32, y_center=22, rx=8, ry=4.8, angle=15),
        mark("polygon", points=pairs([(x - 10, y) for x, y in [(32, 14), *ring[2:5]]])),
        mark("segmented_line", points=[[24, 41], [32, 33], [40, 41]]),
        mark("freehand", points=pairs([(x + 10, y) for x, y in ring[5:]])),
    ]
    assert volunteer.problems == []


@pytest.mark.browser_context_args(viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True)
def test_narrow_by_touch(live_site: str, page: Page) -> None:
    make_zoo(definition=DEFINITION)
    volunteer = arrive(page, live_site)
    paper = Paper(page)
    fingers = page.context.new_cdp_session(page)

    def tap(*places: tuple[float, float]) -> list[tuple[float, float]]:
        meant = [paper.at(*place) for place in places]
        for place in places:
            page.touchscreen.tap(*paper.on_screen(*place))
        return meant

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [dict(zip("xy", paper.on_screen(*place), strict=True)) for place in places]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def take(shape: str) -> None:
        tool(page, shape).click()  # a tap straight after a drag that the test makes is lost now and then
        expect(tool(page, shape)).to_have_attribute("aria-pressed", "true")

    def drag(*places: tuple[float, float]) -> list[tuple[float, float]]:
        meant = [paper.at(*place) for place in places]
        touch("touchStart", places[0])
        for place in places[1:]:
            touch("touchMove", place)
        touch("touchEnd")
        return meant

    expected = []
    take("circle")
    (a, b) = tap((20, 20), (28, 26))
    volunteer.agree()
    expected.append(mark("circle", ["clear", ""], x_center=a[0], y_center=a[1], r=math.dist(a, b)))
    volunteer.go_on()
    expect(page.locator("[data-part=hint]")).to_have_text("Answer what is asked about Bubble 1.")
    quiet(page)
    keep(page, "drawing-360-asked")
    page.locator(".answer", has_text="Clear").tap()

    # two fingers enlarge the picture, and draw nothing; not even when the first has begun
    touch("touchStart", (40, 40))
    touch("touchStart", (40, 40), (50, 50))
    touch("touchMove", (35, 35), (55, 55))
    touch("touchEnd")
    expect(page.locator(".zoom-level")).not_to_have_text("100 %")
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Show the whole picture again").tap()

    take("point")
    ((x, y),) = tap((50, 8))
    expected.append(mark("point", x=x, y=y))
    take("line")
    (a, b) = drag((34, 6), (42, 16))
    expected.append(mark("line", x1=a[0], y1=a[1], x2=b[0], y2=b[1]))
    take("rectangle")
    (a, b) = drag((40, 24), (56, 30))
    expected.append(mark("rectangle", x=a[0], y=a[1], width=b[0] - a[0], height=b[1] - a[1]))
    take("rotated_rectangle")
    (a, b) = tap((6, 4), (18, 10))
    expected.append(
        mark(
            "rotated_rectangle",
            x_center=(a[0] + b[0]) / 2,
            y_center=(a[1] + b[1]) / 2,
            width=b[0] - a[0],
            height=b[1] - a[1],
            angle=0,
        )
    )
    take("ellipse")
    (a, b) = drag((50, 46), (58, 50))
    expected.append(mark("ellipse", x_center=a[0], y_center=a[1], rx=b[0] - a[0], ry=b[1] - a[1], angle=0))
    take("polygon")
    corners = tap((6, 40), (20, 40), (14, 58))
    page.get_by_role("button", name="Finish").click()
    expected.append(mark("polygon", points=pairs(corners)))
    take("segmented_line")
    corners = tap((26, 40), (36, 50))
    page.get_by_role("button", name="Finish").click()
    expected.append(mark("segmented_line", points=pairs(corners)))
    take("freehand")
    outline = drag((26, 56), (44, 56), (40, 63), (28, 62))
    expected.append(mark("freehand", points=pairs(outline)))
    expect(rows(page)).to_have_count(9)
    page.get_by_role("button", name="Undo").click()
    expect(rows(page)).to_have_count(8)
    page.get_by_role("button", name="Redo").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    buttons = page.locator(".drawing-answer button:visible")
    assert min(buttons.evaluate_all("(all) => all.map((each) => each.offsetHeight)")) >= 44
    quiet(page)
    keep(page, "drawing-360")
    page.emulate_media(color_scheme="dark")
    quiet(page)
    keep(page, "drawing-360-dark")
    page.reload()
    volunteer.go_on()
    volunteer.choose("No")
    volunteer.go_on()
    (row,) = wait_for_rows(page, 1)
    assert row.annotations == [{"task": "T0", "value": expected}, {"task": "T1", "value": "no"}]
    assert volunteer.problems == []
