"""subject_workflow_statuses: how far a subject is in a workflow. For the project's team."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from portal.panoptes.errors import Refused
from portal.panoptes.resource import Call, Resource, moment, whole
from projects.models import SubjectState


class Statuses(Resource):
    name = "subject_workflow_statuses"
    filters = frozenset({"subject_id", "subject_ids", "workflow_id"})

    def rows(self, call: Call, asked: Mapping[str, str]) -> QuerySet[SubjectState]:
        found = SubjectState.objects.filter(workflow__project__in=call.own_projects())
        if "workflow_id" in asked:
            found = found.filter(workflow=whole(asked["workflow_id"], "workflow_id"))
        for key in ("subject_id", "subject_ids"):
            if key in asked:
                ids = [whole(each, key) for each in asked[key].replace(" ", "").split(",") if each]
                found = found.filter(subject__in=ids)
        return found.order_by("workflow_id", "subject_id")

    def find(self, call: Call, pk: int) -> Refused:
        raise self.lost(pk)

    def show(self, call: Call, row: SubjectState) -> dict[str, Any]:
        return {
            "id": f"{row.workflow_id}-{row.subject_id}",
            "classifications_count": row.answered,
            "retired_at": moment(row.retired_at),
            "retirement_reason": row.retired_reason or None,
            "links": {"subject": str(row.subject_id), "workflow": str(row.workflow_id)},
        }
