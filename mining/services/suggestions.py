"""What a team decides on a suggestion, and what votes weigh as long as nobody has. Loads no arrays."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mining.models import Suggestion
from projects.exceptions import Invalid
from projects.models import Block, Volunteer, Weight, Workflow
from projects.services import get_version
from projects.services.blocks import LONGEST, block
from projects.services.weights import set_weight
from projects.tasks.fairness import Fairness

OPEN = Suggestion.State.OPEN


def rules_of(workflow: Workflow) -> Fairness:
    """Of the published version; what holds by itself where there is none."""
    return get_version(workflow.published_id).definition.fairness if workflow.published_id else Fairness()


@transaction.atomic
def dismiss(suggestion: Suggestion, *, by: AbstractBaseUser, reason: str) -> None:
    """The votes weigh in full again, unless another suggestion stands. Raises Invalid without a reason, and where
    somebody has decided already."""
    standing = _standing(suggestion)
    if not reason.strip():
        raise Invalid(_("Say why: whoever looks at this again will want to know."))
    if len(reason) > LONGEST:
        raise Invalid(_("The reason is longer than 500 characters: shorten it."))
    _decide([standing], Suggestion.State.DISMISSED, by, reason.strip())
    _settle(standing.workflow, standing.volunteer)


@transaction.atomic
def act(suggestion: Suggestion, *, by: AbstractBaseUser, reason: str) -> Block:
    """Block the volunteer in the project, for a reason that they will read. All suggestions about them are decided by
    that; a block takes the answers out of the count, so the weight of their votes is in full again. Raises Invalid."""
    standing = _standing(suggestion)
    project = standing.workflow.project
    evidence: dict[str, Any] = {"suggestion": standing.pk, "rule": standing.rule} | standing.evidence
    made = block(project=project, volunteer=standing.volunteer, by=by, reason=reason, evidence=evidence)
    rows = Suggestion.objects.select_for_update().filter(
        workflow__project=project, volunteer__in=_people(standing.volunteer), state=OPEN
    )
    all_of_them = list(rows.select_related("workflow").order_by("pk"))
    _decide(all_of_them, Suggestion.State.ACTED, by, made.reason, made)
    for workflow in sorted({row.workflow for row in all_of_them}, key=lambda each: each.pk):
        _settle(workflow, standing.volunteer)
    return made


def move_to_persons(workflow: Workflow) -> None:
    """An alias is its person from when it joined an account, and so is what was suggested and decided of it; of two
    open ones by one rule that of the person stays."""
    for row in Suggestion.objects.filter(workflow=workflow, volunteer__joined_to__isnull=False):
        person = row.volunteer.person_id
        twin = Suggestion.objects.filter(workflow=workflow, volunteer=person, rule=row.rule, state=OPEN)
        if row.state == OPEN and twin.exists():
            row.state, row.decided_at = Suggestion.State.LAPSED, timezone.now()
        row.volunteer_id = person
        row.save(update_fields=["volunteer", "state", "decided_at"])


def settle_weights(workflow: Workflow) -> None:
    """Let suggestions by rules that are off lapse, and let everybody weigh what the open ones ask for, each in a
    transaction of its own. Safe to repeat."""
    rules = rules_of(workflow)
    off = [rule for rule in rules.RULES if rules.weight(rule) is None]
    Suggestion.objects.filter(workflow=workflow, state=OPEN, rule__in=off).update(
        state=Suggestion.State.LAPSED, decided_at=timezone.now()
    )
    rows = Suggestion.objects.filter(workflow=workflow, state=OPEN)
    suggested = set(rows.values_list("volunteer", flat=True))
    newest = Weight.objects.filter(workflow=workflow).order_by("volunteer", "-pk").distinct("volunteer")
    lessened = {row.volunteer_id for row in newest if row.factor < 1}
    for volunteer in Volunteer.objects.filter(pk__in=suggested | lessened).order_by("pk"):
        _settle(workflow, volunteer)


@transaction.atomic
def _settle(workflow: Workflow, volunteer: Volunteer) -> None:
    """What the open suggestions about the person ask for, by the rules of today; of several the least."""
    rules = rules_of(workflow)
    rows = Suggestion.objects.filter(workflow=workflow, volunteer__in=_people(volunteer), state=OPEN)
    weights = [rules.weight(rule) for rule in rows.values_list("rule", flat=True)]
    factor = min((weight for weight in weights if weight is not None), default=1.0)
    reason = "suggestion" if factor < 1 else "decided"
    set_weight(workflow=workflow, volunteer=volunteer, factor=factor, reason=reason)


def _people(volunteer: Volunteer) -> list[int]:
    return list(Volunteer.objects.of_person(volunteer.person_id).values_list("pk", flat=True))


def _standing(suggestion: Suggestion) -> Suggestion:
    """Locked. Raises Invalid where it is decided."""
    rows = Suggestion.objects.select_for_update(of=("self",)).select_related("workflow__project", "volunteer")
    standing = rows.filter(pk=suggestion.pk, state=OPEN).first()
    if standing is None:
        raise Invalid(_("Somebody of the team has decided this already."))
    return standing


def _decide(
    rows: list[Suggestion],
    state: Suggestion.State,
    by: AbstractBaseUser,
    reason: str,
    made: Block | None = None,
) -> None:
    for row in rows:
        row.state, row.decided_at, row.decided_by_id = state, timezone.now(), by.pk
        row.reason, row.block = reason, made
        row.save(update_fields=["state", "decided_at", "decided_by", "reason", "block"])
