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

_source: Callable[[int, Sequence[int]], Chosen] | None = None


def provide(source: Callable[[int, Sequence[int]], Chosen]) -> None:
    """source(workflow id, subject ids) -> what was chosen of them."""
    global _source
    _source = source


def chosen(workflow_id: int, subject_ids: Sequence[int]) -> Chosen:
    return _source(workflow_id, subject_ids) if _source else {}
