"""Always the same answer, whatever the others see.

A trial is a vote on one question, a hit that it is the answer a. An honest person gives a with at most the chance that
follows from the other votes on the same item (`predict`), at odds `lean` times as large. Where everybody says a nearly
always, a hit tells nearly nothing, and nobody is found. a may be any answer: their evidence is averaged, which is again
an e-value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mining.science.fairness.evidence import Finding, bound, evidence, leaned, mixed, most_telling
from mining.science.fairness.predict import Predicted
from mining.science.votes import Votes


@dataclass(frozen=True)
class Same(Finding):
    """label: the answer. others: its expected share among the other votes on the same items, 0..1."""

    label: int = 0
    others: float = 0.0


def same_answer(
    votes: Votes,
    predicted: Predicted,
    *,
    often: float,
    lean: float,
    least: int,
    alarms: float,
    questions: int = 1,
) -> list[Same]:
    """Who, in `least` votes or more, gives one answer whatever they see at least in the share `often` of them.

    questions : of the workflow, each of which is looked at like this; the bound is shared among them.
    """
    _, size, k = votes.shape
    trials = np.bincount(votes.volunteer, minlength=size)
    tested = trials >= least
    if k < 2 or not tested.any():
        return []
    chance = leaned(predicted.chances, lean)
    of_each = [evidence(votes.volunteer, votes.label == a, chance[:, a], size) for a in range(k)]
    found = mixed(of_each)
    over = np.flatnonzero(tested & (found >= bound(int(tested.sum()) * questions, alarms)))
    findings = [_finding(votes, predicted, chance, float(found[v]), int(v)) for v in over]
    return [each for each in findings if each.often >= often]


def _finding(votes: Votes, predicted: Predicted, chance: np.ndarray, found: float, volunteer: int) -> Same:
    mine = np.flatnonzero(votes.volunteer == volunteer)
    label = int(np.bincount(votes.label[mine]).argmax())
    hits = mine[votes.label[mine] == label]
    return Same(
        volunteer=volunteer,
        evidence=found,
        trials=len(mine),
        hits=len(hits),
        expected=float(chance[mine, label].sum()),
        rows=most_telling(hits, chance[hits, label]),
        label=label,
        others=float(predicted.chances[mine, label].mean()),
    )
