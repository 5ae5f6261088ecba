"""What a resource of the reference platform is here: rows that the caller may see, how one is shown, what may be done.

An ETag is made of what a program can change of a row, so it stays while answers and subjects come in. That of a list
holds those of all its rows, since the platform's own client gives the list's ETag to each row that it saves later.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.panoptes.errors import Refused
from projects.models import Project, Token
from projects.permissions import visible_projects

LARGEST = 2**63 - 1
NAME = 120
"""Characters of a title here."""
Body = Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """A request with the one who makes it."""

    request: HttpRequest
    token: Token

    @property
    def user(self) -> AbstractBaseUser:
        return self.token.user

    def absolute(self, path: str) -> str:
        return self.request.build_absolute_uri(path)

    def own_projects(self) -> QuerySet[Project]:
        """Those of which the caller is a team member; staff are of every team."""
        projects = visible_projects(self.user)
        if getattr(self.user, "is_staff", False):
            return projects
        return projects.filter(pk__in=Project.objects.filter(members__user_id=self.user.pk))

    def require(self, may: Any, project_id: int) -> None:
        """Raises Refused unless projects.permissions lets the caller."""
        if not may(self.user, project_id):
            raise Refused(403, _("Your role in this project does not allow that: ask its owner."))


class Resource:
    """One kind of row. Verbs that a kind has not are refused in words."""

    name: ClassVar[str]
    """In the address, and the key of the body."""
    filters: ClassVar[frozenset[str]] = frozenset()

    def rows(self, call: Call, asked: Mapping[str, str]) -> QuerySet[Any]:
        raise NotImplementedError

    def find(self, call: Call, pk: int) -> Any:
        """Raises Refused."""
        row = self.rows(call, {}).filter(pk=pk).first() if pk <= LARGEST else None
        if row is None:
            raise self.lost(pk)
        return row

    def lost(self, pk: object) -> Refused:
        return Refused(
            404, _("Could not find %(name)s with id='%(id)s'") % {"name": self.name, "id": str(pk)[:40]}
        )

    def show(self, call: Call, row: Any) -> dict[str, Any]:
        raise NotImplementedError

    def show_new(self, call: Call, row: Any) -> dict[str, Any]:
        """The answer to its creation."""
        return self.show(call, row)

    def kept(self, row: Any) -> Any:
        """What can be changed of it, as JSON can hold it."""
        return None

    def create(self, call: Call, body: Body) -> Any:
        raise self._never()

    def change(self, call: Call, row: Any, body: Body) -> Any:
        raise self._never()

    def delete(self, call: Call, row: Any) -> None:
        raise self._never()

    def link(self, call: Call, row: Any, what: str, ids: Sequence[int]) -> None:
        raise self._never()

    def unlink(self, call: Call, row: Any, what: str, ids: Sequence[int]) -> None:
        raise self._never()

    def _never(self) -> Refused:
        return Refused(
            405, _("This is not done with %(name)s here: see docs/panoptes.md.") % {"name": self.name}
        )

    def tag(self, row: Any) -> str:
        text = json.dumps([self.name, row.pk, self.kept(row)], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def title_of(body: Body, before: str = "") -> str:
    """`display_name` in one line. Raises Refused."""
    if "display_name" not in body and before:
        return before
    given = body.get("display_name")
    title = " ".join(given.split()) if isinstance(given, str) else ""
    if not 1 <= len(title) <= NAME:
        raise Refused(422, _("display_name: write a name of 1 to %(most)d characters.") % {"most": NAME})
    return title


def object_of(body: Body, key: str) -> dict[str, Any]:
    """A JSON object, or {} where it is not sent. Raises Refused."""
    value = body.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refused(422, _("%(key)s: send an object.") % {"key": key})
    return value


def linked(body: Body, key: str) -> int:
    """The id that `links` names under `key`. Raises Refused."""
    return whole(object_of(body, "links").get(key), f"links.{key}")


def project_of(call: Call, body: Body) -> Project:
    """Raises Refused: a project of others is not told from one that does not exist."""
    pk = linked(body, "project")
    project = call.own_projects().filter(pk=pk).first()
    if project is None:
        raise Refused(404, _("Could not find projects with id='%(id)d'") % {"id": pk})
    return project


def whole(value: Any, key: str) -> int:
    """An id, sent as a number or as text. Raises Refused."""
    text = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdecimal()) or len(text) > 19 or int(text) > LARGEST:
        raise Refused(422, _("%(key)s: send an id, which is a number.") % {"key": key})
    return int(text)


def wholes(value: Any, key: str) -> list[int]:
    """Several ids: a list, or text with commas between. Raises Refused."""
    each = value.replace(" ", "").split(",") if isinstance(value, str) else value
    if not isinstance(each, list) or not each:
        raise Refused(422, _("%(key)s: send a list of ids.") % {"key": key})
    if len(each) > 1000:
        raise Refused(422, _("%(key)s: send 1,000 ids at most at a time.") % {"key": key})
    return [whole(one, key) for one in each]


def moment(at: Any) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
