"""A workflow's rules, for the team: what each looks for, what it found, try it, bring it to act. And who decides."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mining.science.agreement import alpha
from mining.science.intervals import wilson
from portal.pages.places import get_project_for, get_workflow
from portal.pages.rule_forms import RuleForm
from portal.pages.triage_forms import TriageForm
from projects.exceptions import Invalid
from projects.models import Decision, Rule, RuleHit, Subject, SubjectState, Triage, Verdict, Workflow
from projects.permissions import may_rule
from projects.services.appeals import appealed
from projects.services.policies import current_version, set_triage
from projects.services.reviews import Pairs, pairs_of
from projects.services.rules import MatchesAll, alter_rule, make_rule, set_rule_state, tried, try_rule
from projects.services.tiers import Overturned, by_day, overturned, undecided
from projects.triage.conditions import describe

CHANGES = 20
HITS = 30
KINDS = dict(Decision.Kind.choices)
Share = tuple[float, float, float]


@require_http_methods(["GET", "POST"])
@never_cache
def rules(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """The list; a POST makes a rule, as a draft."""
    project = get_project_for(request, slug, may_rule)
    flow = get_workflow(project, workflow)
    form = RuleForm(flow, None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_rule(workflow=flow, by=_by(request), **form.values())
            messages.success(request, _("The rule %(title)s is there, as a draft. Try it.") % {"title": made})
            return redirect("pages:rule", slug, workflow, made.slug)
        except Invalid as error:
            form.add_error(None, str(error))
    context = {"project": project, "workflow": flow, "form": form, "rows": _rows(flow)}
    return render(request, "pages/rules.html", context, status=400 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def rule(request: HttpRequest, slug: str, workflow: str, rule: str) -> HttpResponse:
    """One rule; a POST's `do` is save, try, or the state that it is to have (with `sure`, though it matches all)."""
    project = get_project_for(request, slug, may_rule)
    flow = get_workflow(project, workflow)
    found = get_object_or_404(flow.rules.select_related("region"), slug=rule)
    found.workflow = flow
    do = request.POST.get("do", "")
    form = RuleForm(flow, found, request.POST if do == "save" else None)
    asks, problem = "", ""
    if request.method == "POST" and (do != "save" or form.is_valid()):
        try:
            _do(request, found, do, form)
            return redirect("pages:rule", slug, workflow, rule)
        except MatchesAll as error:
            asks, problem = do, str(error)
        except Invalid as error:
            if do == "save":
                form.add_error(None, str(error))
            problem = "" if do == "save" else str(error)
    trial = tried(found)
    context = {
        "project": project,
        "workflow": flow,
        "rule": found,
        "told": describe(found.condition),
        "trial": _told(found, trial) if trial else None,
        "form": form,
        "asks": asks,
        "problem": problem,
        "hits": found.hits.filter(edition=found.edition).select_related("subject").order_by("-pk")[:HITS],
        "hit_count": found.hits.filter(edition=found.edition).count(),
        "contradicts": contradictions(flow, found),
        "share": next((_row(each) for each in overturned(flow) if each.rule == found.pk), None),
        "changes": found.changes.select_related("by")[:CHANGES],
    }
    return render(request, "pages/rule.html", context, status=400 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def triage(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """Who decides: by tier and day, and how often people say otherwise. A POST says by which policy it is decided."""
    project = get_project_for(request, slug, may_rule)
    flow = get_workflow(project, workflow)
    if flow.published_id is None:
        raise Http404
    stands = Triage.objects.filter(workflow=flow).select_related("policy").first()
    form = TriageForm(flow, stands, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_triage(flow, **form.values())
            messages.success(request, _("Saved."))
            return redirect("pages:triage", slug, workflow)
        except Invalid as error:
            form.add_error(None, str(error))
    days = by_day(flow)
    titles = {rule.pk: rule for rule in flow.rules.all()}
    rows = [
        {**_row(each), "rule": titles.get(each.rule or 0), "who": KINDS[each.kind]}
        for each in overturned(flow)
    ]
    judged = appealed(flow)
    people = get_user_model().objects.in_bulk([each.by for each in judged if each.by])
    context = {
        "project": project,
        "workflow": flow,
        "triage": stands,
        "form": form,
        "version": current_version(flow.pk),
        "kinds": KINDS.values(),
        "days": [(each.day, list(each.made.values()), sum(each.made.values())) for each in days],
        "totals": [sum(each.made[kind] for each in days) for kind in KINDS],
        "total": sum(sum(each.made.values()) for each in days),
        "rows": rows,
        "undecided": undecided(flow),
        "appeals": [
            {
                "of": each,
                "rule": titles.get(each.rule or 0),
                "who": KINDS[each.kind],
                "by": people.get(each.by),
                "share": share_of(each.overturned, each.judged),
            }
            for each in judged
        ],
        "second": [_agreement(each) for each in pairs_of(flow)],
    }
    return render(request, "pages/triage.html", context, status=400 if request.method == "POST" else 200)


def contradictions(workflow: Workflow, rule: Rule) -> list[Any]:
    """Other live rules of another verdict that hit the same subjects in the same region, and how many."""
    if rule.state != Rule.State.LIVE:
        return []
    mine = rule.hits.filter(edition=rule.edition).values("subject")
    return list(
        RuleHit.objects.filter(
            rule__workflow=workflow,
            rule__state=Rule.State.LIVE,
            rule__region=rule.region_id,
            edition=F("rule__edition"),
            subject__in=mine,
        )
        .exclude(rule__verdict=rule.verdict)
        .values("rule__slug", "rule__title", "rule__verdict")
        .annotate(n=Count("pk"))
        .order_by("-n", "rule__slug")
    )


def _do(request: HttpRequest, found: Rule, do: str, form: RuleForm) -> None:
    if do == "save":
        was = found.state
        changes = alter_rule(found, by=_by(request), **form.values())
        if "state" in changes:
            said = _("Saved. It was %(state)s and is a draft again: try it as it is now.")
            messages.success(request, said % {"state": Rule.State(was).label})
        else:
            messages.success(request, _("Saved.") if changes else _("Nothing was to be changed."))
    elif do == "try":
        try_rule(found)
    elif set_rule_state(found, do, sure=request.POST.get("sure") == "yes", by=_by(request)):
        told = {
            "draft": _("A draft: it does nothing."),
            "background": _("It looks at all that is open and at what arrives, and decides nothing."),
            "live": _("It decides: all that is open, and what arrives."),
            "closed": _("Closed. What it found and decided is kept."),
        }
        messages.success(request, told[do])


def _told(rule: Rule, trial: dict[str, Any]) -> dict[str, Any]:
    """The trial with names, and with shares; who is still to answer a subject is not told what was decided of it."""
    finished = SubjectState.objects.filter(
        workflow=rule.workflow_id, subject__in=trial["against"], retired_at__isnull=False
    ).values("subject")
    people = Q(kind__in=(Decision.Kind.PEOPLE, Decision.Kind.PERSON), region=rule.region_id)
    against = (
        Decision.objects.filter(people, workflow=rule.workflow_id, subject__in=finished)
        .shown()
        .standing()
        .select_related("subject")
    )
    return {
        **trial,
        "at": parse_datetime(trial["at"]),
        "share": share_of(trial["hits"], trial["subjects"]),
        "wrong": share_of(trial["otherwise"], trial["decided"]),
        "examples": Subject.objects.filter(pk__in=trial["examples"]),
        "against": against,
        "all": trial["hits"] == trial["subjects"] > 0,
    }


def _rows(workflow: Workflow) -> list[dict[str, Any]]:
    """With as many queries for one as for all."""
    shares = {each.rule: _row(each) for each in overturned(workflow) if each.rule}
    hits = dict(
        RuleHit.objects.filter(rule__workflow=workflow, edition=F("rule__edition"))
        .values_list("rule")
        .annotate(n=Count("pk"))
    )
    words = dict(Verdict.choices)
    return [
        {
            "rule": rule,
            "told": describe(rule.condition),
            "verdict": words[rule.verdict],
            "hits": hits.get(rule.pk, 0),
            "share": shares.get(rule.pk),
        }
        for rule in workflow.rules.select_related("region")
    ]


def _row(each: Overturned) -> dict[str, Any]:
    """share: of all that people decided again; audit: of those drawn at random; with their intervals, where there are
    any."""
    return {
        "of": each,
        "share": share_of(each.otherwise, each.again),
        "audit": share_of(each.audited_otherwise, each.audited),
    }


def _agreement(of: Pairs) -> dict[str, Any]:
    """Of a lane's second looks: how often both say the same, with its interval, and beyond chance."""
    pairs = sum(of.counts.values())
    agree = sum(count for (first, second), count in of.counts.items() if first == second)
    return {"of": of, "pairs": pairs, "share": share_of(agree, pairs), "alpha": alpha(of.counts)}


def share_of(some: int, of: int) -> Share | None:
    """(share, low, high); None of nothing."""
    return (some / of, *wilson(some, of)) if of else None


def _by(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None
