"""Simulated drawers: how often they see, how far off they are, and that what they draw is a drawing."""

import numpy as np
import pytest

from mining.science.simulate.drawers import FALSE, MISSED, SCATTER, SIZE, draw
from projects.tasks.drawing import DrawingTask

RIM = {
    "kind": "single",
    "question": "Rim?",
    "answers": [{"key": "sharp", "label": "S"}, {"key": "worn", "label": "W"}],
}
TOOLS = [
    {"key": "crater", "label": "Crater", "shape": "circle", "color": "sky", "details": [RIM]},
    {"key": "fault", "label": "Fault", "shape": "segmented_line", "color": "orange"},
    {"key": "box", "label": "Box", "shape": "rectangle", "color": "orange"},
]
TRUE = {
    "width": 1000,
    "height": 500,
    "marks": [
        {"tool": "crater", "frame": 0, "x_center": 300.0, "y_center": 200.0, "r": 50.0, "details": ["worn"]},
        {"tool": "fault", "frame": 0, "points": [[2.0, 2.0], [500.0, 250.0], [998.0, 2.0]], "details": []},
        {"tool": "box", "frame": 0, "x": 960.0, "y": 470.0, "width": 39.0, "height": 29.0, "details": []},
    ],
}


def drawn(n: int = 2000, skill: float = 1.0, careless: bool = False) -> list[list[dict]]:
    return [
        draw(TRUE, np.random.default_rng([1, at]), skill=skill, careless=careless, tools=TOOLS)
        for at in range(n)
    ]


def test_they_see_and_err_as_described():
    marks = [mark for each in drawn() for mark in each if mark["tool"] == "crater"]
    near = [m for m in marks if abs(m["x_center"] - 300) < 60 and abs(m["y_center"] - 200) < 60]
    assert len(near) / 2000 == pytest.approx(1 / (1 + MISSED), abs=0.03)
    assert np.std([m["x_center"] for m in near]) == pytest.approx(1000 * SCATTER, rel=0.1)
    assert np.log([m["r"] for m in near if m["r"] > 30]).std() == pytest.approx(SIZE, rel=0.1)
    assert (len(marks) - len(near)) / 2000 == pytest.approx(FALSE, rel=0.15)
    careless = drawn(careless=True)
    assert {mark["tool"] for each in careless for mark in each} == {"crater"}
    assert np.mean([len(each) for each in careless]) == pytest.approx(1.0, abs=0.1)
    assert draw(None, np.random.default_rng(1), skill=1.0, careless=False, tools=TOOLS) == []


def test_what_they_draw_is_valid_and_in_the_picture():
    task = DrawingTask.model_validate({"kind": "drawing", "question": "?", "required": False, "tools": TOOLS})
    for marks in drawn(300, skill=0.2):
        task.check_inside(task.validate_value(marks), 1000, 500)
