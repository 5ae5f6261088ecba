"""The craters of the photograph, marked by hand by eye by those who made this sample: x, y and radius in its pixels,
and the rim. To a pixel or two; what is dark on its left and bright on its right, since the light comes from there.
"""

from typing import NamedTuple


class Crater(NamedTuple):
    x: float
    y: float
    r: float
    rim: str


SMALL = 4.0
"""Those with a smaller radius are marked with a point."""

CRATERS = (
    Crater(121.0, 87.5, 25.0, "sharp"),
    Crater(50.0, 34.5, 6.5, "sharp"),
    Crater(182.5, 184.5, 7.5, "worn"),
    Crater(44.0, 293.0, 6.0, "worn"),
    Crater(501.0, 20.0, 8.5, "sharp"),
    Crater(118.5, 463.0, 5.5, "sharp"),
    Crater(134.0, 463.5, 4.5, "sharp"),
    Crater(300.0, 350.5, 5.5, "worn"),
    Crater(200.0, 438.0, 5.0, "worn"),
    Crater(18.5, 389.0, 3.5, "worn"),
    Crater(477.5, 26.0, 3.0, "sharp"),
    Crater(485.5, 79.0, 3.0, "sharp"),
    Crater(169.5, 495.0, 3.0, "sharp"),
    Crater(186.5, 494.5, 2.5, "sharp"),
    Crater(27.0, 271.5, 2.5, "sharp"),
    Crater(15.0, 312.5, 2.5, "sharp"),
)
