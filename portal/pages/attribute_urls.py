"""Addresses of the pages on attributes, associations and unusual objects; a run has one by its number, of any kind."""

from django.urls import URLPattern, path

from mining.models import AttributeRun
from portal.pages import attributes, unusual

app_name = "attributes"
UNUSUAL = "projects/<slug:slug>/unusual/"
HERE = "projects/<slug:slug>/attributes/<slug:workflow>/"
TOGETHER = "projects/<slug:slug>/associations/<slug:workflow>/"
OF_ASSOCIATIONS = {"kind": AttributeRun.Kind.ASSOCIATIONS}

urlpatterns: list[URLPattern] = [
    path(UNUSUAL, unusual.unusual, name="unusual"),
    path(UNUSUAL + "look/", unusual.look, name="look"),
    path(UNUSUAL + "publish/", unusual.choose, name="publish_discoveries"),
    path(UNUSUAL + "<int:pk>/", unusual.follow_up, name="follow_up"),
    path(TOGETHER, attributes.attributes, OF_ASSOCIATIONS, name="associations"),
    path(TOGETHER + "state/", attributes.state, OF_ASSOCIATIONS, name="associations_state"),
    path(HERE, attributes.attributes, name="attributes"),
    path(HERE + "state/", attributes.state, name="state"),
    path(HERE + "<int:number>/", attributes.run, name="run"),
    path(HERE + "<int:number>/cancel/", attributes.cancel, name="cancel"),
    path(HERE + "<int:number>/publish/", attributes.choose, name="publish"),
    path(HERE + "<int:number>/<slug:name>.<slug:theme>.svg", attributes.picture, name="picture"),
    path(HERE + "<int:number>/<slug:name>.png", attributes.png, name="png"),
    path(HERE + "<int:number>/<slug:name>.csv", attributes.table, name="table"),
]
