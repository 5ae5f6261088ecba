"""A project's state: who sees it, and whether it takes answers."""

from django.db import transaction
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import Project, Subject

STATES = {
    "draft": (Project.State.DRAFT, False),
    "private": (Project.State.LIVE, False),
    "public": (Project.State.LIVE, True),
    "paused": (Project.State.PAUSED, None),
    "finished": (Project.State.FINISHED, None),
}
"""What an owner chooses: state, and whether everybody sees it; None leaves that."""


@transaction.atomic
def launch(project: Project, to: str) -> None:
    """Raises Invalid where there is nothing that a volunteer could do yet."""
    if to not in STATES:
        raise Invalid(_("Choose what the project is to be."))
    project = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    state, public = STATES[to]
    if state == Project.State.LIVE:
        published = project.workflows.filter(published__isnull=False)
        if not published.exists():
            raise Invalid(_("No workflow is published yet: publish one first."))
        if not Subject.objects.filter(subject_set__workflows__in=published).exists():
            raise Invalid(_("No published workflow has a subject: upload pictures first."))
    project.state = state
    if public is not None:
        project.is_public = public
    project.save(update_fields=["state", "is_public"])


def chosen(project: Project) -> str:
    """The key of STATES that the project is."""
    if project.state == Project.State.LIVE:
        return "public" if project.is_public else "private"
    return str(project.state)
