"""Tags that go together, tags that only seem to, and what makes a subject disputed."""

import numpy as np
import pytest
from scipy.stats import norm

from mining.science.associations import Flags, Pair, associations, verdict
from mining.science.attributes.columns import AttributesError
from mining.science.attributes.gain import gains
from mining.science.disputed import corners, disputed
from mining.science.strata import all_strata, quantile_strata, sky_strata
from tests.science.attributes.test_gain import table_of


def flags(**columns: np.ndarray) -> Flags:
    return Flags(np.column_stack(list(columns.values())), list(columns), list(columns))


def by_name(pairs: tuple[Pair, ...]) -> dict[tuple[str, str], Pair]:
    return {(pair.a, pair.b): pair for pair in pairs}


def test_lift_is_counted_and_a_confounder_takes_it_away():
    rng = np.random.default_rng(1)
    time = rng.random(4000)
    late = time > 0.5
    a, b = rng.random(4000) < np.where(late, 0.5, 0.05), rng.random(4000) < np.where(late, 0.5, 0.05)
    c = a & (rng.random(4000) < 0.6)
    given = flags(a=a, b=b, c=c, never=np.zeros(4000, dtype=bool))
    strata = {
        "time": quantile_strata(time),
        "one": np.zeros(4000, dtype=np.int32),
        "noise": np.arange(4000) % 7,
    }
    found = by_name(
        associations(given, confounders={key: each.astype(np.int32) for key, each in strata.items()})
    )
    assert found.keys() == {("a", "b"), ("a", "c"), ("b", "c")}
    pair = found["a", "b"]
    assert pair.lift == pytest.approx((a & b).mean() / a.mean() / b.mean())
    assert pair.bits == pytest.approx(np.log2(pair.lift))
    assert pair.low < pair.bits < pair.high
    assert pair.left["one"].bits == pytest.approx(pair.bits)
    assert pair.q < 1e-6
    assert pair.left["time"].p > 0.01
    assert pair.left["time"].bits == pytest.approx(0.0, abs=0.15)
    assert (verdict(pair), verdict(found["a", "c"])) == (("gone", "time"), ("stays", ""))
    assert found["a", "c"].left["time"].low > 0.5


def test_a_stratum_of_one_row_tells_nothing():
    """Five rows with both, each a stratum of its own, beside one in which the two go apart."""
    a = np.array([1] * 5 + [1, 1, 0, 0], dtype=bool)
    b = np.array([1] * 5 + [0, 0, 1, 1], dtype=bool)
    strata = np.array([0, 1, 2, 3, 4, 5, 5, 5, 5], dtype=np.int32)
    [pair] = associations(flags(a=a, b=b), confounders={"who": strata})
    left = pair.left["who"]
    assert (pair.both, left.rows, left.bits) == (5, 4, float("-inf"))
    assert left.p == pytest.approx(2 * norm.sf(0.5 * 3**0.5))  # |0 - 1| less 1/2, of a variance of 1/3


def test_rows_where_a_flag_could_not_be_set_are_none_of_the_pair():
    """Whoever says a is asked further and says b or c as a coin falls: b and a never miss each other, for no reason."""
    rng = np.random.default_rng(4)
    a = rng.random(2000) < 0.3
    b = a & (rng.random(2000) < 0.5)
    asked = Flags(np.column_stack([a, b]), ["a", "b"], ["T0", "T1"], {"T1": a})
    assert associations(asked) == ()
    [pair] = associations(flags(a=a, b=b))
    assert pair.lift > 3


def test_clusters_of_volunteers_are_no_independent_rows():
    """40 people with 50 votes each, half of them on small screens, who say a as often as each is used to: the screen
    has nothing to do with it. As if votes were independent, that is found in most crowds."""
    found = {"rows": 0, "people": 0}
    person = np.repeat(np.arange(40, dtype=np.int32), 50)
    for seed in range(100):
        rng = np.random.default_rng([seed, 5])
        a = rng.random(2000) < rng.beta(1, 1, 40)[person]
        small = rng.permutation(40)[person] < 20
        for name, clusters in (("rows", []), ("people", [person])):
            [pair] = associations(flags(a=a, small=small), clusters=clusters)
            found[name] += pair.p <= 0.05
    assert found["rows"] > 60
    assert 1 <= found["people"] <= 10


def test_what_only_strata_show_appears():
    """In each half a and b shun each other, but both are commoner in one half."""
    rng = np.random.default_rng(6)
    half = np.arange(4000) % 2 == 1
    a = rng.random(4000) < np.where(half, 0.6, 0.2)
    b = rng.random(4000) < np.where(half, 0.6, 0.2) * np.where(a, 0.8, 1.2)
    [pair] = associations(flags(a=a, b=b), confounders={"half": half.astype(np.int32)})
    assert pair.q > 0.05
    assert verdict(pair) == ("appears", "half")


def test_strata_are_equal_and_missing_is_kept_apart():
    rng = np.random.default_rng(2)
    cells = sky_strata(rng.random(60_000) * 360, np.degrees(np.arcsin(rng.uniform(-1, 1, 60_000))), 4)
    counts = np.bincount(cells)
    assert len(counts) == 32
    assert counts.min() > 0.85 * counts.mean()
    parts = quantile_strata(np.array([1.0, 2, 3, 4, np.nan]), 2)
    assert parts.tolist() == [0, 0, 1, 1, -1]
    more = np.array([0, 1, 0, 1, 1], dtype=np.int32)
    assert all_strata([parts, more], 5).tolist() == [0, 1, 2, 3, -1]


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
