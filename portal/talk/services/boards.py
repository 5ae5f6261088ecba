"""Talk of a project, or of the site, is opened by its team: with the first boards, or none."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.talk.models import Board
from projects.exceptions import Invalid, NotYourRole
from projects.models import Project
from projects.permissions import may_moderate

MOST = 30
"""Boards of one project."""


def has_talk(project_id: int | None) -> bool:
    return Board.objects.filter(project=project_id).exists()


def boards_of(project_id: int | None) -> QuerySet[Board]:
    return Board.objects.filter(project=project_id)


@transaction.atomic
def open_talk(project: Project | None, by: AbstractBaseUser | AnonymousUser) -> list[Board]:
    """The first boards: announcements, help, anything else. Safe to repeat. Raises NotYourRole."""
    if not may_moderate(by, project.pk if project else None):
        raise NotYourRole
    first = (
        ("news", _("Announcements"), _("What the team has to tell."), True),
        ("help", _("Questions and help"), _("How to classify, what is meant, what does not work."), False),
        ("chat", _("Anything else"), _("About the science, and about each other."), False),
    )
    return [
        Board.objects.get_or_create(
            project=project,
            slug=slug,
            defaults={"title": title, "description": text, "position": at, "team_begins": team},
        )[0]
        for at, (slug, title, text, team) in enumerate(first)
    ]


@transaction.atomic
def make_board(
    project: Project | None, by: AbstractBaseUser | AnonymousUser, *, title: str, description: str = ""
) -> Board:
    """Raises NotYourRole; Invalid without a title, with that of another board, or where there are MOST."""
    if not may_moderate(by, project.pk if project else None):
        raise NotYourRole
    title, description = " ".join(title.split())[:80], " ".join(description.split())[:200]
    slug = slugify(title)[:50]
    here = boards_of(project.pk if project else None)
    if not slug or "\x00" in title + description:
        raise Invalid(_("Give the board a title with a letter from A to Z or a digit in it."))
    if here.filter(slug=slug).exists():
        raise Invalid(_("There is a board of that title."))
    if here.count() >= MOST:
        raise Invalid(_("There are %(n)s boards: that is enough.") % {"n": MOST})
    return Board.objects.create(
        project=project, slug=slug, title=title, description=description, position=here.count()
    )
