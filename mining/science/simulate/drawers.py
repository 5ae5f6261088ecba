"""Drawers: volunteers who mark what they see, and how they err.

**The model.** A volunteer of skill s sees each thing with the chance s / (s + MISSED), whoever else does. A place is
off by a normal error with SCATTER / sqrt(s) of the picture's longer side along x and along y, a size by a factor whose
logarithm has SIZE / sqrt(s), an angle by ANGLE / sqrt(s) degrees. Besides there are slips, FALSE / s of them on
average, anywhere, each as a true mark of the tool elsewhere in the picture would be. A careless volunteer draws only
slips, one on average. Marks stay in the picture, as the page sees to.

A text of a mark is read as lines are (readers.py). Another question about it is answered rightly with the chance of
seeing a thing, else at random; of a slip at random.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mining.science.simulate.readers import read_line

MISSED, SCATTER, SIZE, ANGLE, FALSE = 0.2, 0.008, 0.08, 6.0, 0.3
SIZES = ("width", "height", "r", "rx", "ry")
SLIP = 0.05
"""Size of a slip, of the picture's longer side."""


def draw(
    true: Mapping[str, Any] | None,
    rng: np.random.Generator,
    *,
    skill: float,
    careless: bool,
    tools: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """true: {"width", "height", "marks": marks as a volunteer gives them}; None: nothing is drawn. Slips are drawn with
    tools of fixed shapes."""
    if true is None:
        return []
    width, height = float(true["width"]), float(true["height"])
    by_key = {tool["key"]: tool for tool in tools}
    sees = skill / (skill + MISSED)
    scatter = SCATTER * max(width, height) / math.sqrt(skill)
    found = []
    for mark in () if careless else true["marks"]:
        if rng.random() >= sees:
            continue
        drawn = {
            name: _off(name, value, rng, scatter, skill) for name, value in mark.items() if name != "details"
        }
        told = zip(by_key[mark["tool"]].get("details", ()), mark["details"], strict=True)
        drawn["details"] = [_said(task, value, rng, sees, skill) for task, value in told]
        found.append(_inside(drawn, width, height))
    plain = [tool for tool in tools if tool["shape"] in ("point", "circle", "ellipse")]
    for _ in range(rng.poisson(1.0 if careless else FALSE / skill) if plain else 0):
        tool = plain[int(rng.integers(len(plain)))]
        found.append(_slip(tool, rng, width, height))
    return [mark for tool in tools for mark in _of(tool, found)]


def _of(tool: Mapping[str, Any], found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [mark for mark in found if mark["tool"] == tool["key"]][: tool.get("max", len(found))]


def _off(name: str, value: Any, rng: np.random.Generator, scatter: float, skill: float) -> Any:
    """A number of a mark as it comes out. Ends and corners scatter one by one."""
    if name in ("tool", "frame"):
        return value
    if name == "points":
        return [[x + rng.normal(0, scatter), y + rng.normal(0, scatter)] for x, y in value]
    if name == "angle":
        return (value + rng.normal(0, ANGLE / math.sqrt(skill))) % 180
    if name in SIZES:
        return max(value * rng.lognormal(0, SIZE / math.sqrt(skill)), 1.0)
    return value + rng.normal(0, scatter)


def _slip(tool: Mapping[str, Any], rng: np.random.Generator, width: float, height: float) -> dict[str, Any]:
    x, y, size = (
        rng.uniform(0, width),
        rng.uniform(0, height),
        SLIP * max(width, height) * rng.lognormal(0, 0.4),
    )
    numbers: dict[str, float] = {
        "point": {"x": x, "y": y},
        "circle": {"x_center": x, "y_center": y, "r": size},
        "ellipse": {"x_center": x, "y_center": y, "rx": size, "ry": size / 2, "angle": rng.uniform(0, 179)},
    }[tool["shape"]]
    details = [_any(task, rng) for task in tool.get("details", ())]
    return _inside({"tool": tool["key"], "frame": 0, **numbers, "details": details}, width, height)


def _said(task: Mapping[str, Any], true: Any, rng: np.random.Generator, sees: float, skill: float) -> Any:
    """A text is read letter by letter (readers.py)."""
    if task["kind"] == "text":
        return read_line(true, rng, skill=skill, unclear=task.get("unclear", "?"))
    return true if rng.random() < sees else _any(task, rng)


def _any(task: Mapping[str, Any], rng: np.random.Generator) -> Any:
    """An answer at random to a question about a mark."""
    keys = [answer["key"] for answer in task.get("answers", ())]
    if task["kind"] == "single":
        return keys[int(rng.integers(len(keys)))]
    if task["kind"] == "multiple":
        return [keys[int(rng.integers(len(keys)))]]
    return task["min"] if task["kind"] == "number" else task.get("unclear", "?")


def _inside(mark: dict[str, Any], width: float, height: float) -> dict[str, Any]:
    """To two decimals, and what would lie outside at the edge; of an upright rectangle the size gives way."""
    found = dict(mark)
    for name, value in mark.items():
        if name in ("x", "x1", "x2", "x_center"):
            found[name] = min(max(value, 0.0), width)
        elif name in ("y", "y1", "y2", "y_center"):
            found[name] = min(max(value, 0.0), height)
    if "width" in mark and "x" in mark:
        found["width"] = max(min(mark["width"], width - found["x"]), 0.5)
        found["height"] = max(min(mark["height"], height - found["y"]), 0.5)
    if "points" in mark:
        found["points"] = [
            [round(min(max(x, 0.0), width), 2), round(min(max(y, 0.0), height), 2)] for x, y in mark["points"]
        ]
    return {name: round(value, 2) if isinstance(value, float) else value for name, value in found.items()}
