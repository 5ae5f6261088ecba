"""Tallies of one task of one subject, as stored in Evidence.tallies. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from projects.tasks.base import NONE, VoteRows

FIRST = 10
"""How many of the first answers are kept by name, for conditions on first answers."""


def empty() -> dict[str, Any]:
    return {"asked": 0, "votes": {}, "first": []}


def add_votes(tallies: Mapping[str, Any], rows: VoteRows) -> dict[str, Any]:
    """New tallies with one more volunteer's vote rows of the task; a choice offered but not chosen adds nothing."""
    chosen = [key for key, value in rows if value]
    votes = dict(tallies["votes"])
    for key in chosen:
        votes[key] = votes.get(key, 0) + 1
    first = list(tallies["first"])
    if len(first) < FIRST:
        first.append("+".join(chosen) or NONE)
    return {"asked": tallies["asked"] + 1, "votes": votes, "first": first}


def count_all(answers: Iterable[Iterable[tuple[str, VoteRows]]]) -> dict[str, dict[str, Any]]:
    """Task to tallies, of many classifications in order of receipt."""
    by_task: dict[str, dict[str, Any]] = {}
    for answer in answers:
        for task, rows in answer:
            by_task[task] = add_votes(by_task.get(task) or empty(), rows)
    return by_task
