"""Things that are carried and worn, played and looked at."""

import numpy as np

from projects.samples.content_policy.drawings.sheet import Sheet, tint

DARK, LIGHT, STEEL, LEATHER = "#2f333b", "#f4f1ea", "#b9bec6", "#8a5a3a"


def phone(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.box(33, 14, 67, 86, DARK, 6)
    s.box(36, 18, 64, 82, tint(colour, 0.1), 3)
    s.box(43, 20, 57, 22.5, DARK, 1)
    for row in range(4):
        for column in range(3):
            light = tint(colour, 0.35 + 0.1 * float(rng.integers(0, 4)))
            s.box(39 + 8 * column, 30 + 9 * row, 45 + 8 * column, 36 + 9 * row, light, 1.5)


def headphones(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.arc(50, 52, 32, 180, 360, colour, 5)
    for x in (14, 74):
        s.box(x, 46, x + 12, 80, colour, 5)
    for x in (24, 68):
        s.box(x, 48, x + 8, 78, DARK, 4)


def camera(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.box(36, 28, 62, 42, DARK, 3)
    s.box(14, 36, 86, 80, colour, 5)
    s.box(14, 36, 86, 46, STEEL, 4)
    s.disc(50, 60, 19, DARK)
    s.disc(50, 60, 14, "#46505f")
    s.disc(50, 60, 8, "#1a2230")
    s.disc(45, 55, 3, "#8ea6c8")
    s.disc(77, 41, 2.6, "#c0392b")


def gamepad(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.box(16, 38, 84, 66, colour, 14)
    s.disc(25, 64, 14, colour)
    s.disc(75, 64, 14, colour)
    s.box(26, 46, 42, 51, DARK, 1)
    s.box(31.5, 40.5, 36.5, 56.5, DARK, 1)
    for x, y, dot in ((66, 42, "#7dd69b"), (73, 49, "#ff9a8f"), (66, 56, "#8ab8ff"), (59, 49, "#f0b95a")):
        s.disc(x, y, 3.2, dot)


def watch(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.box(40, 10, 60, 34, LEATHER, 3)
    s.box(40, 66, 60, 90, LEATHER, 3)
    s.disc(50, 50, 24, colour)
    s.disc(50, 50, 19, LIGHT)
    s.box(73, 47, 78, 53, colour, 1)
    s.line([(50, 50), (50, 37)], DARK, 1.8)
    s.line([(50, 50), (59, 55)], DARK, 1.8)
    for x, y in ((50, 34), (66, 50), (50, 66), (34, 50)):
        s.disc(x, y, 1.3, DARK)


def ring(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.ring(50, 60, 25, "#d9a93a", 5)
    s.shape([(38, 30), (43, 22), (57, 22), (62, 30), (50, 42)], colour)
    s.shape([(43, 22), (57, 22), (53, 30), (47, 30)], tint(colour, 0.6))
    s.shape([(38, 30), (47, 30), (50, 42)], tint(colour, 0.3))


def bag(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.arc(50, 40, 17, 180, 360, tint(colour, -0.3), 3.4)
    s.shape([(24, 40), (76, 40), (84, 84), (16, 84)], colour)
    s.shape([(24, 40), (76, 40), (78, 54), (22, 54)], tint(colour, -0.15))
    s.box(45, 50, 55, 58, "#d9a93a", 2)


def shoe(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.shape([(14, 46), (34, 42), (56, 60), (80, 64), (87, 76), (13, 76)], colour)
    s.shape([(34, 42), (56, 60), (50, 64), (30, 48)], LIGHT)
    s.box(11, 74, 89, 83, LIGHT, 4)
    for at in range(4):
        x, y = 36 + 5 * at, 47 + 4 * at
        s.line([(x - 3, y + 5), (x + 4, y + 1)], DARK, 1.1)


def jacket(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.shape([(34, 20), (20, 28), (10, 66), (21, 70), (30, 44)], tint(colour, -0.12))
    s.shape([(66, 20), (80, 28), (90, 66), (79, 70), (70, 44)], tint(colour, -0.12))
    s.shape([(34, 20), (66, 20), (73, 84), (27, 84)], colour)
    s.shape([(40, 18), (60, 18), (50, 36)], tint(colour, 0.5))
    s.line([(50, 36), (50, 84)], tint(colour, -0.4), 1.2)
    for y in (46, 57, 68):
        s.disc(53, y, 1.4, tint(colour, -0.5))


def books(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    y = 84.0
    for cover in (colour, "#d8c8a4", tint(colour, -0.35), "#7c8f9b", tint(colour, 0.4)):
        height, left = float(rng.uniform(9, 13)), float(rng.uniform(14, 24))
        s.box(left, y - height, left + 62, y, cover, 1.5)
        s.box(left + 6, y - height + 2, left + 8, y - 2, tint(cover, 0.5))
        s.box(left + 56, y - height + 1.5, left + 62, y - 1.5, LIGHT)
        y -= height


def teddy(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    fur = tint(colour, 0.15)
    for x in (34, 66):
        s.disc(x, 20, 8, fur)
        s.disc(x, 20, 4, tint(colour, 0.5))
        s.oval(x - 12, 66, x + 8 if x < 50 else x + 12, 86, fur)
    s.oval(18, 46, 38, 66, fur)
    s.oval(62, 46, 82, 66, fur)
    s.oval(28, 40, 72, 84, colour)
    s.disc(50, 32, 20, fur)
    s.oval(41, 32, 59, 46, LIGHT)
    s.oval(47, 33, 53, 37, DARK)
    s.disc(43, 27, 2, DARK)
    s.disc(57, 27, 2, DARK)


def toy_car(s: Sheet, colour: str, rng: np.random.Generator) -> None:
    s.shape([(28, 54), (38, 36), (66, 36), (76, 54)], tint(colour, 0.15))
    s.shape([(34, 52), (41, 40), (51, 40), (51, 52)], "#cfe3f2")
    s.shape([(55, 52), (55, 40), (64, 40), (70, 52)], "#cfe3f2")
    s.box(12, 52, 88, 74, colour, 7)
    for x in (29, 71):
        s.disc(x, 74, 10.5, DARK)
        s.disc(x, 74, 5, STEEL)
    s.oval(83, 57, 89, 64, "#fff2c0")


DRAWINGS = {
    "phone": phone,
    "headphones": headphones,
    "camera": camera,
    "gamepad": gamepad,
    "watch": watch,
    "ring": ring,
    "bag": bag,
    "shoe": shoe,
    "jacket": jacket,
    "books": books,
    "teddy": teddy,
    "toy car": toy_car,
}
