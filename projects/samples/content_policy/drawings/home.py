"""Things of the house."""

import numpy as np

from projects.samples.content_policy.drawings.sheet import Sheet, tint

DARK, LIGHT, WOOD = "#2f333b", "#f4f1ea", "#a9784a"


def lamp(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.oval(30, 78, 62, 86, tint(colour, -0.3))
    s.line([(46, 80), (38, 52), (62, 34)], DARK, 2.2)
    s.disc(38, 52, 2.6, tint(colour, -0.3))
    s.shape([(52, 28), (70, 24), (82, 46), (54, 52)], colour)
    s.oval(53, 43, 83, 54, "#fff2c0")


def mug(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.ring(70, 60, 13, colour, 5)
    s.box(30, 38, 68, 84, colour, 6)
    s.oval(30, 33, 68, 43, tint(colour, -0.35))
    s.oval(33, 35, 65, 41, "#5a3a26")
    s.box(36, 52, 42, 78, tint(colour, 0.3), 3)


def teapot(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.ring(27, 58, 12, tint(colour, -0.2), 4)
    s.shape([(66, 62), (88, 40), (91, 44), (72, 76)], tint(colour, -0.1))
    s.oval(26, 36, 76, 86, colour)
    s.oval(36, 33, 66, 43, tint(colour, -0.2))
    s.disc(51, 31, 4, tint(colour, 0.2))
    s.oval(34, 46, 46, 66, tint(colour, 0.3))


def chair(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    for x in (32, 66):
        s.line([(x, 56), (x + (x - 49) * 0.2, 85)], WOOD, 3.4)
    s.line([(35, 18), (35, 56)], WOOD, 3.4)
    s.line([(64, 18), (64, 56)], WOOD, 3.4)
    for y in (20, 29, 38):
        s.box(35, y, 64, y + 5, tint(WOOD, 0.15), 2)
    s.box(28, 52, 71, 60, colour, 4)


def sofa(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    for x in (20, 77):
        s.box(x, 78, x + 4, 85, WOOD)
    s.box(16, 38, 85, 74, tint(colour, -0.15), 8)
    s.box(22, 56, 50, 72, tint(colour, 0.15), 5)
    s.box(51, 56, 79, 72, tint(colour, 0.15), 5)
    s.box(10, 50, 24, 80, colour, 6)
    s.box(77, 50, 91, 80, colour, 6)
    s.box(14, 71, 87, 80, colour, 3)
    s.box(58, 46, 72, 60, tint(colour, 0.55), 3)


def vase(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    for x, y in ((38, 22), (50, 15), (62, 24)):
        s.line([(50, 46), (x, y)], "#4f7d4a", 1.6)
        for dx, dy in ((-4, 0), (4, 0), (0, -4), (0, 4)):
            s.disc(x + dx, y + dy, 3.6, "#f0c6cf")
        s.disc(x, y, 2.6, "#e9b44c")
    s.oval(34, 48, 66, 85, colour)
    s.box(42, 40, 58, 56, colour, 3)
    s.oval(40, 38, 60, 44, tint(colour, -0.25))
    s.oval(39, 56, 46, 74, tint(colour, 0.35))


def plant(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    for x, y in ((26, 36), (38, 21), (50, 16), (62, 21), (74, 36)):
        green = tint("#3f7a4d", float(rng.uniform(-0.15, 0.25)))
        s.line([(50, 62), (x, y)], green, 2)
        s.oval(x - 7, y - 9, x + 7, y + 9, green)
    s.shape([(34, 58), (66, 58), (62, 85), (38, 85)], colour)
    s.box(31, 55, 69, 62, tint(colour, -0.15), 1.5)


def rug(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.shape([(22, 34), (78, 34), (90, 82), (10, 82)], colour)
    s.shape([(27, 39), (73, 39), (82, 77), (18, 77)], tint(colour, 0.5))
    s.shape([(32, 44), (68, 44), (74, 72), (26, 72)], tint(colour, -0.1))
    s.shape([(50, 48), (62, 58), (50, 69), (38, 58)], tint(colour, 0.6))
    for x in range(11, 90, 4):
        s.line([(x, 82), (x, 86)], tint(colour, 0.5), 0.9)


def clock(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.disc(50, 50, 34, colour)
    s.disc(50, 50, 29, LIGHT)
    for hour in range(12):
        x, y = np.sin(hour * np.pi / 6), -np.cos(hour * np.pi / 6)
        s.line([(50 + 24 * x, 50 + 24 * y), (50 + 27 * x, 50 + 27 * y)], DARK, 1.4)
    s.line([(50, 50), (62, 40)], DARK, 2.4)
    s.line([(50, 50), (46, 28)], DARK, 1.8)
    s.disc(50, 50, 2.2, colour)


def coffee_machine(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.box(24, 20, 76, 85, colour, 5)
    s.box(32, 44, 68, 78, DARK, 3)
    s.box(44, 40, 56, 50, "#b9bec6", 2)
    s.box(42, 62, 58, 77, LIGHT, 3)
    s.box(22, 80, 78, 86, tint(colour, -0.3), 2)
    for x, light in ((38, "#7dd69b"), (50, LIGHT), (62, LIGHT)):
        s.disc(x, 30, 3.4, light)


DRAWINGS = {
    "lamp": lamp,
    "mug": mug,
    "teapot": teapot,
    "chair": chair,
    "sofa": sofa,
    "vase": vase,
    "plant": plant,
    "rug": rug,
    "clock": clock,
    "coffee machine": coffee_machine,
}
