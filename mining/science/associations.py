"""Which tags, answers or flags go together, and what is left of that where other things are equal.

For two flags a, b on n rows, n_ab rows with both: lift = n_ab n / (n_a n_b), PMI = log2 lift in bits, with the 95 %
interval of the Dirichlet(counts + 1/2) distribution of the four cells (Jeffreys). Rows on which one of the two could
not have been set (a question that was not reached, a value that is missing) are none of theirs.

**Confounders.** Time, sky position, the subject or who looked may bring two flags together. Within strata s
(`mining/science/strata.py`) the expected number is e = sum_s a_s b_s / n_s; what is left is log2(n_ab / e), and p is
Mantel and Haenszel's (1959), two-sided with continuity correction, from the hypergeometric variance V of each
stratum. A stratum of one row tells nothing and is left out of both numbers. q is Benjamini and Hochberg's over all
pairs, for each confounder apart.

**Clusters.** Votes of one volunteer, or on one subject, are no independent rows. With r = flag less its stratum's mean,
n_ab - e is the sum of r_a r_b over rows, so its variance is also the sum over clusters of the square of each cluster's
part (the sandwich of Liang and Zeger 1986). The greatest of V and these counts, Student's t has one degree less than
there are clusters, and cells are divided by what the variance grows by. The interval of what is left is 1.96 standard
deviations of log n_ab, of a variance in proportion to n_ab.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numba
import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from mining.science.attributes.columns import AttributesError
from mining.science.attributes.permutation import benjamini_hochberg
from mining.science.coding import Codes

DRAWS = 2000
MOST = 20_000
TAIL = 0.025
WIDTH = 1.96
NONE_AT_MOST = 3.69  # of a Poisson number that came out 0, at 97.5 %
LEVEL = 0.05


@dataclass(frozen=True)
class Flags:
    """T flags on N rows. values: bool [N, T]. sources: of what each flag is, such as its question; flags of one source
    make no pair. known: source to the rows on which it can be set, bool [N]; without an entry all."""

    values: npt.NDArray[np.bool_]
    names: Sequence[str]
    sources: Sequence[str]
    known: Mapping[str, npt.NDArray[np.bool_]] = field(default_factory=dict)

    def pairs(self) -> list[tuple[int, int]]:
        """All of flags of two sources."""
        sources = self.sources
        return [(a, b) for a, b in combinations(range(len(sources)), 2) if sources[a] != sources[b]]


@dataclass(frozen=True)
class Left:
    """What is left of a pair within strata of one confounder, on `rows` rows: bits, of `alone` without the strata on
    the same rows."""

    rows: int
    alone: float
    bits: float
    low: float
    high: float
    p: float
    q: float = 1.0


@dataclass(frozen=True)
class Pair:
    """Two flags: on how many rows, with both, with each; lift and PMI with its interval, p and q; within confounders of
    which the strata hold anything that varies."""

    a: str
    b: str
    rows: int
    both: int
    n_a: int
    n_b: int
    lift: float
    bits: float
    low: float
    high: float
    p: float
    q: float
    left: dict[str, Left]

    @property
    def strength(self) -> float:
        """Bits by which the interval lies off 0: large numbers of few rows come last."""
        return max(self.low, -self.high, 0.0)


def associations(
    flags: Flags,
    *,
    pairs: Iterable[tuple[int, int]] | None = None,
    confounders: Mapping[str, Codes] | None = None,
    clusters: Sequence[Codes] = (),
    seed: int = 0,
) -> tuple[Pair, ...]:
    """The pairs (columns of `flags`; all), the strongest first. A flag that no row or every row has makes no pair.
    Codes int32 [N]: of strata, where rows with -1 are left out; of clusters, 0 or more. O(N) a pair and confounder."""
    n, chosen = len(flags.values), flags.pairs() if pairs is None else list(pairs)
    if len(chosen) > MOST:
        raise AttributesError(
            f"{len(chosen):,} pairs of flags are too many: compare fewer (at most {MOST:,} pairs)"
        )
    everything = np.zeros(n, dtype=np.int32)
    beside = {"": everything, **(confounders or {})}
    grouped = np.array(clusters, dtype=np.int32).reshape(len(clusters), n)
    rng = np.random.default_rng([seed, 8])
    found = []
    for a, b in chosen:
        known = _known(flags, a) & _known(flags, b)
        one, other = flags.values[:, a].view(np.uint8), flags.values[:, b].view(np.uint8)
        counted = {
            name: _Counted(*_count(one, other, np.where(known, codes, -1).astype(np.int32), grouped))
            for name, codes in beside.items()
        }
        plain = counted.pop("")
        if 0 < plain.n_a < plain.rows and 0 < plain.n_b < plain.rows:
            left = {name: each.left() for name, each in counted.items() if each.variance > 0}
            found.append(_pair(flags.names[a], flags.names[b], plain, left, rng))
    return tuple(sorted(_with_q(found), key=lambda pair: (-pair.strength, pair.p, pair.a, pair.b)))


def verdict(pair: Pair) -> tuple[str, str]:
    """What the strata say of a pair, and by which confounder: that which takes most.

    `gone`: about nothing is left; `turned`: the other way round; `weaker`: less than half; `unclear`: neither nothing
    nor all can be ruled out; `stays` (by none); `alone`: nothing was known that varies; `appears`: only within strata;
    `chance`: neither alone nor within.
    """
    if pair.q > LEVEL:
        shown = [name for name, left in pair.left.items() if left.q <= LEVEL]
        return ("appears", min(shown, key=lambda name: pair.left[name].q)) if shown else ("chance", "")
    if not pair.left:
        return "alone", ""
    order = ("gone", "turned", "weaker", "unclear")
    told = {name: _of_one(left) for name, left in pair.left.items()}
    for word in order:
        those = [name for name in told if told[name] == word]
        if those:
            return word, min(those, key=lambda name: abs(pair.left[name].bits))
    return "stays", ""


def _of_one(left: Left) -> str:
    if left.low <= 0 <= left.high:
        return "unclear" if left.low <= left.alone <= left.high else "gone"
    if left.bits * left.alone < 0:
        return "turned"
    return "weaker" if abs(left.bits) < abs(left.alone) / 2 else "stays"


@dataclass(frozen=True)
class _Counted:
    rows: int
    both: int
    n_a: int
    n_b: int
    expected: float
    variance: float  # as if rows were independent
    by_cluster: float  # the greatest, 0 without
    clusters: int  # the fewest, 0 without

    @property
    def growth(self) -> float:
        return max(self.by_cluster / self.variance, 1.0) if self.variance > 0 else 1.0

    @property
    def p(self) -> float:
        spread = np.sqrt(max(self.variance, self.by_cluster))
        if not spread or self.clusters == 1:
            return 1.0
        z = max(abs(self.both - self.expected) - 0.5, 0.0) / spread
        return min(float(2 * student.sf(z, self.clusters - 1 if self.clusters else np.inf)), 1.0)

    def left(self) -> Left:
        alone = float(_bits(self.both * self.rows, self.n_a * self.n_b))
        bits = float(_bits(self.both, self.expected))
        if not self.both:
            high = float(_bits(NONE_AT_MOST * self.growth, self.expected))
            return Left(self.rows, alone, bits, float("-inf"), high, self.p)
        spread = np.sqrt(max(self.variance * self.both / self.expected, self.by_cluster)) / self.both
        half = float(WIDTH * spread / np.log(2))
        return Left(self.rows, alone, bits, bits - half, bits + half, self.p)


def _bits(number: float, expected: float) -> float:
    return float(np.log2(number / expected)) if number > 0 and expected > 0 else float("-inf")


def _known(flags: Flags, at: int) -> npt.NDArray[np.bool_]:
    everywhere = np.ones(len(flags.values), dtype=bool)
    return flags.known.get(flags.sources[at], everywhere)


def _pair(a: str, b: str, plain: _Counted, left: dict[str, Left], rng: np.random.Generator) -> Pair:
    both, n_a, n_b, n = plain.both, plain.n_a, plain.n_b, plain.rows
    four = np.array([both, n_a - both, n_b - both, n - n_a - n_b + both], dtype=np.float64) / plain.growth
    drawn = rng.standard_gamma(four + 0.5, size=(DRAWS, 4))
    drawn /= drawn.sum(axis=1, keepdims=True)
    pmi = np.log2(drawn[:, 0] / ((drawn[:, 0] + drawn[:, 1]) * (drawn[:, 0] + drawn[:, 2])))
    low, high = np.quantile(pmi, (TAIL, 1 - TAIL))
    lift = both * n / (n_a * n_b)
    return Pair(a, b, n, both, n_a, n_b, lift, _bits(lift, 1.0), float(low), float(high), plain.p, 1.0, left)


def _with_q(pairs: list[Pair]) -> list[Pair]:
    """q over all pairs; of each confounder over those that have it."""
    if not pairs:
        return []
    q = benjamini_hochberg(np.array([pair.p for pair in pairs]))
    made = [replace(pair, q=float(each)) for pair, each in zip(pairs, q, strict=True)]
    for name in dict.fromkeys(name for pair in pairs for name in pair.left):
        those = [pair for pair in made if name in pair.left]
        of_strata = benjamini_hochberg(np.array([pair.left[name].p for pair in those]))
        for pair, each in zip(those, of_strata, strict=True):
            pair.left[name] = replace(pair.left[name], q=float(each))
    return made


@numba.njit(cache=True)
def _count(a, b, strata, clusters):  # type: ignore[no-untyped-def]
    """(rows, both, n_a, n_b, expected, variance, greatest variance by clusters, fewest clusters), in strata of two rows
    or more."""
    size = 0
    for row in range(len(strata)):
        size = max(size, strata[row] + 1)
    n, in_a, in_b = np.zeros(size), np.zeros(size), np.zeros(size)
    for row in range(len(strata)):
        s = strata[row]
        if s >= 0:
            n[s] += 1
            in_a[s] += a[row]
            in_b[s] += b[row]
    rows, n_a, n_b, expected, variance = 0.0, 0.0, 0.0, 0.0, 0.0
    for s in range(size):
        if n[s] > 1:
            rows, n_a, n_b = rows + n[s], n_a + in_a[s], n_b + in_b[s]
            e = in_a[s] * in_b[s] / n[s]
            expected += e
            variance += e * (n[s] - in_a[s]) * (n[s] - in_b[s]) / (n[s] * (n[s] - 1))
    both = 0
    for row in range(len(strata)):
        if strata[row] >= 0 and n[strata[row]] > 1:
            both += a[row] & b[row]
    greatest, fewest = 0.0, 0
    for k in range(len(clusters)):
        of = 0
        for row in range(len(strata)):
            of = max(of, clusters[k, row] + 1)
        part, met = np.zeros(of), np.zeros(of, dtype=np.uint8)
        for row in range(len(strata)):
            s = strata[row]
            if s >= 0 and n[s] > 1:
                part[clusters[k, row]] += (a[row] - in_a[s] / n[s]) * (b[row] - in_b[s] / n[s])
                met[clusters[k, row]] = 1
        greatest = max(greatest, (part**2).sum())
        here = int(met.sum())
        fewest = here if k == 0 else min(fewest, here)
    return int(rows), both, int(n_a), int(n_b), expected, variance, greatest, fewest
