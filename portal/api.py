"""/api/v1: every route of the API."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.urls import URLPattern, URLResolver, path
from django.utils.decorators import decorator_from_middleware
from drf_spectacular.views import SpectacularAPIView
from rest_framework.views import APIView

from portal.classifiers_api import Classifiers, OneClassifier, Predictions
from portal.cone import cone
from portal.files_api import CancelExport, ExportFile, Exports, OneExport, Releases
from portal.limits import Throttle
from projects.api.appeals import Appeals
from projects.api.catalogue import Projects, WorkflowDetail
from projects.api.classify import Classifications, Favourites, GiveConsent, Glance, NextSubjects, Release
from projects.api.downloads import DOWNLOADS
from projects.api.findings import Consensus, VoteList
from projects.api.known import KnownAnswers
from projects.api.making import DraftOf, Lanes, Publish, PutIn, Reopen, Retire, WorkflowState
from projects.api.odd import Odd
from projects.api.practice import BeginExam, Practice
from projects.api.pushing import SubjectsOfProject, Uploads
from projects.api.resources import CopyProject, Launch, OneProject, Sets, Versions, WorkflowsOfProject
from projects.api.subjects import OneSubject
from projects.api.trial import Trial
from projects.api.webhooks import (
    Deliveries,
    OneWebhook,
    SendAgain,
    Webhooks,
    WebhookSecret,
    WebhookTest,
)


class _Tagged(ConditionalGetMiddleware):
    """What is refused gets no ETag: it holds the request's own id."""

    def needs_etag(self, response: HttpResponseBase) -> bool:
        return response.status_code == HTTPStatus.OK and super().needs_etag(response)


def limited(view: type[APIView]) -> Callable[..., Any]:
    """The view under the rate limit that its `limit` names; the rooms below know of no limits.

    What a GET answers has an ETag, and If-None-Match is answered with 304, unless the answer is not to be kept.
    """
    return decorator_from_middleware(_Tagged)(view.as_view(throttle_classes=[Throttle]))


app_name = "api"
FILES = "projects/<slug:slug>/workflows/<slug:workflow>/"
EXPORT = "projects/<slug:slug>/exports/<uuid:export>"
HOOK = "projects/<slug:slug>/webhooks/<uuid:webhook>"
urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{FILES}cone", cone, name="cone"),
    path("projects", limited(Projects), name="projects"),
    *(path(f"{FILES}{view.table}.csv", limited(view), name=f"{view.table}.csv") for view in DOWNLOADS),
    path("projects/<slug:slug>", limited(OneProject), name="project"),
    path("projects/<slug:slug>/workflows", limited(WorkflowsOfProject), name="workflow-list"),
    path("projects/<slug:slug>/sets", limited(Sets), name="sets"),
    path("projects/<slug:slug>/subjects", limited(SubjectsOfProject), name="subject-list"),
    path("subjects/<int:subject_id>", limited(OneSubject), name="subject"),
    path("workflows/<int:workflow_id>/versions", limited(Versions), name="versions"),
    path("workflows/<int:workflow_id>/consensus", limited(Consensus), name="consensus"),
    path("projects/<slug:slug>/copy", limited(CopyProject), name="copy"),
    path("projects/<slug:slug>/launch", limited(Launch), name="launch"),
    path("projects/<slug:slug>/media", limited(Uploads), name="uploads"),
    path("projects/<slug:slug>/exports", limited(Exports), name="exports"),
    path(EXPORT, limited(OneExport), name="export"),
    path(f"{EXPORT}/cancel", limited(CancelExport), name="cancel-export"),
    path(f"{EXPORT}/file", limited(ExportFile), name="export-file"),
    path("projects/<slug:slug>/releases", limited(Releases), name="releases"),
    path("projects/<slug:slug>/webhooks", limited(Webhooks), name="webhooks"),
    path(HOOK, limited(OneWebhook), name="webhook"),
    path(f"{HOOK}/secret", limited(WebhookSecret), name="webhook-secret"),
    path(f"{HOOK}/test", limited(WebhookTest), name="webhook-test"),
    path(f"{HOOK}/deliveries", limited(Deliveries), name="deliveries"),
    path(f"{HOOK}/deliveries/<uuid:delivery>/again", limited(SendAgain), name="send-again"),
    path("workflows/<int:workflow_id>/state", limited(WorkflowState), name="workflow-state"),
    path("workflows/<int:workflow_id>/draft", limited(DraftOf), name="draft"),
    path("workflows/<int:workflow_id>/publish", limited(Publish), name="publish"),
    path("workflows/<int:workflow_id>/retire", limited(Retire), name="retire"),
    path("workflows/<int:workflow_id>/reopen", limited(Reopen), name="reopen"),
    path("workflows/<int:workflow_id>/lanes", limited(Lanes), name="lanes"),
    path("workflows/<int:workflow_id>/lanes/<slug:lane>/subjects", limited(PutIn), name="put-in"),
    path("workflows/<int:workflow_id>/appeals", limited(Appeals), name="appeals"),
    path("workflows/<int:workflow_id>/classifiers", limited(Classifiers), name="classifiers"),
    path("workflows/<int:workflow_id>/classifiers/<int:number>", limited(OneClassifier), name="classifier"),
    path(
        "workflows/<int:workflow_id>/classifiers/<int:number>/predictions",
        limited(Predictions),
        name="predictions",
    ),
    path("workflows/<int:workflow_id>/votes", limited(VoteList), name="vote-list"),
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
    path("subjects/<int:subject_id>/odd", limited(Odd), name="odd"),
    path("schema", limited(SpectacularAPIView), name="schema"),
]
