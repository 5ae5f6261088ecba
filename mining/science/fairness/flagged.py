"""Answers that can't be true together, oftener than slips explain.

A trial is a finished answer, a hit one that holds a combination which the team says no subject has; an honest person
slips with at most the chance `slips`.
"""

from __future__ import annotations

import numpy as np

from mining.science.fairness.evidence import Finding, Flags, bound, evidence
from mining.science.votes import Codes


def too_often(volunteer: Codes, flagged: Flags, *, slips: float, least: int, alarms: float) -> list[Finding]:
    """Arrays [N], an answer a row."""
    size = int(volunteer.max(initial=-1)) + 1
    trials = np.bincount(volunteer, minlength=size)
    hits = np.bincount(volunteer[flagged], minlength=size)
    found = evidence(volunteer, flagged, np.full(len(volunteer), slips), size)
    tested = trials >= least
    over = tested & (found >= bound(int(tested.sum()), alarms)) & (hits > slips * trials)
    return [
        Finding(
            volunteer=int(v),
            evidence=float(found[v]),
            trials=int(trials[v]),
            hits=int(hits[v]),
            expected=float(slips * trials[v]),
            rows=np.asarray(np.flatnonzero((volunteer == v) & flagged)[-6:][::-1], dtype=np.int64),
        )
        for v in np.flatnonzero(over)
    ]
