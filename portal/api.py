"""/api/v1: every route of the API."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView

from projects.api.catalogue import Projects, WorkflowDetail
from projects.api.classify import Classifications, Favourites, GiveConsent, Glance, NextSubjects, Release

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("projects", Projects.as_view(), name="projects"),
    path("workflows/<int:workflow_id>", WorkflowDetail.as_view(), name="workflow"),
    path("workflows/<int:workflow_id>/next", NextSubjects.as_view(), name="next"),
    path("workflows/<int:workflow_id>/release", Release.as_view(), name="release"),
    path("classifications", Classifications.as_view(), name="classifications"),
    path("consent", GiveConsent.as_view(), name="consent"),
    path("subjects/<int:subject_id>/glance", Glance.as_view(), name="glance"),
    path("favourites/<int:subject_id>", Favourites.as_view(), name="favourite"),
    path("schema", SpectacularAPIView.as_view(), name="schema"),
]
