"""Where the cuts of a workflow's bands lie: from what people decided of subjects that no classifier learns from.

Workers only: the champion tells of those subjects anew.
"""

from collections.abc import Sequence

import numpy as np
from django.utils import timezone

from mining.learn_frames import Sources
from mining.models import Band, BandCut, ModelVersion, Prediction
from mining.science.bands import Tested, candidates, choose_cut
from mining.science.classifiers import Classifier
from mining.science.classifiers.audit import is_held_back
from mining.science.confusion import Array
from mining.services.band_work import holds, meaning_of, places_of, sort
from projects.models import Decision, Triage, Workflow

PEOPLE = (Decision.Kind.PEOPLE, Decision.Kind.PERSON)


def cut_bands(workflow: Workflow, version: ModelVersion, made: Classifier) -> int:
    """A new cut of each band that is not closed, for this champion; returns how many subjects judge.

    They judge whose hash holds them back from every training and on whom people's verdict stands, volunteers' or a
    moderator's. A band without a cut takes nothing from then on, though it is live: people get the subjects.
    """
    bands = list(workflow.bands.exclude(state=Band.State.CLOSED))
    triage = Triage.objects.filter(workflow=workflow, task=version.task).first()
    if not bands or triage is None:
        return 0
    subjects, verdicts = people_said(workflow)
    held = _held_back(workflow, subjects)
    judging = [subject for subject in subjects if subject in held]
    said = [verdicts[subject] for subject in judging]
    told = _tell(workflow, made, judging)
    others = _others(version, set(judging))
    for band in bands:
        _cut(band, version, triage, (told, said), others)
    return len(judging)


def people_said(workflow: Workflow) -> tuple[list[int], dict[int, str]]:
    """Subjects, ascending, with the verdict of people that stands for everywhere."""
    rows = Decision.objects.filter(workflow=workflow).standing()
    verdicts = {
        subject: verdict
        for subject, region, kind, verdict in rows.values_list("subject_id", "region_id", "kind", "verdict")
        if not region and kind in PEOPLE
    }
    return sorted(verdicts), verdicts


def _held_back(workflow: Workflow, subjects: Sequence[int]) -> set[int]:
    groups = Sources(workflow, subjects).groups()
    return {subject for subject, group in zip(subjects, groups, strict=True) if is_held_back(group)}


def _tell(workflow: Workflow, made: Classifier, subjects: list[int]) -> Array:
    """[N, K], rounded as predictions are."""
    if not subjects:
        return np.empty((0, len(made.answers)))
    sources = Sources(workflow, subjects)
    return np.round(made.tell({name: sources.raw(name) for name in made.blocks}).probabilities, 6)


def _others(version: ModelVersion, judging: set[int]) -> Array:
    """[M, K]: what the version says of subjects that judge nothing."""
    rows = Prediction.objects.filter(version=version).values_list("subject_id", "probabilities")
    told = [probabilities for subject, probabilities in rows.iterator() if subject not in judging]
    return np.array(told, dtype=float).reshape(-1, len(version.answers))


def _cut(
    band: Band, version: ModelVersion, triage: Triage, judged: tuple[Array, list[str]], others: Array
) -> None:
    told, said = judged
    places = places_of(band.verdicts, version.answers, triage.verdicts)
    scores = told[:, places].sum(axis=1)
    right = np.array([verdict in band.verdicts for verdict in said], dtype=float)
    thresholds = candidates(others[:, places].sum(axis=1), len(said), band.wanted)
    found = choose_cut(scores, right, thresholds, band.wanted)
    best = found.best or Tested(0.0, 0, 0, 0.0)
    cut = BandCut(
        band=band,
        edition=band.edition,
        version=version,
        meaning=meaning_of(triage),
        threshold=found.threshold,
        why=found.why,
        hits=best.hits,
        of=best.of,
        low=best.low,
        judging=len(said),
        tried=[[each.threshold, each.hits, each.of, round(each.low, 6)] for each in found.tried],
        at=timezone.now(),
    )
    cut.holds = holds(band.workflow, cut) if found.threshold is not None else 0
    cut.save()
    Band.objects.filter(pk=band.pk, edition=band.edition).update(cut=cut)
    if band.acts and found.threshold is not None:
        sort(band.workflow, cut)
