"""Addresses of one's own pages; under the same names as the other pages (portal/pages/urls.py)."""

from django.urls import URLPattern, path

from portal.accounts import own_data, tokens
from portal.pages import collections, favourites, me, redo, statistics
from portal.pages.blocks import ask_to_lift

urlpatterns: list[URLPattern] = [
    path("me/", me.me, name="me"),
    path("me/blocks/<int:pk>/appeal/", ask_to_lift, name="ask_to_lift"),
    path("me/older/", me.older, name="me_older"),
    path("me/classifications/", me.classifications, name="own_classifications"),
    path("me/favourites/", favourites.favourites, name="favourites"),
    path("me/favourites/<int:subject>/remove/", favourites.remove, name="favourite_remove"),
    path("me/collections/", collections.collections, name="collections"),
    path("me/statistics/", statistics.statistics, name="statistics"),
    path("me/data/", own_data.own_data, name="own_data"),
    path("me/data/voorwerp.zip", own_data.download, name="own_download"),
    path("me/credit/", own_data.credit, name="own_credit"),
    path("me/delete/", own_data.delete, name="own_delete"),
    path("me/tokens/", tokens.tokens, name="own_tokens"),
    path("deleted/", own_data.deleted, name="deleted"),
    path("collect/<int:subject>/", collections.add, name="collect"),
    path("collections/<uuid:public_id>/", collections.collection, name="collection"),
    path("collections/<uuid:public_id>/describe/", collections.describe, name="collection_describe"),
    path("collections/<uuid:public_id>/delete/", collections.delete, name="collection_delete"),
    path(
        "collections/<uuid:public_id>/<int:subject>/take-out/",
        collections.take_out,
        name="collection_take_out",
    ),
    path("projects/<slug:slug>/classify/<slug:workflow>/<int:subject>/", redo.redo, name="redo"),
]
