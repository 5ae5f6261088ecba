"""Addresses of Talk."""

from django.urls import URLPattern, path

from portal.talk import boards, comments, discussions, moderation, notices, search, tags

app_name = "talk"
PROJECT = "projects/<slug:slug>/talk/"

urlpatterns: list[URLPattern] = [
    path("talk/", boards.home, name="site"),
    path("talk/boards/<slug:board>/", boards.board, name="site_board"),
    path("talk/discussions/<uuid:discussion>/", discussions.discussion, name="discussion"),
    path("talk/discussions/<uuid:discussion>/do/", moderation.on_discussion, name="on_discussion"),
    path("talk/comments/<uuid:comment>/do/", moderation.on_comment, name="on_comment"),
    path("talk/discussions/<uuid:discussion>/follow/", notices.follows, name="follow"),
    path("talk/unsubscribe/<str:signed>/", notices.unsubscribe, name="unsubscribe"),
    path("me/notices/", notices.notices, name="notices"),
    path("me/notices/state/", notices.state, name="state"),
    path("talk/moderation/", moderation.queue, name="site_moderation"),
    path("talk/search/", search.search, name="site_search"),
    path("talk/comments/<uuid:comment>/edit/", comments.edit, name="edit"),
    path("talk/comments/<uuid:comment>/history/", comments.history, name="history"),
    path(PROJECT, boards.home, name="project"),
    path(PROJECT + "boards/<slug:board>/", boards.board, name="board"),
    path(PROJECT + "subjects/<int:subject>/", discussions.subject, name="subject"),
    path(PROJECT + "moderation/", moderation.queue, name="moderation"),
    path(PROJECT + "search/", search.search, name="search"),
    path(PROJECT + "tags/<str:tag>/", tags.tag, name="tag"),
]
