"""Which answers, attributes and volunteers' traits go together, and what is left of it where other things are equal.

Three lists of one run: answers and tags that one person gives to one subject (a row a vote), the same against who gives
them, and the subjects' consensus, tags and catalogue attributes with each other (a row a subject).
"""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from mining.frames import tags_frame
from mining.lake.read import read_frames
from mining.models import AttributeRun
from mining.reports.association_charts import draw
from mining.science.associations import LEVEL, Pair, verdict
from mining.science.attributes.columns import AttributesError
from mining.science.attributes.told import left_out, warnings
from mining.services.association_lists import Compared, of_subjects, of_votes
from mining.services.attribute_charts import store_charts
from mining.services.attribute_runs import Told, worked_on
from mining.vote_traits import Given, given_of, skills_of
from projects.exports.catalogue import all_tasks
from projects.models import Subject, SubjectState
from projects.services import get_version
from projects.tasks.tags import TAGS

if TYPE_CHECKING:
    import polars as pl

STEPS = 4
LEAST = 5
"""Subjects from which anything is said."""

MOST_VOTES = 500_000
"""Classifications; of more, whole subjects are drawn by the run's seed."""

KEPT, READ = 1000, 100
"""Pairs of a list in its file, and of these for the page: those with an answer, the strongest, first."""

STEP = 5000
SKY = ("ra", "dec")


def work(run: AttributeRun) -> None:
    """Do a run that waits; nothing where another process does it, or it has ended. The same record, consensus,
    attributes, code and seed give the same rows. Raises AttributesError for what can't be compared; the run
    keeps it."""
    with worked_on(run) as told:
        if told is not None:
            _look(run, told)


def _look(run: AttributeRun, told: Told) -> None:
    told(0, STEPS)
    workflow = run.workflow
    if workflow.published_id is None:
        raise AttributesError("the workflow is not published")
    first = get_version(workflow.published_id).definition.first_task
    votes = read_frames(workflow.pk, run.position).votes
    skills = skills_of(workflow.pk, first, run.consensus)
    given = _of_finished(run, given_of(votes, skills, _tagged(run)))
    taken = _some(given, run.seed)
    told(1, STEPS)
    sky = _sky(np.unique(given.subject).tolist())
    lists = of_votes(taken, sky, run.seed)
    told(2, STEPS)
    subjects, notes, left, quartiles = of_subjects(
        workflow, run.consensus, given, sky, with_open=run.with_open, seed=run.seed
    )
    run.report = {
        "subjects": len(np.unique(given.subject)), "votes": len(given), "taken": len(taken),
        "volunteers": len(np.unique(taken.volunteer)), "traits": list(taken.traits), "sky": len(sky),
        "quartiles": quartiles, "warnings": warnings(notes), "left_out": left_out(left),
    }  # fmt: skip
    found = {each.name: _told(each) for each in (*lists, subjects)}
    told(3, STEPS)
    store_charts(run, draw(run, found))
    run.report["lists"] = {name: each | {"pairs": each["pairs"][:READ]} for name, each in found.items()}
    told(STEPS, STEPS)


def _tagged(run: AttributeRun) -> "pl.DataFrame | None":
    """Tags on subjects that may be told of; which of them are common is told by these alone."""
    if all(task.kind != TAGS for task in all_tasks(run.workflow).values()):
        return None
    tagged = tags_frame(run.workflow_id, run.position)
    return tagged if run.with_open else tagged.filter(tagged["subject"].is_in(_finished(run)))


def _finished(run: AttributeRun) -> list[int]:
    finished = SubjectState.objects.filter(workflow=run.workflow_id, retired_at__isnull=False)
    return list(finished.values_list("subject_id", flat=True))


def _of_finished(run: AttributeRun, given: Given) -> Given:
    if not run.with_open:
        given = given.take(np.isin(given.subject, _finished(run)))
    n = len(np.unique(given.subject))
    if n < LEAST:
        raise AttributesError(
            f"only {n} subjects have answers{'' if run.with_open else ' and are finished'}: wait until {LEAST} have"
            + ("" if run.with_open else ", or take open ones too")
        )
    return given


def _some(given: Given, seed: int) -> Given:
    if len(given) <= MOST_VOTES:
        return given
    subjects, counts = np.unique(given.subject, return_counts=True)
    order = np.random.default_rng([seed, 11]).permutation(len(subjects))
    kept = subjects[order[: int(np.searchsorted(np.cumsum(counts[order]), MOST_VOTES))]]
    return given.take(np.isin(given.subject, kept))


def _sky(subjects: list[int]) -> dict[int, tuple[float, float]]:
    """Of the subjects with numbers under `ra` and `dec` (degrees, in any case), among attributes or metadata."""
    found: dict[int, tuple[float, float]] = {}
    for at in range(0, len(subjects), STEP):
        rows = Subject.objects.filter(pk__in=subjects[at : at + STEP])
        for pk, attributes, metadata in rows.values_list("pk", "attributes", "metadata"):
            here = {str(key).lower().lstrip("#"): value for key, value in (metadata | attributes).items()}
            try:
                place = float(here[SKY[0]]), float(here[SKY[1]])
            except (KeyError, TypeError, ValueError):
                continue
            if math.isfinite(place[0]) and -90 <= place[1] <= 90:
                found[pk] = place
    return found


def _told(found: Compared) -> dict[str, Any]:
    """As JSON has it. A pair: places of its flags in `flags`, [rows, both, a, b], [lift, bits, low, high], [p, q], and
    by confounder [rows, alone, bits, low, high, p, q]."""
    answer = [flag[0] == "answer" for flag in found.flags]
    pairs = sorted(found.pairs, key=lambda pair: not (answer[int(pair.a)] or answer[int(pair.b)]))
    confounders = list(dict.fromkeys(name for pair in pairs for name in pair.left))
    return {
        "unit": found.unit, "rows": found.rows, "flags": [list(flag) for flag in found.flags],
        "rare": found.rare, "compared": len(pairs), "confounders": confounders,
        "beyond_chance": sum(pair.q <= LEVEL for pair in pairs),
        "pairs": [_pair(pair) for pair in pairs[:KEPT]],
    }  # fmt: skip


def _pair(pair: Pair) -> dict[str, Any]:
    left = {
        name: [each.rows, *map(_number, (each.alone, each.bits, each.low, each.high, each.p, each.q))]
        for name, each in pair.left.items()
    }
    return {
        "a": int(pair.a), "b": int(pair.b), "counts": [pair.rows, pair.both, pair.n_a, pair.n_b],
        "alone": [_number(each) for each in (pair.lift, pair.bits, pair.low, pair.high)],
        "p": [_number(pair.p), _number(pair.q)], "left": left, "verdict": list(verdict(pair)),
    }  # fmt: skip


def _number(value: float) -> float | None:
    """None for what JSON has no number for: -infinity, the bits of what never came together."""
    return float(f"{value:.6g}") if math.isfinite(value) else None
