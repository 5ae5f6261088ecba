"""Separation: what sentinels cannot spoil, the best subsets, and what they are worth on rows held back."""

from itertools import combinations

import numpy as np
import pytest
from sklearn.covariance import ledoit_wolf

from mining.science.attributes.columns import AttributesError, AttributeTable, Categories, Numbers
from mining.science.separation import Moments, auc, search, separate
from tests.science.attributes.test_gain import classes, table_of


def test_auc_counts_pairs_and_half_of_the_ties():
    score, ones = np.array([1.0, 2, 2, 3, 5]), np.array([0.0, 0, 1, 0, 1])
    pairs = [(x > y) + (x == y) / 2 for x in score[ones == 1] for y in score[ones == 0]]
    assert auc(score, ones) == pytest.approx(np.mean(pairs))


def test_a_sentinel_spoils_the_mean_and_not_the_median():
    rng = np.random.default_rng(1)
    codes = np.repeat([0, 1], 3000)
    x = rng.normal(size=6000) + 1.5 * codes
    spoilt = x.copy()
    spoilt[[5, 6, 4000, 4001]] = -9999
    found = {
        row.attributes[0]: row
        for row in separate(table_of(x=x, spoilt=spoilt), classes(codes), max_subset=1).rows
    }
    assert found["x"].separation == pytest.approx(0.711, abs=0.05)  # 2 Phi(1.5 / sqrt 2) - 1
    assert (found["x"].median_mad, found["x"].mean_sd) == pytest.approx((1.5, 1.5), abs=0.2)
    assert not found["x"].disagree
    assert found["spoilt"].separation == pytest.approx(found["x"].separation, abs=0.02)
    assert found["spoilt"].median_mad == pytest.approx(found["x"].median_mad, abs=0.05)
    assert found["spoilt"].mean_sd < 0.1
    assert found["spoilt"].disagree


def distance(x, codes, subset) -> float:
    """By scikit-learn's shrunk covariance of the centred classes."""
    means = [x[codes == c].mean(axis=0)[list(subset)] for c in (0, 1)]
    centred = np.concatenate([x[codes == c][:, list(subset)] - means[c] for c in (0, 1)])
    delta = means[1] - means[0]
    return float(np.sqrt(delta @ np.linalg.solve(ledoit_wolf(centred, assume_centered=True)[0], delta)))


def test_small_searches_are_the_best_of_all():
    rng = np.random.default_rng(2)
    codes = rng.integers(0, 2, 300)
    x = rng.normal(size=(300, 9)) @ rng.normal(size=(9, 9)) + np.outer(codes, rng.normal(size=9))
    found = search(Moments.of(x, codes.astype(float)), 4)
    for size in (2, 3, 4):
        subsets, distances, tried, exact = found[size - 1]
        everything = list(combinations(range(9), size))
        best = max(everything, key=lambda subset: distance(x, codes, subset))
        assert (exact, tried, tuple(subsets[0])) == (True, len(everything), best)
        assert distances[0] == pytest.approx(distance(x, codes, best), rel=1e-4)


def test_large_searches_are_bounded_and_find_what_is_planted():
    """A pair that tells only together is found among 400, since all pairs are tried."""
    rng = np.random.default_rng(3)
    codes = rng.integers(0, 2, 600)
    x = rng.normal(size=(600, 400))
    x[:, 200] += 1.2 * codes
    x[:, 399] = x[:, 7] + 0.25 * rng.normal(size=600) + 0.5 * codes  # alone .5 of a deviation, beside 7 two
    found = separate(table_of(**{f"x{at}": x[:, at] for at in range(400)}), classes(codes), max_subset=3)
    assert (found.tried[1], found.tried[2] < 300_000) == (79_800, True)
    pairs = [row for row in found.rows if len(row.attributes) == 2]
    triples = [row for row in found.rows if len(row.attributes) == 3]
    assert set(pairs[0].attributes) == {"x7", "x399"}
    assert set(triples[0].attributes) == {"x7", "x200", "x399"}
    assert (pairs[0].exact, triples[0].exact) == (True, False)
    assert triples[0].held_back > 0.7
    assert triples[0].low < triples[0].held_back < triples[0].high


def test_on_nothing_the_learnt_rows_flatter_and_those_held_back_do_not():
    rng = np.random.default_rng(4)
    table = table_of(**{f"x{at}": rng.normal(size=200) for at in range(40)})
    found = separate(table, classes(rng.integers(0, 2, 200)), max_subset=4)
    best = [row for row in found.rows if len(row.attributes) == 4]
    assert np.mean([row.distance for row in best]) > 0.7
    assert abs(np.mean([row.held_back for row in best])) < 0.2


def test_missing_values_are_counted_and_categories_left_out():
    rng = np.random.default_rng(5)
    codes = rng.integers(0, 2, 200)
    x, y = rng.normal(size=200) + codes, rng.normal(size=200)
    x[:20], y[10:40] = np.nan, np.nan
    kind = Categories("c", codes.astype(np.int32), ("p", "q"))
    found = separate(AttributeTable(200, (Numbers("x", x), Numbers("y", y), kind)), classes(codes))
    missing = {row.attributes: row.missing for row in found.rows}
    assert missing == {("x",): 20, ("y",): 30, ("x", "y"): 40}
    assert [(note.code, note.column) for note in found.left_out] == [("not_numbers", "c")]


@pytest.mark.parametrize(
    ("codes", "most", "reason"),
    [
        ([0, 1, 2] * 10, 2, "takes two classes"),
        ([0, 1] * 10, 9, "1 to 8"),
        ([0] * 10 + [1] * 3, 2, "each class needs 4"),
    ],
)
def test_what_cannot_be_separated_is_refused(codes, most, reason):
    with pytest.raises(AttributesError, match=reason):
        separate(table_of(x=np.arange(len(codes))), classes(codes), max_subset=most)
