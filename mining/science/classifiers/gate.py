"""The model gate: whether a new classifier may take the place of the champion, and why not.

Both tell the audit part: subjects chosen by a hash of what they show, of whose votes neither ever saw one. The new one
is refused where

- it has fewer than `LEAST_AUDIT` subjects there, or they all have one answer: nothing can be said;
- there is no champion, and it isn't surely better than the shares of answers alone (95 % interval of the difference in
  loss of votes, paired bootstrap over subjects);
- it is worse than the champion in the mean, and may be so by more than `SLACK` nats a vote (upper end of the interval):
  one that is better in the mean passes, one that is worse only where it is surely nearly as good;
- an answer's recall has fallen by more than `FALL`, beyond what chance does to so few subjects;
- its probabilities are off by more than `ERROR`, and by more than a calibrated classifier's would be on so few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from mining.science.classifiers.heads import DirichletHead
from mining.science.classifiers.model import Told
from mining.science.classifiers.scores import Scores, paired, score, truths, vote_losses
from mining.science.confusion import Array

LEAST_AUDIT = 15
SLACK = 0.01
FALL = 0.02
ERROR = 0.05
CHANCE = 0.025


@dataclass(frozen=True)
class Verdict:
    """reasons: codes with their numbers, empty where it is promoted. difference: (mean, low, high) of the loss of
    votes, new less old, nats a vote; against: champion or shares."""

    reasons: tuple[tuple[str, dict[str, float | str]], ...]
    difference: tuple[float, float, float] | None
    against: str
    scores: Scores | None

    @property
    def promoted(self) -> bool:
        return not self.reasons


def shares_alone(counts: Array, n: int) -> Told:
    """What one would tell of `n` subjects without looking at them: fitted to counts [M, K]."""
    head = DirichletHead.fit([], counts, penalty=0.0)
    m, s = head.shares([])
    return Told(np.repeat(m, n, axis=0), np.repeat(s, n), np.repeat(m, n, axis=0))


def judge(
    new: Told, old: Told | None, learnt: Array, counts: Array, answers: list[str], *, seed: int = 0
) -> Verdict:
    """Of the audit part: what both tell of it, its votes `counts` [N, K]; `learnt` [M, K] are those of the others."""
    clear, truth = truths(counts)
    if len(clear) < LEAST_AUDIT:
        return Verdict((("few", {"n": len(clear), "least": LEAST_AUDIT}),), None, "", None)
    if len(np.unique(truth)) < 2:
        return Verdict((("one answer", {"answer": answers[int(truth[0])]}),), None, "", None)
    other = shares_alone(learnt, len(counts)) if old is None else old
    found = score(new, counts, seed=seed)
    mean, low, high = paired(vote_losses(new.alpha, counts) - vote_losses(other.alpha, counts), seed)
    reasons: list[tuple[str, dict[str, float | str]]] = []
    numbers: dict[str, float | str] = {"mean": mean, "low": low, "high": high}
    if old is None:
        if high >= 0:
            reasons.append(("no better than shares", numbers))
    elif mean > 0 and high > SLACK:
        reasons.append(("worse", numbers))
    if old is not None:
        reasons += _fallen(new, old, clear, truth, answers)
    if found.error > max(ERROR, found.expected_error):
        reasons.append(("uncalibrated", {"error": found.error, "usual": found.expected_error}))
    return Verdict(tuple(reasons), (mean, low, high), "shares" if old is None else "champion", found)


def _fallen(
    new: Told, old: Told, clear: np.ndarray, truth: np.ndarray, answers: list[str]
) -> list[tuple[str, dict[str, float | str]]]:
    """Answers whose recall has fallen: by the subjects on which one of the two is right (McNemar's exact test)."""
    right = [told.probabilities[clear].argmax(axis=1) == truth for told in (new, old)]
    fallen: list[tuple[str, dict[str, float | str]]] = []
    for code in np.unique(truth).tolist():
        here = truth == code
        lost, won = int((right[1] & ~right[0])[here].sum()), int((right[0] & ~right[1])[here].sum())
        fall = (lost - won) / int(here.sum())
        if fall > FALL and binomtest(lost, lost + won, alternative="greater").pvalue < CHANCE:
            fallen.append(("recall", {"answer": answers[code], "fall": fall, "n": int(here.sum())}))
    return fallen
