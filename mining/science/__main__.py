"""The command line: `python -m mining.science consensus --votes labels.csv --out FILE [--merit FILE] [--gold
FILE]`, and `gain`, `separation`, `anomalies` on a table of attributes.

docs/science.md describes the files. Exit status: 0 done, with warnings on stderr where a table has what may be wrong;
2 a wrong file or argument, with one line on stderr that says what.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import numpy as np

from mining.science.attributes.columns import AttributesError
from mining.science.consensus import DEFAULT, METHODS, method
from mining.science.consensus.tuned import MOST
from mining.science.enough import LEAST_GOLD
from mining.science.held_out import sample
from mining.science.merit import LEAST_VOTES, LEAST_WORKERS, spread
from mining.science.sorting import counted
from mining.science.tables import TableError, read_gold, read_votes, write_table
from mining.science.votes import Votes, VotesError
from mining.science.weigh import Weighed, gold_codes, weigh

OTHERS = {  # command: what adds its arguments, help. Loaded when asked for: they bring what consensus does not need
    "gain": ("mining.science.attributes.command.add_gain", "what the attributes of a table tell of a label"),
    "separation": ("mining.science.attributes.command.add_separation", "how far two classes lie apart"),
    "anomalies": (
        "mining.science.anomalies.command.add_anomalies",
        "what is odd in a table, in votes, or in both",
    ),
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    options = _parser(given[0] if given else "").parse_args(given)
    try:
        told, warnings = options.run(options)
    except (TableError, VotesError, AttributesError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(told)
    sys.stderr.write("".join(f"warning: {warning}\n" for warning in warnings))
    return 0


def run_consensus(options: argparse.Namespace) -> tuple[str, list[str]]:
    """Weigh, or list the methods; returns (what to tell, warnings)."""
    if options.list:
        return "".join(f"{name}{'  (default)' if name == DEFAULT else ''}\n" for name in METHODS), []
    if options.votes is None or options.out is None:
        raise TableError("consensus needs --votes FILE and --out FILE (or --list)")
    return consensus(options.votes, options.method, options.gold, options.out, options.merit), []


def consensus(
    votes_file: Path, method_name: str, gold_file: Path | None, out: Path, merit_out: Path | None
) -> str:
    """Weigh the votes of a file and write the results; returns what to tell the user."""
    known = {} if gold_file is None else read_gold(gold_file)
    votes = read_votes(votes_file, known)
    gold = gold_codes(votes, known) if gold_file is not None else None
    found = weigh(votes, method(method_name), gold)
    fitted = found.fitted
    write_table(
        out,
        {
            "item": votes.items,
            "label": votes.labels[fitted.labels_],
            "probability": fitted.probabilities_[np.arange(len(votes.items)), fitted.labels_],
            "certainty": found.certainty,
            "dispersion": found.dispersion,
            "votes": np.diff(votes.by_item.offsets),
        },
    )
    if merit_out is not None:
        write_table(
            merit_out,
            {
                "worker": votes.volunteers,
                "skill": found.skill.value,
                "skill_low": found.skill.low,
                "skill_high": found.skill.high,
                "bits": found.bits.value,
                "bits_low": found.bits.low,
                "bits_high": found.bits.high,
                "votes": counted(votes.volunteer, len(votes.volunteers)),
            },
        )
    told = _told(votes, found, method_name, known)
    return told if merit_out is None else told + _told_spread(votes, found)


def _told(votes: Votes, found: Weighed, method_name: str, known: dict[str, str]) -> str:
    items, volunteers, k = votes.shape
    told = f"{len(votes)} votes of {volunteers} workers on {items} items, {k} labels; {method_name}\n"
    told += f"{votes.n_dropped} repeated rows dropped (a worker's first vote on an item counts)\n"
    told += f"{int(found.undecided.sum())} of {items} items are undecided: no answer stands out\n"
    if not found.fitted.converged_:
        told += f"not converged after {found.fitted.n_iter_} iterations\n"
    if found.gold is not None:
        used = int((found.gold >= 0).sum())
        told += f"{used} known answers used, {len(known) - used} are of items without votes\n"
    if found.calibration is None:
        few = "" if found.gold is None else f" ({LEAST_GOLD} known answers of items with votes are needed)"
        return told + f"certainty is empty{few}: the probability is uncalibrated, read it as a ranking\n"
    c = found.calibration
    return told + (
        f"certainty is the probability to the power of {c.power:.3f}: on known answers left out it is off by"
        f" {c.error:.3f} on average, the probability by {c.raw:.3f}\n"
    )


def _told_spread(votes: Votes, found: Weighed) -> str:
    """Whether workers differ in skill beyond chance; of a large table by part of the items."""
    some = sample(votes, MOST)
    test = spread(some.volunteer, found.fitted.by_matrices_[some.item, some.label], draws=200)
    if test.volunteers < LEAST_WORKERS:
        return f"{test.volunteers} workers have {LEAST_VOTES} votes: too few to tell whether workers differ in skill\n"
    what = f"halves of the votes of {test.volunteers} workers correlate by {test.correlation:.2f} (p {test.p:.3f})"
    if test.found:
        return f"workers differ in skill: {what}\n"
    return (
        f"no skill spread: workers differ no more than by chance ({what}); take nobody's skill for theirs\n"
    )


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, as for a wrong file; --help has the rest."""
        self.exit(2, f"{message} (--help says more)\n")


def _parser(asked: str) -> argparse.ArgumentParser:
    """Every command, and the arguments of `consensus` and of the one that is asked for."""
    parser = _Parser(prog="python -m mining.science")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("consensus", help="weigh votes against each other")
    command.add_argument("--votes", type=Path, help="item,worker,label as .csv or .parquet")
    command.add_argument("--method", default=DEFAULT, choices=METHODS, help=f"default {DEFAULT}")
    command.add_argument("--gold", type=Path, help="known answers, item,label as .csv or .parquet")
    command.add_argument("--out", type=Path, help="one row an item, CSV")
    command.add_argument("--merit", type=Path, help="one row a worker, CSV")
    command.add_argument("--list", action="store_true", help="list the methods")
    command.set_defaults(run=run_consensus)
    for name, (adds, what) in OTHERS.items():
        command = commands.add_parser(name, help=what)
        if name == asked:
            module, _, function = adds.rpartition(".")
            getattr(import_module(module), function)(command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
