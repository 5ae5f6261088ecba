"""Make a release: write down what it rests on, and have the worker build its archive."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.exports.chosen import published_run
from projects.exports.working import GOING_ON
from projects.models import Export, Project, Release, WorkflowCounter

RELEASE = "release"
"""Table and form of the export that holds the archive."""


@transaction.atomic
def make_release(
    project: Project,
    *,
    title: str,
    description: str,
    licence: str,
    creators: Sequence[str],
    by: AbstractBaseUser | None = None,
) -> Release:
    """All published workflows as their records stand now, with the numbers of the runs that are published.

    One at a time is made of a project: who asks while one goes on gets that one. One that failed or was cancelled goes,
    and its number is given again. Raises Invalid where nothing was published, nobody is named, the licence is unknown.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    going_on = Release.objects.filter(project=project, export__state__in=GOING_ON).first()
    if going_on is not None:
        return going_on
    workflows = list(project.workflows.filter(published__isnull=False).order_by("pk"))
    if not workflows:
        raise Invalid(_("No workflow of this project was ever published, so there are no data."))
    names = [name.strip() for name in creators if name.strip()]
    if not names:
        raise Invalid(_("Name at least one creator, a line each."))
    if licence not in Release.Licence.values:
        raise Invalid(_("Choose a licence."))
    for failed in Release.objects.filter(project=project).exclude(export__state=Export.State.DONE):
        failed.delete()
        failed.export.delete()
    positions = dict(
        WorkflowCounter.objects.filter(pk__in=[each.pk for each in workflows]).values_list("pk", "position")
    )
    export = Export.objects.create(
        project=project,
        table=RELEASE,
        form=RELEASE,
        team=False,
        positions={str(pk): position for pk, position in positions.items()},
        asked_by_id=by.pk if by else None,
    )
    newest = Release.objects.filter(project=project).first()
    return Release.objects.create(
        project=project,
        number=newest.number + 1 if newest else 1,
        export=export,
        licence=licence,
        about={
            "project": project.slug,
            "title": title.strip() or project.title,
            "description": description.strip(),
            "source": project.source,
            "site": settings.SITE_URL,
            "date": timezone.now().date().isoformat(),
            "creators": names,
            "credits": None,
            "workflows": {str(each.pk): {"slug": each.slug, "title": each.title} for each in workflows},
        },
        rests_on=[
            {
                "workflow": each.pk,
                "position": positions.get(each.pk, 0),
                "run": published_run(each.pk),
                "published": each.published_id,
            }
            for each in workflows
        ],
        pseudonym_key=project.pseudonym_key,
    )
