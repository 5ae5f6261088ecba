"""Shapes of several volunteers: grouped by place and size, averaged as shapes, and better than one alone."""

import numpy as np
import pytest

from mining.science.consensus.marks import MarkCrowd, Picture
from mining.science.consensus.outlines import features, mean

S = 3.0
N = 8


def ring(x: float, y: float, r: float, n: int = 40) -> np.ndarray:
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return np.column_stack([x + r * np.cos(turn), y + r * np.sin(turn)])


def true(shape: str, rng: np.random.Generator) -> np.ndarray:
    """One thing of a shape: something of 20 to 40 pixels."""
    x, y = rng.uniform(60, 540, 2)
    size = rng.uniform(20, 40)
    if shape == "point":
        return np.array([x, y])
    if shape == "circle":
        return np.array([x, y, size])
    if shape == "rectangle":
        return np.array([x, y, size, 2 * size])
    if shape in ("ellipse", "rotated_rectangle"):
        return np.array([x, y, size, size / 2, rng.uniform(0, 180)])
    turn = rng.uniform(0, 2 * np.pi)
    middle, across = np.array([x, y]), size * np.array([np.cos(turn), np.sin(turn)])
    if shape == "line":
        return np.concatenate([middle - across, middle + across])
    if shape == "segmented_line":
        return np.array([middle - across, middle + across[::-1] / 4, middle + across])
    return ring(x, y, size)


def drawn(shape: str, thing: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """As a volunteer draws it: off by S along x and y, sizes by a tenth, angles by ten degrees, lines from either end,
    outlines with points of their own."""
    if shape in ("line", "segmented_line"):
        path = thing.reshape(-1, 2) + rng.normal(0, S, (len(thing.reshape(-1, 2)), 2))
        path = path[::-1] if rng.random() < 0.5 else path
        return path.reshape(thing.shape)
    if shape in ("polygon", "freehand"):
        moved = thing + rng.normal(0, S, 2)
        middle = moved.mean(axis=0)
        return middle + (np.roll(moved, rng.integers(40), axis=0) - middle) * rng.lognormal(0, 0.1)
    mark = thing.copy()
    mark[:2] += rng.normal(0, S, 2)
    mark[2:4] *= rng.lognormal(0, 0.1, len(mark[2:4]))
    if len(mark) == 5:
        mark[4] = (mark[4] + rng.normal(0, 10)) % 180
    return mark


def away(shape: str, mark: np.ndarray, thing: np.ndarray) -> float:
    return float(np.hypot(*(features(shape, [mark]) - features(shape, [thing]))[0, :2]))


SHAPES = [
    "point",
    "line",
    "rectangle",
    "rotated_rectangle",
    "circle",
    "ellipse",
    "polygon",
    "segmented_line",
    "freehand",
]


@pytest.mark.parametrize("shape", SHAPES)
def test_of_each_shape_things_are_found_and_better_placed_than_by_one(shape: str) -> None:
    """Eight volunteers, of whom five on average draw each of six things; each draws a false one in two pictures."""
    rng = np.random.default_rng(7)
    pictures, truth, given = [], [], []
    for _ in range(20):
        things: list[np.ndarray] = []
        while len(things) < 6:
            new = true(shape, rng)
            if all(away(shape, new, each) > 8 * S for each in things):
                things.append(new)
        marks, who = [], []
        for person in range(N):
            seen = [drawn(shape, thing, rng) for thing in things if rng.random() < 5 / 8]
            seen += [true(shape, rng) for _ in range(rng.poisson(0.5))]
            marks += seen
            who += [person] * len(seen)
        pictures.append(Picture(features(shape, marks), np.array(who, dtype=np.int32), N))
        truth.append(things)
        given.append(marks)
    found, false, one, together = 0, 0, [], []
    for groups, things, marks in zip(MarkCrowd().fit(pictures).groups, truth, given, strict=True):
        left = list(things)
        for group in (each for each in groups if each.p > 0.5):
            of = [marks[row] for row in group.marks]
            shared = mean(shape, of)
            nearest = min(range(len(left)), key=lambda at: away(shape, shared, left[at]), default=None)
            if nearest is None or away(shape, shared, left[nearest]) > 3 * S:
                false += 1
                continue
            thing = left.pop(nearest)
            found += 1
            together.append(away(shape, shared, thing) ** 2)
            one += [away(shape, mark, thing) ** 2 for mark in of]
    assert found >= 0.95 * 120
    assert false <= 0.05 * (found + false)
    assert (np.mean(one) / np.mean(together)) ** 0.5 >= 1.8


def test_a_line_is_the_same_from_its_other_end() -> None:
    lines = [np.array([0.0, 0.0, 10.0, 1.0]), np.array([10.0, -1.0, 0.0, 0.0])]
    assert features("line", lines)[:, 2:] == pytest.approx(np.array([[2.475, 0.5], [2.475, -0.5]]), abs=0.05)
    assert mean("line", lines) == pytest.approx([0, 0, 10, 0])


def test_two_rings_around_one_middle_are_told_apart_by_their_size() -> None:
    """Not by who drew them: each volunteer drew one of the two."""
    rng = np.random.default_rng(3)
    rings = [
        np.array([100 + rng.normal(0, 1), 100 + rng.normal(0, 1), 20.0 + 40 * (at % 2)]) for at in range(8)
    ]
    picture = Picture(features("circle", rings), np.arange(8, dtype=np.int32), 8)
    (groups,) = MarkCrowd(scatter=1.0).fit([picture]).groups
    assert sorted(group.marks for group in groups) == [[0, 2, 4, 6], [1, 3, 5, 7]]


def test_squares_turn_by_quarters_and_outlines_average() -> None:
    squares = [np.array([0.0, 0.0, 10.0, 10.0, angle]) for angle in (2.0, 88.0, 91.0, 179.0)]
    assert mean("rotated_rectangle", squares)[:4] == pytest.approx([0, 0, 10, 10])
    assert (mean("rotated_rectangle", squares)[4] + 45) % 90 == pytest.approx(45, abs=0.5)
    outline = mean("freehand", [ring(50, 50, 20), ring(50, 50, 30)])
    assert np.hypot(*(outline - 50).T) == pytest.approx(25, abs=0.6)
    with_bay = np.array([[0.0, 0], [40, 0], [40, 40], [20, 10], [0, 40]])
    x, y, size = features("polygon", [mean("polygon", [with_bay, with_bay[::-1] + 0.0])])[0]
    assert (x, y, size) == pytest.approx(tuple(features("polygon", [with_bay])[0]), abs=0.4)


def test_edges() -> None:
    eight = np.array([[0.0, 0], [10, 10], [10, 0], [0, 10]])
    assert features("freehand", [eight])[0] == pytest.approx([5, 5, 0])
    assert features("circle", []).shape == (0, 3)
    assert mean("polygon", [eight]) is not None
    assert mean("freehand", [eight, eight + 1]).shape[1] == 2
