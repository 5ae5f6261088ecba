"""`python -m mining.science consensus`, from file to file."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mining.science import sorting, tables
from mining.science.__main__ import main
from mining.science.consensus import METHODS
from mining.science.simulate import make_crowd, make_subjects, make_votes
from tests.science.real import labels_file

CSV = "item,worker,label\na,u,yes\na,v,yes\nb,u,no\nb,v,no\nb,w,yes\na,u,no\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "labels.csv").write_text(CSV)
    return tmp_path


def run(folder: Path, *more: str, votes: str = "labels.csv") -> int:
    out = ["--out", str(folder / "out.csv"), "--merit", str(folder / "merit.csv")]
    return main(["consensus", "--votes", str(folder / votes), *out, *more])


def test_writes_both_tables_and_tells_what_was_dropped(folder, capsys):
    assert run(folder, "--method", "majority") == 0
    assert (folder / "out.csv").read_text().splitlines()[
        0
    ] == "item,label,probability,certainty,dispersion,votes"
    out = pl.read_csv(folder / "out.csv")
    assert out["item"].to_list() == ["a", "b"]
    assert out["label"].to_list() == ["yes", "no"]
    assert out["probability"].to_list() == [1.0, 0.666667]
    assert out["certainty"].null_count() == 2
    assert out["votes"].to_list() == [2, 3]
    assert out["dispersion"][0] == 0.0
    assert 0.8 < out["dispersion"][1] < 0.95
    header = "worker,skill,skill_low,skill_high,bits,bits_low,bits_high,votes"
    assert (folder / "merit.csv").read_text().splitlines()[0] == header
    merit = pl.read_csv(folder / "merit.csv")
    assert merit["worker"].to_list() == ["u", "v", "w"]
    assert merit["votes"].to_list() == [2, 2, 1]
    assert merit["skill"][0] == merit["skill"][1] > merit["skill"][2]
    told = capsys.readouterr().out
    assert "5 votes of 3 workers on 2 items, 2 labels; majority" in told
    assert "1 repeated rows dropped" in told
    assert "2 of 2 items are undecided" in told  # 2 of 2 votes, and 2 of 3
    assert "0 workers have 10 votes: too few to tell" in told


def test_parquet_gives_what_csv_gives_and_other_columns_are_ignored(folder):
    assert run(folder) == 0
    from_csv = (folder / "out.csv").read_text()
    frame = pl.read_csv(folder / "labels.csv").with_columns(seconds=pl.lit(3.5))
    frame.select("seconds", "label", "worker", "item").write_parquet(folder / "labels.parquet")
    assert run(folder, votes="labels.parquet") == 0
    assert (folder / "out.csv").read_text() == from_csv


def test_a_file_with_dictionaries_read_and_written_in_pieces_gives_the_same(folder, monkeypatch):
    assert run(folder) == 0
    whole = [(folder / name).read_text() for name in ("out.csv", "merit.csv")]
    monkeypatch.setattr(tables, "PIECE", 4)
    monkeypatch.setattr(tables, "WRITTEN", 1)
    monkeypatch.setattr(sorting, "BLOCK", 2)
    pq.write_table(pl.read_csv(folder / "labels.csv").to_arrow(), folder / "d.parquet", row_group_size=5)
    assert [tables._repetitive(folder / "d.parquet", name) for name in tables.COLUMNS] == [True, False, True]
    assert run(folder, votes="d.parquet") == 0
    assert [(folder / name).read_text() for name in ("out.csv", "merit.csv")] == whole


def test_merit_may_be_left_out(folder):
    assert main(["consensus", "--votes", str(folder / "labels.csv"), "--out", str(folder / "out.csv")]) == 0
    assert not (folder / "merit.csv").exists()


@pytest.fixture
def crowd(folder):
    """300 items by 60 workers, and the truth."""
    subjects = make_subjects(300, seed=1, prior=(0.5, 0.3, 0.2))
    votes = make_votes(make_crowd(60, seed=1), subjects, seed=1, per_item=7)
    columns = (votes.items[votes.item], votes.volunteers[votes.volunteer], votes.labels[votes.label])
    frame = pl.DataFrame(dict(zip(("item", "worker", "label"), map(list, columns), strict=True)))
    frame.write_csv(folder / "labels.csv")
    truth = {"item": votes.items.tolist(), "label": votes.labels[subjects.truth].tolist()}
    return pl.DataFrame(truth)


def gold_lines(*lines: str) -> bytes:
    return ("item,label\n" + "".join(f"{line}\n" for line in lines)).encode()


def test_with_gold_the_certainty_is_filled_and_known_answers_kept(folder, crowd, capsys):
    crowd.head(60).write_csv(folder / "truth.csv")
    assert run(folder, "--gold", str(folder / "truth.csv")) == 0
    out = pl.read_csv(folder / "out.csv")
    both = out.join(crowd, on="item", suffix="_true")
    known = both.filter(pl.col("item").is_in(crowd["item"].head(60).implode()))
    assert known["label"].to_list() == known["label_true"].to_list()
    assert set(known["certainty"]) == set(known["probability"]) == {1.0}
    rest = both.filter(~pl.col("item").is_in(crowd["item"].head(60).implode()))
    assert rest["certainty"].is_between(1 / 3, 1).all()
    assert rest["certainty"].mean() == pytest.approx((rest["label"] == rest["label_true"]).mean(), abs=0.06)
    told = capsys.readouterr().out
    assert "60 known answers used, 0 are of items without votes" in told
    assert "certainty is the probability to the power of 0." in told


def test_too_little_gold_is_said_and_used_all_the_same(folder, capsys):
    (folder / "truth.csv").write_bytes(gold_lines("a,no", "elsewhere,yes", "a,no"))
    assert run(folder, "--gold", str(folder / "truth.csv")) == 0
    out = pl.read_csv(folder / "out.csv")
    assert dict(zip(out["item"], out["label"], strict=True))["a"] == "no"
    assert out["certainty"].to_list() == [1.0, None]
    told = capsys.readouterr().out
    assert "1 known answers used, 1 are of items without votes" in told
    assert "certainty is empty (50 known answers of items with votes are needed)" in told


def test_an_answer_known_only_from_gold_is_a_label(folder):
    (folder / "truth.csv").write_bytes(gold_lines("a,perhaps"))
    assert run(folder, "--gold", str(folder / "truth.csv")) == 0
    out = pl.read_csv(folder / "out.csv")
    assert out["label"].to_list() == ["perhaps", "no"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (gold_lines("a,yes", "b,no", "a,no"), "line 4: item 'a' has two known answers, 'yes' and 'no'"),
        (gold_lines("a,yes", "b,"), "line 3: label is empty"),
        (gold_lines("a"), "line 2: 1 fields, the header has 2"),
        (b"item,truth\na,yes\n", "line 1: no column label (columns found: item, truth)"),
        (b"item,label\na,\xff\n", "line 2: not UTF-8 (byte 0xff)"),
        (gold_lines(), "line 1: no rows, only a header"),
    ],
)
def test_wrong_gold_is_one_line_and_nothing_is_written(folder, capsys, content, reason):
    (folder / "truth.csv").write_bytes(content)
    assert run(folder, "--gold", str(folder / "truth.csv")) == 2
    assert capsys.readouterr().err == f"{folder / 'truth.csv'}: {reason}\n"
    assert not (folder / "out.csv").exists()


@pytest.mark.parametrize("name", METHODS)
def test_every_method_runs_from_file_to_file(folder, crowd, name):
    crowd.head(60).write_csv(folder / "truth.csv")
    assert run(folder, "--method", name, "--gold", str(folder / "truth.csv")) == 0
    out, merit = pl.read_csv(folder / "out.csv"), pl.read_csv(folder / "merit.csv")
    assert out.height == 300
    assert merit.height <= 60
    assert out.null_count().sum_horizontal()[0] == merit.null_count().sum_horizontal()[0] == 0
    assert (merit["skill_low"] <= merit["skill"]).all()
    assert (merit["bits"] <= merit["bits_high"]).all()


def test_a_hundred_thousand_kinds_of_label_are_refused_with_a_sentence(folder, capsys):
    n = 100_000
    frame = pl.DataFrame({"item": range(n), "worker": ["w"] * n, "label": range(n)})
    frame.write_csv(folder / "many.csv")
    assert run(folder, votes="many.csv") == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "100000 labels make a table of 74.5 GB" in told
    assert "fewer kinds of label are needed" in told


def test_a_wrong_argument_is_one_line_too(folder, capsys):
    with pytest.raises(SystemExit) as caught:
        run(folder, "--method", "magic")
    assert caught.value.code == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "magic" in told
    assert "dawid-skene-tuned" in told


def test_list_names_the_methods(capsys):
    assert main(["consensus", "--list"]) == 0
    assert capsys.readouterr().out == (
        "majority\nweighted\ndawid-skene\ndawid-skene-pooled\ndawid-skene-tuned  (default)\none-coin\nswap\n"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"item,worker,label\na,u,x\n\nb,u,y\n", "line 3: 0 fields, the header has 3"),
        (b"item,worker,label\na,u,x\na,v,x,9\n", "line 3: 4 fields, the header has 3"),
        (b"item,worker,label\na,u,x\na,v\n", "line 3: 2 fields, the header has 3"),
        (b"item,worker,label\na,u,x\nb,,y\n", "line 3: worker is empty"),
        (b'item,worker,label\n"a\n1",u,x\nb,u,\n', "line 4: label is empty"),
        (b"item,worker,label\na,u,x\na,\xff,x\n", "line 3: not UTF-8 (byte 0xff)"),
        (b'item,worker,label\na,u,x\n"b,u,y\n', "line 3: unexpected end of data"),
        (b"item,user,label\na,u,x\n", "line 1: no column worker (columns found: item, user, label)"),
        (b"item,item,worker,label\na,a,u,x\n", "line 1: column item occurs twice"),
        (b"", "line 1: no column item, worker, label (columns found: none)"),
        (b"item,worker,label\n", "line 1: no rows, only a header"),
    ],
)
def test_a_wrong_csv_is_one_line_with_its_line_number_and_status_2(folder, capsys, content, reason):
    (folder / "bad.csv").write_bytes(content)
    assert run(folder, votes="bad.csv") == 2
    captured = capsys.readouterr()
    assert captured.err == f"{folder / 'bad.csv'}: {reason}\n"
    assert captured.out == ""
    assert not (folder / "out.csv").exists()


def test_other_wrong_files(folder, capsys):
    (folder / "bad.parquet").write_bytes(b"nope")
    pl.DataFrame({"item": ["a", "b"], "worker": ["u", None], "label": ["x", "y"]}).write_parquet(
        folder / "hole.parquet"
    )
    not_text = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(np.array([0, 1, 2], dtype=np.int32)), pa.py_buffer(b"x\xff")]
    )
    columns = {"item": ["a", "b"], "worker": ["u", "v"], "label": not_text}
    pq.write_table(pa.table(columns), folder / "latin.parquet", store_schema=False)
    for name, reason in {
        "latin.parquet": "row 2: label is not UTF-8 (byte 0xff)",
        "bad.parquet": "no Parquet file",
        "hole.parquet": "row 2: volunteer is empty",
        "none.csv": "no such file",
        "labels.txt": "the name must end in .csv or .parquet",
    }.items():
        assert run(folder, votes=name) == 2
        told = capsys.readouterr().err
        assert reason in told
        assert told.count("\n") == 1
    assert (
        main(["consensus", "--votes", str(folder / "labels.csv"), "--out", str(folder / "no" / "out.csv")])
        == 2
    )
    assert "cannot be written" in capsys.readouterr().err


def test_a_byte_order_mark_and_windows_line_ends_are_read(folder):
    (folder / "win.csv").write_bytes(b"\xef\xbb\xbf" + CSV.replace("\n", "\r\n").encode())
    assert run(folder, votes="win.csv") == 0
    assert pl.read_csv(folder / "out.csv")["label"].to_list() == ["yes", "no"]


def test_as_a_process_without_django(folder):
    """The status reaches the shell, and the pure package needs neither Django nor a database."""
    code = (
        "import sys, runpy\n"
        "sys.argv = ['mining.science', *sys.argv[1:]]\n"
        "try:\n    runpy.run_module('mining.science', run_name='__main__')\n"
        "finally:\n    assert not {'django', 'pandas', 'sklearn', 'torch'} & set(sys.modules)\n"
    )
    call = [sys.executable, "-c", code, "consensus", "--votes", str(folder / "nope.csv"), "--out", "o.csv"]
    done = subprocess.run(call, check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 2, done.stderr
    assert done.stderr == f"{folder / 'nope.csv'}: no such file\n"


@pytest.mark.parametrize(
    ("name", "said"),
    [("cifar10n", "no skill spread: workers differ no more"), ("rte", "workers differ in skill:")],
)
def test_whether_workers_differ_is_said(folder, capsys, name, said):
    """On the negative control, whose worker ids do not belong to its labels, they do not."""
    out = ["--out", str(folder / "out.csv"), "--merit", str(folder / "merit.csv")]
    assert main(["consensus", "--votes", str(labels_file(name)), *out]) == 0
    assert said in capsys.readouterr().out


def test_real_set_with_repeated_rows(folder, capsys):
    path = labels_file("adult2")
    out = ["--out", str(folder / "out.csv")]
    assert main(["consensus", "--votes", str(path), "--method", "majority", *out]) == 0
    assert "2922 repeated rows dropped" in capsys.readouterr().out
    assert pl.read_csv(folder / "out.csv").height == 11040
