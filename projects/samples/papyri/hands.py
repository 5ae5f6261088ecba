"""Scribes' hands, and how a hand turns letters into ink."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from projects.samples.papyri.alphabet import ALPHABET, Stroke

Floats = NDArray[np.float64]
FINER = 3  # strokes are drawn this many times larger, then averaged: smooth edges
STEPS = 7  # pieces of a curve between two of its points


@dataclass(frozen=True)
class Hand:
    """thick, thin: of the pen's line along and across its nib, in letter heights. nib: its angle, degrees.

    slant: of upright strokes, x per y. narrow: factors on the width of some letters. raised: share of its height by
    which a letter is made smaller, standing on its middle. gap: between letters, in letter heights. unsteady: standard
    deviation of each point, in letter heights. serifs: whether stems end in a small hook.
    """

    name: str
    thick: float
    thin: float
    nib: float
    slant: float
    gap: float
    unsteady: float
    narrow: dict[str, float] = field(default_factory=dict)
    smaller: dict[str, float] = field(default_factory=dict)
    serifs: bool = False


HANDS = (
    Hand("round", 0.120, 0.062, 22.0, 0.00, 0.12, 0.013),
    Hand("slanting", 0.118, 0.045, 38.0, 0.22, 0.10, 0.015,
         narrow={"ε": 0.78, "θ": 0.80, "σ": 0.78, "ο": 0.86, "ω": 0.92, "μ": 1.06, "π": 1.06},
         smaller={"ο": 0.30, "θ": 0.10, "ω": 0.22, "σ": 0.08}),
    Hand("formal", 0.150, 0.036, 8.0, -0.02, 0.15, 0.009, serifs=True, narrow={"ε": 1.06, "σ": 1.06, "ο": 1.10}),
    Hand("quick", 0.085, 0.052, 30.0, 0.10, 0.07, 0.026,
         narrow={"ι": 0.90, "π": 0.90, "μ": 0.94}, smaller={"ο": 0.26, "α": 0.08, "ω": 0.14}),
)  # fmt: skip


@dataclass(frozen=True)
class Placed:
    """A letter in the picture: its box's left edge, the baseline there, its width, in pixels."""

    key: str
    left: float
    base: float
    width: float


def length(text: str, hand: Hand) -> float:
    """Of the written line, in letter heights, before the hand's unsteadiness."""
    return sum(_width(key, hand) + hand.gap for key in text) - hand.gap


def place(
    text: str, hand: Hand, height: float, left: float, base: float, rng: np.random.Generator
) -> list[Placed]:
    """The letters of a line that begins at `left` on the line `base`, with a hand's small differences."""
    placed: list[Placed] = []
    wave, slope = rng.uniform(0.0, 2 * np.pi), rng.normal(0.0, 0.0035)
    start = left
    for key in text:
        width = _width(key, hand) * height * (1.0 + rng.normal(0.0, 2.0 * hand.unsteady))
        wander = 0.035 * height * np.sin(wave + left / (7.0 * height)) + slope * (left - start)
        placed.append(Placed(key, left, base + wander + rng.normal(0.0, hand.unsteady) * height, width))
        left += width + hand.gap * height * rng.uniform(0.75, 1.25)
    return placed


def ink(
    shape: tuple[int, int], letters: Sequence[Placed], hand: Hand, height: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Where the pen has been: [rows, columns], 0 to 1, smooth at the edges. Letters may reach out of the picture."""
    rows, columns = shape
    sheet = Image.new("L", (columns * FINER, rows * FINER))
    draw = ImageDraw.Draw(sheet)
    for letter in letters:
        size = (
            height * (1.0 - hand.smaller.get(letter.key, 0.0)) * (1.0 + rng.normal(0.0, 1.5 * hand.unsteady))
        )
        lift = 0.5 * (height - size)
        turn = rng.normal(0.0, 1.2 * hand.unsteady)
        wide = letter.width / ALPHABET[letter.key].width
        for points in _strokes(letter.key, hand, rng):
            x = points[:, 0] * wide + (hand.slant + turn) * points[:, 1] * size
            y = points[:, 1] * size + lift - turn * points[:, 0] * wide
            path = np.stack([letter.left + x, letter.base - y], axis=1)
            _sweep(draw, path * FINER, hand, height * FINER, rng)
    return np.asarray(np.asarray(sheet.reduce(FINER), dtype=np.float32) / 255.0, dtype=np.float32)


def _width(key: str, hand: Hand) -> float:
    return ALPHABET[key].width * hand.narrow.get(key, 1.0)


def _strokes(key: str, hand: Hand, rng: np.random.Generator) -> Iterator[Floats]:
    """The points of each stroke, close together, [points, 2], in letter heights, unsteady as the hand is."""
    for stroke in ALPHABET[key].strokes:
        corners = np.array(stroke.points)
        corners = corners + rng.normal(0.0, hand.unsteady, corners.shape)
        yield _smooth(corners) if stroke.kind == "curve" else _straight(corners)
        if hand.serifs and _upright(stroke):
            x, y = corners[-1] if corners[-1, 1] < corners[0, 1] else corners[0]
            yield np.array([[x - 0.10, y + 0.01], [x, y], [x + 0.10, y + 0.01]])


def _upright(stroke: Stroke) -> bool:
    (x0, y0), (x1, y1) = stroke.points[0], stroke.points[-1]
    return stroke.kind == "line" and abs(x1 - x0) < 0.05 and min(y0, y1) > -0.1


def _straight(corners: Floats) -> Floats:
    """Nearly: a hand bends a long line a little."""
    share = np.linspace(0.0, 1.0, STEPS)[:, None]
    pieces = [a + (b - a) * share for a, b in pairwise(corners)]
    return np.concatenate(pieces)


def _smooth(corners: Floats) -> Floats:
    """A Catmull-Rom curve through the corners."""
    padded = np.concatenate([2 * corners[:1] - corners[1:2], corners, 2 * corners[-1:] - corners[-2:-1]])
    t = np.linspace(0.0, 1.0, STEPS)[:, None]
    pieces = []
    for a, b, c, d in zip(padded[:-3], padded[1:-2], padded[2:-1], padded[3:], strict=True):
        pieces.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return np.concatenate(pieces)


def _sweep(
    draw: ImageDraw.ImageDraw, path: Floats, hand: Hand, height: float, rng: np.random.Generator
) -> None:
    """Draws one stroke: its line is thick across the nib and thin along it, and the pressure changes slowly."""
    steps = np.diff(path, axis=0)
    angle = np.arctan2(-steps[:, 1], steps[:, 0]) - np.radians(hand.nib)
    width = np.hypot(hand.thick * np.sin(angle), hand.thin * np.cos(angle))
    share = np.linspace(0.0, np.pi, len(width))
    pressure = 1.0 + 0.10 * np.sin(share * rng.uniform(0.5, 1.5) + rng.uniform(0.0, 2 * np.pi))
    width = np.maximum(width * pressure * height * rng.uniform(0.92, 1.08), 2.0)
    for (x0, y0), (x1, y1), w in zip(path[:-1], path[1:], width, strict=True):
        r = 0.5 * (w - 1.0)
        draw.line((x0, y0, x1, y1), fill=255, width=round(w))
        draw.ellipse((x0 - r, y0 - r, x0 + r, y0 + r), fill=255)
        draw.ellipse((x1 - r, y1 - r, x1 + r, y1 + r), fill=255)
