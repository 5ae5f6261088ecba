"""What stands where a picture is missing."""

import numpy as np

from projects.samples.content_policy.drawings.sheet import Sheet

GREY, INK = "#d3d8df", "#5d6675"


def missing(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.box(14, 20, 86, 80, GREY, 3)
    s.shape([(20, 74), (40, 46), (54, 64), (64, 54), (80, 74)], "#aab3c0")
    s.disc(68, 36, 6, "#aab3c0")
    s.line([(14, 80), (86, 20)], INK, 1.4)
    s.words(50, 88, "picture not found", 5, INK)


def scribble(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    """The start page of a shop's own form, photographed instead of the thing."""
    s.box(16, 12, 84, 88, "#ffffff", 2)
    s.words(50, 22, "NEW LISTING", 6, INK)
    for at, label in enumerate(("title", "text", "price", "picture")):
        y = 32 + 13 * at
        s.box(24, y, 76, y + 8, GREY, 1)
        s.words(34, y + 4, label, 3.6, INK)


DRAWINGS = {"missing": missing, "empty form": scribble}
