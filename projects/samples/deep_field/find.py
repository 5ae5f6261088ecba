"""Finds sources in the display picture: background, threshold, deblending, choice.

Units: pixels of the picture as shipped (872 rows, 1000 columns) and its 8-bit grey levels. The picture is a
published JPEG with its own colours and stretch, so grey levels are not fluxes.
"""

from dataclasses import dataclass

import numpy as np
from astropy.convolution import Gaussian2DKernel, convolve
from numpy.typing import NDArray
from photutils.background import Background2D
from photutils.segmentation import SegmentationImage, deblend_sources, detect_sources
from scipy import ndimage

FloatImage = NDArray[np.float64]

THRESHOLD = 2.0  # in units of the background's noise, on the smoothed picture
MIN_PIXELS = 8  # a smaller group is noise
DEBLEND_CONTRAST = 0.01  # a lower value cuts spiral arms off their galaxies
LARGE_ACROSS = 16.0  # diameter of the circle with the outline's area
SMALL_ACROSS = 8.0
SMALL_PEAK = 100.0  # grey levels of its brightest pixel; a fainter small source is a smudge on a screen
SMALL_ALONE = 0.8  # no rival nearer than this many of its own lengths
OWN = 0.6  # no brighter source's centre nearer than this share of its size
CENTRED = 0.45  # least level in the middle over the peak; below: a chain or a pair, its middle empty


@dataclass(frozen=True)
class Field:
    """The picture made ready to measure.

    colour: float [rows, columns, 3], background subtracted from each channel; grey: its mean over channels;
    smooth: grey, smoothed, in which sources are found; noise: one pixel's scatter in grey.
    """

    colour: FloatImage
    grey: FloatImage
    smooth: FloatImage
    noise: float


def prepare(picture: NDArray[np.uint8]) -> Field:
    """Subtracts a background estimated in boxes of 64 pixels."""
    levels = picture.astype(np.float64)
    channels = [
        levels[..., k] - Background2D(levels[..., k], (64, 64), filter_size=(3, 3)).background
        for k in range(3)
    ]
    colour = np.stack(channels, axis=-1)
    grey = levels.mean(axis=-1)
    background = Background2D(grey, (64, 64), filter_size=(3, 3))
    grey = grey - background.background
    smooth = convolve(grey, Gaussian2DKernel(1.2, x_size=7, y_size=7), normalize_kernel=True)
    return Field(colour=colour, grey=grey, smooth=smooth, noise=float(background.background_rms_median))


def outline(field: Field) -> SegmentationImage:
    """The segmentation: each source's pixels carry its label; one connected piece a source."""
    found = detect_sources(field.smooth, THRESHOLD * field.noise, n_pixels=MIN_PIXELS)
    parted = deblend_sources(
        field.smooth, found, n_pixels=MIN_PIXELS, n_levels=32, contrast=DEBLEND_CONTRAST, progress_bar=False
    )
    data = parted.data.copy()
    for label, piece in zip(parted.labels, parted.slices, strict=True):
        _keep_largest_piece(data[piece], label)
    return SegmentationImage(data)


def _keep_largest_piece(window: NDArray[np.integer], label: int) -> None:
    """Deblending can leave crumbs apart from the body; they would double the source's extent."""
    pieces, count = ndimage.label(window == label, structure=np.ones((3, 3)))
    if count > 1:
        sizes = np.bincount(pieces.ravel())[1:]
        window[(pieces > 0) & (pieces != 1 + int(np.argmax(sizes)))] = 0


def across(area: NDArray[np.float64]) -> NDArray[np.float64]:
    """Diameter of the circle with this area: what "16 pixels across" means here."""
    return 2.0 * np.sqrt(area / np.pi)


def middle(grey: FloatImage, x: FloatImage, y: FloatImage) -> FloatImage:
    """Mean level of the 3 by 3 pixels at each centre."""
    columns, rows = np.round(x).astype(int), np.round(y).astype(int)
    steps = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    levels = np.stack([grey[rows + dy, columns + dx] for dy, dx in steps])
    return levels.mean(axis=0)


def whole(segments: SegmentationImage, smooth: FloatImage) -> NDArray[np.bool_]:
    """For each label: is this a source of its own and all in the picture?

    Not whole: its outline touches the picture's edge, or its brightest pixel borders another source
    (then it is a fragment of that one).
    """
    rows, columns = segments.shape
    kept = np.zeros(segments.n_labels, dtype=bool)
    for index, (label, (down, right)) in enumerate(zip(segments.labels, segments.slices, strict=True)):
        at_edge = down.start == 0 or right.start == 0 or down.stop == rows or right.stop == columns
        if at_edge:
            continue
        inside = segments.data[down, right] == label
        bright = np.where(inside, smooth[down, right], -np.inf)
        y, x = np.unravel_index(int(np.argmax(bright)), bright.shape)
        around = segments.data[
            down.start + y - 1 : down.start + y + 2, right.start + x - 1 : right.start + x + 2
        ]
        kept[index] = not np.any((around != 0) & (around != label))
    return kept
