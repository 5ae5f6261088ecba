"""Who may do what in a project."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet

from projects.exceptions import NotFound, OtherProject, Private
from projects.models import Project, ProjectMember

Who = AbstractBaseUser | AnonymousUser
IMPORT_ROLES = (ProjectMember.Role.OWNER, ProjectMember.Role.SCIENTIST)
MINE_ROLES = IMPORT_ROLES
JUDGE_ROLES = (*IMPORT_ROLES, ProjectMember.Role.MODERATOR)
LANE_ROLES = JUDGE_ROLES
EDIT_ROLES = IMPORT_ROLES
RELEASE_ROLES = IMPORT_ROLES
HOOK_ROLES = IMPORT_ROLES
OWN_ROLES = (ProjectMember.Role.OWNER,)
DECIDE_ROLES = (*JUDGE_ROLES, ProjectMember.Role.EXPERT)
POLICY_ROLES = JUDGE_ROLES
TALK_ROLES = JUDGE_ROLES
GOLD_ROLES = (*IMPORT_ROLES, ProjectMember.Role.EXPERT)


def is_member(user: Who, project_id: int) -> bool:
    """Of the project's team; staff are of every team."""
    if not user.is_authenticated or _elsewhere(user, project_id):
        return False
    return (
        bool(getattr(user, "is_staff", False))
        or ProjectMember.objects.filter(user_id=user.pk, project_id=project_id).exists()
    )


def visible_projects(user: Who) -> QuerySet[Project]:
    """The public projects that are not drafts, and those of the user's own."""
    public = Q(is_public=True) & ~Q(state=Project.State.DRAFT)
    if not user.is_authenticated:
        return Project.objects.filter(public)
    bound = getattr(user, "bound_to", None)
    projects = Project.objects.all() if bound is None else Project.objects.filter(pk=bound)
    if getattr(user, "is_staff", False):
        return projects
    return projects.filter(public | Q(members__user_id=user.pk)).distinct()


def get_visible_project(user: Who, slug: str) -> Project:
    """Raises NotFound: a private project is not told from one that does not exist. To a token that is bound to one
    project every other is the same: raises OtherProject."""
    project = visible_projects(user).filter(slug=slug).first()
    if project is None:
        raise NotFound if getattr(user, "bound_to", None) is None else OtherProject
    return project


def may_download(user: Who, project: Project) -> bool:
    """The team always; everybody once the project says its data are public."""
    return (project.data_public and project.is_public) or is_member(user, project.pk)


def require_download(user: Who, project: Project) -> None:
    if not may_download(user, project):
        raise Private("This project's data are for its team until it makes them public.")


def may_enter_gold(user: Who, project_id: int) -> bool:
    """Owners, scientists and experts of the project, and staff."""
    return _has_role(user, project_id, GOLD_ROLES)


def may_import(user: Who, project_id: int) -> bool:
    """Owners and scientists of the project, and staff."""
    return _has_role(user, project_id, IMPORT_ROLES)


def may_mine(user: Who, project_id: int) -> bool:
    """Start, cancel and publish batch runs: owners and scientists of the project, and staff."""
    return _has_role(user, project_id, MINE_ROLES)


def may_judge(user: Who, project_id: int) -> bool:
    """See who is suggested for not playing fair, dismiss, block, lift: owners, scientists, moderators, and staff."""
    return _has_role(user, project_id, JUDGE_ROLES)


def may_arrange(user: Who, project_id: int) -> bool:
    """Make and change lanes, move subjects: owners, scientists and moderators of the project, and staff."""
    return _has_role(user, project_id, LANE_ROLES)


def may_decide(user: Who, project_id: int) -> bool:
    """Give verdicts on subjects, and undo them: owners, scientists, moderators, experts, and staff."""
    return _has_role(user, project_id, DECIDE_ROLES)


def may_rule(user: Who, project_id: int) -> bool:
    """Write policies and rules, and bring rules to act: owners, scientists and moderators, and staff."""
    return _has_role(user, project_id, POLICY_ROLES)


def may_edit(user: Who, project_id: int) -> bool:
    """Texts, subjects, questions and rule, and publish them: owners and scientists of the project, and staff."""
    return _has_role(user, project_id, EDIT_ROLES)


def may_release(user: Who, project_id: int) -> bool:
    """Make a release, which stays: owners and scientists of the project, and staff."""
    return _has_role(user, project_id, RELEASE_ROLES)


def may_hook(user: Who, project_id: int) -> bool:
    """Say which programs are told what becomes of subjects: owners and scientists of the project, and staff."""
    return _has_role(user, project_id, HOOK_ROLES)


def may_moderate(user: Who, project_id: int | None) -> bool:
    """Open Talk, make boards, hide, lock, announce: owners, scientists, moderators, and staff; of the site's, staff."""
    if project_id is None:
        return user.is_authenticated and bool(getattr(user, "is_staff", False))
    return _has_role(user, project_id, TALK_ROLES)


def may_own(user: Who, project_id: int) -> bool:
    """Say who is of the team, and open, pause or end the project: its owners, and staff."""
    return _has_role(user, project_id, OWN_ROLES)


def _has_role(user: Who, project_id: int, roles: tuple[ProjectMember.Role, ...]) -> bool:
    if not user.is_authenticated or _elsewhere(user, project_id):
        return False
    return (
        bool(getattr(user, "is_staff", False))
        or ProjectMember.objects.filter(user_id=user.pk, project_id=project_id, role__in=roles).exists()
    )


def _elsewhere(user: Who, project_id: int) -> bool:
    """The user speaks by a token that is bound to another project (projects/api/tokens.py)."""
    bound = getattr(user, "bound_to", None)
    return bound is not None and bound != project_id
