"""What says the same is found, what adds something is chosen, and a tree grows where there is something to tell."""

import numpy as np
import pytest

from mining.science.attributes.columns import AttributesError, AttributeTable, Categories, Numbers
from mining.science.attributes.derived import derive
from mining.science.attributes.redundancy import alike, chosen, groups
from mining.science.attributes.tree import grow, text
from tests.science.attributes.test_gain import classes, table_of


@pytest.fixture
def planted():
    """a and b tell different things of the classes, copy says what a says, c is b's sign, noise is noise."""
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 1500))
    codes = ((a > 0.3) ^ (rng.random(1500) < 0.05)) & (b > -0.5)
    copy = np.exp(a) + rng.normal(0, 0.01, 1500)
    copy[::20] = np.nan
    table = table_of(a=a, copy=copy, b=b, noise=rng.normal(size=1500))
    kind = Categories("c", (b > -0.5).astype(np.int32), ("down", "up"))
    return AttributeTable(table.n, (*table.columns, kind)), classes(codes)


def test_a_copy_is_in_its_models_group_whatever_its_scale(planted):
    table, _ = planted
    found = alike(table, table.names)
    pairs = {
        (x, y): found.alike[at, other]
        for at, x in enumerate(found.names)
        for other, y in enumerate(found.names)
    }
    assert pairs["a", "copy"] > 0.98
    assert pairs["a", "b"] < 0.1
    assert pairs["c", "b"] > 0.6  # quantile bins do not end where the sign does
    assert pairs["c", "noise"] < 0.05
    assert groups(found, 0.9) == (("a", "copy"), ("b",), ("noise",), ("c",))


def test_what_adds_nothing_is_not_chosen(planted):
    table, labels = planted
    steps = chosen(table, labels, table.names)
    assert {step.attribute for step in steps[:2]} in ({"a", "c"}, {"a", "b"})
    assert not {"copy", "noise"} & {step.attribute for step in steps}
    assert all(step.bits > step.level for step in steps)
    assert steps[-1].total == pytest.approx(sum(step.bits for step in steps))
    assert 0.5 < steps[-1].total < labels.entropy
    rng = np.random.default_rng(0)
    nothing = [chosen(table, classes(rng.integers(0, 2, 1500)), table.names, seed=seed) for seed in range(5)]
    assert sum(map(len, nothing)) <= 1


def test_the_tree_finds_the_planted_rule_and_nothing_on_shuffled_labels(planted):
    table, labels = planted
    nodes = grow(table, labels, depth=2)
    assert {node.attribute for node in nodes if node.depth < 2} - {""} in ({"a", "c"}, {"a", "b"})
    root = nodes[0]
    assert (root.rows, root.shares[1]) == (1500, pytest.approx(labels.codes.mean()))
    assert sum(node.rows for node in nodes if node.depth == 1) == 1500
    lines = text(nodes, labels.classes).splitlines()
    assert len(lines) == len(nodes)
    assert lines[0].startswith("1,500 rows, ")
    assert lines[1].split()[0] == root.attribute
    rng = np.random.default_rng(1)
    assert [len(grow(table, classes(rng.integers(0, 2, 1500)))) for _ in range(20)].count(1) >= 19


def test_derived_attributes_are_all_pairs_and_what_is_not_finite_is_missing():
    table = table_of(x=[1.0, 2.0, 4.0], y=[0.0, 1.0, 2.0], z=[0.1, 0.2, np.nan])
    both = derive(table, ("ratios", "differences", "products"), redshift=table["z"])
    assert both.names[:3] == ("x", "y", "z")
    assert both.names[3:] == ("y / z", "x - y", "x - z", "y - z", "x * y", "x * z", "y * z")
    assert [(note.code, note.column) for note in both.left_out] == [
        ("constant", "x / y"),
        ("constant", "x / z"),
    ]
    assert both["y / z"].values.tolist() == pytest.approx([0.0, 5.0, np.nan], nan_ok=True)
    assert both["x - y"].values.tolist() == [1.0, 1.0, 2.0]
    assert both["y * z"].values.tolist() == pytest.approx([0.0, 0.2, np.nan], nan_ok=True)
    wide = AttributeTable(2, tuple(Numbers(f"x{at}", np.arange(2.0)) for at in range(300)))
    with pytest.raises(AttributesError, match="44,850 derived attributes of 300 are more than 20,000"):
        derive(wide, ("ratios",))
    with pytest.raises(AttributesError, match="no derived attributes sums"):
        derive(wide, ("sums",))
