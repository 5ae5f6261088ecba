import numpy as np
import pytest
from scipy.stats import beta

from mining.science.uncertainty import (
    dispersion,
    effective_votes,
    effective_votes_by_item,
    entropy_bits,
    undecided_by_certainty,
    undecided_by_votes,
    vote_share,
    weighted_tallies,
)
from mining.science.votes import encode

VOTES = encode(["a", "a", "a", "b"], ["u", "v", "w", "u"], ["x", "x", "y", "y"])
WEIGHTS = np.array([0.9, 0.6, 0.5])  # of u, v, w


def test_entropy_in_bits():
    p = np.array([[1.0, 0.0, 0.0, 0.0], [0.5, 0.5, 0.0, 0.0], [0.25] * 4])
    np.testing.assert_allclose(entropy_bits(p), [0.0, 1.0, 2.0])


def test_dispersion_runs_from_agreement_to_uniform():
    tallies = np.array([[5.0, 0.0, 0.0], [2.0, 2.0, 2.0], [3.0, 3.0, 0.0], [0.0, 0.0, 0.0]])
    np.testing.assert_allclose(dispersion(tallies), [0.0, 1.0, np.log(2) / np.log(3), np.nan])
    np.testing.assert_allclose(dispersion(np.array([[4.0]])), [0.0])


def test_dispersion_weighs_votes_by_merit():
    tallies = weighted_tallies(VOTES, WEIGHTS)
    np.testing.assert_allclose(tallies, [[1.5, 0.5], [0.0, 0.9]])
    np.testing.assert_allclose(dispersion(tallies), [0.811278, 0.0], atol=1e-6)


@pytest.mark.parametrize("weights", [np.array([1.0]), np.array([1.0, 1.0, -1.0])])
def test_weights_are_checked(weights):
    with pytest.raises(ValueError, match="3 numbers >= 0"):
        weighted_tallies(VOTES, weights)


def test_vote_share_has_a_jeffreys_interval_that_holds_it():
    """9 of 10: the middle 95 % of Beta(9.5, 1.5)."""
    share, low, high = vote_share(np.array([9.0, 1.0]))
    np.testing.assert_allclose(share, [0.9, 0.1])
    np.testing.assert_allclose([low[0], high[0]], beta.interval(0.95, 9.5, 1.5))
    np.testing.assert_allclose([low[1], high[1]], beta.interval(0.95, 1.5, 9.5))
    share, low, high = vote_share(np.array([10.0, 0.0]))
    assert (share[0], high[0], low[1], share[1]) == (1.0, 1.0, 0.0, 0.0)


def test_vote_share_without_votes_or_choice():
    share, low, high = vote_share(np.zeros(2))
    assert np.isnan(share).all()
    assert (low > 0).all()
    assert (high < 1).all()
    np.testing.assert_allclose(np.concatenate(vote_share(np.array([3.0]))), 1.0)


def test_effective_votes():
    assert effective_votes([1.0] * 7) == pytest.approx(7.0)
    assert effective_votes([0.5] * 7) == pytest.approx(7.0)
    assert effective_votes([1.0, 1.0, 0.0]) == pytest.approx(2.0)
    assert effective_votes([3.0, 1.0]) == pytest.approx(1.6)
    assert effective_votes([]) == effective_votes([0.0, 0.0]) == 0.0
    expected = [effective_votes([0.9, 0.6, 0.5]), 1.0]
    np.testing.assert_allclose(effective_votes_by_item(VOTES, WEIGHTS), expected)


def test_undecided_where_the_lead_may_be_chance():
    """1, 2 of 3, 3 of 4 and nothing are; 3 of 3 and 5 of 6 are not, nor 3 against 0, 0; half the weight each is."""
    tallies = np.array([[1, 0], [2, 1], [3, 1], [0, 0], [3, 0], [5, 1], [50, 50]], dtype=float)
    lead = np.zeros(7, dtype=np.int32)
    got = undecided_by_votes(tallies, tallies.sum(axis=1), lead)
    assert got.tolist() == [True, True, True, True, False, False, True]
    assert undecided_by_votes(0.1 * tallies, tallies.sum(axis=1), lead).tolist() == got.tolist()
    three = np.array([[3.0, 0.0, 0.0], [3.0, 0.0, 0.0]])
    assert undecided_by_votes(three, three.sum(axis=1), np.array([0, 1])).tolist() == [False, True]
    one = np.array([[2.0], [0.0]])
    assert undecided_by_votes(one, one[:, 0], np.zeros(2, dtype=np.int32)).tolist() == [False, True]


def test_undecided_where_the_next_answer_is_half_as_likely():
    q = np.array([[0.6, 0.4, 0.0], [0.7, 0.3, 0.0], [0.5, 0.24, 0.26], [0.5, 0.25, 0.25]])
    assert undecided_by_certainty(q).tolist() == [True, False, True, False]
    assert undecided_by_certainty(np.ones((2, 1))).tolist() == [False, False]
