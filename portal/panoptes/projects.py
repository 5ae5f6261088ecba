"""projects: those that the caller may see, by id or by slug; made and described by their team."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.panoptes.errors import Refused
from portal.panoptes.resource import Body, Call, Resource, moment, title_of
from projects.models import Project
from projects.permissions import is_member, may_edit, visible_projects
from projects.services.make_project import describe_project, make_project

FIXED = {"private": True, "configuration": {}, "tags": [], "live": False}
"""What is not changed from here; a new project has these."""


class Projects(Resource):
    name = "projects"
    filters = frozenset({"slug"})

    def rows(self, call: Call, asked: Mapping[str, str]) -> QuerySet[Project]:
        """By our slug, or by `owner/slug`, as the reference platform writes it."""
        found = visible_projects(call.user).order_by("pk")
        if "slug" in asked:
            owner, _slash, slug = asked["slug"].rpartition("/")
            found = found.filter(slug=slug)
            if owner:
                found = found.filter(members__user__username=owner, members__role="owner")
        return found.distinct()

    def show(self, call: Call, row: Project) -> dict[str, Any]:
        flows = list(row.workflows.values_list("pk", "state"))
        sets = row.subject_sets.values_list("pk", flat=True) if is_member(call.user, row.pk) else []
        return {
            "id": str(row.pk),
            "display_name": row.title,
            "title": row.title,
            "slug": row.slug,
            "description": row.tagline,
            "introduction": row.description,
            "private": not row.is_public,
            "live": row.state == Project.State.LIVE,
            "state": row.state,
            "primary_language": "en",
            "configuration": {},
            "tags": [],
            "created_at": moment(row.created_at),
            "href": f"/projects/{row.pk}",
            "links": {
                "workflows": [str(pk) for pk, _state in flows],
                "active_workflows": [str(pk) for pk, state in flows if state == "active"],
                "subject_sets": [str(pk) for pk in sets],
            },
        }

    def kept(self, row: Project) -> Any:
        return [row.title, row.tagline, row.description]

    def create(self, call: Call, body: Body) -> Project:
        """A private draft; its address is made of the name."""
        _refuse(body, FIXED)
        title = title_of(body)
        project = make_project(
            by=call.user, slug=slugify(title)[:50].strip("-") or "project", title=title,
            tagline=_text(body, "description", 200),
        )  # fmt: skip
        if "introduction" in body:
            describe_project(project, description=_text(body, "introduction", 20_000))
        return project

    def change(self, call: Call, row: Project, body: Body) -> Project:
        call.require(may_edit, row.pk)
        _refuse(body, {**FIXED, "private": not row.is_public, "live": row.state == Project.State.LIVE})
        fields = {"title": title_of(body, row.title)}
        if "description" in body:
            fields["tagline"] = _text(body, "description", 200)
        if "introduction" in body:
            fields["description"] = _text(body, "introduction", 20_000)
        describe_project(row, **fields)
        return row

    def delete(self, call: Call, row: Project) -> None:
        raise Refused(405, _("Projects are not deleted: their owner ends them in the lab."))


def _refuse(body: Body, stands: Mapping[str, Any]) -> None:
    for key, value in stands.items():
        if body.get(key, value) not in (value, None):
            raise Refused(422, _("%(key)s is not changed from here, but in the lab.") % {"key": key})


def _text(body: Body, key: str, most: int) -> str:
    text = body.get(key) or ""
    if not isinstance(text, str) or len(text) > most:
        raise Refused(422, _("%(key)s: write at most %(most)d characters.") % {"key": key, "most": most})
    return text.strip()
