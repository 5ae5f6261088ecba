"""Certainty against dispersion: a subject may be certain and disputed, or doubtful though all agree.

`corners` counts the subjects in the four corners of the plane; `disputed` makes dispersion a label, so that `gains`
says which attributes make a subject disputed: as its rank (share = rank over N, nothing is cut) or as above a
bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from mining.science.attributes.columns import AttributesError
from mining.science.attributes.labels import Labels, of_shares
from mining.science.confusion import Array

CLASSES = ("agreed", "disputed")


@dataclass(frozen=True)
class Corners:
    """Subjects by certainty (at least the bound, or below) and dispersion (above the bound, or not); missing: those
    that lack one of the two."""

    certain_agreed: int
    certain_disputed: int
    doubtful_agreed: int
    doubtful_disputed: int
    missing: int


def corners(certainty: Array, dispersion: Array, *, certain: float = 0.9, dispersed: float = 0.5) -> Corners:
    """From certainty and dispersion [N]; NaN where not known."""
    there = ~(np.isnan(certainty) | np.isnan(dispersion))
    sure, split = certainty[there] >= certain, dispersion[there] > dispersed
    return Corners(
        int((sure & ~split).sum()),
        int((sure & split).sum()),
        int((~sure & ~split).sum()),
        int((~sure & split).sum()),
        int((~there).sum()),
    )


def disputed(dispersion: Array, *, above: float | None = None) -> Labels:
    """Dispersion [N] as a label: its rank, or whether it lies above a bound; NaN is no label."""
    there = np.flatnonzero(~np.isnan(dispersion))
    values = dispersion[there]
    if not len(there) or values.min() == values.max():
        raise AttributesError(
            "dispersion is the same everywhere: nothing is more disputed than anything else"
        )
    if above is None:
        share = np.full(len(dispersion), np.nan)
        share[there] = (rankdata(values) - 0.5) / len(there)
        return of_shares(np.column_stack([1 - share, share]), CLASSES)
    codes = (values > above).astype(np.uint8)
    if codes.min() == codes.max():
        raise AttributesError(f"no bound: {int(codes.sum())} of {len(codes)} subjects lie above {above}")
    return Labels(CLASSES, there, len(dispersion), codes=codes)
