"""Flags of what is odd, by the person who is asked about it."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import BaseModel, ConfigDict, Field
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.base import VolunteerView
from projects.api.bodies import read_body
from projects.exceptions import NotFound
from projects.models import Subject
from projects.permissions import visible_projects
from projects.services.odd_flags import as_tag, flag_odd, flags_of, take_back
from projects.services.volunteers import make_volunteer, require_pass, volunteer_of


class OddBody(BaseModel):
    """A flag, with a #tag or without."""

    model_config = ConfigDict(extra="forbid")

    tag: str = Field("", max_length=200, description="Without: it is just odd.")


class Odd(VolunteerView):
    """Say that a subject is odd, or take that back. Tells of nobody else's flags."""

    @extend_schema(request=OddBody, responses={200: dict})
    def post(self, request: Request, subject_id: int) -> Response:
        subject = _subject(request, subject_id)
        body = read_body(request, OddBody)
        person = volunteer_of(request._request) or make_volunteer(require_pass(request._request))
        flag_odd(subject=subject, volunteer=person, tags=[body.tag])
        return Response({"tags": flags_of(subject, person)})

    @extend_schema(
        parameters=[OpenApiParameter("tag", str, description="Only this one; without: all.")],
        responses={204: None},
    )
    def delete(self, request: Request, subject_id: int) -> Response:
        subject = _subject(request, subject_id)
        tag = request.query_params.get("tag")
        if person := volunteer_of(request._request):
            take_back(subject=subject, volunteer=person, tags=None if tag is None else [as_tag(tag)])
        return Response(status=204)


def _subject(request: Request, subject_id: int) -> Subject:
    visible = visible_projects(request._request.user)
    found = Subject.objects.filter(pk=subject_id, project__in=visible).first() if subject_id < 2**63 else None
    if found is None:
        raise NotFound
    return found
