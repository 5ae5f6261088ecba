"""Intervals of shares. No arrays, so that a web process may load it.

Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22, 209-212: the shares p
for which |k/n - p| is at most z times the standard error at p, sqrt(p (1 - p) / n). Brown, Cai and DasGupta (2001),
"Interval estimation for a binomial proportion", Statistical Science 16, recommend it for small n.
"""

from math import sqrt

Z = 1.959963984540054  # of the normal distribution: 95 % lie between -Z and Z


def wilson(hits: int, of: int, z: float = Z) -> tuple[float, float]:
    """(low, high) of the share `hits / of`, 95 % unless z says otherwise. ValueError where `of` is 0."""
    if not 0 <= hits <= of or of == 0:
        raise ValueError(f"{hits} of {of} is no share")
    share, z2 = hits / of, z * z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    reach = z * sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    low = 0.0 if hits == 0 else middle - reach
    high = 1.0 if hits == of else middle + reach
    return low, high
