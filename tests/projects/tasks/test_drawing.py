"""A task of kind drawing: what is stored, what is refused, how it counts."""

import json
import re
from typing import Any

import pytest
from pydantic import ValidationError

from projects import conditions
from projects.exceptions import Invalid
from projects.services.tallies import count_all
from projects.tasks.definition import parse_definition
from projects.tasks.drawing import MOST_MARKS, DrawingTask, spread
from projects.tasks.shapes import FEWEST_POINTS, FIELDS, SHAPES

RIM = {
    "kind": "single",
    "question": "Its rim?",
    "answers": [{"key": k, "label": k} for k in ("sharp", "worn")],
}
CRATER = {"key": "crater", "label": "Crater", "shape": "circle", "color": "vermilion", "details": [RIM]}
BOULDER = {"key": "boulder", "label": "Boulder", "shape": "point", "color": "#56b4e9"}

EACH: dict[str, dict[str, Any]] = {
    "point": {"x": 3, "y": 4.25},
    "line": {"x1": 0, "y1": 0, "x2": 3.5, "y2": 4},
    "rectangle": {"x": 1, "y": 2, "width": 3, "height": 4.5},
    "rotated_rectangle": {"x_center": 5, "y_center": 6, "width": 3, "height": 4, "angle": 30},
    "circle": {"x_center": 5, "y_center": 6, "r": 2.5},
    "ellipse": {"x_center": 5, "y_center": 6, "rx": 3, "ry": 2, "angle": 179.99},
    "polygon": {"points": [[0, 0], [4, 0], [4, 3.5]]},
    "segmented_line": {"points": [[0, 0], [4, 0]]},
    "freehand": {"points": [[0, 0], [4, 0], [4, 3], [0, 0]]},
}
"""A mark of each shape, as it is stored."""


def task(*tools: dict[str, Any], **fields: Any) -> DrawingTask:
    given = {"kind": "drawing", "question": "Where?", "tools": list(tools or (CRATER, BOULDER))} | fields
    return DrawingTask.model_validate(given)


def crater(x: float = 10, y: float = 20, r: float = 5, rim: Any = "sharp", **other: Any) -> dict[str, Any]:
    return {"tool": "crater", "frame": 0, "x_center": x, "y_center": y, "r": r, "details": [rim]} | other


def boulder(x: Any = 1, y: Any = 2, **other: Any) -> dict[str, Any]:
    return {"tool": "boulder", "frame": 0, "x": x, "y": y, "details": []} | other


@pytest.mark.parametrize("shape", SHAPES)
def test_a_mark_of_each_shape_is_stored_as_it_is(shape: str) -> None:
    assert set(FIELDS) | set(FEWEST_POINTS) == set(SHAPES)
    mark = {"tool": "a", "frame": 0, **EACH[shape], "details": []}
    found = task({"key": "a", "label": "A", "shape": shape, "color": "sky"}).validate_value([mark])
    assert json.dumps(found) == json.dumps([mark])


def test_numbers_have_two_decimals_and_angles_half_a_turn() -> None:
    tool = {"key": "a", "label": "A", "shape": "ellipse", "color": "sky"}
    mark = {"tool": "a", "frame": 0, "x_center": 1.005001, "y_center": -0.0, "rx": 2.0, "ry": 1, "angle": -30}
    (found,) = task(tool).validate_value([mark | {"details": []}])
    assert json.dumps([found[name] for name in FIELDS["ellipse"]]) == "[1.01, 0, 2, 1, 150]"
    (turned,) = task(tool).validate_value([mark | {"details": [], "angle": 179.999}])
    assert turned["angle"] == 0


def test_nothing_drawn_is_an_empty_answer() -> None:
    free = task(required=False)
    assert free.validate_value(None) == free.validate_value([]) == []
    assert (free.votes([]), free.written([])) == ([("none", 1.0)], "")
    with pytest.raises(ValueError, match=r"^a mark is required; draw one$"):
        task().validate_value([])


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("here", "give a list of marks"),
        ([3], "mark 1 is no mark; draw it again"),
        ([boulder(), {"tool": "moon"}], "mark 2 has no tool of this task; draw it with crater, boulder"),
        ([boulder(tool=["crater"])], "mark 1 has no tool of this task; draw it with crater, boulder"),
        ([boulder(r=1)], "mark 1 (Boulder) is to have exactly tool, frame, x, y, details"),
        ([boulder(frame=1)], "mark 1 (Boulder) is on a frame that is not shown; draw it again"),
        ([boulder(float("nan"))], "mark 1 (Boulder) has a x that is no place in a picture; draw it again"),
        ([boulder(y=float("inf"))], "mark 1 (Boulder) has a y that is no place in a picture; draw it again"),
        ([boulder(10**400)], "mark 1 (Boulder) has a x that is no place in a picture; draw it again"),
        ([boulder("3")], "mark 1 (Boulder) has no number as x; draw it again"),
        ([boulder(True)], "mark 1 (Boulder) has no number as x; draw it again"),
        ([crater(r=0.004)], "mark 1 (Crater) has a r of 0, which is to be above 0; draw it larger"),
        ([crater(rim=None)], "mark 1 (Crater), Its rim? an answer is required"),
        ([crater(rim="round")], "mark 1 (Crater), Its rim? choose one of sharp, worn"),
        ([crater(details=[])], "mark 1 (Crater) is to have 1 answers in details; answer its questions"),
        ([crater(details="sharp")], "mark 1 (Crater) is to have 1 answers in details; answer its questions"),
        ([boulder()] * 10_000, "there are 10,000 marks, and 200 are the most; take some out"),
        ([boulder()] * 4, "draw at most 3 with Boulder, not 4"),
        ([crater()], "draw at least 1 with Boulder, not 0"),
    ],
)  # fmt: skip
def test_what_is_no_such_drawing_is_refused_with_a_sentence(value: Any, why: str) -> None:
    few = task(CRATER, BOULDER | {"min": 1, "max": 3})
    with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
        few.validate_value(value)


@pytest.mark.parametrize(
    ("points", "why"),
    [
        ([[0, 0], [1, 1], [0, 0]], "needs 3 different points or more"),
        ([[0, 0], [1, 1], [2]], "has a point that is not [x, y]"),
        ([[0, 0], [1, 1], [2, None]], "has no number as y"),
        ([[n, 0] for n in range(501)], "has 501 points, and 500 are the most"),
        ({"0": [0, 0]}, "has no list of points"),
        ([[0, 0], [1, 1], [-0.6, 0]], "lies outside of the picture at -0.6, 0"),
    ],
)
def test_points_that_make_no_shape_are_refused(points: Any, why: str) -> None:
    outline = task({"key": "a", "label": "A", "shape": "polygon", "color": "sky"})
    with pytest.raises(ValueError, match=re.escape(f"mark 1 (A) {why}")):
        outline.validate_value([{"tool": "a", "frame": 0, "points": points, "details": []}])
    many = {"tool": "a", "frame": 0, "points": [[n, n % 7] for n in range(500)], "details": []}
    assert len(outline.validate_value([many] * 10)) == 10
    with pytest.raises(ValueError, match=r"more than 5,000 points in all"):
        outline.validate_value([many] * 11)


@pytest.mark.parametrize(
    ("shape", "geometry"),
    [
        ("point", {"x": 100.6, "y": 1}),
        ("line", {"x1": 1, "y1": 1, "x2": 2, "y2": 50.51}),
        ("rectangle", {"x": 90, "y": 10, "width": 11, "height": 1}),
        ("circle", {"x_center": 101, "y_center": 1, "r": 40}),
        ("freehand", {"points": [[1, 1], [2, 2], [3, 51]]}),
    ],
)
def test_marks_lie_in_the_picture(shape: str, geometry: dict[str, Any]) -> None:
    drawing = task({"key": "a", "label": "A", "shape": shape, "color": "sky"})
    value = drawing.validate_value([{"tool": "a", "frame": 0, **geometry, "details": []}])
    with pytest.raises(ValueError, match=r"^mark 1 \(A\) lies outside of the picture at .* 100 by 50 pixels"):
        drawing.check_inside(value, 100, 50)
    drawing.check_inside(value, 102, 51)
    drawing.check_inside(value, None, None)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"color": "red"}, "write one of orange, sky"),
        ({"shape": "star"}, "Input should be 'point'"),
        ({"min": 3, "max": 2}, "max is less than min"),
        ({"max": MOST_MARKS + 1}, "less than or equal to 200"),
        ({"key": "none"}, "the key 'none' is kept"),
        ({"key": "crater"}, "two tools have the same key"),
        ({"details": [{"kind": "drawing"}]}, "question 1 of a mark has a kind that is none of single"),
        ({"details": [RIM | {"next": "T1"}]}, "question 1 of a mark leads on"),
        ({"details": [RIM | {"answers": []}]}, "question 1 of a mark.answers: List should have at least 1"),
    ],
)
def test_a_tool_that_cannot_be_is_refused(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(why)):
        task(CRATER, BOULDER | fields)


def test_how_many_of_each_tool_are_counted() -> None:
    free = task(required=False)
    values = [[crater(), crater(), boulder()], [crater(), boulder()], [boulder(), boulder()], []]
    (tallies,) = count_all([[("T0", free.votes(value))] for value in values]).values()
    assert tallies == {
        "asked": 4,
        "votes": {"crater=2": 1, "crater=1": 1, "crater=0": 1, "boulder=1": 2, "boulder=2": 1, "none": 1},
        "first": ["crater=2+boulder=1", "crater=1+boulder=1", "crater=0+boulder=2", "none"],
    }
    assert spread(free, tallies["votes"]) == {"crater": {2: 1, 1: 1, 0: 2}, "boulder": {1: 2, 2: 1, 0: 1}}
    assert free.told({"counts": {"crater": 9}}, tallies["votes"]) == {
        "tools": [
            {"key": "crater", "label": "Crater", "drew": 2, "middle": 0.5},
            {"key": "boulder", "label": "Boulder", "drew": 3, "middle": 1},
        ]
    }


def test_in_words_it_is_how_many_of_each() -> None:
    assert task().said([crater(), boulder(), crater()]) == "Crater × 2 · Boulder × 1"
    assert task().said([]) == task().said(None) == ""


def shifted(shape: str, by: float) -> dict[str, Any]:
    """EACH's mark moved to the right."""
    mark = {
        name: value + by * name.startswith("x") for name, value in EACH[shape].items() if name != "points"
    }
    if "points" in EACH[shape]:
        mark["points"] = [[x + by, y] for x, y in EACH[shape]["points"]]
    return {"tool": "a", "frame": 0, **mark, "details": []}


@pytest.mark.parametrize(("shape", "near", "far"), [
    ("point", 1.9, 2.1), ("line", 1.9, 2.1), ("segmented_line", 1.9, 2.1),
    # squares of width w have half in common at a third of w; so do, nearly, the others
    ("rectangle", 0.99, 1.01), ("circle", 1.3, 1.4), ("rotated_rectangle", 0.85, 0.95), ("ellipse", 1.5, 1.75),
    ("polygon", 0.7, 0.8), ("freehand", 0.7, 0.8),
])  # fmt: skip
def test_a_mark_is_right_near_the_truth_or_with_half_in_common(shape: str, near: float, far: float) -> None:
    drawing = task({"key": "a", "label": "A", "shape": shape, "color": "sky", "tolerance": 2})
    truth = [shifted(shape, 0)]
    assert drawing.score(truth, truth) == 1
    assert [drawing.score([shifted(shape, by)], truth) for by in (-near, near, -far, far)] == [1, 1, 0, 0]


def test_right_marks_over_all_marks() -> None:
    two = [boulder(0, 0), boulder(50, 0)]
    assert task().score([boulder(1, 0), boulder(2, 0), boulder(99, 99)], two) == 2 * 1 / 5
    assert task().score([], two) == task().score(two, []) == 0
    assert task().score([], []) == 1
    assert task().score([crater()], [boulder(10, 20)]) == 0  # another tool
    assert task().score([crater(rim="worn")], [crater()]) == 0.5  # found, and told wrong


def test_a_line_is_the_same_from_its_other_end() -> None:
    drawing = task({"key": "a", "label": "A", "shape": "segmented_line", "color": "sky"})
    mark = {"tool": "a", "frame": 0, "points": [[0, 0], [100, 0], [100, 50]], "details": []}
    assert drawing.score([mark | {"points": mark["points"][::-1]}], [mark]) == 1


def test_experts_who_are_not_alike_settle_nothing() -> None:
    here, there = [boulder(0, 0), boulder(50, 0)], [boulder(1, 0), boulder(90, 90)]
    assert task().truth([there, here, [*here, boulder(90, 90)]]) == [*here, boulder(90, 90)]
    assert task().truth([[boulder(0, 0)], [boulder(60, 60)]]) is None
    assert task().truth([here]) == here


def test_a_cell_is_read_as_marks() -> None:
    assert task().from_cell(json.dumps([boulder()])) == [boulder()]
    assert task().from_cell("") == []
    with pytest.raises(ValueError, match="'two craters' is no list of marks as JSON"):
        task().from_cell("two craters")


def definition(retirement: list[Any]) -> dict[str, Any]:
    body = {"kind": "drawing", "question": "Where?", "tools": [CRATER, BOULDER], "required": False}
    return {"first_task": "T0", "tasks": {"T0": body}, "retirement": retirement}


def test_a_condition_asks_how_many_drew_as_many() -> None:
    parse_definition(definition(["first", "T0", "none", 3]))
    agreed = parse_definition(definition(["gte", ["agreement", "T0"], 0.75])).retirement
    for votes, met in [
        ({"crater=2": 3, "crater=1": 1, "boulder=0": 4}, True),
        ({"crater=2": 4, "boulder=0": 2, "boulder=1": 2}, False),  # the tool where fewest agree
        ({"crater=2": 2, "boulder=1": 2, "none": 2}, False),
        ({"crater=0": 1, "boulder=1": 1, "none": 3}, True),  # who drew nothing drew 0 with each
        ({"none": 4}, True),
    ]:
        assert conditions.evaluate(agreed, 4, {"T0": {"asked": 4, "votes": votes}}) is met
    with pytest.raises(Invalid, match="there is no probability of T0"):
        parse_definition(definition(["gte", ["probability", "T0"], 0.9]))
