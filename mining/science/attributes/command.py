"""`python -m mining.science gain`: from an attribute table to the ranking."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from mining.science.attributes import told
from mining.science.attributes.columns import AttributesError, AttributeTable
from mining.science.attributes.files import read_frame
from mining.science.attributes.gain import Gains, gains
from mining.science.attributes.labels import Labels, labels_of
from mining.science.attributes.table import attribute_table, some
from mining.science.coding import Codes, coded
from mining.science.tables import write_table


def add_table_arguments(command: argparse.ArgumentParser) -> None:
    """The arguments of every command that takes an attribute table."""
    command.add_argument("--table", type=Path, required=True, help="CSV, Parquet, FITS, VOTable or ECSV")
    command.add_argument(
        "--label", action="append", required=True, metavar="COLUMN",
        help="classes, or shares between 0 and 1; several times: the share or number of votes of each class",
    )  # fmt: skip
    command.add_argument("--positive", metavar="VALUE", help="this class against all others")
    command.add_argument(
        "--sentinel",
        action="append",
        default=[],
        metavar="VALUE",
        help="a value that stands for missing; repeatable",
    )
    command.add_argument(
        "--without", action="append", default=[], metavar="COLUMN", help="no attribute; repeatable"
    )
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--out", type=Path, required=True, help="CSV")


def add_gain(command: argparse.ArgumentParser) -> None:
    add_table_arguments(command)
    command.add_argument("--group", metavar="COLUMN", help="labels are permuted within its groups only")
    command.add_argument(
        "--permutations", type=natural, metavar="N", help="default by the size of the table; 0: no p"
    )
    command.add_argument(
        "--bootstrap", type=natural, metavar="N", help="default by the size of the table; 0: no interval"
    )
    command.set_defaults(run=run_gain)


def natural(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


def read(options: argparse.Namespace, *more: str | None) -> tuple[pl.DataFrame, AttributeTable, Labels]:
    """The frame, its attributes and labels; `more` names columns that are no attributes either."""
    frame = read_frame(options.table)
    named = [name for name in more if name]
    unknown = [name for name in (*options.label, *named) if name not in frame.columns]
    if unknown:
        raise AttributesError(
            f"{options.table}: no column {', '.join(unknown)} (columns found: {some(frame.columns)})"
        )
    labels = labels_of(
        [frame[name] for name in options.label], positive=options.positive, sentinels=options.sentinel
    )
    without = [*options.label, *named, *options.without]
    return frame, attribute_table(frame, sentinels=options.sentinel, without=without), labels


def groups_of(frame: pl.DataFrame, name: str | None) -> Codes | None:
    """A number for the group of each row, -1 without."""
    return None if name is None else coded(frame[name]).codes


def run_gain(options: argparse.Namespace) -> tuple[str, list[str]]:
    """Rank, write, and return (what to tell, warnings)."""
    frame, table, labels = read(options, options.group)
    found = gains(
        table, labels, permutations=options.permutations, bootstraps=options.bootstrap, seed=options.seed,
        groups=groups_of(frame, options.group),
    )  # fmt: skip
    write_gains(options.out, found)
    return tell(found), told.warnings(found.warnings)


def write_gains(path: Path, found: Gains) -> None:
    """One row an attribute; numbers as `write_table` writes them, the threshold in full."""
    rows = found.rows
    write_table(
        path,
        {
            "attribute": [row.attribute for row in rows],
            "gain_bits": np.array([row.gain_bits for row in rows]),
            "corrected_bits": np.array([row.corrected_bits for row in rows]),
            "share": np.array([row.share for row in rows]),
            "threshold": [row.cut or None for row in rows],
            "low": np.array([row.low for row in rows]),
            "high": np.array([row.high for row in rows]),
            "p_value": np.array([row.p_family for row in rows]),
            "q_value": np.array([row.q for row in rows]),
            "missing": np.array([row.missing for row in rows]),
        },
    )


def tell(found: Gains) -> str:
    """Rows, classes, what chance gains, what was left out."""
    lines = [
        f"{len(found.rows):,} attributes of {found.n_rows:,} rows; {len(found.classes)} classes"
        f" ({told.names(found.classes)}), entropy {found.entropy:.3f} bits",
        f"{found.n_unlabelled:,} rows left out (no label)",
        *(told.left_out(found.left_out) or ["0 columns left out"]),
    ]
    if found.permutations:
        lines.append(
            f"{found.permutations:,} permutations: by chance the best of all attributes gains"
            f" {found.max_null:.4f} bits or more in 5 % of them"
        )
    if found.bootstraps:
        lines.append(f"intervals from {found.bootstraps:,} bootstrap draws")
    return "".join(f"{line}\n" for line in lines)
