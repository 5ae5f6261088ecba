"""Pictures of the alphabet for people who know no Greek: one of all letters, and one of each in every hand."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from projects.samples.papyri.alphabet import ALPHABET, Letter
from projects.samples.papyri.ground import colours, make_ground, noise
from projects.samples.papyri.hands import HANDS, Hand, Placed, ink

PAPER_TONE = 0.66
INK = (46, 33, 24)
ACROSS, DOWN = 8, 3  # letters in the picture of all
CELL, HEIGHT = (142, 178), 76.0  # pixels: of one letter's field; of a letter
SMALL, SMALL_HEIGHT = (50, 62), 30.0  # the same in the pictures of one letter, a field for each hand


def write(folder: Path) -> None:
    """Writes alphabet.png and NAME.png for each letter into `folder` (made when absent)."""
    folder.mkdir(parents=True, exist_ok=True)
    alphabet().save(folder / "alphabet.png")
    for letter in ALPHABET.values():
        in_every_hand(letter).save(folder / f"{letter.name}.png")


def alphabet() -> Image.Image:
    """The 24 letters in their order, row by row, in the round hand, each above its name."""
    picture = _paper((CELL[0] * ACROSS, CELL[1] * DOWN), seed=1)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=26)
    for number, letter in enumerate(ALPHABET.values()):
        left, top = CELL[0] * (number % ACROSS), CELL[1] * (number // ACROSS)
        _write_letter(picture, letter, HANDS[0], HEIGHT, (left, top, *CELL), 110.0)
        draw.text((left + CELL[0] / 2, top + CELL[1] - 9), letter.name, font=font, fill=INK, anchor="ms")
    return picture.quantize(128, dither=Image.Dither.NONE)


def in_every_hand(letter: Letter) -> Image.Image:
    picture = _paper((SMALL[0] * len(HANDS), SMALL[1]), seed=2)
    for number, hand in enumerate(HANDS):
        _write_letter(picture, letter, hand, SMALL_HEIGHT, (SMALL[0] * number, 0, *SMALL), 44.0)
    return picture.quantize(64, dither=Image.Dither.NONE)


def _paper(size: tuple[int, int], seed: int) -> Image.Image:
    """Clean papyrus, paler and calmer than a subject's."""
    rng = np.random.default_rng(seed)
    shape = (size[1], size[0])
    tone = PAPER_TONE + 0.45 * (make_ground(rng, shape, PAPER_TONE).tone - PAPER_TONE)
    planes = colours(tone, 0.5 * noise(rng, shape, 60, 160))
    return Image.merge("RGB", [Image.fromarray(plane.astype(np.uint8)) for plane in planes])


def _write_letter(
    picture: Image.Image,
    letter: Letter,
    hand: Hand,
    height: float,
    cell: tuple[int, int, int, int],
    base: float,
) -> None:
    """In the middle of the cell (left, top, width, height), standing `base` pixels below its top."""
    left, top, wide, tall = cell
    width = letter.width * hand.narrow.get(letter.key, 1.0) * height
    placed = Placed(letter.key, 0.5 * (wide - width - hand.slant * height), base, width)
    mask = ink((tall, wide), [placed], hand, height, np.random.default_rng(ord(letter.key)))
    picture.paste(INK, (left, top), Image.fromarray((255 * mask).astype(np.uint8)))
