"""Addresses of the team's pages on batch runs."""

from django.urls import URLPattern, path

from portal.pages import run, run_answers, run_volunteers, runs

app_name = "runs"
HERE = "projects/<slug:slug>/runs/<slug:workflow>/"

urlpatterns: list[URLPattern] = [
    path(HERE, runs.runs, name="runs"),
    path(HERE + "state/", runs.state, name="state"),
    path(HERE + "schedule/", runs.schedule, name="schedule"),
    path(HERE + "publish/", runs.choose, name="publish"),
    path(HERE + "<int:number>/", run.run, name="run"),
    path(HERE + "<int:number>/cancel/", runs.cancel, name="cancel"),
    path(HERE + "<int:number>/again/", runs.again, name="again"),
    path(HERE + "<int:number>/<slug:name>.<slug:theme>.svg", run.chart, name="chart"),
    path(HERE + "<int:number>/<slug:name>.csv", run.chart_csv, name="chart_csv"),
    path(HERE + "<int:number>/volunteers/", run_volunteers.volunteers, name="volunteers"),
    path(HERE + "<int:number>/volunteers/all.csv", run_volunteers.volunteers_csv, name="volunteers_csv"),
    path(HERE + "<int:number>/answers/", run_answers.answers, name="answers"),
    path(HERE + "<int:number>/against/<int:other>/", run_answers.against, name="against"),
]
