"""What was found of subjects, for the results page: rows of evidence with their pictures.

Whoever is not of the team sees finished subjects only, so that nobody is shown others' answers on what they may
still be asked. A member who wants the open ones too sees them, and that is kept (Look).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portal.pages.letters import LANGUAGES, Run, lines_of
from portal.pages.overlay import Overlay, overlay
from portal.pages.pictures import of_subjects
from projects.exports.leading import Lead, leading
from projects.models import Evidence, Look, Media, Subject, SubjectState, Volunteer, Workflow
from projects.services import Version
from projects.tasks import Task
from projects.tasks.base import NONE
from projects.tasks.drawing import COUNT, DrawingTask, spread
from projects.tasks.dropdown import DropdownTask
from projects.tasks.highlighter import HighlighterTask
from projects.tasks.number import NUMBER, NumberTask
from projects.tasks.survey import SurveyTask
from projects.tasks.tags import TagsTask
from projects.tasks.text import TEXT, TextTask
from projects.tasks.transcription import TranscriptionTask

SORTS = {"disputed": "-dispersion", "clear": "entropy", "votes": "-asked", "order": "subject_id"}

LEADING = """
(SELECT each.key FROM jsonb_each_text("projects_evidence"."probabilities") each
  ORDER BY each.value::float8 DESC LIMIT 1)
"""


@dataclass(frozen=True)
class Answer:
    """One task of a subject: the answer that leads, and the evidence for it.

    lines: of a text, its lines in runs of sure and unsure letters. lang: its language, where the task says it. task: of
    a drawing, whose marks are shown over the picture.
    """

    question: str
    label: str
    lead: Lead
    row: Evidence
    labels: dict[str, str]
    lines: list[list[Run]] | None = None
    lang: str = ""
    task: Task | None = None

    @property
    def unsure(self) -> int:
        """How many letters of a text are uncertain."""
        return sum(run.length for line in self.lines or [] for run in line if run.unsure)

    @property
    def votes(self) -> list[tuple[str, int]]:
        """(label, votes) of the answers that somebody gave, most first: why it is disputed."""
        given = sorted(self.row.tallies["votes"].items(), key=lambda each: (-each[1], each[0]))
        return [(self.labels.get(key, key), number) for key, number in given]

    @property
    def probability(self) -> str:
        """With two digits; never as certainty, which a model without known answers can't give."""
        p = self.lead.probability
        if p is None:
            return ""
        return "> 0.99" if p >= 0.995 else f"{p:.2f}"


@dataclass(frozen=True)
class Found:
    """One subject: the way through the tasks that leads, first task first. title: of a listing, else empty. right: the
    second picture of a pair."""

    subject: Subject
    title: str
    picture: Media | None
    is_open: bool
    answers: list[Answer]
    right: Media | None = None

    @cached_property
    def first(self) -> Answer:
        return self.answers[0]

    @cached_property
    def marks(self) -> Overlay | None:
        """What was marked on its picture: of the first drawing on its way."""
        drawn = next((answer for answer in self.answers if answer.task is not None), None)
        return overlay(drawn.task, drawn.row.value, self.picture) if drawn and drawn.task else None

    @property
    def texts(self) -> list[tuple[str, str]]:
        """(name, text) of what may be shown of a subject without a picture: an item of text is its text."""
        if self.picture is not None or self.title:
            return []
        return [
            (name, text)
            for name, text in self.subject.public_metadata.items()
            if isinstance(text, str) and text
        ]

    @property
    def rest(self) -> list[Answer]:
        return self.answers[1:]


def evidence(workflow: Workflow, task: str, *, with_open: bool) -> QuerySet[Evidence]:
    """Of the task, one row a subject that mining has weighed votes of, annotated with `is_open`."""
    state = SubjectState.objects.filter(workflow=workflow, subject_id=OuterRef("subject_id"))
    rows = Evidence.objects.filter(workflow=workflow, task=task, dispersion__isnull=False, asked__gt=0)
    rows = rows.annotate(is_open=Exists(state.filter(retired_at__isnull=True)))
    return rows if with_open else rows.filter(is_open=False)


def order(sort: str, task: Task) -> str:
    """The column of one of SORTS. A text has no entropy: its clearest are the least dispersed."""
    return "dispersion" if sort == "clear" and not task.choices else SORTS[sort]


def led_by(rows: QuerySet[Evidence], key: str) -> QuerySet[Evidence]:
    """Those whose most probable answer is `key`."""
    return rows.annotate(lead=RawSQL(LEADING, [])).filter(lead=key)  # noqa: S611 - a text of our own


def describe(version: Version, rows: Iterable[Any]) -> list[Found]:
    """The subjects of annotated rows (see `evidence`), in their order. Three queries, of pairs four.

    Without those whose answers have just been taken back, all of them, which mining has not read yet.
    """
    listed = list(rows)
    ids = [row.subject_id for row in listed]
    subjects, pictures = Subject.objects.in_bulk(ids), of_subjects(ids)
    rights = of_subjects(ids, 1) if version.definition.viewer.kind == "pair" else {}
    by_subject: dict[int, dict[str, Evidence]] = {}
    for row in Evidence.objects.filter(workflow_id=version.workflow_id, subject_id__in=ids):
        by_subject.setdefault(row.subject_id, {})[row.task] = row
    ways = {subject: _way(version, found) for subject, found in by_subject.items()}
    return [
        Found(
            subjects[row.subject_id],
            str(subjects[row.subject_id].public_metadata.get(version.definition.viewer.title, "")),
            pictures.get(row.subject_id),
            row.is_open,
            ways[row.subject_id],
            rights.get(row.subject_id),
        )
        for row in listed
        if ways[row.subject_id]
    ]


def look(found: Iterable[Found], workflow: Workflow, volunteer: Volunteer) -> None:
    """Keep that this person has been shown others' answers on the open ones."""
    Look.objects.bulk_create(
        [
            Look(volunteer_id=volunteer.person_id, workflow=workflow, subject=each.subject)
            for each in found
            if each.is_open
        ],
        ignore_conflicts=True,
    )


def _way(version: Version, rows: dict[str, Evidence]) -> list[Answer]:
    """From the first task along the leading answers, to the end or to a task that nobody was asked."""
    answers = []
    name: str | None = version.definition.first_task
    while name is not None and name in rows:
        task, row = version.definition.tasks[name], rows[name]
        lead = leading(task.kind, task.keys, row.tallies["votes"], row.tallies["asked"], row.probabilities)
        if lead is None:
            break
        answers.append(ANSWERS[task.kind](task, lead, row))
        name = task.next_task(None if lead.label == NONE else lead.label)
    return answers


def _chosen(task: Task, lead: Lead, row: Evidence) -> Answer:
    return Answer(task.question, label_of(task, lead.label), lead, row, labels_of(task))


def _text(task: TextTask, lead: Lead, row: Evidence) -> Answer:
    value: dict[str, Any] = row.value if row.value and "text" in row.value else {"text": "", "letters": []}
    names = {TEXT: _("wrote a text"), NONE: _("wrote nothing")}
    text = value["text"] or _("no text")
    return Answer(
        task.question, text, lead, row, names, lines_of(value["letters"]), LANGUAGES.get(task.keyboard, "")
    )


def _number(task: NumberTask, lead: Lead, row: Evidence) -> Answer:
    names = {NUMBER: _("gave a number"), NONE: _("gave none")}
    return Answer(task.question, task.found(row.value) or _("no number"), lead, row, names)


def _dropdown(task: DropdownTask, lead: Lead, row: Evidence) -> Answer:
    given = row.tallies["votes"]
    labels = {option.key: option.label for option in task.answers if option.key in given} | {
        NONE: _("nothing")
    }
    return Answer(task.question, labels.get(lead.label, lead.label), lead, row, labels)


def _drawing(task: DrawingTask, lead: Lead, row: Evidence) -> Answer:
    """Without mining's marks, such as where nobody drew, what stands is that nothing is."""
    given = row.tallies["votes"]
    names = {NONE: _("nothing drawn")} | {
        COUNT.format(tool=tool.key, n=n): f"{tool.label} × {n}"
        for tool in task.tools
        for n in spread(task, given)[tool.key]
    }
    return Answer(task.question, task.found(row.value) or _("nothing"), lead, row, names, task=task)


def _tags(task: TagsTask, lead: Lead, row: Evidence) -> Answer:
    names = {tag: f"#{tag}" for tag in row.tallies["votes"]} | {NONE: _("no tag")}
    return Answer(task.question, task.found(row.value) or _("no tag"), lead, row, names)


def _transcription(task: TranscriptionTask, lead: Lead, row: Evidence) -> Answer:
    """The lines over the picture and their text; without mining's, such as where nobody drew, nothing is."""
    drawn, value = _drawing(task.as_drawing(), lead, row), row.value or {}
    label = task.found(row.value) or _("no line")
    lines = lines_of(value["letters"]) if value.get("letters") else None
    return replace(drawn, label=label, lines=lines, lang=LANGUAGES.get(task.keyboard, ""))


def _highlighter(task: HighlighterTask, lead: Lead, row: Evidence) -> Answer:
    names = {label.key: label.label for label in task.labels} | {NONE: _("nothing marked")}
    return Answer(task.question, task.found(row.value) or _("nothing marked"), lead, row, names)


def _survey(task: SurveyTask, lead: Lead, row: Evidence) -> Answer:
    """With the leading choices what the answers about them come to."""
    come_to = task.come_to(row.value, lead.label.split("+"))
    label = come_to or ("" if lead.label == NONE else label_of(task, lead.label)) or _("nothing found")
    return Answer(task.question, label, lead, row, {**labels_of(task), NONE: _("nothing found")})


ANSWERS: dict[str, Callable[[Any, Lead, Evidence], Answer]] = {
    "single": _chosen,
    "multiple": _chosen,
    "text": _text,
    "number": _number,
    "dropdown": _dropdown,
    "drawing": _drawing,
    "tags": _tags,
    "transcription": _transcription,
    "highlighter": _highlighter,
    "survey": _survey,
    "comparison": _chosen,
}
"""How what was found of each kind of task is shown."""


def label_of(task: Task, keys: str) -> str:
    """The texts of one key, or of several joined by +."""
    labels = labels_of(task)
    return ", ".join(labels.get(key, key) for key in keys.split("+"))


def labels_of(task: Task) -> dict[str, str]:
    return {answer.key: answer.label for answer in task.choices}
