"""The ranking: on a real table against numbers measured elsewhere, on planted effects, on nothing at all."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from mining.science.attributes import kernels
from mining.science.attributes.columns import AttributesError, AttributeTable, Categories, Numbers
from mining.science.attributes.files import read_frame
from mining.science.attributes.gain import gains
from mining.science.attributes.labels import Labels, labels_of, of_classes, of_shares
from mining.science.attributes.splits import best_split, prepare
from mining.science.attributes.table import attribute_table
from tests.load.size import size
from tests.science.real import FOLDER


def table_of(**columns) -> AttributeTable:
    made = tuple(Numbers(name, np.asarray(values, dtype=float)) for name, values in columns.items())
    return AttributeTable(len(made[0].values), made)


def classes(codes) -> Labels:
    codes = np.asarray(codes, dtype=np.uint8)
    return Labels(tuple("abc"[: codes.max() + 1]), np.arange(len(codes)), len(codes), codes=codes)


def entropy(counts) -> float:
    p = np.asarray(counts, dtype=float)
    p = p[p > 0] / p.sum()
    return float(-(p * np.log2(p)).sum())


def by_hand(values, codes) -> tuple[float, float]:
    """(gain, threshold) by trying each cut between two values that differ."""
    values, codes = np.asarray(values), np.asarray(codes)
    found, k = (0.0, np.nan), codes.max() + 1
    steps = np.unique(values)
    for low, high in pairwise(steps):
        left = values <= low
        sides = [np.bincount(codes[side], minlength=k) for side in (left, ~left)]
        within = sum(side.sum() * entropy(side) for side in sides) / len(codes)
        found = max(found, (entropy(np.bincount(codes)) - within, (low + high) / 2))
    return found


# --- A real table -----------------------------------------------------------------------------------


def test_mergers_in_the_galaxy_catalogue():
    path = FOLDER / "galaxy_catalogue" / "table.csv"
    if not path.is_file():
        pytest.skip(f"no data: {path}")
    frame = read_frame(path)
    labels = labels_of([frame["class"]], positive="merger")
    found = gains(attribute_table(frame, without=["class"]), labels, permutations=0, bootstraps=0)
    best = {row.attribute: row for row in found.rows}
    assert list(best)[:5] == ["ecc", "petroR50_u", "petroR90_z", "petroR90_u", "m4_z"]
    bits = [row.gain_bits for row in found.rows[:5]]
    assert bits == pytest.approx([0.174, 0.160, 0.137, 0.136, 0.129], abs=0.001)
    ecc = best["ecc"]
    assert (ecc.corrected_bits, ecc.mdl_bits) == pytest.approx((0.195, 0.212), abs=0.001)
    assert (ecc.threshold, len(ecc.mdl_cuts)) == (pytest.approx(0.622, abs=0.001), 3)
    assert found.entropy == pytest.approx(0.918, abs=0.001)
    assert [(note.code, note.column) for note in found.left_out] == [("identifier", "item")]
    assert {note.facts["value"] for note in found.warnings if note.code == "suspected"} == {-9999.0}


# --- The exact split --------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [2, 3])
def test_split_is_the_best_of_all_cuts_and_never_between_equal_values(k):
    rng = np.random.default_rng(k)
    values = rng.integers(0, 12, 200).astype(float)
    codes = np.minimum((values + rng.normal(0, 5, 200) > 5) + (rng.random(200) < 0.2) * (k - 2), k - 1)
    values[:20] = np.nan
    [row] = gains(table_of(x=values), classes(codes), permutations=0, bootstraps=0, is_missing=False).rows
    assert (row.gain_bits, row.threshold) == pytest.approx(by_hand(values[20:], codes[20:]))
    assert row.share == pytest.approx(row.gain_bits / entropy(np.bincount(codes[20:])))
    assert (row.present, row.missing) == (180, 20)


def test_shares_of_zero_and_one_gain_what_classes_gain():
    rng = np.random.default_rng(1)
    x, codes = rng.normal(size=300), rng.integers(0, 2, 300)
    level = rng.integers(0, 4, 300).astype(np.int32)
    table = AttributeTable(300, (Numbers("x", x), Categories("c", level, tuple("pqrs"))))
    shares = of_shares(np.eye(2)[codes], ("a", "b"))
    hard = gains(table, classes(codes), permutations=0, bootstraps=0)
    soft = gains(table, shares, permutations=0, bootstraps=0)
    for one, other in zip(hard.rows, soft.rows, strict=True):
        assert (one.attribute, one.cut) == (other.attribute, other.cut)
        assert one.gain_bits == pytest.approx(other.gain_bits)
        assert one.corrected_bits == pytest.approx(other.corrected_bits)


def test_doubtful_labels_gain_less_and_draws_of_them_show_how_much():
    x = np.repeat([0.0, 1.0], 200)
    sure = of_shares(np.column_stack([1 - x, x]), ("a", "b"))
    doubt = of_shares(np.column_stack([0.7 - 0.4 * x, 0.3 + 0.4 * x]), ("a", "b"))
    [row] = gains(table_of(x=x), sure, permutations=0, bootstraps=0).rows
    assert row.gain_bits == pytest.approx(1.0)
    [row] = gains(table_of(x=x), doubt, permutations=0, bootstraps=0, noise_draws=100).rows
    assert row.gain_bits == pytest.approx(1 - entropy([0.3, 0.7]))
    assert row.noise_low < row.gain_bits < row.noise_high
    assert row.noise_high - row.noise_low < 0.2


def test_categories_split_into_the_best_two_sets_of_levels():
    level = np.repeat([0, 1, 2, 3], 50).astype(np.int32)
    codes = np.concatenate([np.repeat([0, 1], n) for n in ((45, 5), (5, 45), (40, 10), (10, 40))])
    prepared = prepare(Categories("c", level, ("p", "q", "r", "s")))
    cut = best_split(prepared, classes(codes), kernels.x_log_x(200))
    assert cut.levels == ("q", "s")
    assert cut.gain == pytest.approx(1 - entropy([85, 15]))


# --- What chance does -------------------------------------------------------------------------------


def test_miller_madow_is_nought_on_average_where_nothing_is():
    rng = np.random.default_rng(2)
    table = table_of(**{f"x{at}": rng.normal(size=200) for at in range(400)})
    found = gains(table, classes(rng.integers(0, 2, 200)), permutations=0, bootstraps=0)
    corrected = [row.corrected_bits for row in found.rows]
    assert abs(np.mean(corrected)) < 0.002  # uncorrected: 0.033
    assert np.mean([row.mdl_bits > 0 for row in found.rows]) < 0.1


@pytest.mark.soak
def test_shuffled_labels_are_reported_in_one_data_set_in_twenty():
    """5 +- 2 % of the stated 500; the small size only sees a gross error. Columns of several kinds, with holes."""
    n, reported = size(60, 500), {"p": 0, "q": 0}
    for seed in range(n):
        rng = np.random.default_rng([seed, 7])
        x = rng.normal(size=(120, 8))
        x[:, 1] = np.round(x[:, 1])
        x[rng.random(120) < 0.7, 2] = np.nan
        x[:, 4] = x[:, 3] + 0.1 * x[:, 4]
        columns = [Numbers(f"x{at}", x[:, at]) for at in range(8)]
        columns.append(Categories("c", rng.integers(0, 9, 120).astype(np.int32), tuple("abcdefghi")))
        found = gains(
            AttributeTable(120, tuple(columns)), classes(rng.integers(0, 2, 120)), permutations=199, bootstraps=0,
            seed=seed,
        )  # fmt: skip
        reported["p"] += min(row.p_family for row in found.rows) <= 0.05
        reported["q"] += min(row.q for row in found.rows) <= 0.05
    share = {name: count / n for name, count in reported.items()}
    assert 0.0 < share["p"] <= size(0.15, 0.07)
    assert share["q"] <= size(0.15, 0.07)
    if n == 500:
        assert share["p"] >= 0.03


def test_a_planted_effect_is_found_and_its_neighbours_are_not():
    rng = np.random.default_rng(5)
    codes = rng.integers(0, 2, 400)
    columns = {f"x{at}": rng.normal(size=400) for at in range(10)}
    columns["x3"] = columns["x3"] + 0.8 * codes
    found = gains(table_of(**columns), classes(codes), permutations=199, bootstraps=100, seed=1)
    best, *rest = found.rows
    assert best.attribute == "x3"
    assert (best.p_family, best.p) == (1 / 200, 1 / 200)
    assert best.q <= 0.05
    assert best.low > best.chance
    assert best.gain_bits > best.level > found.rows[1].gain_bits
    assert min(row.p_family for row in rest) > 0.05


def test_what_differs_between_groups_only_is_nothing_within_them():
    """Nights differ in seeing and in how often people say *merger*; within a night the two have nothing to do."""
    rng = np.random.default_rng(6)
    night = np.repeat(np.arange(10), 40).astype(np.int32)
    codes = (rng.random(400) < np.repeat(rng.permutation(np.linspace(0.1, 0.9, 10)), 40)).astype(int)
    seeing = np.array([codes[night == each].mean() for each in night]) + rng.normal(0, 0.02, 400)
    made = {"permutations": 199, "bootstraps": 0, "seed": 1}
    [alone] = gains(table_of(seeing=seeing), classes(codes), **made).rows
    [within] = gains(table_of(seeing=seeing), classes(codes), groups=night, **made).rows
    assert alone.p == 1 / 200
    assert within.p > 0.05
    with pytest.raises(AttributesError, match="in none of the 400 groups"):
        gains(table_of(x=seeing), classes(codes), groups=np.arange(400, dtype=np.int32), **made)


def test_intervals_hold_the_gain_of_the_population():
    def draw(rng, n):
        codes = (rng.random(n) < 0.4).astype(int)
        return table_of(x=rng.normal(size=n) + codes), classes(codes)

    [truth] = gains(*draw(np.random.default_rng(8), 1_000_000), permutations=0, bootstraps=0).rows
    held = 0
    for seed in range(40):
        [row] = gains(
            *draw(np.random.default_rng([8, seed]), 300), permutations=0, bootstraps=100, seed=seed
        ).rows
        held += row.low <= truth.gain_bits <= row.high
    assert held >= 35


# --- Missing values ---------------------------------------------------------------------------------


def test_a_missing_value_may_tell_more_than_the_value():
    rng = np.random.default_rng(9)
    codes = rng.integers(0, 2, 300)
    x, y = rng.normal(size=300), rng.normal(size=300)
    x[(codes == 1) & (rng.random(300) < 0.5)] = np.nan
    y[np.isnan(x)] = np.nan
    found = gains(table_of(x=x, y=y), classes(codes), permutations=199, bootstraps=0)
    assert [row.attribute for row in found.rows if row.kind == "missing"] == [
        "x is missing"
    ]  # y misses the same
    assert found.rows[0].attribute == "x is missing"
    assert found.rows[0].p_family == 1 / 200
    assert found.rows[-1].p_family > 0.05


def test_rows_without_a_label_are_left_out_and_counted():
    frame = pl.DataFrame({"said": ["a", None, "b", "", "a", "b"], "x": [1, 9, 2, 9, 1, 2]})
    labels = of_classes(Categories("said", np.array([0, -1, 1, -1, 0, 1], dtype=np.int32), ("a", "b")))
    found = gains(attribute_table(frame, without=["said"]), labels, permutations=0, bootstraps=0)
    assert (found.n_rows, found.n_unlabelled) == (4, 2)
    assert (found.rows[0].gain_bits, found.rows[0].threshold) == (1.0, 1.5)
