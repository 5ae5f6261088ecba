"""From an address to what it names in Talk, for those who may see it; to others it is as if it did not exist."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode

from portal import limits
from portal.pages.places import get_project, person_of
from portal.talk.models import Board, Comment, Discussion
from portal.talk.services.boards import has_talk
from projects.exceptions import VoorwerpError
from projects.models import Project, Volunteer
from projects.permissions import is_member, may_moderate, visible_projects
from projects.services.odd_flags import TooMany
from projects.services.sight import Sight, hear, sight_of
from projects.services.volunteers import join_account


@dataclass(frozen=True)
class Place:
    """Where one is: in a project's Talk, or the site's (project None)."""

    project: Project | None
    may_moderate: bool

    @property
    def project_id(self) -> int | None:
        return self.project.pk if self.project else None

    @property
    def home(self) -> str:
        return reverse("talk:project", args=[self.project.slug]) if self.project else reverse("talk:site")

    @property
    def search(self) -> str:
        return (
            reverse("talk:search", args=[self.project.slug]) if self.project else reverse("talk:site_search")
        )

    @property
    def moderation(self) -> str:
        if self.project:
            return reverse("talk:moderation", args=[self.project.slug])
        return reverse("talk:site_moderation")

    def board(self, board: Board) -> str:
        if self.project:
            return reverse("talk:board", args=[self.project.slug, board.slug])
        return reverse("talk:site_board", args=[board.slug])


def place_of(request: HttpRequest, slug: str | None) -> Place:
    """The project's Talk, whether it is opened or not; the site's without a slug."""
    project = get_project(request, slug) if slug is not None else None
    return Place(project, may_moderate(request.user, project.pk if project else None))


def opened(request: HttpRequest, slug: str | None) -> Place:
    """404 where nobody has opened Talk."""
    place = place_of(request, slug)
    if not has_talk(place.project_id):
        raise Http404
    return place


def discussion_of(request: HttpRequest, public_id: uuid.UUID) -> Discussion:
    """In a project that one may see. Of a subject whether one may hear it is asked by `sight_for`."""
    found = get_object_or_404(
        Discussion.objects.select_related("project", "board", "subject", "author"), public_id=public_id
    )
    if found.project_id and not visible_projects(request.user).filter(pk=found.project_id).exists():
        raise Http404
    return found


def comment_of(request: HttpRequest, public_id: uuid.UUID) -> Comment:
    """One that the asker may read: not hidden, or they moderate; about a subject, they may hear of it."""
    found = get_object_or_404(Comment.objects.select_related("author"), public_id=public_id)
    found.discussion = discussion_of(request, Discussion.objects.get(pk=found.discussion_id).public_id)
    if found.hidden_at and not may_moderate(request.user, found.discussion.project_id):
        raise Http404
    if found.discussion.subject_id is not None:
        person = reader_of(request, found.discussion.project_id or 0)
        sight = sight_for(request, found.discussion.subject_id, found.discussion.project_id or 0)
        if not sight.may_hear:
            raise Http404
        hear(found.discussion.subject_id, sight, person)
    return found


def sight_for(request: HttpRequest, subject_id: int, project_id: int) -> Sight:
    return sight_of(subject_id, person_of(request), member=is_member(request.user, project_id))


def reader_of(request: HttpRequest, project_id: int) -> Volunteer | None:
    """The asker as a volunteer; of the team everybody is one, so that it can be kept what they have looked at."""
    person = person_of(request)
    if person is None and request.user.is_authenticated and is_member(request.user, project_id):
        return join_account(None, request.user)
    return person


def address_of(discussion: Discussion, comment: Comment | None = None) -> str:
    if discussion.subject_id is not None and discussion.project is not None:
        address = reverse("talk:subject", args=[discussion.project.slug, discussion.subject_id])
    else:
        address = reverse("talk:discussion", args=[discussion.public_id])
    return f"{address}?at={comment.pk}#c-{comment.pk}" if comment is not None else address


def sign_in(request: HttpRequest) -> str:
    """The address of the sign-in that comes back here."""
    return f"{reverse('account_login')}?{urlencode({'next': request.path})}"


def require_rest(request: HttpRequest) -> None:
    """Raises TooMany where an account says too much in a minute."""
    if seconds := limits.wait("talk", f"account {request.user.pk}"):
        raise TooMany(f"That is a lot in a minute: go on in {seconds} s.")


def form_id(request: HttpRequest) -> uuid.UUID:
    """The id that a form was given when it was shown; a broken one is a new one."""
    try:
        return uuid.UUID(request.POST.get("id", ""))
    except ValueError:
        return uuid.uuid4()


def told(error: VoorwerpError) -> str:
    return str(error.message)


def frame(request: HttpRequest, place: Place, **more: Any) -> dict[str, Any]:
    """What every page of Talk has."""
    return {"place": place, "project": place.project, "sign_in_url": sign_in(request), **more}
