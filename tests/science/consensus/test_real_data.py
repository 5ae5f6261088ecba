"""Accuracy on real crowds with truth: what was measured when the methods were chosen.

The plain reference that they were compared with has, for Dawid-Skene and pooled: adult2 .748 .748, bluebirds .898 .898,
cifar10n .896 .913, faces .642 .651, rte .928 .922, tweets_a .718 .721. Majority's ties go to the commoner label here.
"""

import pytest

from mining.science.consensus import method
from tests.science.real import accuracy, load

MEASURED_METHODS = ("majority", "dawid-skene", "dawid-skene-pooled", "dawid-skene-tuned")
MEASURED = {  # plain Dawid-Skene with 60 iterations, to save time
    "adult2": (0.751, 0.748, 0.757, 0.778),
    "bluebirds": (0.759, 0.898, 0.898, 0.907),
    "cifar10n": (0.909, 0.895, 0.914, 0.920),
    "faces": (0.630, 0.640, 0.651, 0.635),
    "rte": (0.875, 0.928, 0.922, 0.928),
    "tweets_a": (0.719, 0.718, 0.722, 0.727),
}


@pytest.mark.parametrize("name", MEASURED)
def test_accuracy_is_what_was_measured(name):
    votes, truth = load(name)
    plain = {"dawid-skene": {"max_iter": 60}}
    methods = [method(each, **plain.get(each, {})) for each in MEASURED_METHODS]
    got = [accuracy(made.fit(votes).labels_, truth) for made in methods]
    assert got == pytest.approx(MEASURED[name], abs=0.0031)
    assert got[-1] >= got[0]  # the default is nowhere below majority


def test_the_strength_follows_how_much_people_differ():
    """Strong where worker ids mean nothing, weak where people differ."""
    strength = {
        name: method("dawid-skene-tuned").fit(load(name)[0]).strength_ for name in ("cifar10n", "bluebirds")
    }
    assert strength["cifar10n"] >= 50
    assert strength["bluebirds"] <= 10
