"""Weigh all votes of a workflow in one batch, and store the run with all that is needed to do it again."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import transaction

from mining.ballots import answers_of, task_of
from mining.frames import Sheets, position_of, seconds_frame, standing_weights
from mining.kinds import KINDS
from mining.lake.read import read_frames
from mining.models import Consensus, Run
from mining.science.consensus import DEFAULT
from mining.science.consensus import method as make_method
from mining.science.votes import Codes, Votes, encode
from mining.science.weigh import Weighed, weigh
from mining.services.code_version import code_version
from mining.services.judge import judge, judge_more
from mining.services.merits import Paces, paces_of, store_merit
from mining.services.rank_members import ranking_of
from mining.services.runs import stop
from mining.services.schedules import publish_by_schedule
from mining.services.warm_start import START, check_start, method_for, parameters_of
from mining.services.working import Work, clear, worked_on
from projects.models import Workflow
from projects.services import get_version
from projects.tasks.base import NONE

if TYPE_CHECKING:
    import polars as pl

KNOWN = "known "
"""Before the id of a known subject, in the names of a fit's items."""


def mine(
    workflow: Workflow,
    *,
    method: str = DEFAULT,
    seed: int = 0,
    position: int | None = None,
    parameters: dict[str, float] | None = None,
    start: Run | None = None,
    at_end: Callable[[Run], object] | None = None,
) -> Run:
    """A run over the counted votes up to a ledger position (its end), each question apart; see `work`.

    `start`: the earlier run whose answers it starts from; ValueError where the method can't, or that run.
    """
    known = make_method(method, **(parameters or {})).get_params()
    if start is not None:
        check_start(start, workflow.pk, method)
        known[START] = start.pk
    run = Run(
        workflow=workflow,
        method=method,
        parameters=known,
        code_version=code_version(),
        position=position_of(workflow.pk) if position is None else position,
        seed=seed,
        status=Run.Status.WAITING,
    )
    try:
        work(run, at_end)
    except KeyboardInterrupt:  # by hand: who ends it wants it ended
        stop(run)
        clear(run.pk)
        raise
    return run


def work(run: Run, at_end: Callable[[Run], object] | None = None) -> None:
    """Do a run that waits, or a new one, not saved yet; nothing where another process does it, or it has ended.
    `at_end` has the last word before it is done: its charts are drawn by then, or it is taken up again.

    Texts are put together letter by letter, whatever the method; a person's merit is not drawn from them.

    The same method, parameters, code, position and seed give the same rows. `seed` draws the parts of
    cross-validations, the halves of the test for spread and the order of votes in convergence. Where `LEAST_GOLD`
    known subjects have un-helped answers, certainty is given. A run that fails is kept, with the reason, and the error
    is raised. Questions that an earlier process has stored are not done again. Evidence is left to the online state.
    """
    with worked_on(run) as doing:
        if doing is not None:
            run.parameters = parameters_of(run)
            run.save(update_fields=["parameters"])
            _all_questions(run, doing)
            if at_end:
                at_end(run)
            with transaction.atomic():
                doing.finish()
                run.refresh_from_db()
                publish_by_schedule(run)


def _all_questions(run: Run, doing: Work) -> None:
    found = read_frames(run.workflow_id, run.position)
    once = ["task", "subject", "volunteer"]
    frame = found.votes.filter(found.votes["key"] != NONE).unique(once, keep="first", maintain_order=True)
    checks = found.checks.filter(found.checks["key"] != NONE)
    checks = checks.unique(once, keep="first", maintain_order=True)
    written = found.sheets
    paths = frame["task"].unique(maintain_order=True).to_list()
    main, paces = _main(frame), paces_of(seconds_frame(run.workflow_id, run.position))
    weights = standing_weights(run.workflow_id, run.position)
    doing.of(len(paths) + len(written))
    for path in paths:
        if doing.has(path):
            continue
        of_path, known = frame.filter(frame["task"] == path), checks.filter(checks["task"] == path)
        with doing.question(path) as report:
            report |= _weigh(run, path, of_path, known, paces, weights, more=path == main)
    for task, subjects in written.items():
        if not doing.has(task):
            with doing.question(task) as report:
                report |= _put_together(run, task, subjects)


def _main(frame: "pl.DataFrame") -> str | None:
    """The question that every answer comes to, of which more is told: the first of the newest version that a vote
    names, whatever is published while the run goes on."""
    if frame.is_empty():
        return None
    newest = max(frame["version"].unique().to_list())
    first = get_version(newest).definition.first_task
    return next((path for path in frame["task"].unique(maintain_order=True) if task_of(path) == first), None)


def _weigh(
    run: Run,
    path: str,
    frame: "pl.DataFrame",
    checks: "pl.DataFrame",
    paces: Paces,
    weights: dict[int, float],
    *,
    more: bool,
) -> dict[str, Any]:
    """One question: fit, then its rows of consensus and merit. Answers on known subjects teach; those get no rows.
    weights: of persons who weigh less."""
    votes, gold = votes_of(path, frame, checks, weights)
    found = weigh(votes, method_for(run, path, votes), gold, seed=run.seed)
    report = judge(votes, found, seed=run.seed)
    if more:
        report |= judge_more(votes, found, frame["at"], seed=run.seed) | {"main": True}
    times = [*frame["at"], *checks["at"]]
    report |= ranking_of(run.workflow_id, path, frame, weights)
    store_merit(run, path, votes, found, times, paces)
    _store_consensus(run, path, votes, found)
    return report


def votes_of(
    path: str, frame: "pl.DataFrame", checks: "pl.DataFrame", weights: dict[int, float]
) -> tuple[Votes, Codes | None]:
    """Counted votes with those on known subjects, as items of their own; the known answer of each item or -1. weights:
    of persons who weigh less."""
    known = [f"{KNOWN}{subject}" for subject in checks["subject"]]
    votes = encode(
        [*map(str, frame["subject"]), *known],
        [*frame["volunteer"], *checks["volunteer"]],
        [*frame["key"], *checks["key"]],
        labels=_labels(path, frame),
        learned=[*frame["first"], *[True] * len(checks)],
    )
    if weights:
        of_all = [weights.get(int(person), 1.0) for person in votes.volunteers]
        votes = replace(votes, weights=np.array(of_all))
    if not known:
        return votes, None
    truths = dict(zip(known, checks["truth"], strict=True))
    keys = {str(key): code for code, key in enumerate(votes.labels)}
    codes = [keys.get(truths.get(str(item), ""), -1) for item in votes.items]
    return votes, np.asarray(codes, dtype=np.int32)


def _store_consensus(run: Run, path: str, votes: Votes, found: Weighed) -> None:
    spread, effective = found.dispersion.tolist(), found.effective_votes.tolist()
    undecided = found.undecided.tolist()
    sure = found.certainty.tolist() if found.calibration else [None] * len(spread)
    fitted = found.fitted
    tallies = votes.tallies().sum(axis=1).astype(int).tolist()
    keys = [str(key) for key in votes.labels]
    Consensus.objects.bulk_create(
        [
            Consensus(
                run=run,
                subject_id=int(subject),
                task=path,
                key=keys[leading],
                probability=p[leading],
                certainty=sure[at],
                dispersion=spread[at],
                effective_votes=effective[at],
                undecided=undecided[at],
                votes=tallies[at],
                probabilities=dict(zip(keys, p, strict=True)),
            )
            for at, (subject, leading, p) in enumerate(
                zip(votes.items, fitted.labels_.tolist(), fitted.probabilities_.tolist(), strict=True)
            )
            if not str(subject).startswith(KNOWN)
        ],
        batch_size=1000,
    )


def _labels(path: str, frame: "pl.DataFrame") -> list[str]:
    """The answers offered in any version that a vote names, in the order in which they came up."""
    keys: dict[str, None] = {}
    for version in frame["version"].unique(maintain_order=True).to_list():
        definition = get_version(version).definition
        if task_of(path) in definition.tasks:
            keys.update(dict.fromkeys(answers_of(definition, path)))
    return list(keys)


def _put_together(run: Run, task: str, subjects: Sheets) -> dict[str, Any]:
    """One task whose answers are no votes on keys: its rows of consensus."""
    by_kind: dict[str, Sheets] = {}  # a version may have asked for another
    for subject, (sheet, body) in subjects.items():
        if sheet.texts:
            by_kind.setdefault(body.kind, {})[subject] = sheet, body
    rows = [
        Consensus(
            run=run,
            subject_id=subject,
            task=task,
            key=found.key,
            value=found.value,
            probability=found.probability,
            probabilities=found.probabilities,
            certainty=None,  # such answers are not calibrated
            dispersion=found.dispersion,
            effective_votes=found.effective_votes,
            undecided=found.undecided,
            votes=len(subjects[subject][0].texts),
        )
        for kind, of_kind in by_kind.items()
        for subject, found in KINDS[kind].batch(of_kind).items()
    ]
    Consensus.objects.bulk_create(rows, batch_size=1000)
    writers = {person for sheet, _ in subjects.values() for person in sheet.writers}
    return {
        "kind": ", ".join(by_kind),
        "subjects": len(rows),
        "volunteers": len(writers),
        "votes": sum(row.votes for row in rows),
    }
