"""Shape measures on drawn sources, whose answers are known."""

import numpy as np

from projects.samples.deep_field import shape
from projects.samples.deep_field.cutouts import BEYOND, cut, stretch


def gaussian(sigma_x: float, sigma_y: float, size: int = 41) -> np.ndarray:
    y, x = np.indices((size, size)) - size // 2
    return 100.0 * np.exp(-0.5 * ((x / sigma_x) ** 2 + (y / sigma_y) ** 2))


def test_asymmetry_of_a_symmetric_source_is_zero_and_of_a_lopsided_one_is_not() -> None:
    even = gaussian(4.0, 4.0)
    inside = even > 1.0
    assert shape.asymmetry(even, inside, noise=0.0) < 1e-9
    lopsided = even.copy()
    lopsided[:, 24:] *= 0.2
    assert shape.asymmetry(lopsided, inside, noise=0.0) > 0.1


def test_asymmetry_by_noise_alone_is_taken_off() -> None:
    rng = np.random.default_rng(5)
    noisy = gaussian(4.0, 4.0) + rng.normal(0.0, 5.0, (41, 41))
    inside = gaussian(4.0, 4.0) > 1.0
    assert shape.asymmetry(noisy, inside, noise=0.0) > 0.05
    assert shape.asymmetry(noisy, inside, noise=5.0) < 0.02


def test_m20_is_lower_for_light_in_one_core_than_for_light_in_two_knots() -> None:
    core = gaussian(3.0, 3.0)
    knots = np.roll(core, 10, axis=1) + np.roll(core, -10, axis=1)
    assert shape.m20(core, core > 1.0) < -1.5
    assert shape.m20(knots, knots > 1.0) > -1.0


def test_m20_of_one_pixel_is_zero() -> None:
    light = np.zeros((3, 3))
    light[1, 1] = 9.0
    assert shape.m20(light, light > 0) == 0.0


def test_extent_is_the_length_along_the_slanted_axis() -> None:
    inside = np.eye(11, dtype=bool)
    assert abs(shape.extent(inside) - (10 * np.sqrt(2) + 1)) < 1e-9


def test_cut_past_the_edge_is_filled_with_the_flat_grey() -> None:
    picture = np.full((20, 30, 3), 100, dtype=np.uint8)
    square = cut(picture, x=2.0, y=10.0, field=10)
    assert (square[:, :3] == BEYOND).all()
    assert (square[:, 3:] == stretch(np.array([100], dtype=np.uint8))[0]).all()


def test_stretch_keeps_order_and_ends() -> None:
    levels = stretch(np.arange(256, dtype=np.uint8))
    assert levels[0] == 0
    assert levels[255] == 255
    assert (np.diff(levels.astype(int)) >= 0).all()
    assert levels[80] > 80
