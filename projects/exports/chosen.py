"""The slot for numbers that a team has chosen for its catalogue, in place of those that lie in Evidence.

`projects` knows nothing of runs (law 1). Mining puts a function in here when it is loaded; the catalogue calls it for
a page of subjects at a time. What it does not name keeps the numbers of Evidence, and the row says so.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple


class Numbers(NamedTuple):
    """Of one task of one subject, as in Evidence, which knows nothing of undecided: None where there is no rule."""

    probabilities: dict[str, float] | None
    certainty: float | None
    dispersion: float | None
    run: int
    position: int
    value: dict[str, Any] | None
    undecided: bool | None


Chosen = Mapping[tuple[int, str], Numbers]
"""By (subject id, task)."""

Source = Callable[[int, Sequence[int], int | None], Chosen]
_source: Source | None = None
_published: Callable[[int], int | None] | None = None


def provide(source: Source, published: Callable[[int], int | None]) -> None:
    """source(workflow id, subject ids, run or None for the published one) -> what was chosen of them.
    published(workflow id) -> the run that its team has published."""
    global _source, _published
    _source, _published = source, published


def chosen(workflow_id: int, subject_ids: Sequence[int], run: int | None = None) -> Chosen:
    return _source(workflow_id, subject_ids, run) if _source else {}


def published_run(workflow_id: int) -> int | None:
    return _published(workflow_id) if _published else None
