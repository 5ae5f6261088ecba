"""Addresses of Talk."""

from django.urls import URLPattern, path

from portal.talk import boards, comments, discussions, tags

app_name = "talk"
PROJECT = "projects/<slug:slug>/talk/"

urlpatterns: list[URLPattern] = [
    path("talk/", boards.home, name="site"),
    path("talk/boards/<slug:board>/", boards.board, name="site_board"),
    path("talk/discussions/<uuid:discussion>/", discussions.discussion, name="discussion"),
    path("talk/comments/<uuid:comment>/edit/", comments.edit, name="edit"),
    path("talk/comments/<uuid:comment>/history/", comments.history, name="history"),
    path(PROJECT, boards.home, name="project"),
    path(PROJECT + "boards/<slug:board>/", boards.board, name="board"),
    path(PROJECT + "subjects/<int:subject>/", discussions.subject, name="subject"),
    path(PROJECT + "tags/<str:tag>/", tags.tag, name="tag"),
]
