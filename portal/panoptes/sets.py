"""subject_sets, and set_member_subjects: which subjects are in them. For the project's team."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.panoptes.errors import Refused
from portal.panoptes.resource import Body, Call, Resource, object_of, project_of, title_of, whole
from projects.models import Subject, SubjectSet
from projects.permissions import may_edit
from projects.services.subject_sets import (
    delete_subject_set,
    describe_subject_set,
    make_subject_set,
    put_into_set,
    take_out,
)


class SubjectSets(Resource):
    name = "subject_sets"
    filters = frozenset({"project_id", "workflow_id"})

    def rows(self, call: Call, asked: Mapping[str, str]) -> QuerySet[SubjectSet]:
        found = SubjectSet.objects.filter(project__in=call.own_projects()).order_by("pk")
        if "project_id" in asked:
            found = found.filter(project=whole(asked["project_id"], "project_id"))
        if "workflow_id" in asked:
            found = found.filter(workflows=whole(asked["workflow_id"], "workflow_id"))
        return found

    def show(self, call: Call, row: SubjectSet) -> dict[str, Any]:
        return {
            "id": str(row.pk),
            "display_name": row.title,
            "metadata": row.metadata,
            "set_member_subjects_count": row.subjects.count(),
            "media_missing_count": row.announced.count(),
            "href": f"/subject_sets/{row.pk}",
            "links": {
                "project": str(row.project_id),
                "workflows": [str(pk) for pk in row.workflows.values_list("pk", flat=True)],
            },
        }

    def kept(self, row: SubjectSet) -> Any:
        return [row.title, row.metadata]

    def create(self, call: Call, body: Body) -> SubjectSet:
        project = project_of(call, body)
        call.require(may_edit, project.pk)
        return make_subject_set(project, title=title_of(body), metadata=object_of(body, "metadata"))

    def change(self, call: Call, row: SubjectSet, body: Body) -> SubjectSet:
        call.require(may_edit, row.project_id)
        metadata = object_of(body, "metadata") if "metadata" in body else row.metadata
        describe_subject_set(row, title=title_of(body, row.title), metadata=metadata)
        return row

    def delete(self, call: Call, row: SubjectSet) -> None:
        call.require(may_edit, row.project_id)
        delete_subject_set(row)

    def link(self, call: Call, row: SubjectSet, what: str, ids: Sequence[int]) -> None:
        self._require_subjects(call, row, what)
        put_into_set(row, ids)

    def unlink(self, call: Call, row: SubjectSet, what: str, ids: Sequence[int]) -> None:
        self._require_subjects(call, row, what)
        take_out(row, ids)

    def _require_subjects(self, call: Call, row: SubjectSet, what: str) -> None:
        call.require(may_edit, row.project_id)
        if what != "subjects":
            raise Refused(422, _("A set is linked with subjects; link it with a workflow from that."))


class Members(Resource):
    """One row a subject, under the subject's own id, since a subject is in one set."""

    name = "set_member_subjects"
    filters = frozenset({"subject_set_id", "subject_id", "subject_ids"})

    def rows(self, call: Call, asked: Mapping[str, str]) -> QuerySet[Subject]:
        found = Subject.objects.filter(project__in=call.own_projects()).order_by("pk")
        if "subject_set_id" in asked:
            found = found.filter(subject_set=whole(asked["subject_set_id"], "subject_set_id"))
        for key in ("subject_id", "subject_ids"):
            if key in asked:
                found = found.filter(
                    pk__in=[whole(each, key) for each in asked[key].replace(" ", "").split(",")]
                )
        return found

    def show(self, call: Call, row: Subject) -> dict[str, Any]:
        return {
            "id": str(row.pk),
            "href": f"/set_member_subjects/{row.pk}",
            "links": {"subject": str(row.pk), "subject_set": str(row.subject_set_id)},
        }
