"""Shape measures of one source: M20, asymmetry, extent. Pure; arrays in, numbers out.

`light` is a 2-D cut-out with the background subtracted, `inside` the source's outline in it (bool, same
shape). Sources: Lotz, Primack and Madau 2004 (M20); Conselice 2003 (asymmetry).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

FloatImage = NDArray[np.float64]
Mask = NDArray[np.bool_]


def m20(light: FloatImage, inside: Mask) -> float:
    """log10 of the second moment of the brightest pixels that hold 20 % of the light, over that of all.

    About the light's centre. More negative: light is concentrated. 0 where the source is a single pixel.
    """
    y, x = np.nonzero(inside)
    weight = np.clip(light[inside], 0.0, None)
    total = weight.sum()
    centre_y, centre_x = (weight * y).sum() / total, (weight * x).sum() / total
    moment = weight * ((y - centre_y) ** 2 + (x - centre_x) ** 2)
    if moment.sum() == 0.0:
        return 0.0
    order = np.argsort(-weight, kind="stable")
    reached = np.cumsum(weight[order])
    brightest = order[: 1 + int(np.searchsorted(reached, 0.2 * total))]
    return float(np.log10(max(moment[brightest].sum(), 1e-6) / moment.sum()))


def asymmetry(light: FloatImage, inside: Mask, noise: float) -> float:
    """Share of the light that moves when the source is turned by 180 degrees, least over nearby centres.

    A = min over centres of sum |I - I180| / (2 sum |I|), less what noise alone would give
    (2 sigma / sqrt(pi) a pixel for |difference of two pixels|). 0: symmetric.
    """
    source = np.where(inside, light, 0.0)
    total = np.abs(source).sum()
    y, x = ndimage.center_of_mass(np.clip(source, 0.0, None))
    steps = (-0.5, 0.0, 0.5)
    least = min(_moved(source, y + dy, x + dx) for dy in steps for dx in steps)
    by_noise = inside.sum() * noise * 2.0 / np.sqrt(np.pi)
    return float(max(least - by_noise, 0.0) / (2.0 * total))


def _moved(source: FloatImage, centre_y: float, centre_x: float) -> float:
    y, x = np.indices(source.shape)
    turned = ndimage.map_coordinates(source, [2 * centre_y - y, 2 * centre_x - x], order=1, mode="constant")
    return float(np.abs(source - turned).sum())


def extent(inside: Mask) -> float:
    """Length of the outline along its principal axis, pixels."""
    points = np.argwhere(inside).astype(np.float64)
    points -= points.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov(points.T))
    return float(np.ptp(points @ axes[:, 1]) + 1.0)
