"""A simulated crowd on a project: lets a demo show results; marked as simulated, taken away by one call."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mining.lake.history import forget as forget_lake
from mining.models import AttributeRun, Chart, Run, UnusualObject
from mining.science.simulate import SimulatedClassification, Walker, make_crowd
from mining.services.follow import follow
from mining.services.rebuild import forget
from mining.services.simulated_pairs import remove_judgements
from mining.services.simulated_truth import rules_of, truth_table, wear_table
from projects.models import (
    Classification,
    Lane,
    Project,
    Subject,
    SubjectState,
    Use,
    Volunteer,
    WorkflowVersion,
)
from projects.services import Submission, record_classification
from projects.services.remove_simulated import remove_simulated
from projects.services.volunteers import CONSENT_VERSION, Pass

NAMESPACE = uuid.UUID("6f6f7277-6572-7021-8a00-73696d756c61")
"""Of the ids made here: the same seed names the same volunteers, so a second run adds nothing."""

FAR_ALONG = 1 / 3


@dataclass(frozen=True)
class Added:
    """How many new classifications, by how many simulated volunteers (of `volunteers` asked for)."""

    classifications: int
    volunteers: int


@transaction.atomic
def add_crowd(project: Project, *, volunteers: int = 60, answers: float = 5.0, seed: int = 1) -> Added:
    """Lets `volunteers` simulated people answer each open subject about `answers` times (Poisson), in every workflow.

    A third of the subjects is far along, with four times as many: as midway through a real project, some are finished.

    All through `record_classification`, as people's answers, in one transaction. Who they are and what they say
    follows from the seed; the answers are received now. A subject that is retired on the way gets no more.
    Safe to repeat: with the same seed only what is missing is added.
    """
    crowd = make_crowd(volunteers, seed=seed)
    names = [_name(project, seed, volunteer) for volunteer in range(volunteers)]
    known = set(Volunteer.objects.filter(public_id__in=names).values_list("public_id", flat=True))
    Volunteer.objects.bulk_create(
        [Volunteer(public_id=name, simulated=True) for name in names if name not in known]
    )
    rules = rules_of(project.slug)
    stored = 0
    for number, workflow in enumerate(project.workflows.order_by("slug")):
        version = workflow.published
        if version is None:
            continue
        subjects = list(Subject.objects.filter(subject_set=workflow.subject_set_id).order_by("external_id"))
        attributes = [subject.attributes for subject in subjects]
        metadata = [subject.metadata for subject in subjects]
        of_workflow = rules.get(workflow.slug, {})
        truth = truth_table(version.definition, of_workflow, attributes, seed, metadata=metadata)
        walker = Walker(
            version.definition,
            truth,
            crowd,
            len(subjects),
            seed=seed + number,
            wear=wear_table(of_workflow, metadata),
        )
        walks = walker.classifications(_wanted(len(subjects), answers, volunteers, [seed, number]))
        stored += _record(version, [subject.pk for subject in subjects], names, walks)
    Volunteer.objects.filter(public_id__in=names, classifications=None).delete()
    return Added(stored, Volunteer.objects.filter(public_id__in=names).count())


def remove_crowd(project: Project) -> int:
    """Takes away all that simulated volunteers did in the project; returns how many classifications that were.

    What was mined with their answers goes too: runs and charts are deleted, the online state is read again from the
    start of the record.
    """
    workflows = list(project.workflows.order_by("pk").values_list("pk", flat=True))
    with transaction.atomic():
        for workflow in workflows:
            forget(workflow)
            forget_lake(workflow)
        removed = remove_simulated(project)
        remove_judgements(project)
        Run.objects.filter(workflow__in=workflows).delete()
        AttributeRun.objects.filter(workflow__in=workflows).delete()
        UnusualObject.objects.filter(workflow__in=workflows).delete()
        Chart.objects.filter(workflow__in=workflows).delete()
    for workflow in workflows:
        follow(workflow)
    return removed


def _wanted(
    subjects: int, answers: float, most: int, seed: list[int]
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """How many answers each subject is to get."""
    random = np.random.default_rng(seed)
    mean = np.where(random.random(subjects) < FAR_ALONG, 4 * answers, answers)
    return np.minimum(random.poisson(mean), most)


def _name(project: Project, seed: int, volunteer: int) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, f"{project.slug}/{seed}/{volunteer}")


def _record(
    version: WorkflowVersion,
    subjects: list[int],
    names: list[uuid.UUID],
    walks: Iterator[SimulatedClassification],
) -> int:
    """Stores the walks that are not stored yet, on subjects that are open to work; returns how many."""
    known = set(
        Classification.objects.filter(
            workflow_id=version.workflow_id, volunteer__public_id__in=names
        ).values_list("volunteer__public_id", "subject_id")
    )
    # A training and an exam are for people, and so are lanes with a gate; hidden checks are met in the work.
    gated = Lane.objects.filter(workflow_id=version.workflow_id).exclude(requires=[])
    closed = SubjectState.objects.filter(workflow_id=version.workflow_id).filter(
        Q(retired_at__isnull=False) | Q(use__in=(Use.TRAINING, Use.EXAM)) | Q(lane__in=gated)
    )
    stored = 0
    for walk in walks:
        name, subject = names[walk.volunteer], subjects[walk.subject]
        if (name, subject) in known or closed.filter(subject_id=subject).exists():
            continue
        finished = timezone.now()
        submission = Submission(
            uuid=uuid.uuid5(name, f"{version.pk}/{subject}"),
            version_id=version.pk,
            subject_id=subject,
            annotations=walk.annotations,
            started_at=finished - timedelta(seconds=walk.seconds),
            finished_at=finished,
            metadata={"simulated": True},
        )
        record_classification(submission, Pass(name, CONSENT_VERSION, int(finished.timestamp())), member=True)
        stored += 1
    return stored
