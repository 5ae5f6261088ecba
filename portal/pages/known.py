"""A workflow's known answers, for the team: what the experts say side by side, what each subject is for, a file."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.pages.known_list import listed
from portal.pages.places import get_project_for, get_workflow
from projects.exceptions import Invalid, NotFound
from projects.models import Use, Workflow
from projects.permissions import may_enter_gold
from projects.services.gold import Known, withdraw_gold
from projects.services.gold_file import read_gold, store_gold
from projects.services.likeness import likeness
from projects.services.look_at_answers import look_at_subjects
from projects.services.publish_check import lacking
from projects.services.team_gold import (
    change_use,
    expert_name,
    unused_gold,
    use_unused_gold,
    withdraw_all,
)
from projects.services.volunteers import join_account

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 1000
"""About ten seconds; more is for the command."""


@require_http_methods(["GET", "POST"])
@never_cache
def known(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """The list; a POST takes a file in, or (`do` is use_imported) puts to use what an import brought.

    Who sees the list has seen the answers: their own are withheld from then on.
    """
    project = get_project_for(request, slug, may_enter_gold)
    flow = get_workflow(project, workflow)
    problem = ""
    if request.method == "POST" and request.POST.get("do") == "use_imported":
        n = use_unused_gold(flow)
        messages.success(request, _("Subjects that are hidden checks now: %(n)d.") % {"n": n})
        return redirect("pages:known", slug, workflow)
    if request.method == "POST":
        problem = _take_file(request, flow)
        if not problem:
            return redirect("pages:known", slug, workflow)
    rows = listed(flow)
    if request.user.is_authenticated and rows:
        look_at_subjects(flow.pk, [row.subject for row in rows], join_account(None, request.user))
    context: dict[str, Any] = {
        "project": project,
        "workflow": flow,
        "rows": rows,
        "uses": [(use.name.lower(), use.label) for use in Use if use != Use.WORK],
        "problems": lacking(flow),
        "looks": likeness(flow),
        "unused": len(unused_gold(flow)),
        "file_problem": problem,
        "own": request.user.is_authenticated and expert_name(request.user),
    }
    return render(request, "pages/known.html", context, status=400 if problem else 200)


def _take_file(request: HttpRequest, workflow: Workflow) -> str:
    """Takes the uploaded file in; why not, in a sentence, else empty."""
    file = request.FILES.get("file")
    if file is None:
        return _("Choose a file first.")
    if file.size is None or file.size > MOST_BYTES:
        return _("The file is larger than 5 MB: split it.")
    try:
        rows = read_gold(file.read(), {workflow.slug: workflow}, only=workflow)
        if len(rows) > MOST_ROWS:
            return _("More than %(n)d rows: use the command import_gold, or split the file.") % {
                "n": MOST_ROWS
            }
        store_gold(rows, expert=expert_name(request.user) if request.user.is_authenticated else "")
    except Invalid as error:
        return str(error)
    messages.success(request, _("Known answers taken in: %(n)d.") % {"n": len(rows)})
    return ""


@require_POST
def change(request: HttpRequest, slug: str, workflow: str, subject: int) -> HttpResponse:
    """What a known subject is for, or that it is none any more: `do` is save, withdraw (one's own) or withdraw_all."""
    flow = get_workflow(get_project_for(request, slug, may_enter_gold), workflow)
    user = request.user
    assert user.is_authenticated  # noqa: S101 (of the team)
    do = request.POST.get("do", "")
    try:
        if do == "withdraw":
            if not withdraw_gold(workflow=flow, subject_id=subject, expert=expert_name(user)):
                raise Invalid(_("You have no known answer on this subject."))
            messages.success(request, _("Your known answer is withdrawn."))
        elif do == "withdraw_all":
            withdraw_all(flow, subject)
            messages.success(request, _("The subject is one to work on again."))
        else:
            change_use(flow, subject, _read_use(request))
            messages.success(request, _("Saved."))
    except (Invalid, NotFound) as error:
        messages.error(request, str(error))
    return redirect("pages:known", slug, workflow)


def _read_use(request: HttpRequest) -> Known:
    use = request.POST.get("use", "").upper()
    if use not in ("CHECK", "TRAINING", "EXAM"):
        raise Invalid(_("Choose what the subject is for."))
    return Known(
        use=Use[use],
        secret=bool(request.POST.get("secret")) and use == "CHECK",
        right_message=request.POST.get("right_message", "").strip()[:500],
        wrong_message=request.POST.get("wrong_message", "").strip()[:500],
    )
