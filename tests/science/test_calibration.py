"""One temperature: the winners stay, and the certainty is right as often as it says.

On real crowds: the mean over 10 draws of 50 known answers (3 in `make test`), measured on all other items with truth.
"""

import numpy as np
import pytest

from mining.science.calibration import (
    LEAST_GOLD,
    calibrate,
    certainty,
    fit_power,
    reliability,
    tempered,
)
from mining.science.consensus import DEFAULT, METHODS, method
from mining.science.simulate import make_crowd, make_subjects, make_votes
from tests.load.size import size
from tests.science.real import load


def test_tempered_keeps_the_leading_answer_and_moves_the_rest():
    p = np.array([[0.9, 0.1], [0.2, 0.8], [1.0, 0.0]])
    q = tempered(p, 0.5)
    np.testing.assert_allclose(q[0], [0.75, 0.25])  # 3 : 1, the root of 9 : 1
    np.testing.assert_array_equal(q.argmax(axis=1), p.argmax(axis=1))
    np.testing.assert_allclose(tempered(p, 1.0), p)
    np.testing.assert_array_equal(q[2], [1.0, 0.0])


def test_fit_power_finds_the_power_that_was_taken():
    """Truth drawn from q; the posterior is q to the power of 4."""
    rng = np.random.default_rng(1)
    q = rng.dirichlet([1.0, 1.0, 1.0], size=20_000)
    truth = (rng.random((20_000, 1)) > np.cumsum(q, axis=1)[:, :-1]).sum(axis=1).astype(np.int32)
    assert fit_power(tempered(q, 4.0), truth) == pytest.approx(0.25, rel=0.05)


def test_a_class_that_was_ruled_out_is_no_infinite_loss():
    p = np.array([[1.0, 0.0], [1.0, 0.0], [0.9, 0.1]])
    assert 0.0 < fit_power(p, np.array([0, 1, 0], dtype=np.int32)) < 0.1


def test_reliability_is_the_weighted_gap_of_the_bins():
    error, bins = reliability(np.array([0.95, 0.95, 0.55, 0.55]), np.array([1.0, 0.0, 1.0, 1.0]))
    assert error == pytest.approx(0.5 * 0.45 + 0.5 * 0.45)
    assert [(b.items, b.right) for b in bins] == [(2, 1.0), (2, 0.5)]
    assert reliability(np.array([1.0]), np.array([1.0]))[0] == 0.0


def known_at(truth, chosen):
    gold = np.full(len(truth), -1, dtype=np.int32)
    gold[chosen] = truth[chosen]
    return gold


@pytest.mark.parametrize("name", METHODS)
def test_every_method_can_be_calibrated(name):
    crowd, subjects = make_crowd(60, seed=1), make_subjects(400, seed=1, prior=[1 / 3] * 3)
    votes = make_votes(crowd, subjects, seed=1, per_item=6)
    gold = known_at(subjects.truth, np.arange(80))
    fitted = method(name).fit(votes, gold)
    found = calibrate(fitted, votes, gold)
    q = certainty(fitted, votes, found, gold)
    assert found.n == sum(b.items for b in found.bins) == 80
    np.testing.assert_array_equal(q[:80].max(axis=1), 1.0)
    np.testing.assert_allclose(q.sum(axis=1), 1.0)
    right = q[80:].argmax(axis=1) == subjects.truth[80:]
    assert reliability(q[80:].max(axis=1), right.astype(float))[0] < 0.12
    if name not in {
        "majority",
        "weighted",
    }:  # half a vote more for each can turn no leading answer, but a tie
        np.testing.assert_array_equal(q.argmax(axis=1)[80:], fitted.probabilities_.argmax(axis=1)[80:])
    assert calibrate(fitted, votes, gold) == found  # seeded


def test_too_little_gold_is_no_calibration():
    crowd, subjects = make_crowd(20, seed=1), make_subjects(60, seed=1)
    votes = make_votes(crowd, subjects, seed=1, per_item=3)
    for n, enough in [(LEAST_GOLD - 1, False), (LEAST_GOLD, True)]:
        gold = known_at(subjects.truth, np.arange(n))
        found = calibrate(method(DEFAULT).fit(votes, gold), votes, gold)
        assert (found is not None) == enough


@pytest.mark.soak
@pytest.mark.parametrize("name", ["adult2", "bluebirds", "cifar10n", "faces", "rte", "tweets_a"])
def test_with_50_known_answers_the_error_is_under_a_tenth(name):
    votes, truth = load(name)
    known = np.flatnonzero(truth >= 0)
    raw, calibrated, promised = [], [], []
    for draw in range(size(3, 10)):
        chosen = np.random.default_rng(draw).choice(known, 50, replace=False)
        rest = np.setdiff1d(known, chosen)
        gold = known_at(truth, chosen)
        fitted = method(DEFAULT).fit(votes, gold)
        found = calibrate(fitted, votes, gold)
        right = (fitted.labels_[rest] == truth[rest]).astype(float)
        raw.append(reliability(fitted.probabilities_[rest].max(axis=1), right)[0])
        q = certainty(fitted, votes, found, gold)
        calibrated.append(reliability(q[rest].max(axis=1), right)[0])
        promised.append(found.error)
        np.testing.assert_array_equal(q.argmax(axis=1)[rest], fitted.probabilities_.argmax(axis=1)[rest])
    print(
        f"{name}: {np.mean(raw):.3f} -> {np.mean(calibrated):.3f} (cross-validated {np.mean(promised):.3f})"
    )
    assert np.mean(calibrated) <= 0.10
    assert np.mean(calibrated) < np.mean(raw)
