"""Addresses of the team's pages on similar pictures."""

from django.urls import URLPattern, path

from portal.pages import similar, similar_pairs, similar_seen

app_name = "similar"
HERE = "projects/<slug:slug>/similar/<slug:workflow>/"

urlpatterns: list[URLPattern] = [
    path(HERE, similar.similar, name="similar"),
    path(HERE + "state/", similar.state, name="state"),
    path(HERE + "look/", similar.look, name="look"),
    path(HERE + "choose/", similar.choose, name="choose"),
    path(HERE + "pairs/", similar_pairs.pairs, name="pairs"),
    path(HERE + "seen/", similar_seen.seen, name="seen"),
    path(HERE + "chart/<slug:name>.<slug:theme>.svg", similar.picture, name="picture"),
    path(HERE + "chart/<slug:name>.csv", similar.table, name="table"),
]
