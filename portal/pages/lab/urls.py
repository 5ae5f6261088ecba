"""Addresses of the lab."""

from django.urls import URLPattern, path

from portal.pages.lab import (
    manager,
    pairs,
    people,
    practice,
    projects,
    rule,
    subjects,
    tasks,
    text,
    texts,
    uploads,
    versions,
    workflows,
)

app_name = "lab"
PROJECT = "lab/<slug:slug>/"
FLOW = f"{PROJECT}workflows/<slug:workflow>/"

urlpatterns: list[URLPattern] = [
    path("lab/", projects.mine, name="mine"),
    path("lab/new/", projects.new, name="new"),
    path(PROJECT, projects.home, name="project"),
    path(f"{PROJECT}details/", projects.details, name="details"),
    path(f"{PROJECT}copy/", projects.copy, name="copy"),
    path(f"{PROJECT}launch/", projects.launch, name="launch"),
    path(f"{PROJECT}subjects/", subjects.subjects, name="subjects"),
    path(f"{PROJECT}subjects/all/", manager.manager, name="manager"),
    path(f"{PROJECT}subjects/uploads/", uploads.uploads, name="uploads"),
    path(f"{PROJECT}subjects/uploads/<uuid:upload>/", uploads.upload, name="upload"),
    path(f"{PROJECT}subjects/state/", subjects.state, name="subjects_state"),
    path(f"{PROJECT}subjects/pairs/", pairs.pairs, name="pairs"),
    path(f"{PROJECT}pages/", texts.pages, name="pages"),
    path(f"{PROJECT}pages/<slug:page>/", texts.page, name="page"),
    path(f"{PROJECT}tutorial/", texts.tutorial, name="tutorial"),
    path(f"{PROJECT}team/", people.team, name="team"),
    path(f"{PROJECT}workflows/", workflows.make, name="workflows"),
    path(FLOW, workflows.workflow, name="workflow"),
    path(f"{FLOW}do/", workflows.do, name="do"),
    path(f"{FLOW}settings/", workflows.settings, name="settings"),
    path(f"{FLOW}questions/new/<slug:kind>/", tasks.new, name="new_task"),
    path(f"{FLOW}questions/<slug:task>/", tasks.task, name="task"),
    path(f"{FLOW}practice/", practice.practice, name="practice"),
    path(f"{FLOW}rule/", rule.rule, name="rule"),
    path(f"{FLOW}text/", text.text, name="text"),
    path(f"{FLOW}text/workflow.yaml", text.file, name="file"),
    path(f"{FLOW}versions/", versions.versions, name="versions"),
]
