"""Correct an answer: the classify page on one subject, with the earlier answer filled in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.pages.classify import page_context
from portal.pages.places import get_project, get_workflow, person_of
from projects.models import Answered, Classification, Look, Volunteer, Workflow
from projects.models.subject import media_url
from projects.services import get_version
from projects.services.next_subjects import hand
from projects.services.redo import why_not

UNUSED = ("glance", "guide", "outbox", "queue", "states", "tutorial", "work")
"""Modules of the classify page that a correction has no use for."""


@require_safe
@never_cache
def redo(request: HttpRequest, slug: str, workflow: str, subject: int) -> HttpResponse:
    """Where the answer can't be corrected: to one's answers, with the reason."""
    project = get_project(request, slug)
    flow = get_workflow(project, workflow)
    if flow.published is None:
        raise Http404
    earlier = _earlier(person_of(request), flow, subject)
    if earlier is None:
        messages.warning(request, _("You have not answered this picture yet: answer it first."))
        return redirect("pages:own_classifications")
    looked = Look.objects.filter(
        volunteer=earlier.volunteer.person_id, workflow=flow, subject=subject
    ).exists()
    minutes = get_version(flow.published.pk).definition.redo_minutes
    if refusal := why_not(earlier, minutes=minutes, looked=looked, now=timezone.now()):
        messages.warning(request, str(refusal.message))
        return redirect("pages:own_classifications")
    context = page_context(request, project, flow, "")
    unused = {f"classify/{name}.js" for name in UNUSED}
    context |= {
        "redo": True,
        "glance": False,
        "guide": None,
        "steps": [],
        "gate": [],
        "modules": [module for module in context["modules"] if module not in unused],
    }
    context["data"]["redo"] = _filled_in(earlier, flow.published.major) | {
        "subject": _handed(subject),
        "back": reverse("pages:own_classifications"),
    }
    return render(request, "classify/redo.html", context)


def _earlier(person: Volunteer | None, workflow: Workflow, subject: int) -> Classification | None:
    """The person's answer that stands."""
    if person is None:
        return None
    rows = Answered.objects.filter(volunteer=person.person_id, workflow=workflow, subject=subject)
    found = rows.select_related("classification__volunteer", "classification__version").first()
    return found.classification if found else None


def _filled_in(earlier: Classification, major: int) -> dict[str, Any]:
    """Its answers by task. Those to questions that were other ones then are not filled in."""
    same = earlier.version.major == major
    return {"answers": {each["task"]: each["value"] for each in earlier.annotations} if same else {}}


def _handed(subject: int) -> dict[str, Any]:
    """As GET next hands it out."""
    (handed,) = hand([subject])
    media = [{**each, "url": media_url(each["path"])} for each in handed.media]
    return {"id": handed.id, "metadata": handed.metadata, "media": media}
