"""Accuracy on real crowds with truth: what was measured when the methods were chosen.

The plain reference that they were compared with has, for Dawid-Skene and pooled: adult2 .748 .748, bluebirds .898 .898,
cifar10n .896 .913, faces .642 .651, rte .928 .922, tweets_a .718 .721. Majority's ties go to the commoner label here.
"""

import pytest

from mining.science.consensus import method
from tests.science.real import accuracy, load

MEASURED = {  # majority, Dawid-Skene (60 iterations, to save time), pooled
    "adult2": (0.751, 0.748, 0.757),
    "bluebirds": (0.759, 0.898, 0.898),
    "cifar10n": (0.909, 0.895, 0.914),
    "faces": (0.630, 0.640, 0.651),
    "rte": (0.875, 0.928, 0.922),
    "tweets_a": (0.719, 0.718, 0.722),
}


@pytest.mark.parametrize("name", MEASURED)
def test_accuracy_is_what_was_measured(name):
    votes, truth = load(name)
    methods = [method("majority"), method("dawid-skene", max_iter=60), method("dawid-skene-pooled")]
    got = [accuracy(made.fit(votes).labels_, truth) for made in methods]
    assert got == pytest.approx(MEASURED[name], abs=0.0031)
    assert got[2] >= got[0]  # the default is nowhere below majority
