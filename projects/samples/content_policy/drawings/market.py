"""Things that a market sets rules for; all of them drawn so that anybody may look."""

import numpy as np

from projects.samples.content_policy.drawings.sheet import Sheet, tint

DARK, LIGHT, STEEL, CARD = "#2f333b", "#f4f1ea", "#b9bec6", "#b98b58"


def plain_box(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.box(18, 36, 82, 85, CARD, 1)
    s.shape([(18, 36), (28, 24), (72, 24), (82, 36)], tint(CARD, -0.15))
    s.box(45, 24, 55, 85, tint(CARD, 0.35))
    s.box(62, 66, 78, 80, LIGHT)
    s.line([(64, 71), (76, 71)], DARK, 0.8)
    s.line([(64, 75), (73, 75)], DARK, 0.8)


def covered_box(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    """A closed box, tied up; all that tells what is in it is the number on the label."""
    s.box(20, 32, 80, 85, DARK, 2)
    s.box(17, 26, 83, 40, tint(DARK, 0.12), 2)
    s.box(46, 26, 54, 85, colour)
    for side in (-1, 1):
        s.shape([(50, 27), (50 + side * 16, 15), (50 + side * 18, 27)], tint(colour, 0.2))
    s.disc(50, 62, 15, LIGHT)
    s.disc(50, 62, 13, "#b3261e")
    s.words(50, 62, "18+", 11, "#ffffff")


def covered_book(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    """A magazine in an opaque sleeve."""
    s.box(27, 14, 73, 86, tint(colour, -0.3), 1)
    s.box(30, 12, 76, 84, DARK, 1)
    s.box(30, 12, 76, 24, colour)
    s.disc(53, 54, 14, "#b3261e")
    s.words(53, 54, "18+", 10, "#ffffff")


def pill_bottle(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.box(32, 28, 68, 85, "#d9822b", 5)
    s.box(29, 16, 71, 32, LIGHT, 3)
    s.box(32, 44, 68, 74, "#ffffff")
    s.words(50, 51, "Rx", 9, DARK)
    for y in (60, 65, 70):
        s.line([(37, y), (63 - (y - 60), y)], STEEL, 1)
    s.oval(72, 78, 84, 85, "#e8ebf0")
    s.oval(76, 72, 87, 79, tint(colour, 0.3))


def carving(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    """A small elephant on a stand."""
    ivory = "#efe4cb"
    s.box(22, 78, 78, 86, "#5a3a26", 2)
    for x in (32, 42, 56, 64):
        s.box(x, 60, x + 7, 79, tint(ivory, -0.12), 2)
    s.oval(26, 36, 72, 70, ivory)
    s.disc(70, 42, 13, ivory)
    s.oval(58, 34, 70, 54, tint(ivory, -0.15))
    s.line([(80, 44), (84, 58), (79, 68)], ivory, 4.4)
    s.disc(75, 38, 1.4, DARK)
    s.line([(26, 48), (20, 60)], tint(ivory, -0.12), 1.6)


def shell(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    """Branched coral."""
    s.oval(32, 78, 68, 87, tint(colour, -0.3))
    for points in (
        [(50, 82), (50, 18)],
        [(50, 60), (32, 40), (30, 20)],
        [(50, 52), (68, 36), (70, 18)],
        [(40, 49), (24, 44), (18, 32)],
        [(60, 43), (78, 46), (84, 34)],
    ):
        s.line(points, colour, 4.6)


def card(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    """A gift card."""
    s.box(12, 30, 88, 78, colour, 4)
    s.box(12, 40, 88, 49, tint(colour, -0.35))
    s.words(36, 62, "GIFT", 11, "#ffffff")
    s.box(60, 56, 82, 70, tint(colour, 0.5), 2)
    s.line([(64, 63), (78, 63)], DARK, 1.2)


def banknotes(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    """Play money: nothing on it is like any real note."""
    for at, light in enumerate((-0.2, 0.0, 0.25)):
        y = 58 - 13 * at
        s.box(14 + 3 * at, y, 82 + 3 * at, y + 26, tint("#5f8f6d", light), 2)
    s.ring(55, 45, 8, LIGHT, 1.2)
    s.words(55, 45, "50", 7, LIGHT)
    s.words(28, 37, "50", 5, LIGHT)


def ticket(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    for at, light in enumerate((0.35, 0.0)):
        y = 30 + 16 * at
        s.box(14 + 4 * at, y, 84 + 4 * at, y + 30, tint(colour, light), 2)
    for y in range(48, 75, 5):
        s.disc(72, y, 1, LIGHT)
    s.words(44, 58, "ADMIT ONE", 7, "#ffffff")
    s.line([(26, 67), (62, 67)], LIGHT, 1)


def vaporiser(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.box(46, 10, 54, 22, DARK, 2)
    s.box(42, 20, 58, 86, colour, 5)
    s.box(44, 32, 56, 50, DARK, 2)
    s.disc(50, 60, 3.4, STEEL)
    s.box(68, 56, 84, 86, "#dfe9ef", 3)
    s.box(72, 46, 80, 58, DARK, 2)
    s.box(68, 66, 84, 78, tint(colour, 0.3))


DRAWINGS = {
    "box": plain_box,
    "covered box": covered_box,
    "covered magazine": covered_book,
    "pill bottle": pill_bottle,
    "carving": carving,
    "coral": shell,
    "gift card": card,
    "play money": banknotes,
    "tickets": ticket,
    "vaporiser": vaporiser,
}
