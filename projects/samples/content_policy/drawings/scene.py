"""A drawing put into a photograph's place: a wall, a table, a soft shadow; a little turned, nearer or further off."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from projects.samples.content_policy.drawings.sheet import FINE, SIDE, Sheet, tint

WALLS = ("#e9e4da", "#dfe6e4", "#e4dfe8", "#e8ddd2", "#d9e1ea", "#ece8d9", "#cfd6cf", "#c9c3bd")
TABLES = ("#c8a27a", "#b98f68", "#d8cdbd", "#a7b0b5", "#8f7a66", "#c4b5a0", "#9aa58f", "#6f7682")
HORIZON = 0.66  # where the table begins, of the height
SHADOW = 70  # of 255


def photograph(sheet: Sheet, rng: np.random.Generator, *, mirrored: bool) -> Image.Image:
    """SIDE by SIDE pixels. mirrored: whether it may be turned left to right (not where there are words on it)."""
    thing = sheet.image.reduce(FINE)
    if mirrored and rng.random() < 0.5:
        thing = thing.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    thing = _placed(thing, scale=float(rng.uniform(0.8, 0.98)), angle=float(rng.uniform(-4, 4)), rng=rng)
    picture = _room(rng)
    shade = Image.new("L", (SIDE, SIDE))
    shade.paste(thing.getchannel("A").point(lambda level: level * SHADOW // 255), (9, 7))
    picture.paste(Image.new("RGB", picture.size, "#14100c"), mask=shade.filter(ImageFilter.BoxBlur(6)))
    picture.paste(thing, (0, 0), thing)
    return picture


def blank(sheet: Sheet) -> Image.Image:
    """Without a room: what a site shows in a picture's stead."""
    page = Image.new("RGB", (SIDE, SIDE), "#eef0f3")
    thing = sheet.image.reduce(FINE)
    page.paste(thing, (0, 0), thing)
    return page


def _placed(thing: Image.Image, *, scale: float, angle: float, rng: np.random.Generator) -> Image.Image:
    """Scaled, turned by `angle` degrees about its foot, and a little off the middle, in one resampling."""
    cos, sin = math.cos(math.radians(angle)) / scale, math.sin(math.radians(angle)) / scale
    x, y = SIDE / 2 + float(rng.uniform(-12, 12)), SIDE * 0.83
    back = (cos, sin, SIDE / 2 - cos * x - sin * y, -sin, cos, SIDE * 0.84 - cos * y + sin * x)
    return thing.transform((SIDE, SIDE), Image.Transform.AFFINE, back, Image.Resampling.BICUBIC)


def _room(rng: np.random.Generator) -> Image.Image:
    wall, table = str(rng.choice(WALLS)), str(rng.choice(TABLES))
    picture = Image.new("RGB", (SIDE, SIDE), wall)
    pen = ImageDraw.Draw(picture)
    horizon = round(SIDE * (HORIZON + float(rng.uniform(-0.03, 0.05))))
    for y in range(horizon):  # light from above
        pen.line([(0, y), (SIDE, y)], fill=tint(wall, 0.35 * (1 - y / horizon)))
    for y in range(horizon, SIDE):
        pen.line([(0, y), (SIDE, y)], fill=tint(table, -0.18 * (y - horizon) / (SIDE - horizon)))
    pen.line([(0, horizon), (SIDE, horizon)], fill=tint(table, -0.25), width=2)
    return picture
