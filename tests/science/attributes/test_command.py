"""`python -m mining.science gain`, from file to file."""

import numpy as np
import polars as pl
import pytest

from mining.science.__main__ import main

HEADER = "attribute,gain_bits,corrected_bits,share,threshold,low,high,p_value,q_value,missing"


@pytest.fixture
def table(tmp_path):
    """300 rows: x tells, noise does not, -9999 stands for missing in x, names differ, one column is constant."""
    rng = np.random.default_rng(4)
    said = rng.integers(0, 2, 300)
    x = rng.normal(size=300) + said
    x[rng.random(300) < 0.1] = -9999
    path = tmp_path / "table.csv"
    pl.DataFrame(
        {
            "name": [f"g{at}" for at in range(300)],
            "x": x,
            "noise": rng.normal(size=300),
            "same": [1] * 300,
            "said": [("other", "merger")[each] for each in said],
        }
    ).write_csv(path)
    return path


def run(table, out, *more: str) -> int:
    return main(["gain", "--table", str(table), "--label", "said", "--out", str(out), *more])


def test_gain_writes_the_ranking_and_tells_what_was_left_out(table, tmp_path, capsys):
    out = tmp_path / "gain.csv"
    assert run(table, out, "--positive", "merger", "--permutations", "199") == 0
    assert out.read_text().splitlines()[0] == HEADER
    frame = pl.read_csv(out)
    assert frame["attribute"].to_list() == ["x", "noise"]
    first = frame.row(0, named=True)
    assert first["low"] <= first["gain_bits"] <= first["high"]
    assert (first["p_value"], first["missing"]) == (0.005, 0)
    assert frame["p_value"][1] > 0.05
    told, warned = capsys.readouterr()
    assert "2 attributes of 300 rows; 2 classes (other, merger)" in told
    assert "1 column left out (the same value everywhere): same" in told
    assert "1 column left out (identifiers, all values differ): name" in told
    assert warned.startswith("warning: x: -9999 in ")
    assert warned.count("\n") == 1


def test_a_declared_sentinel_is_missing_and_the_same_seed_gives_the_same_file(table, tmp_path, capsys):
    out, again = tmp_path / "gain.csv", tmp_path / "again.csv"
    more = ("--positive", "merger", "--sentinel", "-9999", "--permutations", "99")
    assert run(table, out, *more) == run(table, again, *more) == 0
    assert out.read_text() == again.read_text()
    frame = pl.read_csv(out)
    assert frame["attribute"].to_list()[0] == "x"
    assert "x is missing" in frame["attribute"].to_list()
    assert 20 < frame["missing"][0] < 40
    assert "looks like a sentinel" not in capsys.readouterr().err


def test_without_permutations_and_draws_their_cells_are_empty(table, tmp_path):
    out = tmp_path / "gain.csv"
    assert run(table, out, "--permutations", "0", "--bootstrap", "0", "--without", "noise") == 0
    [row] = pl.read_csv(out).rows(named=True)
    assert row["attribute"] == "x"
    assert [row[name] for name in ("low", "high", "p_value", "q_value")] == [None] * 4


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (("--positive", "star"), "the label said has no value 'star' (values: merger, other)"),
        (("--group", "night"), "no column night"),
        (("--without", "nothing"), "no column nothing"),
        (("--without", "x", "--without", "noise"), "no attribute is left to look at: 1 column left out"),
        (("--permutations", "-1"), "--permutations"),
        (("--seed", "x"), "--seed"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_line(table, tmp_path, capsys, more, reason):
    try:
        status = run(table, tmp_path / "gain.csv", *more)
    except SystemExit as stopped:
        status = stopped.code
    assert status == 2
    told, refused = capsys.readouterr()
    assert told == ""
    assert reason in refused
    assert refused.count("\n") == 1
    assert not (tmp_path / "gain.csv").exists()


def test_more_is_told_where_it_is_asked_for(table, tmp_path, capsys):
    more = ("--derived", "products", "--redundancy", "--tree", "--permutations", "0", "--bootstrap", "0")
    assert run(table, tmp_path / "gain.csv", *more, "--sentinel", "-9999") == 0
    assert "x * noise" in pl.read_csv(tmp_path / "gain.csv")["attribute"].to_list()
    told = capsys.readouterr().out
    assert "no two say the same" in told
    assert "x adds 0." in told
    assert "\n  x > " in told


def test_separation_writes_attributes_and_subsets(table, tmp_path, capsys):
    out = tmp_path / "separation.csv"
    command = [
        "separation",
        "--table",
        str(table),
        "--label",
        "said",
        "--positive",
        "merger",
        "--out",
        str(out),
    ]
    assert main([*command, "--max-subset", "2"]) == 0
    assert out.read_text().splitlines()[0] == (
        "attributes,size,separation,held_back,low,high,median_mad,mean_sd,distance,missing,exact,disagree"
    )
    rows = pl.read_csv(out).rows(named=True)
    assert [(row["attributes"], row["size"]) for row in rows] == [("x", 1), ("noise", 1), ("x|noise", 2)]
    assert rows[0]["separation"] > 0.25 > rows[1]["separation"]
    assert rows[0]["disagree"]
    told, warned = capsys.readouterr()
    assert "merger against other" in told
    assert "size 2: 1 subsets looked at, the best of all" in told
    assert "x: mean and median tell different things" in warned
    assert main([*command, "--max-subset", "0"]) == 2
    assert capsys.readouterr().err == "subsets have 1 to 8 attributes, not 0\n"


BAD = {
    "constant": (
        {"a": [1.0] * 9, "b": ["k"] * 9},
        "no attribute is left to look at: 2 columns left out (the same value",
    ),
    "missing": ({"a": [None] * 9, "b": [float("inf")] * 9}, "2 columns left out (without any value): a, b"),
    "words": ({"a": ["x", "y", "z"] * 3}, "categories, which have no distance"),
    "five": ({"a": [1.0, 2, 3, 4, 5]}, "v has 2 of 5 rows: each class needs 4"),
    "one": ({"a": [1.0, 2, 3], "said": ["u"] * 3}, "the label said has one class only (u)"),
}


@pytest.mark.parametrize(
    ("command", "name"),
    [*((c, n) for c in ("gain", "separation", "anomalies") for n in ("constant", "missing", "one")),
     ("separation", "words"), ("separation", "five")],
)  # fmt: skip
def test_a_bad_table_gets_a_sentence_with_what_was_left_out(tmp_path, capsys, command, name):
    columns, reason = BAD[name]
    rows = len(columns["a"])
    said = {"said": (["u", "v"] * rows)[:rows]}
    pl.DataFrame(said | columns, schema_overrides={"a": pl.Float64} if name == "missing" else None).write_csv(
        tmp_path / "bad.csv"
    )
    out = tmp_path / "out.csv"
    assert main([command, "--table", str(tmp_path / "bad.csv"), "--label", "said", "--out", str(out)]) == 2
    refused = capsys.readouterr().err
    if command == "separation":
        reason = reason.replace("no attribute is", "no attribute of numbers is")
    assert reason in refused
    assert refused.count("\n") == 1
    assert not out.exists()
