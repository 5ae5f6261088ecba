"""One line of a papyrus as a picture, with what is known of it: how much ink each letter has kept."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PIL import Image
from scipy.ndimage import uniform_filter

from projects.samples.papyri.damage import Damage, make_damage
from projects.samples.papyri.ground import Floats, Ground, colours, make_ground, noise
from projects.samples.papyri.hands import Hand, Placed, ink, length, place

WIDEST = 1400  # pixels
WRITTEN = 1180  # pixels that the line's letters aim to fill
LEAST_HEIGHT, MOST_HEIGHT = 40.0, 78.0  # of a letter, pixels
PITCH = 2.30  # from line to line, letter heights
TALL = 3.30  # of the picture, letter heights
REACHES = {True: "ρυφψ", False: "φψ"}  # what comes into the picture: tails from above, stems from below
BOARD = ((206.0, 203.0, 196.0), (222.0, 221.0, 217.0), (172.0, 170.0, 166.0))  # what it is mounted on, RGB
INK = (0.84, 0.87, 0.885)  # share of red, green and blue light that full ink takes away


@dataclass(frozen=True)
class Sheet:
    """What the lines of one papyrus share. tone: of the ground, 0 dark to 1; black: how black the ink was, 0 to 1.

    warm: -1 greyish to 1 reddish. board: which of BOARD it is mounted on.
    """

    hand: Hand
    tone: float
    black: float
    warm: float
    board: int


@dataclass(frozen=True)
class Line:
    """left: the share of ink that each letter has kept, [letters], 0 to 1, as it is in the picture.

    contrast: grey levels between the ground and the ink that is left. holes: share of the picture that is hole or edge.
    height: of a letter, pixels.
    """

    picture: Image.Image
    left: Floats
    contrast: float
    holes: float
    height: float


def draw_line(text: str, above: str, below: str, sheet: Sheet, wear: float, seed: list[int]) -> Line:
    """The picture of `text`, with what reaches into it of the lines above and below; seed: same numbers, same bytes."""
    rng = np.random.default_rng(seed)
    height = float(np.clip(WRITTEN / length(text, sheet.hand), LEAST_HEIGHT, MOST_HEIGHT))
    written = height * length(text, sheet.hand)
    margin = rng.uniform(0.7, 1.1) * height
    columns = int(np.clip(written + 2 * margin + 20, 1100, WIDEST))
    rows = round(TALL * height)
    left = margin + rng.uniform(0.0, max(0.0, 0.3 * (columns - written - 2 * margin)))
    base = 0.5 * (rows + height)
    shape = (rows, columns)

    letters = place(text, sheet.hand, height, left, base, rng)
    own = ink(shape, letters, sheet.hand, height, rng)
    tails = [
        letter
        for line, down in ((above, -PITCH), (below, PITCH))
        for letter in place(line, sheet.hand, height, left, base + down * height, rng)
        if letter.key in REACHES[down < 0]
    ]
    around = ink(shape, tails, sheet.hand, height, rng)
    ground = make_ground(rng, shape, sheet.tone)
    damage = make_damage(rng, ground, wear, height, (left, letters[-1].left + letters[-1].width))
    laid = load(rng, shape, height) * sheet.black
    kept = np.asarray(laid * damage.kept * (1.0 - damage.hole), dtype=np.float32)
    planes = lit(rng, ground, damage, np.maximum(own, around) * kept, sheet)
    rgb = [np.clip(plane + 0.5, 0.0, 255.0).astype(np.uint8) for plane in planes]
    picture = Image.merge("RGB", [Image.fromarray(plane) for plane in rgb])
    return Line(
        picture,
        _left(own, kept, letters, sheet),
        _contrast(planes, own, damage),
        float((damage.hole > 0.5).mean()),
        height,
    )


def load(rng: np.random.Generator, shape: tuple[int, int], height: float) -> Floats:
    """How full of ink the pen is along the line: it is dipped every few letters and runs pale."""
    columns = shape[1]
    runs = []
    for letters in rng.uniform(4.0, 9.0, 2 + int(columns / (4.0 * height))):
        paler = 0.30 * rng.uniform(0.5, 1.0)
        runs.append(1.0 - paler * np.linspace(0.0, 1.0, int(letters * height)) ** 1.5)
    first = int(rng.uniform(0.0, 4.0) * height)
    load = np.concatenate(runs)[first : first + columns].astype(np.float32)
    streaks = 1.0 + 0.07 * noise(rng, shape, 3, 5)
    return np.asarray(np.clip(load[None, :] * streaks, 0.0, 1.0), dtype=np.float32)


def lit(rng: np.random.Generator, ground: Ground, damage: Damage, laid: Floats, sheet: Sheet) -> list[Floats]:
    """Red, green and blue of everything as a camera would see it, light from above and left."""
    shape = ground.tone.shape
    below = (
        sheet.tone + 0.07 + 0.075 * ground.under + 0.02 * (np.roll(ground.under, 1, axis=1) - ground.under)
    )
    tone = ground.tone * (1.0 - damage.bare) + below * damage.bare
    step = damage.bare - np.roll(damage.bare, 2, axis=0)
    rim = uniform_filter(damage.hole, 9)
    tone -= 0.17 * damage.stain + 0.34 * damage.crack + 0.07 * np.clip(step, 0.0, 1.0) + 0.16 * rim
    redder = noise(rng, shape, 60, 160) + 1.5 * damage.stain + 2.2 * sheet.warm
    planes = colours(np.asarray(tone, dtype=np.float32), np.asarray(redder, dtype=np.float32))
    shadow = np.ones(shape, dtype=np.float32) - damage.hole
    shadow[5:, 4:] = shadow[:-5, :-4].copy()
    board = (1.0 - 0.42 * uniform_filter(shadow, 9)) * damage.hole
    light = np.linspace(1.02, 0.97, shape[0], dtype=np.float32)[:, None] * (
        1.0 + 0.012 * noise(rng, shape, 200, 500)
    )
    there = (1.0 - damage.hole) * light
    for plane, absorbed, mount in zip(planes, INK, BOARD[sheet.board], strict=True):
        plane *= (1.0 - laid * absorbed) * there
        plane += board * light * mount
        plane[:, 1:] = 0.80 * plane[:, 1:] + 0.20 * plane[:, :-1]  # no lens is perfectly sharp
        plane[1:] = 0.80 * plane[1:] + 0.20 * plane[:-1]
    return planes


def _left(own: Floats, kept: Floats, letters: list[Placed], sheet: Sheet) -> Floats:
    """By the columns that a letter stands on: ink that is left over ink that a full pen would have laid."""
    ends = [0.5 * (a.left + a.width + b.left) for a, b in pairwise(letters)]
    cuts = np.array([letters[0].left - 9, *ends, letters[-1].left + letters[-1].width + 9])
    cuts = np.clip(np.round(cuts).astype(np.intp), 0, own.shape[1])
    now, once = (own * kept).sum(axis=0), own.sum(axis=0) * sheet.black
    shares = [now[a:b].sum() / max(once[a:b].sum(), 1e-6) for a, b in pairwise(cuts)]
    return np.clip(np.array(shares, dtype=np.float32), 0.0, 1.0)


def _contrast(planes: list[Floats], own: Floats, damage: Damage) -> float:
    grey = (planes[0] + planes[1] + planes[2]) / 3.0
    there = damage.hole < 0.1
    return float(np.median(grey[(own < 0.05) & there]) - np.median(grey[(own > 0.8) & there]))
