"""Weigh all votes of a workflow in one batch, and store the run with all that is needed to do it again."""

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction
from django.utils import timezone

from mining.ballots import answers_of, task_of
from mining.frames import checks_frame, position_of, sheets, votes_frame
from mining.models import Consensus, Merit, Run
from mining.science.consensus import DEFAULT
from mining.science.consensus import method as make_method
from mining.science.consensus.text import consensus
from mining.science.merit import information, mean_skill, skill
from mining.science.uncertainty import dispersion, effective_votes_by_item, weighted_tallies
from mining.science.votes import Codes, Votes, encode
from mining.services.code_version import code_version
from mining.services.conclude import value_of
from mining.sheet import Sheet
from projects.models import Workflow
from projects.services import get_version
from projects.tasks.base import NONE

if TYPE_CHECKING:
    import polars as pl

    from mining.science.consensus.base import Consensus as Method


KNOWN = "known "
"""Before the id of a known subject, in the names of a fit's items."""


def mine(
    workflow: Workflow,
    *,
    method: str = DEFAULT,
    seed: int = 0,
    position: int | None = None,
    parameters: dict[str, float] | None = None,
) -> Run:
    """A run over the counted votes up to a ledger position (its end), each question apart.

    Texts are put together letter by letter, whatever the method; a person's merit is not drawn from them.

    The same method, parameters, code, position and seed give the same rows. `seed` is kept for what draws at random;
    nothing does so far. A run that fails is kept, with the reason, and the error is raised. Evidence is left to the
    online state.
    """
    position = position_of(workflow.pk) if position is None else position
    chosen = make_method(method, **(parameters or {}))
    run = Run.objects.create(
        workflow=workflow,
        method=method,
        parameters=chosen.get_params(),
        code_version=code_version(),
        position=position,
        seed=seed,
        started_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            frame = votes_frame(workflow.pk, position)
            frame = frame.filter(frame["key"] != NONE)
            checks = checks_frame(workflow.pk, position)
            checks = checks.filter(checks["key"] != NONE)
            for (path,), votes in frame.group_by("task", maintain_order=True):
                known = checks.filter(checks["task"] == path)
                _weigh(run, str(path), votes, known, make_method(method, **(parameters or {})))
            texts = sum(_put_together(run, task, of) for task, of in sheets(workflow.pk, position).items())
            run.votes, run.status = len(frame) + texts, Run.Status.DONE
    except Exception as error:
        run.status, run.message = Run.Status.FAILED, f"{type(error).__name__}: {error}"
        raise
    finally:
        run.finished_at = timezone.now()
        run.save()
    return run


def _weigh(run: Run, path: str, frame: "pl.DataFrame", checks: "pl.DataFrame", method: "Method") -> None:
    """One question: fit, then its rows of consensus and merit. Answers on known subjects teach; those get no rows."""
    votes, gold = _votes(path, frame, checks)
    method.fit(votes, gold)
    crowd, class_counts = method.counts_.sum(axis=0), method.probabilities_.sum(axis=0)
    skills = skill(method.counts_, mean_skill(crowd))
    bits = information(method.counts_, crowd, class_counts)
    cast = np.bincount(votes.volunteer, minlength=len(votes.volunteers))
    columns = [*skills, *bits, cast]
    Merit.objects.bulk_create(
        [
            Merit(
                run=run, volunteer_id=int(who), task=path,
                skill=s, skill_low=s0, skill_high=s1, bits=b, bits_low=b0, bits_high=b1, votes=n,
            )
            for who, s, s0, s1, b, b0, b1, n in zip(
                votes.volunteers, *(column.tolist() for column in columns), strict=True
            )
        ],
        batch_size=1000,
    )  # fmt: skip
    _store_consensus(run, path, votes, method, np.asarray(skills.value))


def _votes(path: str, frame: "pl.DataFrame", checks: "pl.DataFrame") -> tuple[Votes, Codes | None]:
    """Counted votes with those on known subjects, as items of their own; the known answer of each item or -1."""
    known = [f"{KNOWN}{subject}" for subject in checks["subject"]]
    votes = encode(
        [*map(str, frame["subject"]), *known],
        [*frame["volunteer"], *checks["volunteer"]],
        [*frame["key"], *checks["key"]],
        labels=_labels(path, frame),
        learned=[*frame["first"], *[True] * len(checks)],
    )
    if not known:
        return votes, None
    truths = dict(zip(known, checks["truth"], strict=True))
    keys = {str(key): code for code, key in enumerate(votes.labels)}
    codes = [keys.get(truths.get(str(item), ""), -1) for item in votes.items]
    return votes, np.asarray(codes, dtype=np.int32)


def _store_consensus(run: Run, path: str, votes: Votes, method: "Method", skills: np.ndarray) -> None:
    weights = skills[votes.volunteer]
    spread = dispersion(weighted_tallies(votes, weights)).tolist()
    effective = effective_votes_by_item(votes, weights).tolist()
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
                certainty=None,  # there are no known answers to calibrate with
                dispersion=spread[at],
                effective_votes=effective[at],
                votes=tallies[at],
                probabilities=dict(zip(keys, p, strict=True)),
            )
            for at, (subject, leading, p) in enumerate(
                zip(votes.items, method.labels_.tolist(), method.probabilities_.tolist(), strict=True)
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


def _put_together(run: Run, task: str, subjects: dict[int, tuple[Sheet, str]]) -> int:
    """One task of kind text: its rows of consensus. Returns how many texts those are."""
    rows = []
    for subject, (sheet, unclear) in subjects.items():
        if not sheet.texts:
            continue
        found = consensus(sheet.texts, unclear=unclear)
        rows.append(
            Consensus(
                run=run,
                subject_id=subject,
                task=task,
                value=value_of(found),
                certainty=None,  # there are no known answers to calibrate with
                dispersion=found.dispersion,
                effective_votes=found.effective_votes,
                votes=len(sheet.texts),
            )
        )
    Consensus.objects.bulk_create(rows, batch_size=1000)
    return sum(row.votes for row in rows)
