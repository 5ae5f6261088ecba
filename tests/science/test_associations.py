"""Tags that go together, tags that only seem to, and what makes a subject disputed."""

import numpy as np
import pytest

from mining.science.associations import associations, both_strata, quantile_strata, sky_strata
from mining.science.attributes.columns import AttributesError
from mining.science.attributes.gain import gains
from mining.science.disputed import corners, disputed
from tests.science.attributes.test_gain import table_of


def test_lift_is_counted_and_a_confounder_takes_it_away():
    rng = np.random.default_rng(1)
    time = rng.random(4000)
    late = time > 0.5
    a, b = rng.random(4000) < np.where(late, 0.5, 0.05), rng.random(4000) < np.where(late, 0.5, 0.05)
    c = a & (rng.random(4000) < 0.6)
    flags = np.column_stack([a, b, c, np.zeros(4000, dtype=bool)])
    names = ("a", "b", "c", "never")
    alone = {(pair.a, pair.b): pair for pair in associations(flags, names)}
    within = {(pair.a, pair.b): pair for pair in associations(flags, names, strata=quantile_strata(time, 10))}
    assert alone.keys() == {("a", "b"), ("a", "c"), ("b", "c")}
    pair = alone["a", "b"]
    assert pair.lift == pytest.approx((a & b).mean() / a.mean() / b.mean())
    assert pair.pmi_bits == pytest.approx(np.log2(pair.lift))
    assert pair.low < pair.pmi_bits < pair.high
    assert pair.adjusted_lift == pytest.approx(pair.lift)
    assert pair.q < 1e-6
    assert within["a", "b"].p > 0.01
    assert within["a", "b"].adjusted_lift == pytest.approx(1.0, abs=0.1)
    assert within["a", "c"].p < 1e-6


def test_strata_are_equal_and_missing_is_kept_apart():
    rng = np.random.default_rng(2)
    cells = sky_strata(rng.random(60_000) * 360, np.degrees(np.arcsin(rng.uniform(-1, 1, 60_000))), 4)
    counts = np.bincount(cells)
    assert len(counts) == 32
    assert counts.min() > 0.85 * counts.mean()
    parts = quantile_strata(np.array([1.0, 2, 3, 4, np.nan]), 2)
    assert parts.tolist() == [0, 0, 1, 1, -1]
    assert both_strata(parts, np.array([0, 1, 0, 1, 1], dtype=np.int32)).tolist() == [0, 1, 2, 3, -1]


def test_the_attribute_that_makes_subjects_disputed_is_found_by_rank_and_by_bound():
    rng = np.random.default_rng(3)
    faint, other = rng.normal(size=(2, 500))
    dispersion = 1 / (1 + np.exp(-faint - rng.normal(size=500)))
    dispersion[:10] = np.nan
    for labels in (disputed(dispersion), disputed(dispersion, above=0.5)):
        found = gains(table_of(faint=faint, other=other), labels, permutations=99, bootstraps=0)
        assert (found.rows[0].attribute, found.n_unlabelled) == ("faint", 10)
        assert found.rows[0].p_family == 0.01
        assert found.rows[1].p_family > 0.05
    with pytest.raises(AttributesError, match="the same everywhere"):
        disputed(np.full(5, 0.3))


def test_corners_count_everybody_once():
    certainty, dispersion = np.array([0.95, 0.95, 0.5, 0.5, np.nan]), np.array([0.1, 0.8, 0.1, 0.8, 0.2])
    found = corners(certainty, dispersion)
    assert (found.certain_agreed, found.certain_disputed, found.doubtful_agreed) == (1, 1, 1)
    assert (found.doubtful_disputed, found.missing) == (1, 1)
