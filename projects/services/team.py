"""Who is of a project's team, and as what."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import Project, ProjectMember

Role = ProjectMember.Role
MOST = 200


@transaction.atomic
def add_member(project: Project, *, username: str, role: str) -> ProjectMember:
    """The account of that name gets the role, beside those that it has. Raises Invalid."""
    _alone(project)
    if role not in Role.values:
        raise Invalid(_("Choose a role."))
    user = get_user_model().objects.filter(username=username.strip(), is_active=True).first()
    if user is None:
        raise Invalid(
            _("There is no account %(name)s: write it as its owner signs in, small and large letters too.")
            % {"name": username.strip()[:150]}
        )
    if project.members.filter(user=user, role=role).exists():
        raise Invalid(_("%(name)s is that already.") % {"name": user.get_username()})
    if project.members.count() >= MOST:
        raise Invalid(_("A team has at most %(n)d people.") % {"n": MOST})
    return ProjectMember.objects.create(project=project, user=user, role=role)


@transaction.atomic
def remove_member(project: Project, member_id: int) -> str:
    """Takes one role from one person and returns their name. Raises Invalid for the last owner, and where it was taken
    before."""
    _alone(project)
    member = project.members.select_related("user").filter(pk=member_id).first()
    if member is None:
        raise Invalid(_("That was taken away before."))
    if member.role == Role.OWNER and project.members.filter(role=Role.OWNER).count() == 1:
        raise Invalid(_("A project has an owner: make somebody else one first."))
    member.delete()
    return member.user.get_username()


def _alone(project: Project) -> None:
    """Two owners who remove each other come one after the other."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
