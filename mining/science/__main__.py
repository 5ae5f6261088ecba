"""The command line: `python -m mining.science consensus --votes labels.csv --out FILE [--merit FILE]`.

docs/science.md describes the files. Exit status: 0 done; 2 a wrong file or argument, with one line on stderr
that says what.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from mining.science import merit
from mining.science.consensus import DEFAULT, METHODS, method
from mining.science.tables import TableError, read_votes, write_table
from mining.science.uncertainty import dispersion, weighted_tallies
from mining.science.votes import VotesError


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    if options.list:
        sys.stdout.write("".join(f"{name}{'  (default)' if name == DEFAULT else ''}\n" for name in METHODS))
        return 0
    if options.votes is None or options.out is None:
        sys.stderr.write("consensus needs --votes FILE and --out FILE (or --list)\n")
        return 2
    try:
        sys.stdout.write(consensus(options.votes, options.method, options.out, options.merit))
    except (TableError, VotesError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def consensus(votes_file: Path, method_name: str, out: Path, merit_out: Path | None) -> str:
    """Weigh the votes of a file and write the results; returns what to tell the user."""
    made = method(method_name)
    votes = read_votes(votes_file)
    fitted = made.fit(votes)
    crowd = fitted.counts_.sum(axis=0)
    skill = merit.skill(fitted.counts_, merit.mean_skill(crowd))
    write_table(
        out,
        {
            "item": votes.items,
            "label": votes.labels[fitted.labels_],
            "probability": fitted.probabilities_[np.arange(len(votes.items)), fitted.labels_],
            "certainty": [None] * len(votes.items),  # calibrated only with gold
            "dispersion": dispersion(weighted_tallies(votes, skill.value[votes.volunteer])),
            "votes": np.bincount(votes.item, minlength=len(votes.items)),
        },
    )
    if merit_out is not None:
        bits = merit.information(fitted.counts_, crowd, fitted.probabilities_.sum(axis=0))
        write_table(
            merit_out,
            {
                "worker": votes.volunteers,
                "skill": skill.value,
                "skill_low": skill.low,
                "skill_high": skill.high,
                "bits": bits.value,
                "bits_low": bits.low,
                "bits_high": bits.high,
                "votes": np.bincount(votes.volunteer, minlength=len(votes.volunteers)),
            },
        )
    items, volunteers, k = votes.shape
    told = f"{len(votes)} votes of {volunteers} workers on {items} items, {k} labels; {method_name}\n"
    told += f"{votes.n_dropped} repeated rows dropped (a worker's first vote on an item counts)\n"
    if not fitted.converged_:
        told += f"not converged after {fitted.n_iter_} iterations\n"
    return told + "certainty is empty: the probability is uncalibrated, read it as a ranking\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mining.science")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("consensus", help="weigh votes against each other")
    command.add_argument("--votes", type=Path, help="item,worker,label as .csv or .parquet")
    command.add_argument("--method", default=DEFAULT, choices=METHODS, help=f"default {DEFAULT}")
    command.add_argument("--out", type=Path, help="one row an item, CSV")
    command.add_argument("--merit", type=Path, help="one row a worker, CSV")
    command.add_argument("--list", action="store_true", help="list the methods")
    return parser


if __name__ == "__main__":
    sys.exit(main())
