"""`python -m mining.science gain` and `separation`: from an attribute table to the ranking."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from mining.science.attributes import redundancy, told, tree
from mining.science.attributes.columns import AttributesError, AttributeTable, Numbers
from mining.science.attributes.derived import PAIRS, derive
from mining.science.attributes.files import read_frame
from mining.science.attributes.gain import Gains, gains, labelled
from mining.science.attributes.labels import Labels, labels_of
from mining.science.attributes.table import attribute_table, some
from mining.science.coding import Codes, coded
from mining.science.separation import Separations, separate
from mining.science.tables import write_table

TO_CHOOSE_FROM = 50  # attributes that gain most


def add_table_arguments(command: argparse.ArgumentParser, *, required: bool = True) -> None:
    """The arguments of every command that takes an attribute table."""
    command.add_argument("--table", type=Path, required=required, help="CSV, Parquet, FITS, VOTable or ECSV")
    command.add_argument(
        "--label",
        action="append",
        default=None if required else [],
        required=required, metavar="COLUMN",
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
    command.add_argument(
        "--derived",
        default="",
        metavar="KINDS",
        help=f"attributes of two: {','.join(PAIRS)}, or some of these",
    )
    command.add_argument("--redshift", metavar="COLUMN", help="also every attribute times this one")
    command.add_argument("--seed", type=natural, default=0)
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
    command.add_argument(
        "--redundancy",
        action="store_true",
        help="also tell which attributes say the same, and what each adds",
    )
    command.add_argument("--tree", action="store_true", help="also tell a shallow tree")
    command.set_defaults(run=run_gain)


def add_separation(command: argparse.ArgumentParser) -> None:
    add_table_arguments(command)
    command.add_argument(
        "--max-subset", type=natural, default=4, metavar="N", help="largest subset of attributes (default 4)"
    )
    command.set_defaults(run=run_separation)


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
    table = attribute_table(frame, sentinels=options.sentinel, without=without)
    kinds = [kind for kind in options.derived.split(",") if kind]
    if not kinds and options.redshift is None:
        return frame, table, labels
    redshift = None
    if options.redshift is not None:
        found = {column.name: column for column in table.columns}.get(options.redshift)
        if not isinstance(found, Numbers):
            raise AttributesError(f"the redshift {options.redshift} is no attribute of numbers")
        redshift = found
    return frame, derive(table, kinds, redshift), labels


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
    text = tell(found)
    if options.redundancy:
        text += tell_redundancy(labelled(table, labels), labels, found, options.seed)
    if options.tree:
        text += f"{tree.text(tree.grow(labelled(table, labels), labels), labels.classes)}\n"
    return text, told.warnings(found.warnings)


def tell_redundancy(table: AttributeTable, labels: Labels, found: Gains, seed: int) -> str:
    """Of the attributes that gain most: those that say the same, and what each adds to those before it."""
    names = [row.attribute for row in found.rows if row.attribute in table.names]
    first = names[: redundancy.MOST]
    lines = [f"{len(first):,} attributes of {len(names):,} compared"] if len(first) < len(names) else []
    same = [group for group in redundancy.groups(redundancy.alike(table, first, seed=seed)) if len(group) > 1]
    lines += [f"say the same (0.9 or more alike): {', '.join(group)}" for group in same] or [
        "no two say the same"
    ]
    for step in redundancy.chosen(table, labels, names[:TO_CHOOSE_FROM], seed=seed):
        lines.append(
            f"{step.attribute} adds {step.bits:.3f} bits (the best of chance {step.level:.3f}), in all {step.total:.3f}"
        )
    return "".join(f"{line}\n" for line in lines)


def run_separation(options: argparse.Namespace) -> tuple[str, list[str]]:
    """Separate, write, and return (what to tell, warnings)."""
    _, table, labels = read(options)
    found = separate(table, labels, max_subset=options.max_subset, seed=options.seed)
    write_separations(options.out, found)
    sizes = [
        f"size {size}: {n:,} subsets looked at, "
        + (
            "the best of all"
            if all(row.exact for row in found.rows if len(row.attributes) == size)
            else "no guarantee"
        )
        for size, n in enumerate(found.tried, start=1)
    ]
    lines = [
        f"{found.n_rows:,} rows, {found.n_learnt:,} to learn from; {found.classes[1]} against {found.classes[0]}",
        f"{found.n_unlabelled:,} rows left out (no label)",
        *(told.left_out(found.left_out) or ["0 columns left out"]),
        *sizes,
    ]
    warnings = told.warnings(found.warnings)
    odd = [row.attributes[0] for row in found.rows if row.disagree and len(row.attributes) == 1]
    if odd:
        warnings.append(
            f"{told.names(odd, told.MOST_SAME)}: mean and median tell different things (a sentinel, a tail?);"
            " read separation and median_mad"
        )
    return "".join(f"{line}\n" for line in lines), warnings


def write_separations(path: Path, found: Separations) -> None:
    """Single attributes by separation, then the best subsets of each size by distance."""
    rows = found.rows
    numbers = ("separation", "held_back", "low", "high", "median_mad", "mean_sd", "distance")
    write_table(
        path,
        {
            "attributes": ["|".join(row.attributes) for row in rows],
            "size": np.array([len(row.attributes) for row in rows]),
            **{name: np.array([getattr(row, name) for row in rows]) for name in numbers},
            "missing": np.array([row.missing for row in rows]),
            "exact": [row.exact for row in rows],
            "disagree": [row.disagree for row in rows],
        },
    )


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
