"""The unusual objects of a workflow: what mining/science/anomalies finds in its votes, attributes and flags, the
reasons as facts, the first who said so.

Open subjects are looked at too, since a discovery must not wait: the list is the team's, and who is shown an open one
has looked at its answers.
"""

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from mining.ballots import YES, paths_of
from mining.frames import standing_weights
from mining.lake.read import Frames, read_frames
from mining.models import AttributeRun, FollowUp, UnusualObject
from mining.science.anomalies.attributes import NEIGHBOURS, contradicting, outliers
from mining.science.anomalies.combine import Odd, standing_out
from mining.science.anomalies.oddities import Oddities
from mining.science.anomalies.reasons import Reason
from mining.science.anomalies.volunteers import unlike_the_rest
from mining.science.anomalies.votes import more_than_usual, unusual_votes
from mining.science.attributes.columns import AttributesError, Categories
from mining.science.attributes.labels import of_classes
from mining.science.attributes.table import attribute_table
from mining.science.consensus import method as make_method
from mining.services.attribute_runs import Told, worked_on
from mining.services.flags import first_of, flags_of, of_flags
from mining.services.mine import KNOWN, votes_of
from mining.services.warm_start import method_for
from mining.subject_frames import Said, attributes_of, said_of
from projects.models import Workflow
from projects.services import get_version
from projects.tasks.base import NONE
from projects.tasks.definition import WorkflowDefinition

METHOD = "dawid-skene-pooled"
"""Of the crowd that votes are held against, where no run's consensus was asked for."""

SURE = 0.8
"""Probability of its answer from which a subject can contradict it."""

MOST = 500
FINDERS = 3
UNLIKE = 2.0
"""Strength from which a volunteer is told of as unlike the rest: by chance in fewer than one crowd in a hundred."""

MOST_PEOPLE = 20
STEPS = 4
Finders = dict[int, list[int]]


def work(run: AttributeRun) -> None:
    """Do a run that waits; nothing where another process does it, or it has ended."""
    with worked_on(run) as told:
        if told is not None:
            _look(run, told)


def odd_paths(definition: WorkflowDefinition) -> list[str]:
    """The questions whose yes says that a subject is odd: the choices of tasks that may be left empty."""
    return [
        path
        for name, task in definition.tasks.items()
        if task.kind == "multiple" and not task.required
        for path in paths_of(definition, name)
    ]


def _look(run: AttributeRun, told: Told) -> None:
    told(0, STEPS)
    workflow = run.workflow
    if workflow.published_id is None:
        raise ValueError("the workflow is not published")
    definition = get_version(workflow.published_id).definition
    first, odd = definition.first_task, odd_paths(definition)
    frames = read_frames(workflow.pk, run.position)
    lists: list[Oddities] = []
    subjects, people = 0, None
    if definition.tasks[first].chooses_one:
        of_votes, people = _of_votes(run, first, frames)
        lists += of_votes
        told(1, STEPS)
        said = said_of(workflow, first, run.consensus, with_open=True)
        subjects = len(said)
        lists += _of_attributes(workflow, said)
    told(2, STEPS)
    of_answers, finders = _of_odd_answers(frames.votes, odd)
    lists += of_answers
    flags = flags_of(workflow)
    lists += of_flags(flags, _people_asked(frames.votes))
    told(3, STEPS)
    found = standing_out(lists)[:MOST]
    finders = first_of(workflow, [int(each.item) for each in found], finders, flags, FINDERS)
    _store(run, first, found, finders)
    looked = {each.source: int((~np.isnan(each.strength)).sum()) for each in lists}
    run.report = {"subjects": subjects, "listed": len(found), "odd": odd, "looked": looked}
    run.report |= {"people": _people(people, first)} if people is not None else {}
    told(STEPS, STEPS)


def _of_votes(run: AttributeRun, path: str, frames: Frames) -> tuple[list[Oddities], Oddities | None]:
    """Votes, and who gives them, against the crowd as the run's method fits it, known subjects and weights as a run has
    them."""
    once = ["task", "subject", "volunteer"]
    votes, checks = (
        frame.filter(pl.col("task") == path, pl.col("key") != NONE).unique(
            once, keep="first", maintain_order=True
        )
        for frame in (frames.votes, frames.checks)
    )
    if votes.is_empty():
        return [], None
    table, gold = votes_of(path, votes, checks, standing_weights(run.workflow_id, run.position))
    of_run = run.consensus
    fit = method_for(of_run, path, table) if of_run else make_method(METHOD)
    fitted = fit.fit(table, gold)
    found = unusual_votes(table, fitted, seed=run.seed)
    known = np.char.startswith(found.items, KNOWN)
    return [replace(found, strength=np.where(known, np.nan, found.strength))], unlike_the_rest(table, fitted)


def _people(found: Oddities, task: str) -> dict[str, Any]:
    """Those unlike the rest, as the team is told: {"looked": how many, "unlike": [signal, volunteer, strength]}."""
    order = np.argsort(-np.nan_to_num(found.strength, nan=-np.inf), kind="stable")[:MOST_PEOPLE]
    unlike = []
    for at in order.tolist():
        reason = found.reasons[at]
        if reason is not None and found.strength[at] >= UNLIKE:
            more = {"volunteer": int(found.items[at]), "strength": round(float(found.strength[at]), 2)}
            unlike.append(_signal(reason, task) | more)
    return {"looked": int((~np.isnan(found.strength)).sum()), "unlike": unlike}


def _of_attributes(workflow: Workflow, said: Said) -> list[Oddities]:
    """Against the answers of which the consensus is sure, and that more subjects have than are asked as neighbours."""
    frame, _notes = attributes_of(workflow, said.subjects)
    if not frame.width or not len(said):
        return []
    table = attribute_table(frame)
    items = np.array([str(subject) for subject in said.subjects], dtype=np.str_)
    codes = np.where(said.shares.max(axis=1) >= SURE, said.shares.argmax(axis=1), -1)
    rare = np.bincount(codes[codes >= 0], minlength=len(said.classes)) <= NEIGHBOURS
    codes[(codes >= 0) & rare[codes]] = -1
    lists = [outliers(table, items)]
    try:
        labels = of_classes(Categories("answer", codes.astype(np.int32), tuple(said.classes)))
    except AttributesError:  # all have one answer: there is nothing to contradict
        return lists
    return [contradicting(table, labels, items), *lists]


def _of_odd_answers(votes: pl.DataFrame, paths: list[str]) -> tuple[list[Oddities], Finders]:
    """People who said yes to any of the paths, of those asked; and the first of them, by subject, in the order of the
    ledger."""
    finders: Finders = {}
    people = (
        votes.filter(pl.col("task").is_in(paths))
        .group_by("subject", "volunteer", maintain_order=True)
        .agg(keys=pl.col("task").filter(pl.col("key") == YES))
    )
    if people.is_empty():
        return [], finders
    asked: Counter[int] = Counter()
    odd: Counter[int] = Counter()
    said: dict[int, Counter[str]] = {}
    for subject, volunteer, tasks in people.iter_rows():
        asked[subject] += 1
        if tasks:
            odd[subject] += 1
            said.setdefault(subject, Counter()).update(tasks)
            if len(first := finders.setdefault(subject, [])) < FINDERS:
                first.append(volunteer)
    items = np.array([str(subject) for subject in asked], dtype=np.str_)
    n = np.array([odd[subject] for subject in asked], dtype=np.float64)
    of = np.array(list(asked.values()), dtype=np.float64)
    most = [said[subject].most_common(1)[0][0] if subject in said else "" for subject in asked]
    return [more_than_usual(items, n, of, (), most)], finders


def _people_asked(votes: pl.DataFrame) -> dict[int, int]:
    """Subject to how many people have answered it."""
    return dict(votes.group_by("subject").agg(pl.col("volunteer").n_unique()).iter_rows())


def _signal(reason: Reason, task: str) -> dict[str, Any]:
    """As JSON has it. task: whose answers the reason names."""
    facts = {
        name: None if isinstance(fact, float) and math.isnan(fact) else fact
        for name, fact in reason.facts.items()
    }
    return {"code": reason.code, "task": task, "facts": facts}


def _store(run: AttributeRun, task: str, found: tuple[Odd, ...], finders: Finders) -> None:
    """What stands out no more is taken off the list, unless the team has said something of it."""
    kept = {int(odd.item): odd for odd in found}
    here = {row.subject_id: row for row in UnusualObject.objects.filter(workflow=run.workflow)}
    gone = [row.pk for subject, row in here.items() if subject not in kept]
    said = set(FollowUp.objects.filter(unusual__in=gone).values_list("unusual_id", flat=True))
    UnusualObject.objects.filter(pk__in=set(gone) - said).delete()
    UnusualObject.objects.filter(pk__in=said).update(score=0.0, signals=[], run=run)
    rows = []
    for subject, odd in kept.items():
        row = here.get(subject) or UnusualObject(
            workflow=run.workflow, project_id=run.workflow.project_id, subject_id=subject
        )
        row.run, row.score = run, odd.surprise
        row.signals = [_signal(reason, task) for reason in odd.reasons]
        row.finders = finders.get(subject, [])
        rows.append(row)
    fields = ["run", "score", "signals", "finders"]
    UnusualObject.objects.bulk_create([row for row in rows if row.pk is None], batch_size=500)
    UnusualObject.objects.bulk_update([row for row in rows if row.pk is not None], fields, batch_size=500)
