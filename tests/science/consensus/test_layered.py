"""What the default is made of: layers of pooling, and the pool with vote shares."""

from dataclasses import replace

import numpy as np

from mining.science.consensus import DEFAULT, method
from mining.science.consensus.base import start
from mining.science.consensus.dawid_skene import DawidSkenePooled
from mining.science.consensus.layered import DawidSkeneLayered, crowd_rows
from mining.science.consensus.passes import Passes, agreeing
from mining.science.consensus.shared_errors import SHARED, log_gain
from mining.science.simulate import make_crowd, make_subjects, make_votes

RARE = 0.5 ** np.arange(10) / (0.5 ** np.arange(10)).sum()


def crowd_of(seed):
    """A hundred items, ten answers of which six are rare, 10 votes an item by few of 400 volunteers, 15 % spammers."""
    subjects = make_subjects(100, seed=seed, prior=RARE)
    return make_votes(make_crowd(400, seed=seed, spam=0.15), subjects, seed=seed, per_item=10), subjects.truth


def test_a_row_of_the_crowd_leans_on_all_rows_as_long_as_few_items_speak_for_it():
    """At 10 votes an item the first row has 90 items, the second 3; both are lent 100, with 6 known items 100 *
    10 / 16. h = (827 + 7) / (930 + 10)."""
    nothing = np.zeros((2, 2))
    rows = crowd_rows(np.array([[820.0, 80.0], [23.0, 7.0]]), 10.0, nothing)
    hit = 834 / 940
    np.testing.assert_allclose(rows[0], [(82 + 100 * hit) / 190, (8 + 100 * (1 - hit)) / 190])
    np.testing.assert_allclose(rows[1], [(2.3 + 100 * (1 - hit)) / 103, (0.7 + 100 * hit) / 103])
    known = crowd_rows(np.array([[820.0, 80.0], [23.0, 7.0]]), 10.0, np.array([[0.0, 0.0], [4.0, 2.0]]))
    np.testing.assert_allclose(known[1, 0], (2.3 + 62.5 * (3 * (1 - hit) + 4) / 9) / 65.5)
    np.testing.assert_array_equal(crowd_rows(np.array([[5.0]]), 10.0, np.zeros((1, 1))), [[1.0]])


def test_an_item_teaches_as_much_as_its_votes_agree():
    p = np.array([[0.75, 0.25], [1.0, 0.0], [0.0, 1.0]])
    shares = np.array([[0.75, 0.25], [0.25, 0.75], [0.5, 0.5]])
    np.testing.assert_allclose(agreeing(p, shares), [0.625, 0.25, 0.5])
    votes, truth = crowd_of(3)
    gold = np.where(np.arange(100) < 30, truth, -1).astype(np.int32)
    for known, say in ((None, 1.0), (gold, 10 / 40)):
        passes = Passes(votes, known, start(votes, known), votes.tallies() / 10)
        worth = agreeing(passes.p, votes.tallies() / 10) ** say
        passes.step(np.log(RARE), np.zeros((4000, 10)), 0.0)
        if known is not None:
            worth[:30] = 1.0
        expected = np.zeros((4000, 10))
        cells = votes.volunteer.astype(np.int64) * 10 + votes.label
        np.add.at(expected, cells, (worth[:, None] * passes.p)[votes.item])
        np.testing.assert_allclose(passes.counts, expected)


def test_votes_of_one_item_share_its_errors():
    """Polya's urn: of three votes for an answer that the class gets with C, the second and third are expected."""
    rows, prior, urn = np.array([[0.9, 0.1], [0.4, 0.6]]), np.array([0.8, 0.2]), 1 / SHARED - 1
    gain = log_gain(np.array([[1.0, 3.0], [1.0, 1.0], [0.0, 0.0]]), rows, prior)
    more = np.log(1 + 1 / (urn * rows[:, 1])) + np.log(1 + 2 / (urn * rows[:, 1]))
    np.testing.assert_allclose(gain[0], more + 3 * SHARED * np.log(prior))
    np.testing.assert_allclose(gain[1], SHARED * np.log(prior))
    np.testing.assert_array_equal(gain[2], 0.0)
    many = log_gain(np.array([[0.0, 20.0], [0.0, 21.0]]), rows, np.ones(2))  # a product, and gamma functions
    np.testing.assert_allclose(many[1] - many[0], np.log(1 + 20 / (urn * rows[:, 1])))
    halves = log_gain(np.array([[0.0, 2.5]]), rows, np.ones(2))  # votes that weigh less
    assert (more[:2] > halves[0]).all()
    assert (halves[0] > np.log(1 + 1 / (urn * rows[:, 1]))).all()


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


def test_many_votes_on_hard_items_do_not_make_rare_classes_of_them():
    """Twenty votes on each of 600 hard items, ten answers each half as frequent as the one before."""
    gained = {name: [] for name in (DEFAULT, "dawid-skene-pooled")}
    for seed in (1, 2, 3):
        subjects = make_subjects(600, seed=seed, prior=RARE, ease_mean=0.8)
        votes = make_votes(make_crowd(25, seed=seed), subjects, seed=seed, per_item=20)
        majority = (method("majority").fit(votes).labels_ == subjects.truth).mean()
        for name, found in gained.items():
            found.append((method(name).fit(votes).labels_ == subjects.truth).mean() - majority)
    print(gained)
    assert min(gained[DEFAULT]) > -0.01
    assert max(gained["dawid-skene-pooled"]) < -0.02


def test_the_default_pools_model_and_votes_and_has_the_merit_of_the_pooled_model():
    table, _ = crowd_of(2)
    weights = np.where(np.arange(400) < 50, 0.1, 1.0)
    for votes in (table, replace(table, weights=weights)):
        done = method(DEFAULT).fit(votes)
        model = DawidSkeneLayered(strength=done.strength_, max_iter=5).fit(votes)
        own = np.zeros((100, 10))
        np.add.at(own, (votes.item, votes.label), 1.0 if votes.weights is None else weights[votes.volunteer])
        expected = model.probabilities_ * (own + 0.5) * np.exp(log_gain(own, model.rows_, model.prior_))
        np.testing.assert_allclose(done.probabilities_, expected / expected.sum(axis=1, keepdims=True))
        np.testing.assert_array_equal(done.counts_, DawidSkenePooled().fit(votes).counts_)
        again = done.again().fit(votes)
        assert again.scores_ == {}
        np.testing.assert_array_equal(again.probabilities_, done.probabilities_)
