"""Addresses of the pages."""

from django.urls import URLPattern, path

from portal.pages import (
    catalogue,
    data,
    exports,
    fairness,
    front,
    imports,
    known,
    lanes,
    own_urls,
    policy_urls,
    privacy,
    project,
    qualifications,
    reference,
    releases,
    results,
    webhooks,
)
from portal.pages.classify import classify

app_name = "pages"

urlpatterns: list[URLPattern] = [
    path("", front.front, name="front"),
    path("projects/<slug:slug>/", project.home, name="project"),
    path("projects/<slug:slug>/live/", project.live, name="live"),
    path("projects/<slug:slug>/accent.css", project.accent, name="accent"),
    path("projects/<slug:slug>/about/<slug:page>/", project.about, name="about"),
    path("projects/<slug:slug>/classify/<slug:workflow>/", classify, name="classify"),
    path("projects/<slug:slug>/results/<slug:workflow>/", results.results, name="results"),
    path(
        "projects/<slug:slug>/results/<slug:workflow>/<slug:name>.<slug:theme>.svg",
        results.chart,
        name="results_chart",
    ),
    path(
        "projects/<slug:slug>/results/<slug:workflow>/<slug:name>.csv",
        results.chart_csv,
        name="results_chart_csv",
    ),
    path("projects/<slug:slug>/known/<slug:workflow>/", known.known, name="known"),
    path("projects/<slug:slug>/known/<slug:workflow>/<int:subject>/", known.change, name="known_change"),
    path("projects/<slug:slug>/lanes/<slug:workflow>/", lanes.lanes, name="lanes"),
    path("projects/<slug:slug>/lanes/<slug:workflow>/<slug:lane>/", lanes.lane, name="lane"),
    path("projects/<slug:slug>/qualifications/", qualifications.qualifications, name="qualifications"),
    path("projects/<slug:slug>/fairness/", fairness.fairness, name="fairness"),
    path("projects/<slug:slug>/fairness/suggestions/<int:pk>/", fairness.decide, name="fairness_decide"),
    path("projects/<slug:slug>/fairness/blocks/<int:pk>/lift/", fairness.lift_block, name="lift_block"),
    path("projects/<slug:slug>/data/", data.data, name="data"),
    path("projects/<slug:slug>/data/files/", exports.ask_for, name="export_ask"),
    path("projects/<slug:slug>/data/state/", exports.state, name="exports_state"),
    path("projects/<slug:slug>/data/pseudonyms/", exports.rename, name="rename_volunteers"),
    path("projects/<slug:slug>/data/files/<uuid:export>/", exports.file, name="export_file"),
    path("projects/<slug:slug>/data/files/<uuid:export>/cancel/", exports.cancel, name="export_cancel"),
    path("projects/<slug:slug>/releases/", releases.releases, name="releases"),
    path("projects/<slug:slug>/webhooks/", webhooks.webhooks, name="webhooks"),
    path("projects/<slug:slug>/webhooks/<uuid:webhook>/", webhooks.webhook, name="webhook"),
    path("projects/<slug:slug>/import/", imports.imports, name="imports"),
    path("projects/<slug:slug>/import/catalogue/", catalogue.catalogue, name="import_catalogue"),
    path("projects/<slug:slug>/import/state/", imports.state, name="imports_state"),
    path("projects/<slug:slug>/import/<int:pk>/cancel/", imports.cancel, name="import_cancel"),
    path("projects/<slug:slug>/import/<int:pk>/broken.csv", imports.broken, name="import_broken"),
    *policy_urls.urlpatterns,
    *own_urls.urlpatterns,
    path("reference/", reference.reference, name="reference"),
    path("privacy/", privacy.privacy, name="privacy"),
]
