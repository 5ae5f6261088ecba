"""What comes into a queue after a training is told of soon, where somebody listens: bands, or the consensus."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from mining.models import MOST_TOLD, AttributeRun, Band, ModelVersion
from mining.services.attribute_runs import ask
from mining.services.bands import going_on
from projects.models import Machine, SubjectState, Use, Workflow

Kind, Status = AttributeRun.Kind, AttributeRun.Status
REST = timedelta(hours=1)
"""After a run that failed: a champion whose weights can't be read is not asked at once. People get the subjects."""


def ask_for_untold() -> list[AttributeRun]:
    """Runs that tell of open subjects that nobody has answered and the champion has not told of; one of a workflow at a
    time, none while a training goes on."""
    acting = Band.objects.filter(state__in=(Band.State.BACKGROUND, Band.State.LIVE)).values("workflow")
    sharing = Machine.objects.filter(priors=True).values("workflow")
    made = []
    for workflow in Workflow.objects.filter(Q(pk__in=acting) | Q(pk__in=sharing)):
        champions = ModelVersion.objects.filter(workflow=workflow, state=ModelVersion.State.CHAMPION)
        untold = next((each for each in champions.order_by("pk") if _has_untold(each)), None)
        if untold is not None and not going_on(workflow) and not _failed(workflow):
            parameters: dict[str, object] = {"version": untold.pk}
            made.append(
                ask(workflow, Kind.CLASSIFIERS, task=untold.task, with_open=True, parameters=parameters)
            )
    return made


def _has_untold(version: ModelVersion) -> bool:
    if version.predictions.count() >= MOST_TOLD:
        return False
    fresh = SubjectState.objects.filter(
        workflow=version.workflow_id, use=Use.WORK, retired_at__isnull=True, answered=0
    )
    return fresh.exclude(subject__in=version.predictions.values("subject")).exists()


def _failed(workflow: Workflow) -> bool:
    newest = AttributeRun.objects.filter(workflow=workflow, kind=Kind.CLASSIFIERS).order_by("-pk").first()
    return (
        newest is not None
        and newest.status == Status.FAILED
        and newest.finished_at is not None
        and newest.finished_at > timezone.now() - REST
    )
