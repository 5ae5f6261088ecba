"""The numbers of the run that a team has published, for the catalogue. Light: the web process calls it."""

from collections.abc import Sequence
from math import fsum

from mining.ballots import YES, choice_of, task_of
from mining.models import Consensus, Published, Run
from projects.exports.chosen import Chosen, Numbers


def published_run(workflow_id: int) -> int | None:
    return Published.objects.filter(workflow_id=workflow_id).values_list("run_id", flat=True).first()


def published_numbers(workflow_id: int, subject_ids: Sequence[int], run: int | None = None) -> Chosen:
    """By (subject, task), of the published run or of another; empty where there is none.

    Of a task of kind multiple as in the online state: the probability of each choice, the mean dispersion; no
    certainty, since choices are calibrated one by one. It is undecided where one of its choices is. Of a survey besides
    what the answers about its choices come to.
    """
    number = run or published_run(workflow_id)
    found = Run.objects.filter(pk=number or 0, workflow=workflow_id).first()
    if found is None:
        return {}
    rows: dict[tuple[int, str], list[Consensus]] = {}
    for row in Consensus.objects.filter(run=found, subject_id__in=list(subject_ids)).order_by("id"):
        rows.setdefault((row.subject_id, task_of(row.task)), []).append(row)
    return {at: _numbers(some, found.pk, found.position) for at, some in rows.items()}


def _numbers(found: list[Consensus], run: int, position: int) -> Numbers:
    rows = [row for row in found if choice_of(row.task) is not None]
    whole = next((row for row in found if choice_of(row.task) is None), None)
    value = whole.value if whole else None
    if whole and not rows:
        first, probabilities = whole, whole.probabilities or None
        return Numbers(
            probabilities, first.certainty, first.dispersion, run, position, value, first.undecided
        )
    of_choice = {choice_of(row.task) or "": row.probabilities[YES] for row in rows}
    dispersion = fsum(row.dispersion for row in rows) / len(rows)
    return Numbers(of_choice, None, dispersion, run, position, value, _any([row.undecided for row in rows]))


def _any(undecided: list[bool | None]) -> bool | None:
    """None where no choice is and not all are known."""
    return True if True in undecided else None if None in undecided else False
