"""workflows: read by whoever sees the project, made and changed by its team.

What is sent becomes the draft's next edition and is published in the same moment, since the reference platform knows no
drafts. Where the lab holds changes that nobody has published, nothing is saved: they would go out with it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.panoptes.errors import Refused
from portal.panoptes.resource import Body, Call, Resource, object_of, project_of, title_of, whole
from projects.exceptions import Conflict
from projects.exports.platform_tasks import of_task
from projects.imports.platform_tasks import read_retirement, read_tasks, show_retirement
from projects.models import Draft, SubjectSet, Workflow
from projects.permissions import may_edit, visible_projects
from projects.services.drafts import change_draft, draft_of, publish_draft
from projects.services.make_project import describe_workflow, make_workflow
from projects.services.subject_sets import (
    choose_subject_set,
    delete_workflow,
    make_empty_set,
    stands_for_none,
)
from projects.tasks.definition import parse_task

State = Workflow.State


class Workflows(Resource):
    name = "workflows"
    filters = frozenset({"project_id", "subject_set_id", "active"})

    def rows(self, call: Call, asked: Mapping[str, str]) -> QuerySet[Workflow]:
        """Of other people's projects only those that are published."""
        seen = Q(project__in=call.own_projects()) | Q(
            project__in=visible_projects(call.user), published__isnull=False
        )
        found = Workflow.objects.filter(seen).select_related("project", "published", "subject_set", "counter")
        if "project_id" in asked:
            found = found.filter(project=whole(asked["project_id"], "project_id"))
        if "subject_set_id" in asked:
            found = found.filter(subject_set=whole(asked["subject_set_id"], "subject_set_id"))
        if "active" in asked:
            is_active = Q(state=State.ACTIVE)
            found = found.filter(is_active if asked["active"].lower() == "true" else ~is_active)
        return found.order_by("pk")

    def show(self, call: Call, row: Workflow) -> dict[str, Any]:
        definition = _definition(row)
        counter = getattr(row, "counter", None)
        return {
            "id": str(row.pk),
            "display_name": row.title,
            "active": row.state == State.ACTIVE,
            "version": row.published.number if row.published else None,
            "first_task": definition["first_task"],
            "tasks": {name: of_task(parse_task(name, task)) for name, task in definition["tasks"].items()},
            "retirement": show_retirement(definition["retirement"]),
            "configuration": {},
            "primary_language": "en",
            "classifications_count": counter.answers if counter else 0,
            "subjects_count": counter.subjects if counter else 0,
            "retired_set_member_subjects_count": counter.retired if counter else 0,
            "href": f"/workflows/{row.pk}",
            "links": {
                "project": str(row.project_id),
                "subject_sets": [] if stands_for_none(row.subject_set) else [str(row.subject_set_id)],
            },
        }

    def kept(self, row: Workflow) -> Any:
        edition = Draft.objects.filter(workflow=row).order_by("-edition").values_list("edition", flat=True)
        return [row.title, row.state, row.subject_set_id, row.published_id, edition.first()]

    def create(self, call: Call, body: Body) -> Workflow:
        project = project_of(call, body)
        call.require(may_edit, project.pk)
        title = title_of(body)
        made = make_workflow(project, title=title, subject_set=make_empty_set(project, title))
        self.change(call, made, {**body, "display_name": title})
        return self.find(call, made.pk)

    def change(self, call: Call, row: Workflow, body: Body) -> Workflow:
        call.require(may_edit, row.project_id)
        if object_of(body, "configuration"):
            raise Refused(422, _("configuration: nothing of it is kept here, so leave it empty."))
        describe_workflow(
            row,
            title=title_of(body, row.title),
            tagline=row.tagline,
            state=_state(row, body),
            requires=row.requires,
        )
        if body.get("tasks") or body.get("retirement") or body.get("first_task"):
            _publish(call, row, body)
        return self.find(call, row.pk)

    def delete(self, call: Call, row: Workflow) -> None:
        call.require(may_edit, row.project_id)
        delete_workflow(row)

    def link(self, call: Call, row: Workflow, what: str, ids: Sequence[int]) -> None:
        self._require_sets(call, row, what)
        (pk, *more) = dict.fromkeys(ids)
        if more or (not stands_for_none(row.subject_set) and row.subject_set_id != pk):
            raise Refused(
                422,
                _(
                    "A workflow is about one set here: put the subjects into one, or remove the set that it has first."
                ),
            )
        chosen = SubjectSet.objects.filter(project=row.project_id, pk=pk).first()
        if chosen is None:
            raise Refused(404, _("Could not find subject_sets with id='%(id)d'") % {"id": pk})
        choose_subject_set(row, chosen)

    def unlink(self, call: Call, row: Workflow, what: str, ids: Sequence[int]) -> None:
        self._require_sets(call, row, what)
        if row.subject_set_id in ids:
            choose_subject_set(row, None)

    def _require_sets(self, call: Call, row: Workflow, what: str) -> None:
        call.require(may_edit, row.project_id)
        if what != "subject_sets":
            raise Refused(422, _("A workflow is linked with subject_sets here, and with nothing else."))


def _definition(row: Workflow) -> dict[str, Any]:
    """What is published; of a workflow that never was, its draft."""
    if row.published is not None:
        published: dict[str, Any] = row.published.definition
        return published
    draft: dict[str, Any] = draft_of(row).definition
    return draft


def _state(row: Workflow, body: Body) -> str:
    active = body.get("active")
    if active is None or active == (row.state == State.ACTIVE):
        return row.state
    return State.ACTIVE if active else State.PAUSED


def _publish(call: Call, row: Workflow, body: Body) -> None:
    draft = draft_of(row)
    stands: dict[str, Any] = draft.definition
    if row.published is not None and not row.published.inferred and stands != row.published.definition:
        raise Conflict(
            _(
                "The lab holds changes of this workflow that are not published: publish them there first, or drop them."
            )
        )
    new = dict(stands)
    if body.get("tasks") or body.get("first_task"):
        tasks = body.get("tasks") or {
            name: of_task(parse_task(name, task)) for name, task in stands["tasks"].items()
        }
        new |= read_tasks(tasks, first_task=body.get("first_task") or "", stands=stands)
        if not new["combinations"] and "combinations" not in stands:
            del new["combinations"]
    if body.get("retirement"):
        new["retirement"] = read_retirement(body["retirement"])
    draft = change_draft(row, edition=draft.edition, step=lambda _before: new, by=call.user)
    if new["tasks"]:
        publish_draft(row, edition=draft.edition)
