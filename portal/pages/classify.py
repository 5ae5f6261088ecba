"""Where a volunteer classifies: the page around static/classify/, which does the work."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.pages.classify_texts import texts
from portal.pages.guide import guide_of
from portal.pages.places import get_project, get_workflow, own_aliases, person_of
from portal.pages.practice import ways
from portal.pages.prose import render as render_prose
from portal.talk.services.boards import has_talk
from projects.api.practice import standing
from projects.exceptions import ForgedCookie
from projects.models import Draft, Favourite, Project, TutorialStep, Workflow
from projects.models.subject import media_url
from projects.permissions import is_member, may_edit, may_enter_gold
from projects.services.draft_check import must_mend
from projects.services.drafts import draft_of
from projects.services.odd_flags import own_tags
from projects.services.volunteers import CONSENT_VERSION, read_pass
from projects.tasks.viewer import Viewer

MODULES = [
    "api",
    "dialogs",
    "favourite",
    "glance",
    "guide",
    "history",
    "ids",
    "icons",
    "keyboard",
    "memory",
    "notices",
    "outbox",
    "panel",
    "pictures",
    "queue",
    "states",
    "store",
    "tasks/caret",
    "tasks/index",
    "tasks/rows",
    "text",
    "tutorial",
    "viewers/index",
    "work",
]
"""Fetched at once, not import by import: what main.js and most kinds of task reach, less these kinds themselves."""

DRAWING_MODULES = [
    "drawing/bar",
    "drawing/board",
    "drawing/elements",
    "drawing/hands",
    "drawing/keys",
    "drawing/layer",
    "drawing/list",
    "drawing/marks",
    "drawing/words",
    "geometry/boxes",
    "geometry/lines",
    "geometry/paths",
    "geometry/plane",
    "geometry/rounds",
    "geometry/shapes",
]
KIND_MODULES = {
    "drawing": DRAWING_MODULES,
    "transcription": ["tasks/drawing", "tasks/text", *DRAWING_MODULES],
    "highlighter": ["drawing/elements", "inert", "spans"],
    "survey": ["drawing/elements", "tasks/dropdown"],
}
"""What only these kinds of task reach besides."""

VIEWER_MODULES = {
    "image": ["viewers/image", "viewer", "viewport", "light"],
    "pair": ["viewers/pair", "viewer", "viewport", "light"],
    "listing": ["viewers/listing", "viewers/image", "viewer", "viewport", "light", "inert"],
}
"""The same for each kind of viewer."""

LEIDEN_MODULES = ["elements/leiden.js"]
"""Of texts with signs after Leiden; addresses below static/."""

KEYBOARD_MODULES = {"polytonic_greek": ["elements/greek-keyboard.js", "elements/greek.js"]}
"""Of each keyboard that a text task may offer; addresses below static/."""

PRACTICE_MODULES = {
    "": [],
    "training": ["inert", "practice", "verdict", "words"],
    "exam": ["inert", "practice", "verdict", "words"],
    "gold": ["inert", "practice", "verdict", "words", "known"],
    "try": ["inert", "practice", "verdict", "words", "trial"],
}
"""The same for what the page is used for; main.js fetches them only there."""

MOST_FAVOURITES = 5000
"""Of a project, that the page knows of."""

KIND_STYLES = {
    "text": "css/classify-text.css",
    "number": "css/classify-number.css",
    "dropdown": "css/classify-dropdown.css",
    "drawing": "css/classify-drawing.css",
    "tags": "css/classify-tags.css",
    "highlighter": "css/classify-highlighter.css",
    "survey": "css/classify-survey.css",
}
"""Kinds of task with a style sheet of their own."""


def _has_agreed(request: HttpRequest) -> bool:
    try:
        held = read_pass(request)
    except ForgedCookie:
        return False
    return held is not None and held.consent_version == CONSENT_VERSION


def _steps(workflow: Workflow) -> list[dict[str, str | SafeString]]:
    """The project's steps and the workflow's own, in their order."""
    found = TutorialStep.objects.filter(
        Q(workflow=None) | Q(workflow=workflow.pk), project=workflow.project_id
    )
    return [
        {
            "title": step.title,
            "body": render_prose(step.body),
            "image": f"{settings.MEDIA_URL}{step.image}" if step.image else "",
        }
        for step in found
    ]


def _of_any_subject(name: str) -> str:
    """The address with {subject} for the subject's id, which the browser fills in."""
    return reverse(name, args=[0]).replace("/0", "/{subject}")


def _use(request: HttpRequest, project: Project, definition: dict[str, Any]) -> str:
    """What the page is for: the work (""), training, exam, or gold, the team's entry of known answers. What the
    workflow has not, or one may not do, is the work."""
    use = request.GET.get("use", "")
    if use == "gold":
        return use if may_enter_gold(request.user, project.pk) else ""
    return use if use in ("training", "exam") and definition.get(use) else ""


def _use_title(use: str) -> str:
    titles = {"training": _("Training"), "exam": _("Exam"), "gold": _("Known answers"), "try": _("Trial")}
    return titles.get(use, "")


def _opened_by(project: Project, definition: dict[str, Any]) -> list[Workflow]:
    """The workflows that ask for what the exam grants."""
    grants = (definition.get("exam") or {}).get("grants")
    active = project.workflows.filter(state=Workflow.State.ACTIVE, published__isnull=False)
    return [workflow for workflow in active if grants in workflow.requires]


def _page_data(
    request: HttpRequest,
    workflow: Workflow,
    definition: dict[str, Any],
    viewer: Viewer,
    use: str,
    edition: int | None,
    odd: bool,
) -> dict[str, Any]:
    """What main.js boots from. Help texts are not in it: the page holds them as HTML."""
    subject = request.GET.get("subject", "")
    tasks = {
        key: {name: value for name, value in with_addresses(task).items() if name != "help"}
        for key, task in definition["tasks"].items()
    }
    return {
        "use": use,
        "standing": standing(workflow, person_of(request)) if use in ("training", "exam") else {},
        "subject": int(subject) if use == "gold" and subject.isdecimal() and len(subject) < 18 else None,
        "workflow": {"id": workflow.pk},
        "version": workflow.published_id if edition is None else edition,
        "definition": {
            "first_task": definition["first_task"],
            "tasks": tasks,
            "icons": definition.get("icons", {}),
            "combinations": definition.get("combinations", []),
            "glance": definition.get("glance", True),
            "viewer": viewer.model_dump(exclude={"scale_note", "blur"}),
        },
        "csrf": get_token(request),
        "urls": {
            "next": reverse(
                {"gold": "api:known", "try": "api:trial"}.get(use, "api:next"), args=[workflow.pk]
            ),
            "practice": reverse("api:practice", args=[workflow.pk]),
            "exam": reverse("api:exam", args=[workflow.pk]),
            "gold": reverse("api:known", args=[workflow.pk]),
            "trial": reverse("api:trial", args=[workflow.pk]),
            "classifications": reverse("api:classifications"),
            "consent": reverse("api:consent"),
            "glance": _of_any_subject("api:glance") + "?workflow={workflow}",
            "favourite": _of_any_subject("api:favourite"),
            "collect": _of_any_subject("pages:collect"),
        }
        | (_of_talk(workflow, definition) if odd else {}),
        "consent": {"given": _has_agreed(request), "version": CONSENT_VERSION},
        "favourites": _favourites(request, workflow),
        "own_tags": _own_tags(request, workflow) if odd else [],
        "texts": texts(),
    }


def with_addresses(task: dict[str, Any]) -> dict[str, Any]:
    """The task with its choices' pictures as the page fetches them."""
    if not any(answer.get("pictures") for answer in task.get("answers", [])):
        return task
    answers = [
        {**answer, "pictures": [media_url(path) for path in answer.get("pictures", [])]}
        for answer in task["answers"]
    ]
    return {**task, "answers": answers}


def _favourites(request: HttpRequest, workflow: Workflow) -> list[int]:
    """The subjects of the project that this person keeps, the newest MOST_FAVOURITES."""
    kept = Favourite.objects.filter(
        volunteer__in=own_aliases(request), subject__project=workflow.project_id
    ).order_by("-at")
    return list(kept.values_list("subject_id", flat=True)[:MOST_FAVOURITES])


def _of_talk(workflow: Workflow, definition: dict[str, Any]) -> dict[str, str]:
    """Where subjects are flagged and discussed; no discussion where nobody is shown others' answers."""
    found = {"odd": _of_any_subject("api:odd")}
    if definition.get("glance", True):
        address = reverse("talk:subject", args=[workflow.project.slug, 0]).replace("/0/", "/{subject}/")
        found["discuss"] = address
    return found


def _own_tags(request: HttpRequest, workflow: Workflow) -> list[str]:
    person = person_of(request)
    return own_tags(workflow.project_id, person) if person else []


def _keyboards(tasks: dict[str, Any]) -> list[str]:
    """Modules of the keyboards and signs that tasks offer."""
    offered = sorted({task["keyboard"] for task in tasks.values() if task.get("keyboard")})
    leiden = LEIDEN_MODULES if any(task.get("leiden") for task in tasks.values()) else []
    return [*(module for keyboard in offered for module in KEYBOARD_MODULES[keyboard]), *leiden]


def _kinds(tasks: dict[str, Any]) -> list[str]:
    """Of the tasks, and of what they ask of each mark or choice; what a transcription is made of."""
    details = (
        detail
        for task in tasks.values()
        for tool in task.get("tools", [])
        for detail in tool.get("details", [])
    )
    asked = (question for task in tasks.values() for question in task.get("questions", []))
    found = {task["kind"] for task in (*tasks.values(), *details, *asked)}
    return sorted(found | {"drawing", "text"} if "transcription" in found else found)


@require_safe
@never_cache
def classify(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    project = get_project(request, slug)
    flow = get_workflow(project, workflow)
    if request.GET.get("use") == "try" and is_member(request.user, project.pk):
        return _trial(request, project, flow)
    if flow.published is None:
        raise Http404
    if flow.published.inferred:
        messages.info(
            request, _("This workflow was imported: it takes no answers here. These are its results.")
        )
        return redirect("pages:results", slug, workflow)
    context = page_context(request, project, flow, _use(request, project, flow.published.definition))
    return render(request, "classify/page.html", context)


def _trial(request: HttpRequest, project: Project, flow: Workflow) -> HttpResponse:
    """The draft as volunteers would meet it, for the team; what can't be asked yet is told where it is mended."""
    draft = draft_of(flow)
    if problems := must_mend(flow, draft.definition):
        messages.error(request, problems[0])
        return redirect("lab:workflow", project.slug, flow.slug)
    return render(request, "classify/page.html", page_context(request, project, flow, "try", draft))


def page_context(
    request: HttpRequest, project: Project, flow: Workflow, use: str, draft: Draft | None = None
) -> dict[str, Any]:
    """What the page's templates show, for one use; `flow` is published, or it is about its draft. The page of a
    correction is made of it too."""
    asked = draft or flow.published
    assert asked is not None  # noqa: S101 (see above)
    definition = asked.definition
    tasks = definition["tasks"]
    others = project.workflows.filter(state=Workflow.State.ACTIVE, published__isnull=False).exclude(
        pk=flow.pk
    )
    kinds = _kinds(tasks)
    viewer = Viewer.model_validate(definition.get("viewer", {}))
    odd = not use and has_talk(project.pk)
    data = _page_data(request, flow, definition, viewer, use, draft.edition if draft else None, odd)
    modules = [
        *MODULES,
        *PRACTICE_MODULES[use],
        *VIEWER_MODULES[viewer.kind],
        *(f"tasks/{kind}" for kind in kinds),
        *(name for kind in kinds for name in KIND_MODULES.get(kind, [])),
        *(name for name in ("odd", "discuss") if name in data["urls"]),
    ]
    return {
        "project": project,
        "workflow": flow,
        "others": others,
        "steps": _steps(flow),
        "first_question": tasks[definition["first_task"]]["question"],
        "viewer": viewer,
        "guide": guide_of(project),
        "glance": definition.get("glance", True) and not use,
        "odd": odd,
        "talk": "discuss" in data["urls"],
        "use": use,
        "use_title": _use_title(use),
        "lab": bool(draft) and may_edit(request.user, project.pk),
        "has_training": bool(data["standing"].get("training")),
        "has_exam": bool(definition.get("exam")),
        "opens": _opened_by(project, definition) if use == "exam" else [],
        "gate": [] if use else ways(project, flow, person_of(request)),
        "draws": "drawing" in kinds,
        "help": {key: render_prose(task["help"]) for key, task in tasks.items() if task.get("help")},
        "modules": [*(f"classify/{name}.js" for name in dict.fromkeys(modules)), *_keyboards(tasks)],
        "styles": [KIND_STYLES[kind] for kind in kinds if kind in KIND_STYLES],
        "signup_url": f"{reverse('account_signup')}?{urlencode({'next': request.path})}",
        "data": data,
    }
