"""Subjects that a program retires, or opens again."""

from http import HTTPStatus

from django.http import HttpResponse
from django.utils.translation import gettext as _

from portal.panoptes.door import door, known, read_json
from portal.panoptes.errors import Refused
from portal.panoptes.kinds import KINDS
from portal.panoptes.resource import Call, wholes
from projects.models import SubjectState
from projects.permissions import may_edit
from projects.services.retire_by_hand import reopen_subjects, retire_subjects


@door("POST")
@known
def retire(call: Call, row: int) -> HttpResponse:
    """{"subject_ids", "retirement_reason"}."""
    workflow = KINDS["workflows"].find(call, row)
    call.require(may_edit, workflow.project_id)
    body = read_json(call.request)
    reason = body.get("retirement_reason")
    ids = wholes(body.get("subject_ids"), "subject_ids")
    retire_subjects(workflow, ids, reason=reason if isinstance(reason, str) else "")
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@door("POST")
@known
def reopen(call: Call, row: int) -> HttpResponse:
    """{"subject_ids"}, or {"subject_set_ids"} for all that are retired of those sets."""
    workflow = KINDS["workflows"].find(call, row)
    call.require(may_edit, workflow.project_id)
    body = read_json(call.request)
    if "subject_set_ids" in body:
        sets = wholes(body["subject_set_ids"], "subject_set_ids")
        if workflow.subject_set_id not in sets:
            raise Refused(422, _("This workflow is about another set."))
        retired = SubjectState.objects.filter(
            workflow=workflow, retired_at__isnull=False, subject__subject_set__in=sets
        )
        ids = list(retired.values_list("subject_id", flat=True))
    else:
        ids = wholes(body.get("subject_ids"), "subject_ids")
    reopen_subjects(workflow, ids)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
