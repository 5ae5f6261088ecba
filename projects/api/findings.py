"""What the volunteers have found: consensus, votes, and one's own answers. Looking at open subjects is kept."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.paging import Query, after, page, parameters, read_query
from projects.api.places import somebody, workflow_at
from projects.api.resources import Resource
from projects.api.shapes import ConsensusShape, OwnAnswer, Page, VoteShape
from projects.exceptions import Invalid
from projects.exports.catalogue import rows as catalogue_rows
from projects.exports.pseudonyms import pseudonym
from projects.models import Classification, SubjectState, Volunteer, Workflow
from projects.permissions import is_member, require_download
from projects.services import get_version
from projects.services.look_at_answers import look_at_subjects
from projects.services.volunteers import join_account, volunteer_of

WITHOUT_ACCOUNT = re.compile("not-logged-in-|name:")
"""Of an imported volunteer's name, as the file of raw classifications reads it."""


class ConsensusQuery(Query):
    subject: int = Field(0, ge=0, lt=2**53, description="This one alone.")


class Consensus(Resource):
    """What the answers come to, subject by subject, as in the catalogue. For the team always, of open subjects too
    (that they were looked at is kept: a later answer of theirs is withheld); for others, once the data are public, of
    finished subjects."""

    limit = "download"

    @extend_schema(parameters=parameters(ConsensusQuery), responses=Page[ConsensusShape])
    def get(self, request: Request, workflow_id: int) -> Response:
        asked = read_query(request, ConsensusQuery)
        workflow = _with_data(request, workflow_id)
        team = is_member(request.user, workflow.project_id)
        start = asked.subject - 1 if asked.subject else after(request, asked)
        most = 1 if asked.subject else asked.limit + 1
        rows = list(islice(catalogue_rows(workflow, team=team, after=start, size=most), most))
        if asked.subject:
            rows = [row for row in rows if row.subject_id == asked.subject]
        if team:
            _look(request, workflow, (row.subject_id for row in rows[: asked.limit] if row.answered))
        return page(request, asked, rows, lambda row: row.subject_id, ConsensusShape.of).respond()


class VoteList(Resource):
    """The counted votes, in the order in which the answers were stored; `limit` counts answers, each of which has a
    vote for every choice that it was offered. For the team, who have then looked."""

    limit = "download"

    @extend_schema(parameters=parameters(ConsensusQuery), responses=Page[VoteShape])
    def get(self, request: Request, workflow_id: int) -> Response:
        asked = read_query(request, ConsensusQuery)
        workflow = workflow_at(request, workflow_id, is_member)
        found = Classification.objects.standing().filter(workflow=workflow, pk__gt=after(request, asked))
        if asked.subject:
            found = found.filter(subject_id=asked.subject)
        answers = list(found.select_related("volunteer__joined_to").order_by("pk")[: asked.limit + 1])
        _look(request, workflow, {each.subject_id for each in answers[: asked.limit]})
        made = page(request, asked, answers, lambda row: row.pk, lambda row: list(_votes(workflow, row)))
        return Page[Any](items=[vote for some in made.items for vote in some], next=made.next).respond()


class OwnQuery(Query):
    workflow: int = Field(0, ge=0, description="Of this one alone.")


def own_answers(request: Request, user: Any) -> Response:
    """The account's own answers, the oldest first, whichever volunteer of theirs gave them."""
    asked = read_query(request, OwnQuery)
    person = Volunteer.objects.filter(account_id=user.pk).first()
    if person is None:
        return Page[OwnAnswer](items=[], next=None).respond()
    found = Classification.objects.filter(
        Q(volunteer=person) | Q(volunteer__joined_to=person), pk__gt=after(request, asked)
    )
    if asked.workflow:
        found = found.filter(workflow_id=asked.workflow)
    rows = list(found.order_by("pk")[: asked.limit + 1])
    return page(request, asked, rows, lambda row: row.pk, _own).respond()


def _own(row: Classification) -> OwnAnswer:
    return OwnAnswer(
        id=row.uuid,
        workflow=row.workflow_id,
        workflow_version=row.version_id,
        subject=row.subject_id,
        annotations=row.annotations,
        received_at=row.received_at,
    )


def _votes(workflow: Workflow, answer: Classification) -> Iterable[VoteShape]:
    definition = get_version(answer.version_id).definition
    person = answer.volunteer.joined_to or answer.volunteer
    had_account = bool(person.source) and not WITHOUT_ACCOUNT.match(person.external_id)
    name = pseudonym(
        workflow.project,
        person.public_id,
        signed_in=person.account_id is not None or had_account,
        simulated=person.simulated,
    ).user_name
    for task, votes in definition.votes(answer.annotations):
        for key, value in votes:
            yield VoteShape(
                classification=answer.pk,
                subject=answer.subject_id,
                volunteer=name,
                version=answer.version_id,
                task=task,
                kind=definition.tasks[task].kind,
                key=key,
                value=value,
                at=answer.received_at,
            )


def _with_data(request: Request, workflow_id: int) -> Workflow:
    workflow = workflow_at(request, workflow_id)
    require_download(request.user, workflow.project)
    if workflow.published_id is None:
        raise Invalid("This workflow was never published, so it has no data.")
    return workflow


def _look(request: Request, workflow: Workflow, subjects: Iterable[int]) -> None:
    """Kept of those that are open."""
    open_ones = SubjectState.objects.filter(
        workflow=workflow, subject_id__in=list(subjects), retired_at__isnull=True
    ).values_list("subject_id", flat=True)
    if ids := list(open_ones):
        person = volunteer_of(request._request) or join_account(None, somebody(request))
        look_at_subjects(workflow.pk, ids, person)
