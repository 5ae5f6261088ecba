"""Things for outdoors, for sport and for music."""

import numpy as np

from projects.samples.content_policy.drawings.sheet import Sheet, tint

DARK, LIGHT, STEEL, WOOD = "#2f333b", "#f4f1ea", "#b9bec6", "#a9784a"
CLEAR = "#00000000"


def bicycle(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    for x in (27, 73):
        s.ring(x, 66, 18, DARK, 2.4)
        for angle in np.arange(0.0, np.pi, np.pi / 4):
            dx, dy = 16 * float(np.cos(angle)), 16 * float(np.sin(angle))
            s.line([(x - dx, 66 - dy), (x + dx, 66 + dy)], STEEL, 0.5)
    s.line([(27, 66), (40, 42), (66, 42), (49, 66), (27, 66)], colour, 2.6)
    s.line([(37, 34), (49, 66)], colour, 2.6)
    s.line([(73, 66), (63, 30), (72, 28)], colour, 2.6)
    s.box(31, 31, 44, 35, DARK, 2)
    s.disc(49, 66, 4, DARK)


def guitar(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.line([(50, 10), (50, 50)], "#5a3a26", 5)
    s.box(44, 8, 56, 18, "#5a3a26", 2)
    s.disc(50, 48, 15, colour)
    s.disc(50, 68, 19, colour)
    s.disc(50, 54, 6.5, "#3a2416")
    s.box(41, 72, 59, 75, "#3a2416", 1)
    for x in (48.4, 49.5, 50.6, 51.7):
        s.line([(x, 12), (x, 73)], LIGHT, 0.35)


def tent(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.shape([(50, 22), (90, 84), (62, 84)], tint(colour, -0.2))
    s.shape([(50, 22), (10, 84), (62, 84)], colour)
    s.shape([(46, 40), (30, 84), (54, 84)], DARK)
    s.shape([(46, 40), (54, 84), (49, 84)], tint(colour, 0.4))
    s.line([(50, 22), (50, 16)], WOOD, 1.4)


def skateboard(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.line([(12, 54), (22, 60), (78, 60), (88, 54)], colour, 6)
    s.line([(22, 57.5), (78, 57.5)], tint(colour, 0.4), 1)
    for x in (30, 70):
        s.box(x - 3, 62, x + 3, 68, STEEL)
        s.disc(x - 5, 71, 5, LIGHT)
        s.disc(x + 5, 71, 5, LIGHT)
        s.disc(x - 5, 71, 2, DARK)
        s.disc(x + 5, 71, 2, DARK)


def helmet(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.arc(50, 60, 21, 20, 160, DARK, 2)
    s.oval(16, 22, 84, 84, colour)
    s.box(10, 58, 90, 90, CLEAR)
    s.shape([(16, 56), (84, 56), (82, 63), (18, 63)], tint(colour, -0.3))
    for x in (34, 46, 58):
        s.oval(x, 30, x + 7, 52, tint(colour, -0.5))


def bottle(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.box(44, 10, 56, 34, tint(colour, -0.2), 2)
    s.box(43, 10, 57, 20, "#7a2f3a", 1.5)
    s.box(35, 34, 65, 85, colour, 6)
    s.shape([(44, 28), (56, 28), (65, 40), (35, 40)], colour)
    s.box(35, 50, 65, 74, LIGHT)
    s.line([(40, 58), (60, 58)], "#7a2f3a", 1.6)
    s.line([(43, 64), (57, 64)], STEEL, 1.2)
    s.box(38, 38, 41, 48, tint(colour, 0.4), 1.5)


def glasses(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    for x in (33, 67):
        s.oval(x - 13, 18, x + 13, 56, "#dfe9ef")
        s.box(x - 13, 14, x + 13, 26, "#dfe9ef")
        s.oval(x - 13, 10, x + 13, 18, "#f3f8fb")
        s.line([(x, 55), (x, 80)], "#c9d6de", 2)
        s.oval(x - 10, 79, x + 10, 86, "#c9d6de")
        s.oval(x - 9, 24, x - 5, 44, LIGHT)


def knife(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.shape([(12, 60), (20, 46), (58, 42), (58, 60)], "#d5dae0")
    s.line([(14, 60), (58, 60)], LIGHT, 1)
    s.box(56, 40, 62, 62, STEEL, 1)
    s.box(60, 42, 90, 58, colour, 5)
    for x in (67, 75, 83):
        s.disc(x, 50, 1.6, STEEL)


def rocket(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    for x, light in ((30, 0.0), (50, -0.2), (70, 0.2)):
        s.line([(x, 60), (x, 86)], WOOD, 1.6)
        s.box(x - 7, 32, x + 7, 66, tint(colour, light), 1.5)
        s.box(x - 7, 42, x + 7, 47, "#f0d15a")
        s.shape([(x - 8, 33), (x, 14), (x + 8, 33)], DARK)


DRAWINGS = {
    "bicycle": bicycle,
    "guitar": guitar,
    "tent": tent,
    "skateboard": skateboard,
    "helmet": helmet,
    "bottle": bottle,
    "glasses": glasses,
    "knife": knife,
    "rocket": rocket,
}
