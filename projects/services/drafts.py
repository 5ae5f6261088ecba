"""A workflow's draft: begun, changed by several people without anything being overwritten, published."""

from collections.abc import Callable

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from projects.drafting import Definition
from projects.drafting.edit import begin
from projects.exceptions import Conflict, Invalid
from projects.models import Draft, Workflow, WorkflowVersion
from projects.services.draft_check import must_mend
from projects.services.publish_workflow import publish_workflow

Step = Callable[[Definition], Definition]
"""One of the steps of projects/drafting/edit.py, or another that gives a new definition."""


def draft_of(workflow: Workflow) -> Draft:
    """The newest saved state; of a workflow that nobody has changed here, its published version as edition 0, or a
    beginning. One query, or two."""
    newest = Draft.objects.filter(workflow=workflow).order_by("-edition").first()
    if newest is not None:
        newest.workflow = workflow
        return newest
    return Draft(workflow=workflow, edition=0, definition=_edition_0(workflow))


@transaction.atomic
def change_draft(workflow: Workflow, *, edition: int, step: Step, by: AbstractBaseUser | None) -> Draft:
    """The step done to the edition that the caller has seen, kept as the next one.

    A step that changes nothing keeps nothing. Raises Conflict where somebody has saved another edition since, and
    Invalid as the step does; nothing is kept then.
    """
    stands = _locked(workflow, edition)
    definition = step(stands.definition)
    if definition == stands.definition:
        return stands
    return Draft.objects.create(
        workflow=workflow,
        edition=stands.edition + 1,
        definition=definition,
        by_id=by.pk if by else None,
    )


@transaction.atomic
def publish_draft(workflow: Workflow, *, edition: int) -> WorkflowVersion:
    """Publish what the caller has seen, through the one service that publishes. Raises Conflict, and Invalid with the
    first sentence of what must be mended before."""
    stands = _locked(workflow, edition)
    if problems := must_mend(workflow, stands.definition):
        raise Invalid(problems[0])
    return publish_workflow(workflow, stands.definition)


def _locked(workflow: Workflow, edition: int) -> Draft:
    """The draft, with whoever else would save waiting."""
    locked = Workflow.objects.select_for_update(no_key=True, of=("self",)).select_related("published")
    stands = draft_of(locked.get(pk=workflow.pk))
    if stands.edition != edition:
        who = stands.by.get_username() if stands.by else _("Somebody")
        raise Conflict(
            _(
                "%(who)s has saved this draft since you opened it. Nothing of yours was saved, and nothing of theirs "
                "was overwritten: look at what has changed, then save again."
            )
            % {"who": who}
        )
    return stands


def edition_at(workflow: Workflow, edition: int) -> Definition | None:
    """The draft as it was then; None where it was not kept."""
    if edition == 0:
        return _edition_0(workflow)
    found = Draft.objects.filter(workflow=workflow, edition=edition).first()
    return found.definition if found else None


def _edition_0(workflow: Workflow) -> Definition:
    """What an import has put together asks nobody, so nothing is built upon it."""
    published = workflow.published
    if published is None or published.inferred:
        return begin()
    definition: Definition = published.definition
    return definition


def kept_state(workflow: Workflow, which: str) -> Definition:
    """`v` and a version's id, or `e` and an edition: what it asks. Raises Invalid where it is not of this workflow, or
    cannot be a draft."""
    number = int(which[1:]) if which[1:].isdecimal() and len(which) < 18 else -1
    if which[:1] == "e" and (found := edition_at(workflow, number)):
        return found
    version = workflow.versions.filter(pk=number).first() if which[:1] == "v" else None
    if version is None or version.inferred:
        raise Invalid(_("This state of the draft is not here: load the page again."))
    definition: Definition = version.definition
    return definition
