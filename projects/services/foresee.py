"""A rule tried on what was answered: before it is published."""

from itertools import groupby

from django.utils.translation import gettext as _

from projects import conditions
from projects.drafting.dry_run import Foreseen, begin
from projects.exceptions import Invalid
from projects.models import Classification, Workflow
from projects.services.versions import get_version

MOST_AT_ONCE = 20_000
"""Answers that a page asks for: about two seconds. The command takes all."""


def foresee(workflow: Workflow, condition: conditions.Condition, *, most: int | None = None) -> Foreseen:
    """Of the answers that count, each read by the version that it was given to. Memory: one subject's answers. Raises
    Invalid where there are more than `most`."""
    counted = Classification.objects.standing().filter(workflow=workflow)
    if most is not None and counted[: most + 1].count() > most:
        raise Invalid(
            _(
                "There are more than %(n)d answers: ask whoever runs the site for `manage.py dry_run %(project)s "
                "%(workflow)s`, which takes all."
            )
            % {"n": most, "project": workflow.project.slug, "workflow": workflow.slug}
        )
    rows = counted.only("subject_id", "version_id", "annotations").order_by("subject_id", "id")
    found = begin(condition)
    for _subject, answers in groupby(rows.iterator(), lambda answer: answer.subject_id):
        found.add(
            condition, (get_version(each.version_id).definition.votes(each.annotations) for each in answers)
        )
    return found
