"""What a version says of open subjects: rows that pages and bands read. Workers only."""

from collections.abc import Sequence

import numpy as np

from mining.learn_frames import Sources
from mining.models import MOST_TOLD, ModelVersion, Prediction
from mining.science.classifiers import Classifier
from mining.science.classifiers.blocks import Raw, rows_of
from mining.science.classifiers.model import Told
from mining.science.classifiers.neighbours import nearest
from projects.models import Classification, SubjectState, Use, Workflow


def open_subjects(workflow: Workflow) -> list[int]:
    """Those to tell of; of more than that the first of the ring, which is a random order."""
    states = SubjectState.objects.filter(workflow=workflow, use=Use.WORK, retired_at__isnull=True)
    return list(states.order_by("shuffle", "subject_id").values_list("subject_id", flat=True)[:MOST_TOLD])


def tell_all(
    version: ModelVersion,
    made: Classifier,
    sources: Sources,
    raws: dict[str, Raw],
    open_now: list[int],
    seen: np.ndarray,
) -> None:
    """Of all open subjects. seen: rows that it learnt from, told as by the heads that never saw their votes."""
    at = np.searchsorted(sources.subjects, sorted(open_now))
    told = made.tell({name: rows_of(raws[name], at) for name in made.blocks})
    near: list[list[list[float]]] = [[] for _ in at]
    if made.crossfitted_ is not None:
        own = {row: place for place, row in enumerate(seen.tolist())}
        for place, row in enumerate(at.tolist()):
            if row in own:
                for mine, theirs in zip(
                    (told.shares, told.strength, told.probabilities),
                    (made.crossfitted_.shares, made.crossfitted_.strength, made.crossfitted_.probabilities),
                    strict=True,
                ):
                    mine[place] = theirs[own[row]]
        columns = made.columns(raws)
        near = [
            [[sources.subjects[row], round(likeness, 4)] for row, likeness in found]
            for found in nearest(columns, at, seen)
        ]
    Prediction.objects.filter(version=version).delete()
    _keep(version, [sources.subjects[row] for row in at.tolist()], told, near)


def tell_again(workflow: Workflow, version: ModelVersion, made: Classifier) -> list[int]:
    """Of what is open now and was not told of; returns of which. What it learnt from keeps what was told when it was
    trained; what was finished then and is open again, and may have been learnt from, is not told of."""
    known = set(version.predictions.values_list("subject_id", flat=True))
    new = [subject for subject in open_subjects(workflow) if subject not in known]
    answered = Classification.objects.filter(
        workflow=workflow, subject__in=new, received_at__lt=version.made_at
    )
    own = set(answered.values_list("subject_id", flat=True))
    new = [subject for subject in new if subject not in own]
    if new:
        sources = Sources(workflow, new)
        raws = {name: sources.raw(name) for name in made.blocks}
        told = made.tell(raws)
        _keep(version, sources.subjects, told, [[] for _ in sources.subjects])
    return new


def _keep(
    version: ModelVersion, subjects: Sequence[int], told: Told, near: Sequence[list[list[float]]]
) -> None:
    """A row a subject, in the order of what is told and who is near."""
    top = told.probabilities.max(axis=1, initial=0.0)
    Prediction.objects.bulk_create(
        [
            Prediction(
                version=version,
                subject_id=subject,
                probabilities=[round(p, 6) for p in told.probabilities[at].tolist()],
                shares=[round(p, 6) for p in told.shares[at].tolist()],
                strength=float(told.strength[at]),
                top=float(top[at]),
                neighbours=near[at],
            )
            for at, subject in enumerate(subjects)
        ],
        batch_size=1000,
    )
