"""/api/v1: every route of the API."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.views import APIView

from portal.limits import Throttle
from projects.api.catalogue import Projects, WorkflowDetail
from projects.api.classify import Classifications, Favourites, GiveConsent, Glance, NextSubjects, Release
from projects.api.downloads import (
    Annotations,
    Catalogue,
    Columns,
    Marks,
    Merits,
    RawClassifications,
    Subjects,
    Unusual,
    Votes,
    Workflows,
)
from projects.api.known import KnownAnswers
from projects.api.practice import BeginExam, Practice
from projects.api.trial import Trial


def limited(view: type[APIView]) -> Callable[..., Any]:
    """The view under the rate limit that its `limit` names; the rooms below know of no limits."""
    return view.as_view(throttle_classes=[Throttle])


app_name = "api"
FILES = "projects/<slug:slug>/workflows/<slug:workflow>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("projects", limited(Projects), name="projects"),
    path(f"{FILES}catalogue.csv", limited(Catalogue), name="catalogue"),
    path(f"{FILES}marks.csv", limited(Marks), name="marks"),
    path(f"{FILES}classifications.csv", limited(RawClassifications), name="raw-classifications"),
    path(f"{FILES}annotations.csv", limited(Annotations), name="annotations"),
    path(f"{FILES}votes.csv", limited(Votes), name="votes"),
    path(f"{FILES}subjects.csv", limited(Subjects), name="subjects"),
    path(f"{FILES}workflows.csv", limited(Workflows), name="workflows"),
    path(f"{FILES}merits.csv", limited(Merits), name="merits"),
    path(f"{FILES}unusual.csv", limited(Unusual), name="unusual"),
    path(f"{FILES}columns.csv", limited(Columns), name="columns"),
    path("workflows/<int:workflow_id>", limited(WorkflowDetail), name="workflow"),
    path("workflows/<int:workflow_id>/next", limited(NextSubjects), name="next"),
    path("workflows/<int:workflow_id>/practice", limited(Practice), name="practice"),
    path("workflows/<int:workflow_id>/exam", limited(BeginExam), name="exam"),
    path("workflows/<int:workflow_id>/known", limited(KnownAnswers), name="known"),
    path("workflows/<int:workflow_id>/trial", limited(Trial), name="trial"),
    path("workflows/<int:workflow_id>/release", limited(Release), name="release"),
    path("classifications", limited(Classifications), name="classifications"),
    path("consent", limited(GiveConsent), name="consent"),
    path("subjects/<int:subject_id>/glance", limited(Glance), name="glance"),
    path("favourites/<int:subject_id>", limited(Favourites), name="favourite"),
    path("schema", limited(SpectacularAPIView), name="schema"),
]
