"""The middle of some numbers: its interval covers the truth as often as it says, whatever the errors are like."""

import math

import numpy as np
import pytest

from mining.science.consensus.middle import dispersion, middle


def test_median_interval_and_spread() -> None:
    assert middle([3, 1, 2, 2, 10, 2]) == (2.0, 1.0, 10.0, 0.5)
    assert middle([1, 2]) == (1.5, None, None, 0.5)
    assert middle([7.25]) == (7.25, None, None, 0.0)
    with pytest.raises(ValueError, match="there is no middle"):
        middle([])


@pytest.mark.parametrize("n", [6, 9, 20, 101])
def test_the_interval_covers_the_true_median(n: int) -> None:
    """Lognormal errors, true median 1: exactly 1 - 2 P(Bin(n, 1/2) < r), which is 95 % or more."""
    rng = np.random.default_rng(5)
    found = [middle(list(row)) for row in rng.lognormal(0, 1, (1000, n))]
    inside = sum(
        each.low <= 1 <= each.high for each in found if each.low is not None and each.high is not None
    )
    r = max(r for r in range(1, n) if 2 * sum(math.comb(n, k) for k in range(r)) / 2**n <= 0.05)
    exact = 1 - 2 * sum(math.comb(n, k) for k in range(r)) / 2**n
    assert exact >= 0.95
    assert inside / 1000 == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 1000))


def test_dispersion_on_its_scale() -> None:
    assert dispersion([4, 4, 4], 0, 10) == 0.0
    assert dispersion([0, 0, 10, 10], 0, 10) == 1.0  # 2, but for the cap
    assert dispersion(list(np.linspace(0, 10, 1001)), 0, 10) == pytest.approx(1.0, abs=0.01)
    assert dispersion([4, 5, 6], 0, 10) == pytest.approx(4 * 2 / 3 / 10)
    assert dispersion([], 0, 10) == 0.0
