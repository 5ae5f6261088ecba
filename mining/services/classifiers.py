"""Train the classifiers of a workflow from its votes: snapshot, embeddings, fit, gate, predictions. Workers only.

A run trains one classifier a question that can be learnt. The votes are those up to a position; subjects whose hash
says so are held back from every classifier, for good, and judge it. What is promoted tells of all open subjects. The
rows of a run are one transaction, so a killed worker leaves the champion; embeddings are kept as they come. Two
trainings of one workflow wait for each other.
"""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from mining.frames import standing_weights
from mining.lake.read import read_frames
from mining.learn_frames import Counted, Sources, counted
from mining.models import AttributeRun, ModelVersion
from mining.reports.classifier_charts import reliability
from mining.science.classifiers import Classifier, ClassifierError, Told, Verdict, judge, score
from mining.science.classifiers.audit import is_held_back
from mining.science.classifiers.blocks import Raw, rows_of
from mining.science.classifiers.encoders import ENCODERS, EncoderMissing, best
from mining.services import priors
from mining.services.attribute_charts import store_charts
from mining.services.attribute_runs import Told as Tell
from mining.services.attribute_runs import worked_on
from mining.services.band_cuts import cut_bands
from mining.services.band_work import sort_all
from mining.services.bands import speaker
from mining.services.champions import ArtefactError, champion, load, put_in_place, store
from mining.services.outside import questions
from mining.services.telling import open_subjects, tell_again, tell_all

LOCK = 0x4C45524E  # "LERN": one training of a workflow at a time
LEAST = 40
"""Subjects with votes on a question, under which it is not learnt."""
MOST = 100_000
"""Subjects that are learnt from: those with the smallest hashes."""


class NothingToLearn(ValueError):
    """The message says what is missing."""


@dataclass(frozen=True)
class Learning:
    """One question: rows of `sources.subjects` that are learnt from and held back, with their counts."""

    path: str
    answers: list[str]
    seen: np.ndarray
    held: np.ndarray
    counts: np.ndarray
    held_counts: np.ndarray
    data_hash: str


def work(run: AttributeRun) -> None:
    """Do a run that waits; nothing where another process does it, or it has ended.

    A run with a version in its parameters trains nothing: it lets that one tell of what is open now, with `cuts` finds
    the cuts of the workflow's bands, with `priors` gives all that it says to the consensus, not only what is new.
    """
    with worked_on(run) as told:
        if told is not None:
            told(0, 1)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, run.workflow_id])
            version = run.parameters.get("version")
            if version is None:
                _train(run, told)
            else:
                _tell_again(run, ModelVersion.objects.get(pk=version, workflow=run.workflow))


def _tell_again(run: AttributeRun, version: ModelVersion) -> None:
    made = load(version)
    new = tell_again(run.workflow, version, made)
    run.report = {"version": version.pk, "told": len(new)}
    priors.give(version, None if run.parameters.get("priors") else new)
    if version.state == ModelVersion.State.CHAMPION:
        if run.parameters.get("cuts"):
            run.report["judging"] = cut_bands(run.workflow, version, made)
        else:
            sort_all(run.workflow)


def _train(run: AttributeRun, told: Tell) -> None:
    workflow = run.workflow
    if workflow.published_id is None:
        raise NothingToLearn("the workflow is not published")
    votes = read_frames(workflow.pk, run.position).votes
    weights = standing_weights(workflow.pk, run.position)
    counts = {path: counted(votes, path, answers, weights) for path, answers in questions(workflow).items()}
    enough = {path: each for path, each in counts.items() if len(each.subjects) >= LEAST}
    if not enough:
        most = max((len(each.subjects) for each in counts.values()), default=0)
        raise NothingToLearn(
            f"only {most} subjects have votes on a question of choices: wait until {LEAST} have"
        )
    open_now = open_subjects(workflow)
    sources = Sources(
        workflow, {*open_now, *(subject for each in enough.values() for subject in each.subjects)}
    )
    picture, why = _encoder(run)
    names = sources.names(picture)
    if not names:
        raise NothingToLearn(
            "the subjects have no picture, no text and no attributes that a classifier could see"
        )
    steps = len(sources.subjects) + len(enough)
    raws = {name: sources.raw(name, lambda done: told(done, steps)) for name in names}
    report: dict[str, Any] = {"questions": {}, "sources": names, "why_not_better": why}
    report["unread"] = sum(sources.missing_pictures(name) for name in names)
    for number, (path, each) in enumerate(enough.items()):
        told(len(sources.subjects) + number, steps)
        learning = _learning(path, questions(workflow)[path], each, sources)
        report["questions"][path] = _learn(run, learning, sources, raws, open_now)
    report["left_out"] = {path: len(each.subjects) for path, each in counts.items() if path not in enough}
    run.report = report
    speaks = speaker(workflow)
    if speaks is not None and workflow.bands.exists():
        made, _why = _loaded(speaks)
        if made is not None:
            cut_bands(workflow, speaks, made)


def _encoder(run: AttributeRun) -> tuple[str, str]:
    """The encoder of pictures: the one asked for, else the best that can be used here; and what a better one lacks."""
    asked = run.parameters.get("encoder")
    return (str(asked), "") if asked in ENCODERS else best()


def _learning(path: str, answers: list[str], each: Counted, sources: Sources) -> Learning:
    """Held back is by what a subject shows, so that no copy of it is learnt from."""
    groups = sources.groups()
    rows = np.searchsorted(sources.subjects, each.subjects)
    held = np.array([is_held_back(groups[row]) for row in rows.tolist()])
    counts = each.counts
    if len(rows) > MOST:
        order = np.argsort([hashlib.sha256(groups[row].encode()).digest() for row in rows.tolist()])[:MOST]
        keep = np.sort(order)
        rows, held, counts = rows[keep], held[keep], counts[keep]
    digest = hashlib.sha256(np.asarray(each.subjects, dtype="<i8").tobytes() + counts.astype("<f8").tobytes())
    return Learning(path, answers, rows[~held], rows[held], counts[~held], counts[held], digest.hexdigest())


def _learn(
    run: AttributeRun, learning: Learning, sources: Sources, raws: dict[str, Raw], open_now: list[int]
) -> dict[str, Any]:
    """One question: what the run says of it. A question that can't be learnt says why, and stops no other."""
    groups = sources.groups()
    old = champion(run.workflow, learning.path)
    old_made, cant = _loaded(old)
    seen = {name: rows_of(raw, learning.seen) for name, raw in raws.items()}
    try:
        made = Classifier.fit(
            seen,
            learning.counts,
            learning.answers,
            groups=[groups[row] for row in learning.seen.tolist()],
            seed=run.seed,
            start=old_made,
        )
    except ClassifierError as error:
        return {"not_learnt": str(error)}
    new_told = made.tell({name: rows_of(raw, learning.held) for name, raw in raws.items()})
    old_told: Told | None = None
    if old_made is not None and old_made.answers == learning.answers:
        try:
            old_told = old_made.tell(
                {name: rows_of(sources.raw(name), learning.held) for name in old_made.blocks}
            )
        except EncoderMissing as missing:
            return {
                "not_learnt": f"the champion's encoder can't be used here, so nothing can replace it: {missing}"
            }
    verdict = judge(
        new_told, old_told, learning.counts, learning.held_counts, learning.answers, seed=run.seed
    )
    version = _keep(run, learning, made, verdict, old, list(raws))
    drawing = reliability(version)
    if drawing is not None:
        store_charts(run, [(chart_name(version), _("Reliability"), drawing)])
    if verdict.promoted:
        put_in_place(version)
        tell_all(version, made, sources, raws, open_now, learning.seen)
        priors.give(version)
    return {"version": version.pk, "state": version.state, "champion_unreadable": cant}


def chart_name(version: ModelVersion) -> str:
    """Of the picture of its reliability, among those of its run."""
    return f"reliability-{version.pk}"


def _loaded(old: ModelVersion | None) -> tuple[Classifier | None, str]:
    """And why it can't be read, where it can't: then nothing is compared with it."""
    if old is None:
        return None, ""
    try:
        return load(old), ""
    except ArtefactError as error:
        return None, str(error)


def _keep(
    run: AttributeRun,
    learning: Learning,
    made: Classifier,
    verdict: Verdict,
    old: ModelVersion | None,
    sources: list[str],
) -> ModelVersion:
    metrics: dict[str, Any] = {"against": verdict.against, "difference": verdict.difference}
    metrics["audit"] = asdict(verdict.scores) if verdict.scores else None
    if made.crossfitted_ is not None:
        metrics["crossfitted"] = asdict(score(made.crossfitted_, learning.counts, seed=run.seed))
    version = ModelVersion(
        workflow=run.workflow,
        task=learning.path,
        run=run,
        parent=old,
        state=ModelVersion.State.RETIRED if verdict.promoted else ModelVersion.State.REFUSED,
        reasons=[list(reason) for reason in verdict.reasons],
        answers=learning.answers,
        sources=sources,
        position=run.position,
        data_hash=learning.data_hash,
        subjects=len(learning.seen),
        audit=len(learning.held),
        votes=float(learning.counts.sum()),
        seed=run.seed,
        code_version=run.code_version,
        metrics=_plain(metrics),
        made_at=timezone.now(),
    )
    version.artefact = store(version, made)
    version.save()
    return version


def _plain(value: Any) -> Any:
    """As JSON has it: no NaN."""
    if isinstance(value, float):
        return None if np.isnan(value) else value
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
