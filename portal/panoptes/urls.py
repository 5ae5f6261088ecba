"""/panoptes: `Panoptes.connect(endpoint="https://HOST/panoptes")`."""

from django.urls import URLPattern, path

from portal.panoptes import hands, views
from portal.panoptes.files import export, file
from portal.panoptes.media import media

app_name = "panoptes"
ROW = "api/<slug:resource>/<int:row>"
urlpatterns: list[URLPattern] = [
    path("users/sign_in", views.sign_in, name="sign-in"),
    path("oauth/token", views.token, name="token"),
    path("media/<str:signed>", media, name="media"),
    path("files/<str:signed>", file, name="file"),
    path("api/me", views.me, name="me"),
    path("api/workflows/<int:row>/retired_subjects", hands.retire, name="retire"),
    path("api/workflows/<int:row>/unretire_subjects", hands.reopen, name="reopen"),
    path(f"{ROW}/<slug:table>_export", export, name="export"),
    path("api/<slug:resource>", views.rows, name="rows"),
    path(ROW, views.single, name="row"),
    path(f"{ROW}/links/<slug:link>", views.links, name="links"),
    path(f"{ROW}/links/<slug:link>/<str:ids>", views.links, name="unlink"),
    path("<path:rest>", views.nothing, name="nothing"),
]
