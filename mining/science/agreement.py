"""Agreement of two raters beyond chance. No arrays, so that a web process may load it.

Krippendorff (2011), "Computing Krippendorff's alpha-reliability", nominal data, two values a unit: each unit (a, b)
puts two entries into the coincidence matrix, (a, b) and (b, a). With n the number of values (twice the units) and n_c
how often category c was given,

    alpha = 1 - D_o / D_e,   D_o = share of entries off the diagonal,   D_e = (n^2 - sum_c n_c^2) / (n (n - 1))
"""

from collections.abc import Mapping


def alpha(pairs: Mapping[tuple[str, str], int]) -> float | None:
    """1: they always agree; 0: as by chance. pairs: (first, second) to how often. None where only one category was ever
    given, so that chance would agree as well, and of nothing."""
    units = sum(pairs.values())
    given: dict[str, int] = {}
    for (first, second), count in pairs.items():
        given[first] = given.get(first, 0) + count
        given[second] = given.get(second, 0) + count
    n = 2 * units
    expected = n * n - sum(count * count for count in given.values())
    if expected == 0:
        return None
    differ = sum(count for (first, second), count in pairs.items() if first != second)
    return 1 - (differ / units) * n * (n - 1) / expected
