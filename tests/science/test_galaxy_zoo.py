"""The large crowd: nobody twice on a subject, few give most, rounds that need each other for nothing."""

import numpy as np
import pytest

from mining.science.simulate.galaxy_zoo import CLASSES, galaxy_zoo


def test_rounds_ask_each_subject_once_and_nobody_twice():
    zoo = galaxy_zoo(1500, 2000, 30, seed=2)
    rounds = list(zoo.rounds())
    for each in rounds:
        assert (np.sort(each.subject) == np.arange(1500)).all()
    pairs = {(int(s), int(v)) for each in rounds for s, v in zip(each.subject, each.volunteer, strict=True)}
    assert len(pairs) == 1500 * 30
    np.testing.assert_array_equal(galaxy_zoo(1500, 2000, 30, seed=2).round(7).label, rounds[7].label)
    assert (galaxy_zoo(1500, 2000, 30, seed=3).round(7).label != rounds[7].label).any()


def test_few_volunteers_give_most_answers_and_classes_are_as_stated():
    zoo = galaxy_zoo(20_000, 10_000, 20)
    votes = np.bincount(np.concatenate([each.volunteer for each in zoo.rounds()]), minlength=10_000)
    assert 0.55 < np.sort(votes)[::-1][:1000].sum() / votes.sum() < 0.68  # made: 0.61 for the busiest tenth
    expected = votes.sum() * zoo.crowd.activity
    assert abs(votes - expected).sum() < 0.4 * votes.sum()  # each as active as the crowd says, but for chance
    share = np.bincount(zoo.subjects.truth, minlength=6) / 20_000
    np.testing.assert_allclose(share, list(CLASSES.values()), atol=0.015)
    with pytest.raises(ValueError, match="need 40 volunteers or more"):
        galaxy_zoo(10, 30, 20)
