"""A run on associations: three lists of what goes together, each with what is left within strata."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mining.models import AttributeChart, AttributeRun
from mining.services.attribute_runs import published
from mining.told_associations import KNOWN, confounder_words, flag_words, verdict_words
from portal.pages.activity import has_simulated
from portal.pages.run_places import private
from projects.exports.catalogue import all_tasks
from projects.permissions import may_mine

MOST = 40
"""Pairs of a list on the page, the strongest with an answer first; more are in the file."""

HEADS = {
    "votes": (
        gettext_lazy("What one person says together"),
        gettext_lazy(
            "Two answers of the same person on the same subject. Whoever ticks much, or a subject that has both, brings"
            " answers together too: read what is left within the same subject, and among equal people."
        ),
    ),
    "traits": (
        gettext_lazy("Who says it"),
        gettext_lazy(
            "Answers against who gives them. People are given different subjects: within the same subject only the"
            " people differ. Skill is agreement with the consensus of these same answers."
        ),
    ),
    "subjects": (
        gettext_lazy("Subjects and what is known of them"),
        gettext_lazy(
            "Answers that the consensus gives, and catalogue attributes: of numbers the lowest and the highest quarter."
            " Equal people means that a subject was looked at by people who are alike on average."
        ),
    ),
}


@dataclass(frozen=True)
class Shown:
    """A pair. within: (confounder, bits, low, high) of which the verdict speaks, or that takes most."""

    a: tuple[str, str]
    b: tuple[str, str]
    rows: int
    both: int
    lift: float
    alone: list[float | None]
    q: float
    within: tuple[str, float | None, float | None, float | None] | None
    verdict: str
    word: str


@dataclass(frozen=True)
class Listed:
    name: str
    title: Any
    note: Any
    found: dict[str, Any]
    pairs: list[Shown]
    confounders: list[str]
    chart: AttributeChart | None


def associations_run(request: HttpRequest, run: AttributeRun, member: bool) -> HttpResponse:
    """For who may read it; see attribute_places.readable_run."""
    project = run.workflow.project
    context = {
        "project": project,
        "workflow": run.workflow,
        "run": run,
        "is_member": member,
        "may_mine": may_mine(request.user, project.pk),
        "published": published(run.workflow, run.kind),
        "lists": _lists(run),
        "traits": [_(KNOWN[name]) for name in run.report.get("traits", [])],
        "has_simulated": has_simulated(project),
    }
    return private(render(request, "pages/associations_run.html", context))


def _lists(run: AttributeRun) -> list[Listed]:
    found = run.report.get("lists", {})
    charts = {chart.name: chart for chart in run.charts.defer("svg_light", "svg_dark", "png", "table")}
    tasks = all_tasks(run.workflow)
    labels = dict(run.workflow.project.attributes.values_list("key", "label"))
    return [
        Listed(
            name, *HEADS[name], found[name],
            _shown(found[name], [flag_words(tuple(flag), tasks, labels, run.report["quartiles"])
                                 for flag in found[name]["flags"]]),
            [confounder_words(each) for each in found[name]["confounders"]], charts.get(name),
        )
        for name in HEADS if name in found
    ]  # fmt: skip


def _shown(found: dict[str, Any], named: list[tuple[str, str]]) -> list[Shown]:
    """Those beyond chance, alone or within something."""
    told = [pair for pair in found["pairs"] if pair["verdict"][0] != "chance"][:MOST]
    return [
        Shown(
            named[pair["a"]], named[pair["b"]], pair["counts"][0], pair["counts"][1], pair["alone"][0],
            pair["alone"][1:], pair["p"][1], _within(pair), verdict_words(pair["verdict"]), pair["verdict"][0],
        )
        for pair in told
    ]  # fmt: skip


def _within(pair: dict[str, Any]) -> tuple[str, float | None, float | None, float | None] | None:
    left = {name: each for name, each in pair["left"].items() if each[2] is not None}
    name = pair["verdict"][1] or min(left, key=lambda name: abs(left[name][2]), default="")
    if name not in pair["left"]:
        return None
    _rows, _alone, bits, low, high, _p, _q = pair["left"][name]
    return confounder_words(name), bits, low, high
