"""A project's policies: to be read by whoever classifies or decides; each change by the team is a new version."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.pages.places import get_project, get_project_for
from portal.pages.policy_forms import CategoryForm, NewPolicyForm, RegionForm, TextForm
from portal.pages.prose import render as render_prose
from projects.exceptions import Conflict, Invalid
from projects.models import Policy, PolicyVersion, Project, Verdict
from projects.permissions import may_rule
from projects.services.policies import policy_text, publish_policy, put_region, regions_of
from projects.triage.editing import put_category, remove_category
from projects.triage.policy import PolicyText, Shown, chosen, content_of, shown, verdict_of

VERDICTS = dict(Verdict.choices)


@dataclass(frozen=True)
class Entry:
    """A category as the page shows it. told: [where, which verdict, since when], of all that it has."""

    category: Shown
    body: Any
    verdict: str
    told: list[str]

    @property
    def level(self) -> int:
        """Of its heading."""
        return min(self.category.depth + 3, 6)


@require_http_methods(["GET", "POST"])
@never_cache
def policies(request: HttpRequest, slug: str) -> HttpResponse:
    """The list. A POST of the team makes a policy, or (`do` is region) a region."""
    team = may_rule(request.user, get_project(request, slug).pk)
    project = (
        get_project_for(request, slug, may_rule) if request.method == "POST" else get_project(request, slug)
    )
    region_form, form = RegionForm(auto_id="region-%s"), NewPolicyForm()
    if request.method == "POST" and request.POST.get("do") == "region":
        region_form = RegionForm(request.POST, auto_id="region-%s")
        if region_form.is_valid() and _put_region(request, project, region_form):
            return redirect("pages:policies", slug)
    elif request.method == "POST":
        form = NewPolicyForm(request.POST)
        if form.is_valid() and (made := _make(request, project, form)):
            return redirect("pages:policy", slug, made.slug)
    context = {
        "project": project,
        "rows": [
            (policy, policy.versions.first(), [each.workflow for each in policy.triages.all()])
            for policy in project.policies.prefetch_related("triages__workflow")
        ],
        "regions": regions_of(project.pk).values(),
        "team": team,
        "form": form,
        "region_form": region_form,
    }
    return render(request, "pages/policies.html", context, status=400 if request.method == "POST" else 200)


@require_safe
@never_cache
def policy(request: HttpRequest, slug: str, policy: str) -> HttpResponse:
    """One to be read: ?version, ?language, ?region; without them the newest, the browser's language, everywhere."""
    project, found = _policy(request, slug, policy)
    versions = list(found.versions.select_related("by"))
    asked = request.GET.get("version", "")
    version = next((each for each in versions if str(each.number) == asked), versions[0])
    text = policy_text(version.pk)
    regions = regions_of(project.pk)
    region = request.GET.get("region", "")
    wanted = languages_of(request)
    language, body = chosen(text.texts, wanted, text)
    context = {
        "project": project,
        "policy": found,
        "version": version,
        "versions": versions,
        "newest": version == versions[0],
        "languages": text.languages,
        "language": chosen(dict.fromkeys(text.languages, True), wanted, text)[0],
        "body": render_prose(body or ""),
        "body_language": language,
        "entries": entries(text, wanted, region if region in regions else "", timezone.now().date(), regions),
        "regions": regions.values(),
        "region": region if region in regions else "",
        "team": may_rule(request.user, project.pk),
    }
    return render(request, "pages/policy.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def text(request: HttpRequest, slug: str, policy: str) -> HttpResponse:
    """What stands before the categories, and the languages."""
    _project, found = _policy(request, slug, policy, team=True)
    version = _newest(found)
    form = TextForm(policy_text(version.pk), version.number, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _publish(request, found, form.edited(), form)
        except Invalid as error:
            form.add_error(None, str(error))
    return _edit(request, found, form, _("Text and languages"))


@require_http_methods(["GET", "POST"])
@never_cache
def category(request: HttpRequest, slug: str, policy: str, key: str) -> HttpResponse:
    """One category, or a new one (`new`); a POST saves it, or with `do` remove takes it away, as a new version."""
    project, found = _policy(request, slug, policy, team=True)
    version = _newest(found)
    stands = policy_text(version.pk)
    there = stands.find(key)
    if there is None and key != "new":
        raise Http404
    regions = [(each.slug, each.title) for each in regions_of(project.pk).values()]
    form = CategoryForm(stands, version.number, there, regions, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("do") == "remove":
                return _publish(request, found, remove_category(stands, key), form)
            edited = put_category(
                stands, form.edited(), form.cleaned_data["parent"], was=there.key if there else ""
            )
            return _publish(request, found, edited, form)
        except Invalid as error:
            form.add_error(None, str(error))
    return _edit(
        request, found, form, there.titles[stands.languages[0]] if there else _("New category"), there
    )


def entries(
    text: PolicyText, wanted: list[str], region: str, day: date, regions: dict[str, Any]
) -> list[Entry]:
    """All categories as one reader gets them."""
    found = []
    for each in shown(text, wanted):
        stands = text.find(each.key)
        verdict = verdict_of(stands, region, day) if stands else None
        told = [_told(hold, regions) for hold in each.holds]
        found.append(Entry(each, render_prose(each.text), str(VERDICTS.get(verdict or "", "")), told))
    return found


def languages_of(request: HttpRequest) -> list[str]:
    """What this reader wants to read, the most wanted first: ?language, then what the browser says."""
    asked = request.GET.get("language", "")
    header = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    return [*([asked] if asked else []), *(code for code, _weight in header if code != "*")]


def _told(hold: Any, regions: dict[str, Any]) -> str:
    where = ", ".join(regions[slug].title if slug in regions else slug for slug in hold.regions)
    words = {"where": where or _("Everywhere"), "verdict": VERDICTS[hold.verdict]}
    words |= {"since": hold.since, "until": hold.until}
    if hold.since and hold.until:
        return _("%(where)s: %(verdict)s, from %(since)s until %(until)s") % words
    if hold.since:
        return _("%(where)s: %(verdict)s, from %(since)s") % words
    if hold.until:
        return _("%(where)s: %(verdict)s, until %(until)s") % words
    return _("%(where)s: %(verdict)s") % words


def _policy(request: HttpRequest, slug: str, policy: str, *, team: bool = False) -> tuple[Project, Policy]:
    project = get_project_for(request, slug, may_rule) if team else get_project(request, slug)
    found = get_object_or_404(project.policies, slug=policy)
    found.project = project
    return project, found


def _newest(found: Policy) -> PolicyVersion:
    return found.versions.select_related("policy")[0]


def _edit(request: HttpRequest, found: Policy, form: Any, title: str, there: Any = None) -> HttpResponse:
    context = {"project": found.project, "policy": found, "form": form, "title": title, "there": there}
    return render(request, "pages/policy_edit.html", context, status=400 if request.method == "POST" else 200)


def _publish(request: HttpRequest, found: Policy, edited: PolicyText, form: Any) -> HttpResponse:
    """Raises Invalid; that somebody else has published since is Invalid here, too: the form says so."""
    given = form.cleaned_data
    try:
        version = publish_policy(
            found.project,
            slug=found.slug,
            content=content_of(edited),
            note=given["note"],
            seen=given["seen"],
            by=_by(request),
        )
    except Conflict as error:
        raise Invalid(str(error)) from None
    if version.number == given["seen"]:
        messages.success(request, _("Nothing was to be changed."))
        return redirect("pages:policy", found.project.slug, found.slug)
    messages.success(request, _("Version %(n)d holds from now on.") % {"n": version.number})
    return redirect("pages:policy_changes", found.project.slug, found.slug, version.number)


def _make(request: HttpRequest, project: Project, form: NewPolicyForm) -> Policy | None:
    title = form.cleaned_data["title"]
    try:
        if project.policies.filter(title=title).exists():
            raise Invalid(_("There is a policy %(title)s already: choose another title.") % {"title": title})
        return publish_policy(project, title=title, content=form.content(), by=_by(request)).policy
    except Invalid as error:
        form.add_error(None, str(error))
        return None


def _put_region(request: HttpRequest, project: Project, form: RegionForm) -> bool:
    try:
        made = put_region(project, **form.cleaned_data)
    except Invalid as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("The region %(title)s is there.") % {"title": made.title})
    return True


def _by(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None
