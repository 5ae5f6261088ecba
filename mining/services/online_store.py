"""The rows of the online state: load what a list of events needs, write what they have touched."""

import json
from collections.abc import Iterable, Sequence
from math import isqrt
from typing import Any

from django.db import connection
from django.db.models import Model

from mining.fold import Fold, Seat
from mining.ledger import Checked, Counted, Discounted, Event, Joined, Known, Weighed
from mining.models import (
    OnlineAlias,
    OnlineKnown,
    OnlinePrior,
    OnlineSheet,
    OnlineSubject,
    OnlineTask,
    OnlineVolunteer,
    OnlineWeight,
)
from mining.science.consensus.online import OnlineTask as Task
from mining.sheet import Sheet
from projects.models import Classification

STATE: list[Any] = [
    OnlineTask,
    OnlineVolunteer,
    OnlineSubject,
    OnlineSheet,
    OnlineKnown,
    OnlineAlias,
    OnlineWeight,
    OnlinePrior,
]
ROWS = 500  # a statement


def load(workflow_id: int, events: Sequence[Event]) -> Fold:
    """A fold with everything that the events need, and as little else as is simple."""
    fold = Fold()
    counted = [answer for event in events for answer in _answers(event)]
    known = [e for e in events if isinstance(e, Known)]
    joined = [e for e in events if isinstance(e, Joined)]
    weighed = [e for e in events if isinstance(e, Weighed)]
    here = {"workflow_id": workflow_id}
    fold.weights.update(OnlineWeight.objects.filter(**here).values_list("volunteer_id", "weight"))
    volunteers = {e.volunteer for e in counted} | {e.volunteer for e in weighed}
    volunteers |= {e.alias for e in joined} | {e.person for e in joined}
    aliases = OnlineAlias.objects.filter(**here, volunteer_id__in=volunteers)
    fold.aliases = dict(aliases.values_list("volunteer_id", "person_id"))
    subjects = {e.subject for e in counted} | {e.subject for e in known}
    rows = OnlineKnown.objects.filter(**here, subject_id__in=subjects)
    fold.known = {(s, path): truth for s, path, truth in rows.values_list("subject_id", "task", "truth")}
    paths = {ballot.path for e in counted for ballot in e.ballots}
    paths |= {question.path for e in known for question in e.questions} | {path for _, path in fold.known}
    if joined:
        answers = Classification.objects.filter(**here, volunteer_id__in=[e.alias for e in joined])
        subjects |= set(answers.values_list("subject_id", flat=True))
    if joined or weighed:
        paths = set(OnlineTask.objects.filter(**here).values_list("task", flat=True))
    priors = OnlinePrior.objects.filter(**here, subject_id__in=subjects)
    for subject, path, chances in priors.values_list("subject_id", "task", "chances"):
        fold.priors_of(path)[subject] = chances
    _load_tasks(fold, here, paths)
    volunteers |= set(fold.aliases.values()) | _load_subjects(fold, here, paths, subjects)
    _load_volunteers(fold, here, paths, volunteers)
    _load_sheets(fold, here, subjects)
    return fold


def _answers(event: Event) -> list[Counted]:
    """The answers that an event is about."""
    match event:
        case Discounted(of=answer) | Checked(answer=answer):
            return [answer]
        case Known(answered=answered) | Weighed(again=answered):
            return answered
        case Counted():
            return [event]
        case _:
            return []


def _load_tasks(fold: Fold, here: dict[str, int], paths: set[str]) -> None:
    rows = OnlineTask.objects.filter(**here, task__in=paths)
    for path, keys, crowd, class_counts in rows.values_list("task", "keys", "crowd", "class_counts"):
        fold.tasks[path] = Task(
            keys,
            crowd=_square(crowd),
            class_counts=class_counts,
            weights=dict(fold.weights),
            priors=fold.priors_of(path),
        )


def _load_subjects(fold: Fold, here: dict[str, int], paths: set[str], subjects: set[int]) -> set[int]:
    """Returns the voters."""
    voters_of_all: set[int] = set()
    fields = (
        "subject_id",
        "task",
        "asked",
        "classifications",
        "voters",
        "labels",
        "probabilities",
        "corrected",
    )
    rows = OnlineSubject.objects.filter(**here, subject_id__in=subjects, task__in=paths)
    for subject, path, asked, classifications, voters, labels, p, corrected in rows.values_list(*fields):
        fold.seats[subject, path] = Seat(asked, classifications)
        if voters:
            learned = [voter not in corrected for voter in voters]
            fold.tasks[path].load_subject(subject, voters, labels, p, learned)
            voters_of_all.update(voters)
    return voters_of_all


def _load_volunteers(fold: Fold, here: dict[str, int], paths: set[str], volunteers: set[int]) -> None:
    rows = OnlineVolunteer.objects.filter(**here, task__in=paths, volunteer_id__in=volunteers)
    for path, person, counts, votes in rows.values_list("task", "volunteer_id", "counts", "votes"):
        fold.tasks[path].load_volunteer(person, _square(counts))
        fold.votes[path, person] = votes


def _load_sheets(fold: Fold, here: dict[str, int], subjects: set[int]) -> None:
    """All of the subjects: a subject has few tasks of kind text, and a joining needs every one."""
    rows = OnlineSheet.objects.filter(**here, subject_id__in=subjects)
    fields = ("subject_id", "task", "asked", "classifications", "writers", "texts")
    for subject, path, *sheet in rows.values_list(*fields):
        fold.sheets[subject, path] = Sheet(*sheet)


def save(workflow_id: int, fold: Fold) -> None:
    """Write what the events have touched, in the caller's transaction."""
    touched = fold.touched
    _upsert(OnlineTask, 2, [_task_row(workflow_id, p, fold.tasks[p]) for p in sorted(touched.tasks)])
    _upsert(
        OnlineVolunteer, 3, [_volunteer_row(workflow_id, fold, *key) for key in sorted(touched.volunteers)]
    )
    _upsert(OnlineSubject, 3, [_subject_row(workflow_id, fold, *key) for key in sorted(touched.subjects)])
    _upsert(OnlineSheet, 3, [_sheet_row(workflow_id, fold, *key) for key in sorted(touched.sheets)])
    known = [(workflow_id, *place, fold.known[place]) for place in sorted(touched.known)]
    _upsert(OnlineKnown, 3, known)
    _upsert(OnlineAlias, 2, [(workflow_id, a, fold.aliases[a]) for a in sorted(touched.aliases)])
    weights = [(workflow_id, person, fold.weights[person]) for person in sorted(touched.weights)]
    _upsert(OnlineWeight, 2, weights)
    _save_priors(workflow_id, fold)
    for path, person in sorted(touched.gone):
        OnlineVolunteer.objects.filter(workflow_id=workflow_id, task=path, volunteer_id=person).delete()


def _save_priors(workflow_id: int, fold: Fold) -> None:
    stored = OnlinePrior.objects.filter(workflow_id=workflow_id)
    if "" in fold.touched.cleared:
        stored.delete()
    elif fold.touched.cleared:
        stored.filter(task__in=fold.touched.cleared).delete()
    rows = [
        (workflow_id, subject, path, json.dumps(fold.priors[path][subject]))
        for subject, path in sorted(fold.touched.priors)
    ]
    _upsert(OnlinePrior, 3, rows)


def clear(workflow_id: int) -> None:
    """Forget the online state; its reader must be set back too."""
    for model in STATE:
        model.objects.filter(workflow_id=workflow_id).delete()


def _task_row(workflow_id: int, path: str, task: Task) -> tuple[Any, ...]:
    return workflow_id, path, task.keys, _flat(task.crowd), task.class_counts


def _volunteer_row(workflow_id: int, fold: Fold, path: str, person: int) -> tuple[Any, ...]:
    counts = _flat(_trimmed(fold.tasks[path].volunteers[person]))
    return workflow_id, path, person, counts, fold.votes[path, person]


def _subject_row(workflow_id: int, fold: Fold, subject: int, path: str) -> tuple[Any, ...]:
    seat, state = fold.seats[subject, path], fold.tasks[path].subjects.get(subject)
    if state is None:
        return workflow_id, subject, path, seat.asked, seat.classifications, [], [], [], []
    corrected = [voter for voter, learned in zip(state.voters, state.learned, strict=True) if not learned]
    probabilities = state.p[: _length(state.p)]
    science = state.voters, state.labels, probabilities, corrected
    return workflow_id, subject, path, seat.asked, seat.classifications, *science


def _sheet_row(workflow_id: int, fold: Fold, subject: int, path: str) -> tuple[Any, ...]:
    sheet = fold.sheets[subject, path]
    return workflow_id, subject, path, sheet.asked, sheet.classifications, sheet.writers, sheet.texts


def _upsert(model: type[Model], n_key: int, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert or overwrite; the first `n_key` columns are the key. Columns are the model's, in its order."""
    columns = [field.column for field in model._meta.concrete_fields if field.column]
    types = {field.column: field.db_type(connection) for field in model._meta.concrete_fields if field.column}
    one = "(" + ", ".join(f"%s::{types[column]}" for column in columns) + ")"
    overwrite = ", ".join(f"{column} = excluded.{column}" for column in columns[n_key:])
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS):
            some = rows[start : start + ROWS]
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "  # noqa: S608 - names of our own
                f"VALUES {', '.join([one] * len(some))} "
                f"ON CONFLICT ({', '.join(columns[:n_key])}) DO UPDATE SET {overwrite}",
                [value for row in some for value in row],
            )


def _length(row: Sequence[float]) -> int:
    """Without the zeros at its end."""
    return max((at + 1 for at, value in enumerate(row) if value), default=0)


def _trimmed(matrix: Sequence[Sequence[float]]) -> list[list[float]]:
    """Without the answers at the end of which there is nothing.

    An answer that a later version adds reaches the rows that happen to be in memory then. Stored without its zeros, a
    row does not tell, and loading puts them back.
    """
    k = max((max(at + 1, _length(row)) for at, row in enumerate(matrix) if any(row)), default=0)
    return [list(row[:k]) for row in matrix[:k]]


def _square(flat: Sequence[float]) -> list[list[float]]:
    k = isqrt(len(flat))
    return [list(flat[row * k : row * k + k]) for row in range(k)]


def _flat(matrix: Iterable[Iterable[float]]) -> list[float]:
    return [value for row in matrix for value in row]
