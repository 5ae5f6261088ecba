"""Cuts a source out of the picture and enlarges it for a screen."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

BLACK = 6.0  # grey levels taken off: a little under the picture's background of about 12
GAMMA = 0.8  # below 1 lifts the faint parts
STRETCH = f"brightened: 255 * ((level - {BLACK:g}) / {255 - BLACK:g}) ^ {GAMMA:g}"
BEYOND = (38, 40, 46)  # flat grey where a cut-out reaches past the picture's edge


def cut(picture: NDArray[np.uint8], x: float, y: float, field: int) -> NDArray[np.uint8]:
    """A square of `field` by `field` pixels, its middle at the pixel of (x, y); beyond the picture: flat grey."""
    rows, columns = picture.shape[:2]
    top, left = round(y) - field // 2, round(x) - field // 2
    square = np.empty((field, field, 3), dtype=np.uint8)
    square[:] = BEYOND
    y0, y1 = max(top, 0), min(top + field, rows)
    x0, x1 = max(left, 0), min(left + field, columns)
    square[y0 - top : y1 - top, x0 - left : x1 - left] = stretch(picture[y0:y1, x0:x1])
    return square


def stretch(levels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The mild brightening that STRETCH names, the same for every cut-out and channel."""
    scaled = np.clip((levels.astype(np.float64) - BLACK) / (255.0 - BLACK), 0.0, 1.0) ** GAMMA
    return np.round(scaled * 255.0).astype(np.uint8)


def enlarge(square: NDArray[np.uint8], side: int) -> Image.Image:
    """To `side` by `side` screen pixels, by Lanczos resampling: smooth between pixels, adds no detail."""
    return Image.fromarray(square).resize((side, side), Image.Resampling.LANCZOS)
