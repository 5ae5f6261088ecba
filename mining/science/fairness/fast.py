"""Too fast: most answers take less than a small part of the usual time of the same questions.

The usual time of a way (the questions that an answer came to) is the median over volunteers of their own medians, so
that one busy script does not move it; a way that fewer than `LEAST_PEOPLE` have gone has none, and its answers are left
out. A trial is an answer, a hit one that took less than `of_median` of the usual time; an honest person hits with at
most the chance `share`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mining.science.confusion import Array
from mining.science.fairness.evidence import Finding, bound, evidence
from mining.science.votes import Codes

LEAST_PEOPLE = 5


@dataclass(frozen=True)
class Timed(Finding):
    """median: of the volunteer's times over the usual ones, of 1."""

    median: float = 1.0


def too_fast(
    volunteer: Codes,
    seconds: Array,
    way: Codes,
    *,
    of_median: float,
    share: float,
    least: int,
    alarms: float,
) -> list[Timed]:
    """Arrays [N], an answer a row. Seconds that are NaN, 0 or less are left out."""
    usual = usual_seconds(volunteer, seconds, way)
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero((seconds > 0) & np.isfinite(usual[way]))
    who, ratio = volunteer[rows], seconds[rows] / usual[way[rows]]
    size = int(volunteer.max(initial=-1)) + 1
    trials = np.bincount(who, minlength=size)
    hit = ratio < of_median
    hits = np.bincount(who[hit], minlength=size)
    found = evidence(who, hit, np.full(len(rows), share), size)
    tested = trials >= least
    over = tested & (found >= bound(int(tested.sum()), alarms)) & (hits > share * trials)
    return [
        Timed(
            volunteer=int(v),
            evidence=float(found[v]),
            trials=int(trials[v]),
            hits=int(hits[v]),
            expected=float(share * trials[v]),
            rows=np.asarray(rows[mine][np.argsort(ratio[mine], kind="stable")][:6], dtype=np.int64),
            median=float(np.median(ratio[mine])),
        )
        for v in np.flatnonzero(over)
        for mine in (np.flatnonzero(who == v),)
    ]


def usual_seconds(volunteer: Codes, seconds: Array, way: Codes) -> Array:
    """By way, float64 [ways]; NaN where there is none."""
    usual = np.full(int(way.max(initial=-1)) + 1, np.nan)
    with np.errstate(invalid="ignore"):
        good = np.flatnonzero(seconds > 0)
    for each in np.unique(way[good]):
        rows = good[way[good] == each]
        of_people = _medians(volunteer[rows], seconds[rows])
        if len(of_people) >= LEAST_PEOPLE:
            usual[each] = np.median(of_people)
    return usual


def _medians(who: npt.NDArray[np.integer], value: Array) -> Array:
    """Of each who occurs."""
    order = np.lexsort((value, who))
    n = np.unique(who, return_counts=True)[1]
    last = np.cumsum(n)
    low, high = last - n + (n - 1) // 2, last - n + n // 2
    return np.asarray((value[order][low] + value[order][high]) / 2.0)
