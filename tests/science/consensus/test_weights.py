"""Volunteers who weigh less: the same in the online state and in the batch, and exactly nothing where they weigh 1."""

from dataclasses import replace

import numpy as np
import pytest

from mining.science.consensus import METHODS, method
from mining.science.consensus.dawid_skene import DawidSkenePooled
from mining.science.consensus.online import OnlineTask
from mining.science.held_out import rows_of
from mining.science.simulate import make_crowd, make_subjects, make_votes
from mining.science.votes import VotesError
from mining.science.weigh import weigh

LESS = {3: 0.25, 7: 0.05, 11: 0.5}


def table():
    votes = make_votes(
        make_crowd(30, seed=5), make_subjects(60, seed=5, prior=[1 / 3] * 3), seed=5, per_item=8
    )
    return votes, np.array([LESS.get(v, 1.0) for v in range(30)])


def test_a_lessened_vote_says_what_its_matrix_says_with_that_chance_and_else_nothing():
    task = OnlineTask(["yes", "no"])
    task.weigh(1, 0.5)
    task.apply(10, 1, "yes")
    np.testing.assert_allclose(task.subjects[10].p, [0.5 * 0.7 + 0.25, 0.5 * 0.3 + 0.25])
    np.testing.assert_allclose(task.volunteers[1], [[0.6, 0.0], [0.4, 0.0]])  # their own matrix learns
    assert task.crowd == [[0.0, 0.0], [0.0, 0.0]]  # the crowd's does not
    task.teach(1, "yes", "yes")
    assert task.crowd == [[0.0, 0.0], [0.0, 0.0]]
    assert task.weigh(1, 1.0)
    np.testing.assert_allclose(task.crowd, [[1.6, 0.0], [0.4, 0.0]])
    assert not task.weigh(1, 1.0)
    assert not task.weigh(2, 0.5)  # has no matrix yet
    for weight in (0.0, 1.5, float("nan")):
        with pytest.raises(ValueError, match="a weight lies above 0"):
            task.weigh(1, weight)


def test_with_weights_the_fixed_point_is_that_of_the_batch():
    """Set in the middle of the sequence, one of them changed and one lifted again."""
    votes, weights = table()
    batch = DawidSkenePooled(tolerance=1e-12, max_iter=5000).fit(replace(votes, weights=weights))
    task = OnlineTask([str(label) for label in votes.labels])
    for at, (item, volunteer, label) in enumerate(zip(votes.item, votes.volunteer, votes.label, strict=True)):
        if at == len(votes) // 2:
            for v, weight in LESS.items():
                task.weigh(v, 0.9)
                task.weigh(v, weight)
            task.weigh(1, 0.1)
            task.weigh(1, 1.0)
        task.apply(int(item), int(volunteer), task.keys[label])
    for _ in range(300):
        for subject in task.subjects:
            task.refresh(subject)
    for item, p in enumerate(batch.probabilities_):
        np.testing.assert_allclose(task.subjects[item].p, p, atol=1e-8)
    for volunteer, counts in task.volunteers.items():
        np.testing.assert_allclose(counts, batch.counts_[volunteer], atol=1e-7)
    plain = DawidSkenePooled().fit(votes)
    assert np.abs(plain.probabilities_ - batch.probabilities_).max() > 0.05


@pytest.mark.parametrize("name", METHODS)
def test_weights_of_one_are_no_weights(name):
    votes, weights = table()
    plain, ones = method(name).fit(votes), method(name).fit(replace(votes, weights=np.ones(30)))
    np.testing.assert_array_equal(ones.probabilities_, plain.probabilities_)
    lessened = method(name).fit(replace(votes, weights=weights))
    same = np.array_equal(lessened.probabilities_, plain.probabilities_)
    assert same == (name in ("majority", "swap"))  # those know of none


def test_merit_and_dispersion_follow():
    votes, weights = table()
    plain, less = (weigh(each, DawidSkenePooled()) for each in (votes, replace(votes, weights=weights)))
    np.testing.assert_allclose(less.crowd, less.counts[weights == 1].sum(axis=0))
    assert less.effective_votes.sum() < plain.effective_votes.sum()
    kept = rows_of(replace(votes, weights=weights), votes.item < 30)
    np.testing.assert_array_equal(kept.weights, weights)
    with pytest.raises(VotesError, match="30 numbers above 0 and at most 1"):
        replace(votes, weights=np.zeros(30))
