"""Train the classifiers of a workflow again after so many new answers. Beat's tick asks; loads no arrays."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery

from mining.models import AttributeRun, Retraining
from mining.services.attribute_runs import GOING_ON, ask
from projects.models import Workflow, WorkflowCounter

COUNTED = Subquery(WorkflowCounter.objects.filter(pk=OuterRef("pk")).values("answers"))
LEAST = 10
"""New answers: a training after each would keep the worker from its other work."""


def set_retraining(workflow: Workflow, every: int | None, user: AbstractBaseUser | None = None) -> None:
    """None: never by itself. Answers count from now. ValueError under `LEAST`."""
    if every is None:
        Retraining.objects.filter(workflow=workflow).delete()
        return
    if every < LEAST:
        raise ValueError(f"at least {LEAST} new answers")
    answers = WorkflowCounter.objects.values_list("answers", flat=True).get(pk=workflow.pk)
    values = {"every": every, "answers": answers, "by_id": user.pk if user else None}
    Retraining.objects.update_or_create(workflow=workflow, defaults=values)


def ask_for_due() -> list[AttributeRun]:
    """The trainings that are due; one of a workflow at a time. Safe to call from several processes at once."""
    Retraining.objects.filter(answers__gt=COUNTED).update(answers=COUNTED)  # blocks took some away
    made = []
    for pk in _due().values_list("pk", flat=True):
        with transaction.atomic():
            found = _due().select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
            if found is None:
                continue
            workflow = Workflow.objects.get(pk=pk)
            runs = AttributeRun.objects.filter(workflow=workflow, kind=AttributeRun.Kind.CLASSIFIERS)
            if runs.filter(status__in=GOING_ON).exists():
                continue
            found.answers = WorkflowCounter.objects.values_list("answers", flat=True).get(pk=pk)
            found.save(update_fields=["answers"])
            made.append(ask(workflow, AttributeRun.Kind.CLASSIFIERS, with_open=True))
    return made


def _due() -> QuerySet[Retraining]:
    return Retraining.objects.filter(answers__lte=COUNTED - F("every")).order_by("pk")
