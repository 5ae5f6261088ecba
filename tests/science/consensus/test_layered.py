"""What the default is made of: layers of pooling, and the pool with vote shares."""

from dataclasses import replace

import numpy as np

from mining.science.consensus import DEFAULT, method
from mining.science.consensus.dawid_skene import DawidSkenePooled
from mining.science.consensus.layered import DawidSkeneLayered, crowd_rows
from mining.science.simulate import make_crowd, make_subjects, make_votes

RARE = 0.5 ** np.arange(10) / (0.5 ** np.arange(10)).sum()


def crowd_of(seed):
    """A hundred items, ten answers of which six are rare, 10 votes an item by few of 400 volunteers, 15 % spammers."""
    subjects = make_subjects(100, seed=seed, prior=RARE)
    return make_votes(make_crowd(400, seed=seed, spam=0.15), subjects, seed=seed, per_item=10), subjects.truth


def test_a_row_of_the_crowd_leans_on_all_rows_as_long_as_few_items_speak_for_it():
    """At 10 votes an item the first row has 90 items, the second 3; both are lent 30. h = (827 + 7) / (930 + 10)."""
    nothing = np.zeros((2, 2))
    rows = crowd_rows(np.array([[820.0, 80.0], [23.0, 7.0]]), 10.0, nothing)
    hit = 834 / 940
    np.testing.assert_allclose(rows[0], [(82 + 30 * hit) / 120, (8 + 30 * (1 - hit)) / 120])
    np.testing.assert_allclose(rows[1], [(2.3 + 30 * (1 - hit)) / 33, (0.7 + 30 * hit) / 33])
    known = crowd_rows(np.array([[820.0, 80.0], [23.0, 7.0]]), 10.0, np.array([[0.0, 0.0], [4.0, 2.0]]))
    np.testing.assert_allclose(known[1, 0], (2.3 + 30 * (3 * (1 - hit) + 4) / 9) / 33)
    np.testing.assert_array_equal(crowd_rows(np.array([[5.0]]), 10.0, np.zeros((1, 1))), [[1.0]])


def test_volunteers_lean_on_what_somebody_of_their_skill_does():
    votes, _ = crowd_of(1)
    done = DawidSkeneLayered(max_iter=3).fit(votes)
    leaning = done.leaning(done.counts_, done.counts_.sum(axis=0))
    np.testing.assert_allclose(leaning.sum(axis=2), 1.0)
    busy = done.counts_.sum(axis=(1, 2)) >= 10
    hits = (np.trace(done.counts_, axis1=1, axis2=2) / done.counts_.sum(axis=(1, 2)).clip(1))[busy]
    right = leaning[busy][:, 0, 0]
    assert np.corrcoef(hits, right)[0, 1] > 0.9
    silent = leaning[done.counts_.sum(axis=(1, 2)) == 0]
    crowd = crowd_rows(done.counts_.sum(axis=0), 10.0, np.zeros((10, 10)))
    np.testing.assert_allclose(silent, np.broadcast_to(crowd, silent.shape))


def test_what_is_hard_is_not_taken_for_what_is_rare():
    right = {name: [] for name in (DEFAULT, "majority", "dawid-skene")}
    for seed in (1, 2, 3):
        votes, truth = crowd_of(seed)
        for name, found in right.items():
            found.append((method(name).fit(votes).labels_ == truth).mean())
    mean = {name: np.mean(found) for name, found in right.items()}
    print(mean)
    assert mean["dawid-skene"] < mean["majority"] - 0.05
    assert mean[DEFAULT] >= mean["majority"] - 0.01


def test_the_default_pools_model_and_votes_and_has_the_merit_of_the_pooled_model():
    table, _ = crowd_of(2)
    weights = np.where(np.arange(400) < 50, 0.1, 1.0)
    for votes in (table, replace(table, weights=weights)):
        done = method(DEFAULT).fit(votes)
        model = DawidSkeneLayered(strength=done.strength_, max_iter=5).fit(votes)
        own = np.zeros((100, 10))
        np.add.at(own, (votes.item, votes.label), 1.0 if votes.weights is None else weights[votes.volunteer])
        expected = model.probabilities_ * (own + 0.5)
        np.testing.assert_allclose(done.probabilities_, expected / expected.sum(axis=1, keepdims=True))
        np.testing.assert_array_equal(done.counts_, DawidSkenePooled().fit(votes).counts_)
        again = done.again().fit(votes)
        assert again.scores_ == {}
        np.testing.assert_array_equal(again.probabilities_, done.probabilities_)
