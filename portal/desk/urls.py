"""Addresses of the desk."""

from django.urls import URLPattern, path

from portal.desk import appeals, campaign, item, places, questions

app_name = "desk"
PROJECT = "projects/<slug:slug>/desk/"
FLOW = PROJECT + "<slug:workflow>/"

urlpatterns: list[URLPattern] = [
    path(PROJECT, places.desk, name="desk"),
    path(PROJECT + "live/", places.live, name="live"),
    path(PROJECT + "veil/", places.veil, name="veil"),
    path(FLOW + "pool/", item.item, name="pool"),
    path(FLOW + "lanes/<slug:lane>/", item.item, name="lane"),
    path(FLOW + "decide/", item.decide, name="decide"),
    path(FLOW + "undo/", item.undo, name="undo"),
    path(FLOW + "leave/", item.leave, name="leave"),
    path(FLOW + "notes/", questions.write, name="write"),
    path(FLOW + "questions/", questions.questions, name="questions"),
    path(FLOW + "appeals/", appeals.appeals, name="appeals"),
    path(FLOW + "appeals/<int:subject>/", appeals.appeal, name="appeal"),
    path(FLOW + "campaign/", campaign.campaign, name="campaign"),
    path(FLOW + "campaign/group/", campaign.group, name="group"),
]
