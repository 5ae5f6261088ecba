"""Which tags, answers or flags go together, and whether that remains where others things are equal.

For two flags a, b on N subjects, n_ab subjects with both: lift = n_ab N / (n_a n_b), PMI = log2 lift in bits, with
the 95 % interval of the Dirichlet(counts + 1/2) distribution of the four cells (Jeffreys).

**Confounders.** Time, sky position or the volunteers who looked may bring two tags together. Within strata s
(`quantile_strata`, `sky_strata`, `both_strata`) the expected number is e = sum_s a_s b_s / n_s; the adjusted lift
is n_ab / e, and p is Mantel and Haenszel's (1959), two-sided with continuity correction, from the hypergeometric
variance of each stratum. Without strata there is one. q is Benjamini and Hochberg's over all pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from mining.science.attributes.columns import AttributesError
from mining.science.attributes.permutation import benjamini_hochberg
from mining.science.coding import Codes
from mining.science.confusion import Array

DRAWS = 2000
MOST = 300
TAIL = 0.025


@dataclass(frozen=True)
class Pair:
    """Two flags: how many have both, and each; lift and PMI with its interval; lift within strata; p and q of
    that."""

    a: str
    b: str
    both: int
    n_a: int
    n_b: int
    lift: float
    pmi_bits: float
    low: float
    high: float
    adjusted_lift: float
    p: float
    q: float


def associations(
    flags: npt.NDArray[np.bool_], names: Sequence[str], *, strata: Codes | None = None, seed: int = 0
) -> tuple[Pair, ...]:
    """All pairs of flags bool [N, T], those of least p first. Flags that nobody or everybody has make no pair.
    `strata` int32 [N]; subjects with -1 are left out."""
    if flags.shape[1] != len(names) or len(names) > MOST:
        raise AttributesError(
            f"{flags.shape[1]} flags with {len(names)} names; at most {MOST} can be compared"
        )
    cells = np.zeros(len(flags), dtype=np.int64) if strata is None else strata.astype(np.int64)
    flags, cells = flags[cells >= 0], cells[cells >= 0]
    n, rng = len(flags), np.random.default_rng([seed, 8])
    used = [at for at in range(len(names)) if 0 < flags[:, at].sum() < n]
    of_cell = np.bincount(cells, minlength=1).astype(np.float64)
    have = {at: np.bincount(cells[flags[:, at]], minlength=len(of_cell)).astype(np.float64) for at in used}
    found: list[tuple[float, ...]] = []
    pairs = list(combinations(used, 2))
    for a, b in pairs:
        both, n_a, n_b = (
            int((flags[:, a] & flags[:, b]).sum()),
            int(flags[:, a].sum()),
            int(flags[:, b].sum()),
        )
        four = np.array([both, n_a - both, n_b - both, n - n_a - n_b + both], dtype=np.float64)
        drawn = rng.standard_gamma(four + 0.5, size=(DRAWS, 4))
        drawn /= drawn.sum(axis=1, keepdims=True)
        pmi = np.log2(drawn[:, 0] / ((drawn[:, 0] + drawn[:, 1]) * (drawn[:, 0] + drawn[:, 2])))
        low, high = np.quantile(pmi, (TAIL, 1 - TAIL))
        lift = both * n / (n_a * n_b)
        expected, variance = _within(have[a], have[b], of_cell)
        z = max(abs(both - expected) - 0.5, 0.0) / np.sqrt(variance) if variance > 0 else 0.0
        plain = float(np.log2(lift)) if both else float("-inf")
        found.append(
            (both, n_a, n_b, lift, plain, float(low), float(high), both / expected if expected > 0 else np.nan,
             float(2 * norm.sf(z)))
        )  # fmt: skip
    q = benjamini_hochberg(np.array([min(row[-1], 1.0) for row in found]))
    made = [
        Pair(
            names[a], names[b], int(row[0]), int(row[1]), int(row[2]), row[3], row[4], row[5], row[6], float(row[7]),
            min(row[8], 1.0), float(each),
        )
        for (a, b), row, each in zip(pairs, found, q, strict=True)
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda pair: (pair.p, -abs(pair.pmi_bits))))


def _within(a: Array, b: Array, n: Array) -> tuple[float, float]:
    """(expected number of both, its variance), summed over strata."""
    a, b, n = (x[n > 1] for x in (a, b, n))
    expected = a * b / n
    return float(expected.sum()), float((expected * (n - a) * (n - b) / (n * (n - 1))).sum())


def quantile_strata(values: Array, n: int = 10) -> Codes:
    """int32 [N]: parts of equal size of a number such as time or a volunteer's skill; -1 where missing."""
    present = values[~np.isnan(values)]
    cuts = np.unique(np.quantile(present, np.arange(1, n) / n)) if len(present) else np.empty(0)
    return np.where(np.isnan(values), -1, np.searchsorted(cuts, values, side="right")).astype(np.int32)


def sky_strata(ra: Array, dec: Array, bands: int = 6) -> Codes:
    """int32 [N]: cells of equal area on the sky, `bands` of equal sin(dec) and twice as many of right ascension,
    both in degrees; -1 where missing."""
    band = np.minimum((np.sin(np.radians(dec)) + 1) / 2 * bands, bands - 1e-9)
    cell = np.floor(np.where(np.isnan(band), 0, band)) * 2 * bands + np.floor(
        np.nan_to_num(ra) % 360 / 360 * 2 * bands
    )
    return np.where(np.isnan(ra) | np.isnan(dec), -1, cell).astype(np.int32)


def both_strata(one: Codes, other: Codes) -> Codes:
    """The strata of two together; -1 where either is."""
    cell = one.astype(np.int64) * (int(other.max(initial=0)) + 1) + other
    return np.where((one < 0) | (other < 0), -1, cell).astype(np.int32)
