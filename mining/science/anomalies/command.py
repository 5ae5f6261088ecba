"""`python -m mining.science anomalies`: an attribute table, votes, or both, to a list of what is odd."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from mining.science.anomalies.attributes import contradicting, outliers
from mining.science.anomalies.combine import combine
from mining.science.anomalies.oddities import Items, Oddities
from mining.science.anomalies.reasons import words
from mining.science.anomalies.volunteers import unlike_the_rest
from mining.science.anomalies.votes import odd_answers, unusual_votes
from mining.science.attributes import told
from mining.science.attributes.columns import AttributesError
from mining.science.attributes.command import add_table_arguments, read
from mining.science.consensus import method
from mining.science.tables import read_votes, write_table

METHOD = "dawid-skene-pooled"


def add_anomalies(command: argparse.ArgumentParser) -> None:
    add_table_arguments(command, required=False)
    command.add_argument("--id", metavar="COLUMN", help="names the rows of the table; default their numbers")
    command.add_argument("--votes", type=Path, help="item,worker,label as .csv or .parquet; items as in --id")
    command.add_argument(
        "--odd", action="append", default=[], metavar="LABEL", help="an answer that means odd; repeatable"
    )
    command.add_argument("--volunteers", type=Path, help="one row a worker, CSV")
    command.set_defaults(run=run_anomalies)


def run_anomalies(options: argparse.Namespace) -> tuple[str, list[str]]:
    """Look, write, and return (what to tell, warnings)."""
    if options.votes is None and (options.table is None or not options.label):
        raise AttributesError("anomalies needs --table FILE with --label COLUMN, or --votes FILE")
    if options.votes is None and (options.odd or options.volunteers):
        raise AttributesError("--odd and --volunteers need --votes FILE")
    lists: list[Oddities] = []
    lines: list[str] = []
    warnings: list[str] = []
    if options.table is not None:
        frame, table, labels = read(options, options.id)
        names = [
            str(name)
            for name in (range(1, table.n + 1) if options.id is None else frame[options.id].to_list())
        ]
        if len(set(names)) < len(names):
            raise AttributesError(f"{options.table}: {options.id} names a row twice")
        items: Items = np.array(names, dtype=np.str_)
        lists += [contradicting(table, labels, items), outliers(table, items)]
        lines += [
            f"{table.n:,} rows; {labels.n_missing:,} without a label, of which only outliers are looked for"
        ]
        lines += told.left_out(table.left_out) or ["0 columns left out"]
        warnings += told.warnings(table.warnings)
    volunteers = None
    if options.votes is not None:
        votes = read_votes(options.votes)
        fitted = method(METHOD).fit(votes)
        lists.append(unusual_votes(votes, fitted, seed=options.seed))
        if options.odd:
            lists.append(odd_answers(votes, options.odd))
        lines.append(
            f"{len(votes):,} votes on {votes.shape[0]:,} items; {votes.n_dropped:,} repeated rows dropped"
        )
        if lists[0].source == "attributes":
            strange = len(set(votes.items.tolist()) - set(lists[0].items.tolist()))
            lines.append(f"{strange:,} items of votes are in no row of the table")
        volunteers = unlike_the_rest(votes, fitted) if options.volunteers is not None else None
    write_odd(options.out, lists)
    if volunteers is not None:
        write_volunteers(options.volunteers, volunteers)
    looked = ", ".join(f"{one.source} {int((~np.isnan(one.strength)).sum()):,}" for one in lists)
    lines.append(f"looked at: {looked}")
    return "".join(f"{line}\n" for line in lines), warnings


def write_odd(path: Path, lists: list[Oddities]) -> None:
    """One row an item, the oddest first; an empty cell where a list has not looked at it."""
    found = combine(lists)
    write_table(
        path,
        {
            "rank": np.arange(1, len(found) + 1),
            "item": [odd.item for odd in found],
            "score": np.array([odd.score for odd in found]),
            "chance": np.array([odd.chance for odd in found]),
            **{one.source: [odd.ranks.get(one.source) for odd in found] for one in lists},
            "reason": ["; ".join(words(reason) for reason in odd.reasons) for odd in found],
        },
    )


def write_volunteers(path: Path, found: Oddities) -> None:
    """One row a worker who was looked at, the most unlike first."""
    order = [
        at
        for at in np.argsort(-np.nan_to_num(found.strength, nan=-np.inf))
        if not np.isnan(found.strength[at])
    ]
    reasons = [found.reasons[at] for at in order]
    write_table(
        path,
        {
            "worker": [str(found.items[at]) for at in order],
            "strength": np.array([found.strength[at] for at in order]),
            "kind": ["" if reason is None else reason.code for reason in reasons],
            "reason": ["" if reason is None else words(reason) for reason in reasons],
        },
    )
