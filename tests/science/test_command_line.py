"""`python -m mining.science consensus`, from file to file."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from mining.science.__main__ import main
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


def test_parquet_gives_what_csv_gives_and_other_columns_are_ignored(folder):
    assert run(folder) == 0
    from_csv = (folder / "out.csv").read_text()
    frame = pl.read_csv(folder / "labels.csv").with_columns(seconds=pl.lit(3.5))
    frame.select("seconds", "label", "worker", "item").write_parquet(folder / "labels.parquet")
    assert run(folder, votes="labels.parquet") == 0
    assert (folder / "out.csv").read_text() == from_csv


def test_merit_may_be_left_out(folder):
    assert main(["consensus", "--votes", str(folder / "labels.csv"), "--out", str(folder / "out.csv")]) == 0
    assert not (folder / "merit.csv").exists()


def test_list_names_the_methods(capsys):
    assert main(["consensus", "--list"]) == 0
    assert capsys.readouterr().out == "majority\ndawid-skene\ndawid-skene-pooled  (default)\n"


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
        (b"item,worker,label\n", "no votes, only a header"),
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
    for name, reason in {
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


def test_real_set_with_repeated_rows(folder, capsys):
    path = labels_file("adult2")
    out = ["--out", str(folder / "out.csv")]
    assert main(["consensus", "--votes", str(path), "--method", "majority", *out]) == 0
    assert "2922 repeated rows dropped" in capsys.readouterr().out
    assert pl.read_csv(folder / "out.csv").height == 11040
