"""Suggestions in words and numbers, with the subjects that tell most and what the volunteer said of them."""

from dataclasses import dataclass
from datetime import datetime
from math import exp, floor, log10
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _

from mining.ballots import NO, choice_of, task_of
from mining.models import Suggestion
from portal.pages.own_work import Step, steps
from portal.pages.pictures import of_subjects
from projects.exports.catalogue import all_tasks
from projects.exports.pseudonyms import pseudonym
from projects.models import Block, Classification, Media, Project, Volunteer
from projects.services import get_version
from projects.services.weights import standing_weight
from projects.tasks import Task

NEVER = 20.0
"""ln of the evidence from which a chance is called less than one in a billion."""

HISTORY = 50


@dataclass(frozen=True)
class Example:
    subject: int
    external_id: str
    picture: Media | None
    said: list[Step]


@dataclass(frozen=True)
class Card:
    """weight: per cent that their votes weigh meanwhile. once: an honest volunteer ever shows it at most once in so
    many."""

    row: Suggestion
    name: str
    words: str
    once: str
    weight: int
    examples: list[Example]


@dataclass(frozen=True)
class Decided:
    at: datetime
    name: str
    what: str
    reason: str
    by: str


def cards(project: Project, rows: list[Suggestion]) -> list[Card]:
    """In their order."""
    copied = Volunteer.objects.in_bulk([row.evidence["of"] for row in rows if "of" in row.evidence])
    tasks = {row.workflow_id: all_tasks(row.workflow) for row in rows}
    pictures = of_subjects({subject for row in rows for subject in row.evidence["examples"]})
    return [
        Card(
            row=row,
            name=name_of(project, row.volunteer),
            words=_words(row, tasks[row.workflow_id], project, copied),
            once=_once(row.strength),
            weight=round(100 * standing_weight(row.workflow_id, row.volunteer_id)),
            examples=_examples(row, pictures),
        )
        for row in rows
    ]


def name_of(project: Project, volunteer: Volunteer) -> str:
    return pseudonym(
        project,
        volunteer.public_id,
        signed_in=volunteer.account_id is not None,
        simulated=volunteer.simulated,
    ).user_name


def decided(project: Project) -> list[Decided]:
    """The newest decisions, first the latest: suggestions dismissed, blocks made and lifted."""
    dismissed = Suggestion.objects.filter(workflow__project=project, state=Suggestion.State.DISMISSED)
    dismissed = dismissed.select_related("volunteer", "decided_by").order_by("-decided_at")
    rows = [
        Decided(
            row.decided_at,
            name_of(project, row.volunteer),
            _("dismissed: %(rule)s") % {"rule": row.get_rule_display()},
            row.reason,
            _who(row.decided_by),
        )
        for row in dismissed[:HISTORY]
        if row.decided_at
    ]
    blocks = Block.objects.filter(project=project).select_related("volunteer", "by", "lifted_by")
    for block in blocks.order_by("-at")[:HISTORY]:
        name = name_of(project, block.volunteer)
        rows.append(Decided(block.at, name, _("blocked"), block.reason, _who(block.by)))
        if block.lifted_at:
            who = _who(block.lifted_by)
            rows.append(Decided(block.lifted_at, name, _("block lifted"), block.lifted_reason, who))
    return sorted(rows, key=lambda row: row.at, reverse=True)[:HISTORY]


def _who(user: Any) -> str:
    return user.get_username() if user else _("somebody who has left")


def _once(strength: float) -> str:
    """`2,000,000`: e^strength, cut to one digit."""
    number = exp(min(strength, NEVER))
    digit = 10 ** floor(log10(number)) if number >= 10 else 1
    return intcomma(int(number // digit * digit)) if strength < NEVER else _("a billion")


def _words(row: Suggestion, tasks: dict[str, Task], project: Project, copied: dict[int, Volunteer]) -> str:
    numbers: dict[str, Any] = dict(row.evidence)
    numbers |= {name: intcomma(numbers[name]) for name in ("answers", "such")}
    numbers |= {"expected": f"{numbers['expected']:.0f}", "question": _question(row.question, tasks)}
    if row.rule == Suggestion.Rule.TOO_FAST:
        numbers["median"] = f"{100 * numbers['median']:.0f}"
        text = _(
            "%(such)s of %(answers)s answers are far too fast; the median one took %(median)s %% of the usual"
            " time of the same questions."
        )
    elif row.rule == Suggestion.Rule.SAME_ANSWER:
        numbers["answer"] = _label(row.question, numbers["answer"], tasks)
        numbers["others"] = f"{100 * numbers['others']:.0f}"
        text = _(
            "%(such)s of %(answers)s answers to “%(question)s” are “%(answer)s”. Others say so of the same"
            " subjects in %(others)s %%."
        )
    elif row.rule == Suggestion.Rule.COPIES:
        other = copied.get(numbers["of"])
        numbers["of"] = name_of(project, other) if other else "?"
        text = _(
            "The same as %(of)s on %(such)s of %(answers)s common subjects (“%(question)s”), where at most about"
            " %(expected)s were to be expected; %(later)s of these came later."
        )
    elif row.rule == Suggestion.Rule.OUT_OF_CHARACTER:
        text = _(
            "Of %(answers)s answers to “%(question)s”, from their number %(from)s on, %(such)s are not what most"
            " others say; by what they had said before, at most about %(expected)s were to be expected."
        )
    else:
        text = _(
            "%(such)s of %(answers)s answers hold what the team says no subject has together; about %(expected)s"
            " would be slips."
        )
    return text % numbers


def _question(path: str, tasks: dict[str, Task]) -> str:
    task, choice = tasks.get(task_of(path)), choice_of(path)
    if task is None:
        return path
    return f"{task.question} {_text(task, choice)}" if choice else task.question


def _label(path: str, key: str, tasks: dict[str, Task]) -> str:
    if choice_of(path):
        return _("no") if key == NO else _("yes")
    task = tasks.get(task_of(path))
    return _text(task, key) if task else key


def _text(task: Task, key: str) -> str:
    return next((choice.label for choice in task.choices if choice.key == key), key)


def _examples(row: Suggestion, pictures: dict[int, Media]) -> list[Example]:
    """With what the person said there, the last of it. One query."""
    people = Volunteer.objects.of_person(row.volunteer_id).values("pk")
    given = Classification.objects.filter(
        workflow=row.workflow_id, volunteer__in=people, subject__in=row.evidence["examples"]
    )
    said = {answer.subject_id: answer for answer in given.select_related("subject").order_by("pk")}
    return [
        Example(
            subject,
            said[subject].subject.external_id,
            pictures.get(subject),
            steps(get_version(said[subject].version_id).definition, said[subject].annotations),
        )
        for subject in row.evidence["examples"]
        if subject in said
    ]
