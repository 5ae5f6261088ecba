"""Addresses of the team's pages on classifiers. `number` is that of a version."""

from django.urls import URLPattern, path

from portal.pages import classifiers, machine, predictions

app_name = "classifiers"
HERE = "projects/<slug:slug>/classifiers/<slug:workflow>/"

urlpatterns: list[URLPattern] = [
    path(HERE, classifiers.classifiers, name="classifiers"),
    path(HERE + "retrain/", classifiers.retrain, name="retrain"),
    path(HERE + "together/", machine.together, name="together"),
    path(HERE + "state/", classifiers.state, name="state"),
    path(HERE + "<int:number>/", classifiers.version, name="version"),
    path(HERE + "<int:number>/roll-back/", classifiers.back, name="roll_back"),
    path(HERE + "<int:number>/reliability.<slug:theme>.svg", classifiers.picture, name="picture"),
    path(HERE + "<int:number>/reliability.csv", classifiers.table, name="table"),
    path(HERE + "<int:number>/predictions/", predictions.predictions, name="predictions"),
]
