"""All routes of the site."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from portal.health import healthz
from portal.media import media
from portal.scrape import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "api/v1/", include("portal.api")
    ),  # first: its calls are the most, and a route is found by trying in order
    path("", include("portal.pages.urls")),
    path("", include("portal.pages.run_urls")),
    path("", include("portal.pages.attribute_urls")),
    path("", include("portal.pages.lab.urls")),
    path("", include("portal.pages.classifier_urls")),
    path("", include("portal.pages.similar_urls")),
    path("", include("portal.desk.urls")),
    path("", include("portal.talk.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("media/<path:path>", media, name="media"),
    path("metrics", metrics, name="metrics"),
    path("panoptes/", include("portal.panoptes.urls")),
]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.permission_denied"
handler404 = "portal.errors.page_not_found"
handler500 = "portal.errors.server_error"
