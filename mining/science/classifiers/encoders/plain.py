"""A picture in a few hundred numbers without a network: what stands in where torch is not installed.

Of the picture at 64 x 64 pixels: colour by quarters (mean, spread), light as a coarse grid, edges by direction in
cells (HOG; Dalal, Triggs 2005), light by distance from the middle, how symmetric it is under half a turn, how
concentrated. Much weaker than a network on things, not so far behind on galaxies (docs/science.md).
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image
from skimage.feature import hog

from mining.science.classifiers.encoders.base import Features, as_picture

SIDE = 64
RINGS = 12


class Plain:
    """encode: bytes of picture files to [N, width]; a row of NaN where a picture can't be read."""

    id = f"plain-1-{SIDE}"
    width = 4 * 4 * 6 + 8 * 8 + 7 * 7 * 4 * 8 + 2 * RINGS + 4

    def encode(self, items: Sequence[bytes]) -> Features:
        found = np.full((len(items), self.width), np.nan, dtype=np.float32)
        for at, item in enumerate(items):
            picture = as_picture(io.BytesIO(item))
            if picture is not None:
                found[at] = described(picture)
        return found


def described(picture: Image.Image) -> Features:
    """[width]"""
    small = picture.resize((SIDE, SIDE), Image.Resampling.BOX)
    colours = np.asarray(small, dtype=np.float32) / 255.0
    light = colours.mean(axis=2)
    cells = colours.reshape(4, SIDE // 4, 4, SIDE // 4, 3)
    grid = light.reshape(8, SIDE // 8, 8, SIDE // 8).mean(axis=(1, 3))
    edges = hog(light, orientations=8, pixels_per_cell=(8, 8), cells_per_block=(2, 2))
    parts = [cells.mean(axis=(1, 3)), cells.std(axis=(1, 3)), grid, edges, *_round(light)]
    return np.concatenate([np.ravel(part) for part in parts]).astype(np.float32)


def _round(light: np.ndarray) -> list[np.ndarray]:
    """Light by rings about the middle: mean and spread; asymmetry under half and a quarter turn; concentration."""
    y, x = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    ring = np.minimum((np.hypot(y, x) / (SIDE / 2) * RINGS).astype(np.int64), RINGS - 1)
    count = np.bincount(ring.ravel(), minlength=RINGS)
    mean = np.bincount(ring.ravel(), weights=light.ravel(), minlength=RINGS) / count
    square = np.bincount(ring.ravel(), weights=np.square(light).ravel(), minlength=RINGS) / count
    spread = np.sqrt(np.maximum(square - mean**2, 0.0))
    over = light - np.median(light)
    size = max(float(np.abs(over).sum()), 1e-6)
    turned = [float(np.abs(over - np.rot90(over, turn)).sum()) / size for turn in (1, 2)]
    inner = [float(np.abs(over[ring < part]).sum()) / size for part in (RINGS // 4, RINGS // 2)]
    return [mean, spread, np.array([*turned, *inner])]
