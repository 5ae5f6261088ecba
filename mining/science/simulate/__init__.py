"""Volunteers and subjects with known truth: what the tests, the demo and the documentation are made with.

`crowd` makes volunteers, `votes` lets them answer one question about many items, `classifications` lets them
walk a workflow's decision tree, `readers` lets them write down lines of text. Everything is seeded; the same
seed gives the same crowd and the same answers.

**The model.** A volunteer v of skill s_v answers an item of ease e_i rightly with the odds s_v * e_i, both
log-normal, so that log odds = log s_v + log e_i (Rasch 1960). Easy items are right nearly always; a few items
are so hard that most people err, as in real data, and there more votes do not help. Who errs, mostly takes
the item's lure (the wrong answer that it looks like), else any wrong answer. A bias tilts a volunteer's
answers toward some of them. A careless volunteer does not look: any answer is as likely as another. Activity
is heavy-tailed: few volunteers give most answers.

On demand: spammers, who always give one answer; volunteers who copy another; drift (skill that grows or fades
over a person's answers); a shared error, by which everybody takes one class for another. `traffic` plays a site
that retires subjects, with known answers mixed in.

The defaults are set so that a two-answer question lands where real projects do: the majority of 20 votes
right on 0.92 to 0.95 of the items, the majority of 5 on 0.87 to 0.90 (tests/science/test_simulate.py).
"""

from mining.science.simulate.classifications import SimulatedClassification, Truth, Walker
from mining.science.simulate.crowd import Crowd, make_crowd
from mining.science.simulate.readers import read_line
from mining.science.simulate.traffic import Answer, Traffic
from mining.science.simulate.votes import (
    Subjects,
    expected_accuracy,
    make_subjects,
    make_votes,
    true_confusion,
)

__all__ = [
    "Answer",
    "Crowd",
    "SimulatedClassification",
    "Subjects",
    "Traffic",
    "Truth",
    "Walker",
    "expected_accuracy",
    "make_crowd",
    "make_subjects",
    "make_votes",
    "read_line",
    "true_confusion",
]
