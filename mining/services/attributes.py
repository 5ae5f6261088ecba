"""Which catalogue attributes go with an answer, and which make a subject disputed: one run, its rows and pictures."""

import math
from dataclasses import asdict
from typing import Any

import numpy as np

from mining.ballots import task_of
from mining.models import AttributeGain, AttributeRun
from mining.reports.attribute_charts import Found, draw
from mining.science.attributes.columns import AttributesError, AttributeTable, Note
from mining.science.attributes.gain import Gain, Gains, gains, labelled
from mining.science.attributes.labels import Labels, of_shares
from mining.science.attributes.redundancy import Step, alike, chosen, groups
from mining.science.attributes.table import attribute_table
from mining.science.attributes.told import left_out, warnings
from mining.science.attributes.tree import grow, text
from mining.science.disputed import corners
from mining.science.separation import Separations, separate
from mining.services.attribute_charts import store_charts
from mining.services.attribute_runs import Told, worked_on
from mining.subject_frames import Said, attributes_of, said_of
from projects.exports.catalogue import all_tasks

STEPS = 6
COMPARED = 60
"""Attributes, the best first, of which is asked which say the same."""

SUBSETS = 3
"""Attributes at most in a subset that separates the answers."""

LEAST = 5
"""Subjects from which anything is said at all."""


def work(run: AttributeRun) -> None:
    """Do a run that waits; nothing where another process does it, or it has ended. The same consensus, attributes,
    code and seed give the same rows. Raises AttributesError for a question that can't be answered, which the run keeps
    as its reason."""
    with worked_on(run) as told:
        if told is not None:
            _look(run, told)


def _look(run: AttributeRun, told: Told) -> None:
    told(0, STEPS)
    said = said_of(run.workflow, run.task, run.consensus, with_open=run.with_open)
    if len(said) < LEAST:
        raise AttributesError(
            f"only {len(said)} subjects have a consensus on this question: wait until {LEAST} have"
            + ("" if run.with_open else " and are finished, or take open ones too")
        )
    frame, notes = attributes_of(run.workflow, said.subjects)
    if not frame.width:
        raise AttributesError("the project has no catalogue attributes: import a table first")
    table = attribute_table(frame)
    labels = _labels(said, run.key)
    told(1, STEPS)
    found = gains(table, labels, seed=run.seed)
    told(2, STEPS)
    disputed = _disputed(table, said, run.seed)
    told(3, STEPS)
    rows = labelled(table, labels)
    best = [each.attribute for each in found.rows if each.kind != "missing"][:COMPARED]
    compared = alike(rows, best, seed=run.seed)
    same, steps = groups(compared), chosen(rows, labels, best, seed=run.seed)
    apart = _separate(table, labels, run.seed)
    told(4, STEPS)
    _store(run, found, same, steps)
    whole = Found(run, said, labels, table, found, disputed, _words(run), compared, apart)
    run.report = _report(said, found, disputed, notes) | {
        "redundancy": True,
        "tree": text(grow(rows, labels), labels.classes),
        "chosen": [[step.attribute, round(step.bits, 5), round(step.total, 5)] for step in steps],
        "separation": _separation(apart),
    }
    told(5, STEPS)
    store_charts(run, draw(whole))
    told(STEPS, STEPS)


def _labels(said: Said, key: str) -> Labels:
    if not key:
        return of_shares(said.shares, said.classes)
    if key not in said.classes:
        raise AttributesError(f"the question has no answer {key}")
    share = said.shares[:, said.classes.index(key)]
    return of_shares(np.column_stack([1 - share, share]), ("not " + key, key))


def _disputed(table: AttributeTable, said: Said, seed: int) -> Gains | None:
    """What the attributes tell of dispersion, taken as the share of being disputed; None where all agree."""
    spread = np.clip(said.dispersion, 0.0, 1.0)
    try:
        return gains(
            table, of_shares(np.column_stack([1 - spread, spread]), ("agreed", "disputed")), seed=seed
        )
    except AttributesError:
        return None


def _separate(table: AttributeTable, labels: Labels, seed: int) -> Separations | None:
    """Of an answer against all others; None where there are more classes, or too few rows to learn from."""
    try:
        return separate(table, labels, max_subset=SUBSETS, shown=5, seed=seed)
    except AttributesError:
        return None


def _separation(apart: Separations | None) -> dict[str, Any] | None:
    if apart is None:
        return None
    rows: list[list[Any]] = [
        [
            list(each.attributes), *map(finite, (each.separation, each.held_back, each.low, each.high)),
            finite(each.median_mad), finite(each.mean_sd), each.missing, each.exact, each.disagree,
        ]
        for each in apart.rows
    ]  # fmt: skip
    single = [row for row in rows if len(row[0]) == 1]
    return {
        "single": single[:20], "subsets": [row for row in rows if len(row[0]) > 1], "tried": list(apart.tried),
        "learnt": apart.n_learnt, "left_out": left_out(apart.left_out),
    }  # fmt: skip


def _words(run: AttributeRun) -> dict[str, str]:
    """Answer key to its label."""
    task = all_tasks(run.workflow).get(task_of(run.task))
    return {choice.key: choice.label for choice in task.choices} if task else {}


def _store(
    run: AttributeRun, found: Gains, same: tuple[tuple[str, ...], ...], steps: tuple[Step, ...]
) -> None:
    run.gains.all().delete()
    leader = {name: group[0] for group in same for name in group[1:]}
    more = {step.attribute: step.bits for step in steps}
    rows = [_row(run, rank, each) for rank, each in enumerate(found.rows, start=1)]
    for row in rows:
        row.like, row.more_bits = leader.get(row.attribute, ""), more.get(row.attribute)
    AttributeGain.objects.bulk_create(rows)


def _row(run: AttributeRun, rank: int, each: Gain) -> AttributeGain:
    return AttributeGain(
        run=run, rank=rank, attribute=each.attribute, kind=each.kind, gain_bits=each.gain_bits, share=each.share,
        cut=_cut(each), corrected_bits=finite(each.corrected_bits), low=finite(each.low), high=finite(each.high),
        p_value=finite(each.p_family), q_value=finite(each.q), present=each.present, missing=each.missing,
    )  # fmt: skip


def _cut(each: Gain) -> str:
    """Where numbers are cut; the levels on the right side, of categories."""
    if each.threshold is not None:
        return f"{each.threshold:.5g}"
    return ", ".join(each.levels or ())[:500]


def finite(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _report(said: Said, found: Gains, disputed: Gains | None, notes: list[Note]) -> dict[str, object]:
    return {
        "subjects": len(said), "labelled": found.n_rows, "unlabelled": found.n_unlabelled,
        "classes": list(found.classes), "entropy": found.entropy, "permutations": found.permutations,
        "bootstraps": found.bootstraps, "max_null": finite(found.max_null), "calibrated": said.calibrated,
        "warnings": warnings([*notes, *found.warnings]), "left_out": left_out(found.left_out),
        "corners": asdict(corners(said.top, said.dispersion)),
        "disputed": [[each.attribute, each.gain_bits] for each in disputed.rows[:5]] if disputed else [],
    }  # fmt: skip
