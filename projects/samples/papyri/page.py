"""Several lines of a papyrus in one picture, with what is known of each: where it stands and what it says."""

from typing import NamedTuple

import numpy as np
from PIL import Image

from projects.samples.papyri.damage import make_damage
from projects.samples.papyri.ground import make_ground
from projects.samples.papyri.hands import ink, length, place
from projects.samples.papyri.picture import PITCH, Sheet, lit, load

WRITTEN = 820  # pixels that the longest line's letters fill
MARGIN = 1.4  # around the writing, letter heights


class Written(NamedTuple):
    """left, right: its first and last column; base: the row that its letters stand on; pixels."""

    text: str
    left: float
    right: float
    base: float


def draw_page(
    texts: list[str], sheet: Sheet, wear: float, seed: list[int]
) -> tuple[Image.Image, list[Written]]:
    """The picture of these lines, top to bottom; seed: same numbers, same bytes."""
    rng = np.random.default_rng(seed)
    height = WRITTEN / max(length(text, sheet.hand) for text in texts)
    margin = MARGIN * height
    shape = (round(2 * margin + (1 + PITCH * (len(texts) - 1)) * height), round(2 * margin + WRITTEN))
    rows = []
    drawn = np.zeros(shape, dtype=np.float32)
    for at, text in enumerate(texts):
        left = margin + rng.uniform(0.0, 0.3) * height
        base = margin + (1 + PITCH * at) * height
        letters = place(text, sheet.hand, height, left, base, rng)
        drawn = np.maximum(drawn, ink(shape, letters, sheet.hand, height, rng))
        rows.append(Written(text, left, letters[-1].left + letters[-1].width, base))
    ground = make_ground(rng, shape, sheet.tone)
    damage = make_damage(rng, ground, wear, height, (rows[0].left, max(row.right for row in rows)))
    kept = np.asarray(
        load(rng, shape, height) * sheet.black * damage.kept * (1.0 - damage.hole), dtype=np.float32
    )
    planes = [
        np.clip(plane + 0.5, 0.0, 255.0).astype(np.uint8)
        for plane in lit(rng, ground, damage, drawn * kept, sheet)
    ]
    return Image.merge("RGB", [Image.fromarray(plane) for plane in planes]), rows
