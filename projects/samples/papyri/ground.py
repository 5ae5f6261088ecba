"""The papyrus itself: two layers of fibres laid crosswise, pressed, browned. Arrays in, arrays out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

Floats = NDArray[np.float32]
TONES = np.array(
    [(80, 57, 36), (126, 96, 60), (164, 133, 88), (193, 164, 117), (214, 190, 147), (231, 214, 178)]
)


@dataclass(frozen=True)
class Ground:
    """fibres: height of the upper layer, about 0 with standard deviation 1; under: of the layer below.

    tone: place on the scale from TONES' darkest (0) to lightest (1) of the upper surface, [rows, columns].
    """

    fibres: Floats
    under: Floats
    tone: Floats


def noise(rng: np.random.Generator, shape: tuple[int, int], tall: float, wide: float) -> Floats:
    """Cloudy noise whose blots are about `tall` by `wide` pixels; mean 0, standard deviation about 1."""
    coarse = (max(1, int(tall / 8)), max(1, int(wide / 8)))  # big blots are made small and drawn out
    rows, columns = (-(-size // step) + 3 for size, step in zip(shape, coarse, strict=True))
    field = rng.standard_normal((rows, columns), dtype=np.float32)
    for axis, size in ((0, tall / coarse[0]), (1, wide / coarse[1])):
        if size > 1.0:
            for _ in range(2):
                field = uniform_filter1d(field, max(2, round(size)), axis=axis, mode="wrap")
    field = (field - field.mean()) / max(float(field.std()), 1e-6)
    return _drawn_out(_drawn_out(field, coarse[0], shape[0], 0), coarse[1], shape[1], 1)


def _drawn_out(field: Floats, step: int, size: int, axis: int) -> Floats:
    """The first `size` of the field, linear between values that stand `step` apart."""
    if step == 1:
        return field[:, :size] if axis == 1 else field[:size]
    at = np.arange(size, dtype=np.float32) / np.float32(step)
    low = at.astype(np.intp)
    share = at - low.astype(np.float32)
    if axis == 0:
        share = share[:, None]
    return np.asarray(
        field.take(low, axis) * (1 - share) + field.take(low + 1, axis) * share, dtype=np.float32
    )


def make_ground(rng: np.random.Generator, shape: tuple[int, int], tone: float) -> Ground:
    """A sheet whose upper fibres run along the line; tone: 0 dark to 1 light, on the whole."""
    rows, columns = shape
    fibres = _wavy(rng, _fibres(rng, shape), along=1)
    under = _wavy(rng, _fibres(rng, (columns, rows)).T, along=0)
    clouds = noise(rng, shape, 90, 200)
    mottle = noise(rng, shape, 7, 26)
    grain = rng.standard_normal(shape, dtype=np.float32)
    level = tone + 0.050 * fibres + 0.030 * under + 0.045 * clouds + 0.022 * mottle + 0.022 * grain
    level += 0.065 * (np.roll(fibres, 1, axis=0) - fibres)  # light from above picks out each ridge
    level += 0.028 * (np.roll(under, 1, axis=1) - under)
    return Ground(fibres, under, np.asarray(level, dtype=np.float32))


def _fibres(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Fibres along the columns: threads, bundles and strips, and some that are much darker."""
    threads = noise(rng, shape, 1, 70)
    bundles = noise(rng, shape, 3, 260)
    strips = noise(rng, shape, 16, 900)
    coarse = noise(rng, shape, 2, 300)
    dark = np.where(coarse > 1.6, 1.6 - coarse, 0.0)
    total = 0.75 * threads + 0.55 * bundles + 0.50 * strips + 1.5 * dark
    return np.asarray(total / total.std(), dtype=np.float32)


def _wavy(rng: np.random.Generator, field: Floats, along: int) -> Floats:
    """The fibres bent a little: every column (or row) is shifted by a slow wave."""
    size = field.shape[along]
    at = np.arange(size)
    shift = 5.0 * np.sin(at / rng.uniform(160, 320) + rng.uniform(0, 6)) + at * rng.normal(0.0, 0.006)
    shift += 1.6 * np.sin(at / rng.uniform(35, 60) + rng.uniform(0, 6))
    other = np.arange(field.shape[1 - along])
    moved = (other[:, None] + np.round(shift).astype(np.intp)[None, :]) % len(other)
    return field[moved, at[None, :]] if along == 1 else field[at[:, None], moved.T]


def colours(tone: Floats, redder: Floats) -> list[Floats]:
    """Red, green, blue, 0 to 255, [rows, columns] each, of tones 0 to 1; redder: 1 is plainly redder, -1 greyer."""
    at = (np.clip(tone, 0.0, 1.0) * 255.0).astype(np.uint8)
    scale = np.linspace(0.0, 255.0, len(TONES))
    tables = [
        np.interp(np.arange(256.0), scale, TONES[:, channel]).astype(np.float32) for channel in range(3)
    ]
    red, green, blue = (table[at] for table in tables)
    return [red * (1.0 + 0.022 * redder), green, blue * (1.0 - 0.035 * redder)]
