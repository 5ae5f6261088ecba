"""Try a draft: its own questions about the workflow's subjects, checked as an answer is, and kept nowhere."""

from typing import Any

from django.utils.translation import gettext as _

from projects.exceptions import Invalid, NotFound
from projects.models import Subject, Workflow
from projects.models.subject import random_id
from projects.services.answer_about import answer_about
from projects.services.drafts import edition_at
from projects.services.next_subjects import Batch, hand
from projects.tasks.definition import parse_definition

TRIED = 20
"""Subjects at a time, by chance."""


def subjects_to_try(workflow: Workflow, n: int) -> Batch:
    """Without leases and from all of the set, whatever was answered: nothing depends on it."""
    ids = (
        Subject.objects.filter(subject_set=workflow.subject_set_id)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    n, begin = min(n, TRIED), random_id()  # ids are random: what follows one is drawn by chance
    found = list(ids.filter(pk__gte=begin)[:n])
    found += ids.filter(pk__lt=begin)[: n - len(found)]
    return Batch(workflow.pk, 0, "finished_for_you", hand(found))


def check_trial(
    workflow: Workflow, *, edition: int, subject_id: int, annotations: Any
) -> list[dict[str, Any]]:
    """The answers as they would be stored. Raises NotFound, and Invalid as the record would, or where the draft was
    changed so that it can't be asked."""
    subject = Subject.objects.filter(pk=subject_id, subject_set=workflow.subject_set_id).first()
    if subject is None:
        raise NotFound
    asked = edition_at(workflow, edition)
    if asked is None:
        raise Invalid(_("This draft is gone: load the page again."))
    return answer_about(subject.pk, parse_definition(asked), annotations)
