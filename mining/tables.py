"""What mining gives away as tables: volunteers' merits by pseudonym, unusual objects. Light: the web process calls it.

`projects` knows nothing of runs (law 1): these are put into projects/exports/tables.py when mining is loaded.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Window
from django.db.models.functions import RowNumber

from mining.models import FollowUp, Merit, Published, Run, UnusualObject
from mining.services.attribute_runs import discoveries_are_public
from projects.exports.columns import Column
from projects.exports.pseudonyms import pseudonym
from projects.exports.tables import Table
from projects.models import Subject, SubjectState, Volunteer, Workflow
from projects.services import get_version

PAGE = 1000
FINDERS = 3


class Worth(NamedTuple):
    name: str
    user_id: str
    simulated: bool
    merit: Merit


def run_of(workflow: Workflow) -> Run | None:
    """The published run, else the newest that is done and has its rows."""
    published = Published.objects.select_related("run").filter(workflow=workflow).first()
    if published is not None and published.run.has_rows:
        return published.run
    done = workflow.runs.filter(status=Run.Status.DONE, emptied_at=None)
    return done.order_by("-pk").first()


def merits(workflow: Workflow, *, team: bool) -> Iterator[Worth]:
    """Of one run, by question and person."""
    run = run_of(workflow)
    rows = Merit.objects.filter(run=run).select_related("volunteer").order_by("task", "volunteer_id")
    for row in rows.iterator(chunk_size=PAGE):
        yield Worth(*_name(workflow, row.volunteer), row.volunteer.simulated, row)


def merit_columns(workflow: Workflow, *, team: bool) -> list[Column[Worth]]:
    def number(name: str, text: str, **more: Any) -> Column[Worth]:
        return Column(name, text, lambda r: getattr(r.merit, name), type="float", **more)

    def whole(name: str, text: str) -> Column[Worth]:
        return Column(name, text, lambda r: getattr(r.merit, name), type="int", ucd="meta.number")

    return [
        Column("run", "Number of the run that reckoned it", lambda r: r.merit.run_id, type="int"),
        Column("task", "The question; of several choices TASK:CHOICE", lambda r: r.merit.task),
        Column(
            "user_name", "A pseudonym within the project, the same in each of its files", lambda r: r.name
        ),
        Column("user_id", "A pseudonymous number; blank without an account", lambda r: r.user_id),
        Column("simulated", "true: a simulated crowd's, no person", lambda r: r.simulated),
        whole("votes", "Votes on the question"),
        whole("known", "How many of them were on known subjects"),
        whole("known_right", "How many of those were right"),
        number("skill", "How often they agree with the consensus, shrunk to the crowd's mean; 0 to 1"),
        number("skill_low", "Where its 95 % interval begins"),
        number("skill_high", "Where it ends"),
        number("bits", "Information of one vote at the workflow's class frequencies", unit="bit"),
        number("bits_low", "Where its 95 % interval begins", unit="bit"),
        number("bits_high", "Where it ends", unit="bit"),
        number("seconds", "Median time of an answer on the workflow, by their own clock", unit="s"),
        number("drift", "Skill in their last quarter of votes less that in the first"),
    ]


class Odd(NamedTuple):
    """note: the newest that the team wrote. finders: pseudonyms."""

    row: UnusualObject
    note: str | None
    finders: list[str]


def unusual(workflow: Workflow, *, team: bool) -> Iterator[Odd]:
    """The most unusual first. For visitors the published discoveries that no workflow asks about any more."""
    rows = UnusualObject.objects.filter(workflow=workflow).select_related("subject").order_by("-score", "-pk")
    if not team:
        is_open = Exists(
            SubjectState.objects.filter(subject_id=OuterRef("subject_id"), retired_at__isnull=True)
        )
        rows = rows.filter(~is_open, state=UnusualObject.State.DISCOVERY)
    found = list(rows)
    notes = _notes(found)
    people = Volunteer.objects.in_bulk({each for row in found for each in row.finders})
    for row in found:
        names = [_name(workflow, people[each])[0] for each in row.finders if each in people]
        yield Odd(row, notes.get(row.pk), names)


def _notes(rows: list[UnusualObject]) -> dict[int, str]:
    newest = Window(RowNumber(), partition_by=F("unusual_id"), order_by=F("pk").desc())
    said = FollowUp.objects.filter(unusual__in=rows).annotate(place=newest).filter(place=1)
    return dict(said.values_list("unusual_id", "note"))


def unusual_columns(workflow: Workflow, *, team: bool) -> list[Column[Odd]]:
    return [
        Column("subject_id", "The subject's number", lambda r: r.row.subject_id, type="int", ucd="meta.id;meta.main"),
        Column("external_id", "The team's own name for it", lambda r: r.row.subject.external_id, ucd="meta.id"),
        Column("surprise", "How unusual it is, of all lists together", lambda r: r.row.score, unit="bit", type="float"),
        Column("state", "What the team said of it", lambda r: r.row.state, values=STATES),
        Column("reasons", "Why it stands out, joined by +", lambda r: "+".join(_codes(r.row)), values=CODES),
        Column("tasks", "The questions that the reasons are about, joined by +", lambda r: "+".join(_tasks(r.row))),
        *(
            Column(f"finder_{n}", f"Pseudonym of who said so as number {n}", partial(_finder, n))
            for n in range(1, FINDERS + 1)
        ),
        *([Column("note", "The newest that the team wrote of it", lambda r: r.note)] if team else []),
    ]  # fmt: skip


STATES = "; ".join(f"{value}: {label}" for value, label in UnusualObject.State.choices)
CODES = "votes: they hardly go together; see Unusual objects for each reason in words"


def _codes(row: UnusualObject) -> list[str]:
    return list(dict.fromkeys(str(each["code"]) for each in row.signals))


def _tasks(row: UnusualObject) -> list[str]:
    return list(dict.fromkeys(str(each["task"]) for each in row.signals if each.get("task")))


def _finder(number: int, odd: Odd) -> str | None:
    return odd.finders[number - 1] if len(odd.finders) >= number else None


def _name(workflow: Workflow, person: Volunteer) -> tuple[str, str]:
    return pseudonym(
        workflow.project,
        person.public_id,
        signed_in=person.account_id is not None,
        simulated=person.simulated,
    )


def _has_merits(workflow: Workflow, team: bool) -> bool:
    """The team's: they rest on votes on open subjects too, and tell who knew the known ones."""
    return team and run_of(workflow) is not None


class Ranked(NamedTuple):
    """place: from 1 on, the strongest first. votes: on pairs with it."""

    run: int
    task: str
    place: int
    member: Subject
    strength: float
    low: float
    high: float
    votes: int


def ranking(workflow: Workflow, *, team: bool) -> Iterator[Ranked]:
    """Of one run, by question and place; without members that are gone."""
    run = run_of(workflow)
    for task, told in rankings_of(run).items():
        members = Subject.objects.in_bulk([row[0] for row in told["members"]])
        for place, (member, *numbers) in enumerate(told["members"], 1):
            if run is not None and member in members:
                yield Ranked(run.pk, task, place, members[member], *numbers)


def rankings_of(run: Run | None) -> dict[str, dict[str, Any]]:
    """Task to what a run says of the members of its pairs (mining/services/rank_members.py)."""
    questions = run.report.get("questions", {}) if run is not None else {}
    return {task: of["ranking"] for task, of in questions.items() if "ranking" in of}


def _has_ranking(workflow: Workflow, team: bool) -> bool:
    tasks = get_version(workflow.published_id).definition.tasks if workflow.published_id else {}
    return any(task.compares for task in tasks.values()) and bool(rankings_of(run_of(workflow)))


def ranking_columns(workflow: Workflow, *, team: bool) -> list[Column[Ranked]]:
    return [
        Column("run", "Number of the run that reckoned it", lambda r: r.run, type="int"),
        Column("task", "The question", lambda r: r.task),
        Column("place", "From 1 on, the strongest first", lambda r: r.place, type="int"),
        Column("subject_id", "The member's number", lambda r: r.member.pk, type="int", ucd="meta.id;meta.main"),
        Column("external_id", "The team's own name for it", lambda r: r.member.external_id, ucd="meta.id"),
        Column("strength", "Log odds of being more so than the average member", lambda r: r.strength, type="float"),
        Column("strength_low", "Where its 95 % interval begins", lambda r: r.low, type="float"),
        Column("strength_high", "Where it ends", lambda r: r.high, type="float"),
        Column("votes", "Votes on pairs with it", lambda r: r.votes, type="int", ucd="meta.number"),
    ]  # fmt: skip


def _has_unusual(workflow: Workflow, team: bool) -> bool:
    if not team and discoveries_are_public(workflow.project) is None:
        return False
    return UnusualObject.objects.filter(workflow=workflow).exists()


TABLES = (
    Table("merits", merits, merit_columns, offered=_has_merits),
    Table("ranking", ranking, ranking_columns, offered=_has_ranking),
    Table("unusual", unusual, unusual_columns, offered=_has_unusual),
)
