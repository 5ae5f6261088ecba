"""What eighteen centuries do to a papyrus: ink rubbed off and faded, fibres stripped, holes, cracks, stains."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import uniform_filter

from projects.samples.papyri.ground import Floats, Ground, noise


@dataclass(frozen=True)
class Damage:
    """All [rows, columns], 0 to 1.

    kept: share of the ink that is left, before holes. hole: where nothing is left. bare: where the upper layer is gone.
    crack, stain: how dark they are.
    """

    kept: Floats
    hole: Floats
    bare: Floats
    crack: Floats
    stain: Floats


def make_damage(
    rng: np.random.Generator, ground: Ground, wear: float, height: float, written: tuple[float, float]
) -> Damage:
    """wear: 0 hardly any to 1 nearly ruined. height: of a letter; written: its first and last column; pixels."""
    shape = ground.tone.shape
    crack, folds = _cracks(rng, shape, wear, height)
    bare = _bare(rng, ground, wear, height)
    bare = np.maximum(bare, folds)
    hole = _edges(rng, shape, wear, height, written)
    for _ in range(rng.poisson(0.4 + 3.2 * wear)):
        hole = np.maximum(hole, _hole(rng, shape, wear, height))
    return Damage(
        _kept(rng, ground, wear, height) * (1.0 - 0.94 * bare), hole, bare, crack, _stain(rng, shape, wear)
    )


def _kept(rng: np.random.Generator, ground: Ground, wear: float, height: float) -> Floats:
    """Ink fades in clouds, and is rubbed off in patches, first from the ridges of the fibres."""
    shape = ground.tone.shape
    fade = 1.0 - wear * np.clip(0.42 + 0.24 * noise(rng, shape, 2 * height, 4 * height), 0.0, 0.86)
    patches = noise(rng, shape, 0.7 * height, 1.6 * height)
    flakes = noise(rng, shape, 2, 9)
    stand = 2.5 - 3.1 * wear - 0.85 * patches + 0.42 * ground.fibres + 0.80 * flakes + 0.28 * ground.under
    rubbed = np.clip(0.5 + 0.9 * stand, 0.0, 1.0)
    return np.asarray(fade * (0.10 + 0.90 * rubbed), dtype=np.float32)


def _bare(rng: np.random.Generator, ground: Ground, wear: float, height: float) -> Floats:
    """Strips of upper fibres that have come off: long along the line, square at their ends."""
    shape = ground.tone.shape
    field = (
        noise(rng, shape, 0.35 * height, 3.2 * height)
        + 0.35 * ground.fibres
        + 0.15 * noise(rng, shape, 12, 3)
    )
    return np.asarray(np.clip((field - 3.1 + 1.35 * wear) * 2.6, 0.0, 1.0), dtype=np.float32)


def _hole(rng: np.random.Generator, shape: tuple[int, int], wear: float, height: float) -> Floats:
    """One hole: an ellipse frayed along the fibres of both layers."""
    rows, columns = shape
    size = height * (0.10 + 0.30 * wear * rng.random() + 0.55 * wear * rng.random() ** 3)
    across, down = size * rng.uniform(0.6, 1.5), size * rng.uniform(0.6, 1.7)
    x0, y0 = rng.uniform(0.0, columns), rows * rng.uniform(-0.05, 1.05)
    y, x = np.ogrid[:rows, :columns]
    apart = np.sqrt(((x - x0) / across) ** 2 + ((y - y0) / down) ** 2) - 1.0
    near = (slice(None), slice(max(0, int(x0 - 4 * across)), int(x0 + 4 * across) + 1))
    frayed = np.full(shape, -1.0, dtype=np.float32)
    part = apart[near].astype(np.float32)
    if part.size:
        part += 0.26 * noise(rng, part.shape, size, size) + 0.13 * noise(rng, part.shape, 3, 16)
        part += 0.08 * noise(rng, part.shape, 14, 3) + 1.5 * np.clip(part - 0.2, 0.0, None)
        frayed[near] = -part * size * 0.6
    return np.asarray(np.clip(frayed, 0.0, 1.0), dtype=np.float32)


def _edges(
    rng: np.random.Generator, shape: tuple[int, int], wear: float, height: float, written: tuple[float, float]
) -> Floats:
    """Where the sheet ends, left or right of the line; the more worn, the nearer to the letters or into them."""
    rows, columns = shape
    hole = np.zeros(shape, dtype=np.float32)
    x = np.arange(columns, dtype=np.float32)[None, :]
    for left in (True, False):
        if rng.random() > 0.30 + 0.40 * wear:
            continue
        depth = height * rng.normal(
            -0.9 + 0.8 * wear, 0.35
        )  # past the line's end, into the letters where above 0
        rag = 0.22 * height * noise(rng, (rows, 1), 0.6 * height, 1) + 3.0 * noise(rng, (rows, 1), 2, 1)
        rag += 9.0 * np.clip(noise(rng, (rows, 1), 1.5, 1) - 1.3, 0.0, None)  # single fibres that stand out
        at = (written[0] + depth - rag) if left else (written[1] - depth + rag)
        beyond = (at - x) if left else (x - at)
        hole = np.maximum(hole, np.clip(beyond * 0.7, 0.0, 1.0))
    return np.asarray(hole, dtype=np.float32)


def _cracks(
    rng: np.random.Generator, shape: tuple[int, int], wear: float, height: float
) -> tuple[Floats, Floats]:
    """Splits along the fibres, dark; and folds across, where the surface has broken away."""
    rows, columns = shape
    splits, folds = Image.new("L", (columns, rows)), Image.new("L", (columns, rows))
    draw = ImageDraw.Draw(splits)
    for _ in range(rng.poisson(1.0 + 4.0 * wear)):
        x, y = rng.uniform(0, columns), rng.uniform(0, rows)
        path = [(x, y)]
        for _ in range(int(rng.integers(5, 26))):
            x, y = x + rng.uniform(6, 22), y + rng.normal(0.0, 0.9)
            path.append((x, y))
        draw.line(path, fill=int(rng.integers(110, 255)), width=int(rng.integers(1, 3)))
    draw_folds = ImageDraw.Draw(folds)
    for _ in range(rng.poisson(0.25 + 1.1 * wear)):
        x = rng.uniform(0.05, 0.95) * columns
        lean = rng.normal(0.0, 0.02)
        for y in range(-2, rows, 3):
            x += rng.normal(lean, 0.7)
            half = abs(rng.normal(0.0, 1.0 + 0.03 * height * wear))
            draw_folds.line((x - half, y, x + half, y), fill=int(rng.integers(90, 255)), width=3)
            draw.line((x, y, x + rng.normal(0.0, 0.6), y + 3), fill=int(rng.integers(60, 190)), width=1)
    soft = [uniform_filter(np.asarray(sheet, dtype=np.float32) / 255.0, 2) for sheet in (splits, folds)]
    return soft[0], soft[1]


def _stain(rng: np.random.Generator, shape: tuple[int, int], wear: float) -> Floats:
    """Damp has carried dirt outwards: a brown cloud with a darker rim; and specks of dirt."""
    rows, columns = shape
    stain = np.zeros(shape, dtype=np.float32)
    y, x = np.ogrid[:rows, :columns]
    for _ in range(rng.poisson(0.35 + 0.7 * wear)):
        across, down = rng.uniform(70, 300), rng.uniform(50, 160)
        x0, y0 = rng.uniform(0, columns), rng.uniform(-0.3, 1.3) * rows
        inside = 1.0 - np.sqrt(((x - x0) / across) ** 2 + ((y - y0) / down) ** 2)
        inside = (
            inside.astype(np.float32) + 0.13 * noise(rng, shape, 40, 60) + 0.04 * noise(rng, shape, 6, 14)
        )
        strength = rng.uniform(0.3, 0.8)
        stain += strength * (0.45 * np.clip(inside * 6.0, 0.0, 1.0) + 0.55 * np.exp(-((inside / 0.07) ** 2)))
    specks = noise(rng, shape, 2, 3)
    return np.asarray(np.clip(stain + 0.8 * np.clip(specks - 3.9, 0.0, 1.0), 0.0, 1.0), dtype=np.float32)
