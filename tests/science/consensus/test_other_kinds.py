"""Several answers at once, answers with an order, numbers, rankings."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from mining.science.consensus.multi import weigh_choices
from mining.science.consensus.numbers import NumberCrowd
from mining.science.consensus.ordinal import expected_rank, interval, median_answer
from mining.science.votes import VotesError


def test_choices_are_questions_of_their_own():
    item = ["a"] * 3 + ["b"] * 3
    volunteer = ["u", "v", "w"] * 2
    chosen = [{"ring", "bar"}, {"ring"}, {"ring", "bar"}, set(), {"bar"}, set()]
    found = weigh_choices(item, volunteer, chosen, ["ring", "bar", "odd"])
    assert found.items.tolist() == ["a", "b"]
    assert [found.answer(0), found.answer(1)] == [{"ring", "bar"}, set()]
    assert (found.probabilities[:, 2] < 0.5).all()
    known = weigh_choices(item, volunteer, chosen, ["ring", "bar", "odd"], gold={"b": {"odd"}})
    assert known.answer(1) == {"odd"}
    with pytest.raises(VotesError, match="row 1: choice 'spiral' was not offered"):
        weigh_choices(item[:2], volunteer[:2], [{"ring"}, {"spiral"}], ["ring"])


def test_the_median_is_the_answer_with_the_least_expected_distance():
    rng = np.random.default_rng(1)
    p = rng.dirichlet(np.ones(5), size=200)
    distance = np.abs(np.arange(5)[:, None] - np.arange(5))
    np.testing.assert_array_equal(median_answer(p), (p @ distance).argmin(axis=1))
    assert median_answer(np.array([[0.5, 0.0, 0.5]])).tolist() == [0]
    np.testing.assert_allclose(expected_rank(np.array([[0.2, 0.3, 0.5]])), [1.3])
    low, high = interval(np.array([[0.03, 0.9, 0.07], [0.1, 0.8, 0.1]]), 0.9)
    assert (low.tolist(), high.tolist()) == ([1, 0], [2, 2])


def crowd_of_numbers(seed=1, items=300, people=30, per_item=8):
    rng = np.random.default_rng(seed)
    z, bias = rng.normal(50, 10, items), rng.normal(0, 3, people)
    spread = rng.lognormal(1.0, 0.8, people)
    item = np.repeat(np.arange(items), per_item).astype(np.int32)
    volunteer = np.concatenate([rng.permutation(people)[:per_item] for _ in range(items)]).astype(np.int32)
    y = z[item] + bias[volunteer] + spread[volunteer] * rng.normal(size=len(item))
    return z, bias, spread, item, volunteer, y


def test_numbers_are_freed_of_bias_and_weighted_by_precision():
    z, bias, spread, item, volunteer, y = crowd_of_numbers()
    found = NumberCrowd().fit(item, volunteer, y)
    mean = np.bincount(item, y) / np.bincount(item)
    shift = np.average(bias[volunteer])
    assert found.converged
    assert np.sqrt(np.mean((found.value - z - shift) ** 2)) < 0.6 * np.sqrt(np.mean((mean - z - shift) ** 2))
    assert spearmanr(found.bias, bias)[0] > 0.9
    assert spearmanr(found.spread, spread)[0] > 0.95
    inside = np.abs(found.value - z - shift) < 1.96 * found.deviation
    assert 0.88 < inside.mean() < 0.99


def test_known_numbers_stay_and_fix_the_common_bias():
    z, _, _, item, volunteer, y = crowd_of_numbers()
    y = y + 5.0  # everybody reads five too many
    gold = np.where(np.arange(300) < 60, z, np.nan)
    found = NumberCrowd().fit(item, volunteer, y, gold)
    np.testing.assert_array_equal(found.value[:60], z[:60])
    np.testing.assert_array_equal(found.deviation[:60], 0.0)
    assert abs(np.mean(found.value[60:] - z[60:])) < 0.7
    assert abs(np.mean(NumberCrowd().fit(item, volunteer, y).value - z)) > 4.0


def test_numbers_order_of_rows_and_edges():
    _, _, _, item, volunteer, y = crowd_of_numbers(items=40)
    order = np.random.default_rng(2).permutation(len(y))
    one, two = (
        NumberCrowd().fit(item, volunteer, y),
        NumberCrowd().fit(item[order], volunteer[order], y[order]),
    )
    np.testing.assert_allclose(one.value, two.value, rtol=1e-9)
    first = np.zeros(1, dtype=np.int32)
    assert NumberCrowd().fit(first, first, np.array([7.0])).value.tolist() == [7.0]
    alike = NumberCrowd().fit(
        np.array([0, 0, 1], dtype=np.int32), np.array([0, 1, 0], dtype=np.int32), np.full(3, 2.0)
    )
    np.testing.assert_allclose(alike.value, 2.0)
    with pytest.raises(VotesError, match="row 1: not a finite number"):
        NumberCrowd().fit(
            np.array([0, 0], dtype=np.int32), np.array([0, 1], dtype=np.int32), np.array([1.0, np.inf])
        )
    with pytest.raises(VotesError, match="no votes"):
        NumberCrowd().fit(first[:0], first[:0], np.empty(0))
