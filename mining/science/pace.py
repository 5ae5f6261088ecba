"""Seconds an answer: the median of each volunteer's, with a 95 % interval.

Seconds are differences of two times of the volunteer's own clock, so a clock that is wrong by a constant does no harm.
One that was set between the two does: what is not above 0 is left out, and everything above `LONGEST` counts as that
(it was left open meanwhile, or the clock was set), which a median hardly feels.

The interval is that of order statistics, which supposes no distribution: of n sorted values it goes from the l-th
to the (n + 1 - l)-th, l the smallest with P(Binomial(n, 1/2) <= l) >= 0.025. Fewer than six values have none.
"""

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

from mining.science.confusion import Array
from mining.science.merit import TAIL, Estimate
from mining.science.votes import Codes

LONGEST = 3600.0
Places = npt.NDArray[np.int64]


def pace(volunteer: Codes, seconds: Array, size: int) -> Estimate:
    """Median seconds [size] of the answers of each: volunteer int32 [N], seconds float64 [N], NaN where not known.

    NaN for who has none; low and high NaN for fewer than six.
    """
    given = np.isfinite(seconds) & (seconds > 0)
    who, values = volunteer[given], np.minimum(seconds[given], LONGEST)
    order = np.lexsort((values, who))
    values = np.append(values[order], np.nan)  # the last one stands for nothing
    n: Places = np.bincount(who, minlength=size)
    first = np.cumsum(n) - n
    nothing = len(values) - 1

    def at(place: Places, there: npt.NDArray[np.bool_]) -> Array:
        return np.asarray(values[np.where(there, first + place, nothing)])

    median: Array = (at((n - 1) // 2, n > 0) + at(n // 2, n > 0)) / 2.0
    cut = binom.ppf(TAIL, n, 0.5).astype(np.int64)
    known = (n > 0) & (cut > 0)
    return Estimate(median, at(cut - 1, known), at(n - cut, known))
