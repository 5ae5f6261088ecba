"""Where one stands before the work: training, exam, and what a workflow asks for, with the way to get it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.pages.places import person_of
from projects.api.practice import standing
from projects.models import Project, Qualification, Volunteer, Workflow
from projects.services.gates import missing_qualifications
from projects.services.versions import get_version


@dataclass(frozen=True)
class Way:
    """A qualification that a workflow asks for, and the way to it. url: empty where nothing can be done."""

    title: str
    has: bool
    note: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class Card:
    """A workflow on the project's page. at: as GET practice tells it, None where there is nothing to practise."""

    workflow: Workflow
    at: dict[str, Any] | None
    ways: list[Way]

    @property
    def retry_at(self) -> datetime | None:
        """When the exam can be tried again, where one has to wait."""
        text = self.at and self.at["exam"] and self.at["exam"]["retry_at"]
        return datetime.fromisoformat(text) if text else None

    @property
    def closed(self) -> bool:
        return any(not way.has for way in self.ways)


def cards(request: HttpRequest, project: Project, workflows: Iterable[Workflow]) -> list[Card]:
    """No query more for workflows that have neither training nor exam nor ask for anything."""
    person: Volunteer | None = None
    asked = False
    made = []
    for workflow in workflows:
        if not asked and (_practises(workflow) or workflow.requires):
            person, asked = person_of(request), True
        at = standing(workflow, person) if _practises(workflow) else None
        made.append(Card(workflow, at, ways(project, workflow, person)))
    return made


def ways(project: Project, workflow: Workflow, person: Volunteer | None) -> list[Way]:
    """All that the workflow asks for; none where it is open to everybody."""
    if not workflow.requires:
        return []
    missing = {q.pk for q in missing_qualifications(workflow.pk, person.person_id if person else None)}
    asked = Qualification.objects.filter(project=project, slug__in=workflow.requires)
    return [way(project, each, each.pk not in missing) for each in asked]


def way(project: Project, qualification: Qualification, has: bool) -> Way:
    """How this one is come by, in a sentence and perhaps a place to go."""
    title = str(qualification)
    if has:
        return Way(title, True, _("You have it."))
    kinds = Qualification.Kind
    slug = str(qualification.rule.get("workflow", ""))
    if qualification.kind == kinds.EXAM and slug:
        place = f"{reverse('pages:classify', args=[project.slug, slug])}?use=exam"
        return Way(title, False, _("An exam that you have to pass."), place, _("To the exam"))
    if qualification.kind == kinds.SKILL and slug:
        place = reverse("pages:classify", args=[project.slug, slug])
        note = _("It comes by itself to whoever is often right in that workflow.")
        return Way(title, False, note, place, _("Work there"))
    if qualification.kind in (kinds.LANGUAGE, kinds.REGION, kinds.ADULT):
        place = reverse("pages:qualifications", args=[project.slug])
        return Way(title, False, _("You say so yourself."), place, _("Say so"))
    return Way(title, False, _("The team gives it."))


def _practises(workflow: Workflow) -> bool:
    if workflow.published_id is None:
        return False
    definition = get_version(workflow.published_id).definition
    return definition.training is not None or definition.exam is not None
