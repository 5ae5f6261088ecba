"""A file becomes typed columns; what is left out or looks wrong is said, with its count."""

import numpy as np
import polars as pl
import pytest
from astropy.table import MaskedColumn, Table

from mining.science.attributes.columns import AttributesError, Categories, Numbers
from mining.science.attributes.files import read_frame
from mining.science.attributes.labels import labels_of
from mining.science.attributes.table import attribute_table
from mining.science.tables import TableError


def typed(tmp_path, sentinels=(), **columns):
    path = tmp_path / "table.csv"
    pl.DataFrame(columns).write_csv(path)
    return attribute_table(read_frame(path), sentinels=sentinels)


def said(notes) -> dict[str, dict]:
    return {f"{note.code} {note.column}".strip(): note.facts for note in notes}


def test_columns_are_typed_by_what_is_in_them(tmp_path):
    n = 60
    table = typed(
        tmp_path,
        fraction=[0.5 * at for at in range(n)],
        with_blanks=[f" {at % 7}" if at % 5 else "" for at in range(n)],
        with_na=["NA" if at % 9 == 0 else str(at % 30) for at in range(n)],
        truth=[at % 3 == 0 for at in range(n)],
        words=[("round", "flat", None)[at % 3] for at in range(n)],
        thousands=[f"1,{at % 10:03}" for at in range(n)],
        mixed=["?" if at == 3 else str(at % 40) for at in range(n)],
    )
    kinds = {column.name: type(column) for column in table.columns}
    numbers = ("fraction", "with_blanks", "with_na", "mixed")
    assert kinds == {
        name: Numbers if name in numbers else Categories
        for name in ("fraction", "with_blanks", "with_na", "truth", "words", "thousands", "mixed")
    }
    missing = {column.name: int(column.missing.sum()) for column in table.columns}
    assert [missing[name] for name in ("with_blanks", "with_na", "words", "mixed")] == [12, 7, 20, 1]
    assert table["truth"].levels == ("false", "true")
    assert said(table.warnings) == {"mixed mixed": {"rows": 1, "examples": ["?"]}}
    assert table.left_out == ()


def test_what_cannot_be_an_attribute_is_left_out_with_the_reason(tmp_path):
    n = 3000
    table = typed(
        tmp_path,
        x=[at % 50 for at in range(n)],
        same=[7] * n,
        nothing=[None] * n,
        infinite=[float("inf")] * n,
        name=[f"g{at}" for at in range(n)],
        many=[f"g{at // 2}" for at in range(n)],
        long_id=[2**60 + at for at in range(n)],
    )
    assert table.names == ("x",)
    assert said(table.left_out) == {
        "constant same": {"value": 7.0, "missing": 0},
        "all_missing nothing": {"infinite": 0},
        "all_missing infinite": {"infinite": n},
        "identifier name": {"levels": n, "rows": n},
        "levels many": {"levels": n // 2, "rows": n},
        "identifier long_id": {"levels": n, "rows": n},
    }
    assert said(table.warnings) == {"infinite infinite": {"rows": n}}


def test_a_declared_sentinel_is_missing_and_counted(tmp_path):
    columns = {"x": [-9999.0, 1.5, 2.5, -9999.0], "word": ["a", "-9999", "b", "a"], "y": [1, 2, 1, 2]}
    table = typed(tmp_path, ("-9999", "-1"), **columns)
    assert np.isnan(table["x"].values).tolist() == [True, False, False, True]
    assert table["word"].codes.tolist() == [0, -1, 1, 0]
    notes = [(note.code, note.column, note.facts.get("rows")) for note in table.warnings]
    assert notes == [("sentinel", "x", 2), ("sentinel", "word", 1), ("sentinel_unused", "", None)]


@pytest.mark.parametrize(
    ("odd", "found"),
    [
        ([-9999.0] * 3, [-9999.0]),
        ([-9999.0, 9999.0], [-9999.0, 9999.0]),
        ([-999.0, -9999.0, -9999.0], [-9999.0, -999.0]),
        ([99.99], [99.99]),
        ([-1e30], [-1e30]),
        ([-500.0, -500.0], [-500.0]),
        ([-500.0], []),  # once, and no usual code: an outlier
        ([4.2, 4.2], []),
        ([], []),
    ],
)
def test_suspected_sentinels_are_warned_about_and_kept(tmp_path, odd, found):
    values = [*odd, *np.random.default_rng(1).normal(size=300)]
    table = typed(tmp_path, x=values)
    assert [note.facts["value"] for note in table.warnings if note.code == "suspected"] == found
    assert int(table["x"].missing.sum()) == 0


def test_ordinary_columns_are_not_suspected(tmp_path):
    rng = np.random.default_rng(3)
    table = typed(
        tmp_path,
        flux=rng.lognormal(0, 2, 2000),
        count=rng.poisson(0.3, 2000),
        age=rng.integers(18, 100, 2000),
        ninety_nine=rng.integers(0, 100, 2000),
        signed=rng.integers(-1, 5, 2000),
        flag=(rng.random(2000) < 0.01).astype(int),
    )
    assert table.warnings == ()


@pytest.mark.parametrize("suffix", ["parquet", "fits", "vot", "ecsv"])
def test_other_files_give_what_csv_gives(tmp_path, suffix):
    x, word = [1.5, float("nan"), 3.5, 4.5], ["a", "b", "a", "b"]
    path = tmp_path / f"table.{suffix}"
    if suffix == "parquet":
        pl.DataFrame({"x": x, "n": [1, 2, None, 4], "word": word}).write_parquet(path)
    else:
        n = MaskedColumn([1, 2, 3, 4], mask=[False, False, suffix != "fits", False], dtype="int32")
        kind = {"fits": "fits", "vot": "votable", "ecsv": "ascii.ecsv"}[suffix]
        Table({"x": x, "n": n, "word": word}).write(path, format=kind)
    table = attribute_table(read_frame(path))
    assert table["x"].values.tolist() == pytest.approx(x, nan_ok=True)
    assert np.isnan(table["n"].values).tolist() == [False, False, suffix != "fits", False]
    assert table["word"].codes.tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("t.csv", b"y,x\na,1\nb\n", "line 3: 1 fields, the header has 2"),
        ("t.csv", b"y,x\na,1,2\n", "line 2: 3 fields, the header has 2"),
        ("t.csv", b"y,x,x\na,1,2\n", "line 1: column x occurs twice"),
        ("t.csv", b"y;x\na;1\n", "line 1: one column only"),
        ("t.csv", b"y,x\na,\xff\n", "line 2: not UTF-8 (byte 0xff)"),
        ("t.csv", b"", "empty"),
        ("t.csv", b"y,x\n", "no rows"),
        ("t.fits", b"no", "no table that can be read"),
        ("t.parquet", b"no", "t.parquet: "),
        ("t.txt", b"", "the name must end in"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TableError) as caught:
        read_frame(tmp_path / name)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_labels_are_classes_shares_or_counts():
    said = pl.Series("said", ["a", "b", "c", None])
    assert labels_of([said]).codes.tolist() == [0, 1, 2]
    one = labels_of([said], positive="b")
    assert (one.classes, one.codes.tolist(), one.n_missing) == (("a or c", "b"), [0, 1, 0], 1)
    shares = labels_of([pl.Series("p", [0.25, 1.0, None])])
    assert (shares.classes, shares.shares.tolist()) == (("no", "p"), [[0.75, 0.25], [0.0, 1.0]])
    counts = labels_of([pl.Series("yes", [3, 0, 0]), pl.Series("no", [1, 2, 0])])
    assert (counts.rows.tolist(), counts.shares.tolist()) == ([0, 1], [[0.75, 0.25], [0.0, 1.0]])
    assert labels_of([pl.Series("n", [0, 1, 1])], positive="1").codes.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("series", "positive", "reason"),
    [
        (pl.Series("said", ["a"] * 5), None, "has one class only (a)"),
        (pl.Series("said", [None, None]), None, "has no value"),
        (pl.Series("said", ["a", "b"]), "c", "has no value 'c' (values: a, b)"),
        (pl.Series("said", np.linspace(2, 3, 99)), None, "holds 99 different numbers"),
        (pl.Series("said", [f"g{at}" for at in range(99)]), None, "99 classes, at most 50"),
        (pl.Series("said", [f"g{at}" for at in range(2000)]), None, "it is no class"),
    ],
)
def test_a_label_that_tells_nothing_apart_is_refused(series, positive, reason):
    with pytest.raises(AttributesError) as caught:
        labels_of([series], positive=positive)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("1", "x"),
        ("1", "2.5"),
        ("", "7"),
        ("", "x"),
        ("2026-01-02", "later"),
        ("true", "maybe"),
        ("9", "9" * 25),
        ("", ""),
    ],
)
def test_what_comes_late_in_a_file_tells_its_type_too(tmp_path, monkeypatch, first, then):
    monkeypatch.setattr("mining.science.attributes.files.INFERRED", 10)
    path = tmp_path / "late.csv"
    path.write_text("n,x\n" + "".join(f"{at},{first if at < 12 else then}\n" for at in range(20)))
    everything = pl.read_csv(path, infer_schema_length=None, try_parse_dates=True)
    frame = read_frame(path)
    assert frame.schema == everything.schema
    assert frame.equals(everything)
