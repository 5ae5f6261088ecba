"""Votes in, everything that is said about them out: consensus, calibration, figure of merit in one call.

What the command line writes and what a run of the site stores. With enough gold the figure of merit measures
agreement with the calibrated consensus, else with the consensus as it is; votes on known items count as whole votes
against the known answer, either way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mining.science import merit
from mining.science.calibration import Calibration, calibrate, certainty
from mining.science.confusion import Array
from mining.science.consensus.base import Consensus, crowd_counts, expected_counts
from mining.science.uncertainty import (
    dispersion,
    undecided_by_certainty,
    undecided_by_votes,
    weighted_votes,
)
from mining.science.votes import Codes, Votes, VotesError


@dataclass(frozen=True)
class Weighed:
    """I items, V volunteers.

    fitted      : the method
    gold        : int32 [I], known answers or -1, as used; None without gold
    calibration : None without enough gold
    certainty   : float64 [I], calibrated probability of the answer; NaN where there is no calibration, 1 where known
    dispersion, effective_votes : float64 [I], each vote weighted by its volunteer's skill
    undecided   : bool [I], whether the answer does not stand out (`mining.science.uncertainty`); never where known
    counts      : float64 [V, K, K], expected votes by truth and label, of learned votes
    crowd       : float64 [K, K], their sum over the volunteers who weigh in full
    skill, bits : with 95 % intervals, [V]
    """

    fitted: Consensus
    gold: Codes | None
    calibration: Calibration | None
    certainty: Array
    dispersion: Array
    effective_votes: Array
    undecided: npt.NDArray[np.bool_]
    counts: Array
    crowd: Array
    skill: merit.Estimate
    bits: merit.Estimate


def gold_codes(votes: Votes, known: Mapping[str, str]) -> Codes:
    """int32 [I]: the code of each item's known answer, -1 where not known. Items without votes are left out.

    VotesError if a known answer is none of the table's labels (give `encode` all labels).
    """
    place = {str(label): code for code, label in enumerate(votes.labels)}
    found = np.full(votes.shape[0], -1, dtype=np.int32)
    for at, item in enumerate(votes.items.tolist()):
        if item in known:
            if known[item] not in place:
                raise VotesError(f"the known answer {known[item]!r} of item {item!r} is none of the labels")
            found[at] = place[known[item]]
    return found


def weigh(
    votes: Votes,
    method: Consensus,
    gold: Codes | None = None,
    *,
    seed: int = 0,
) -> Weighed:
    """Fit, calibrate where `LEAST_GOLD` known items have votes, and measure the volunteers. `seed` draws the parts of
    the cross-validation."""
    fitted = method.fit(votes, gold)
    calibration = None if gold is None else calibrate(fitted, votes, gold, seed=seed)
    sure, counts = np.full(votes.shape[0], np.nan), fitted.counts_
    undecided = None
    if calibration is not None and gold is not None:
        q = certainty(fitted, votes, calibration, gold)
        sure, counts = q[np.arange(len(q)), fitted.labels_], expected_counts(votes, q)
        undecided = undecided_by_certainty(q)
    elif gold is not None:
        sure[gold >= 0] = 1.0
    crowd = crowd_counts(votes, counts)
    skill = merit.skill(counts, merit.mean_skill(crowd))
    merits = skill.value if votes.weights is None else skill.value * votes.weights
    weighted, effective = weighted_votes(votes, merits)
    if undecided is None:
        undecided = undecided_by_votes(weighted, effective, fitted.labels_)
    if gold is not None:
        undecided &= gold < 0
    return Weighed(
        fitted=fitted,
        gold=gold,
        calibration=calibration,
        certainty=sure,
        dispersion=dispersion(weighted),
        effective_votes=effective,
        undecided=undecided,
        counts=counts,
        crowd=crowd,
        skill=skill,
        bits=merit.information(counts, crowd, fitted.probabilities_.sum(axis=0)),
    )
