"""What a draft lacks before it is published, in sentences for its team: what must be mended, and what should be."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects import conditions
from projects.drafting import Definition
from projects.drafting.graph import circle, unreachable
from projects.exceptions import Invalid
from projects.models import Subject, Workflow
from projects.services.publish_check import lacking_of
from projects.tasks.definition import parse_definition

FEW = 10
"""Subjects, of which a team is told that there are few."""
EARLY = 3
"""Answers; a rule that can finish a subject with fewer is told."""


@dataclass
class Checked:
    """must: it can't be published so. should: it can, and is likely not what the team wants."""

    must: list[str] = field(default_factory=list)
    should: list[str] = field(default_factory=list)


def check_draft(workflow: Workflow, definition: Definition) -> Checked:
    """A count of subjects, and what `lacking_of` asks."""
    found = Checked(must_mend(workflow, definition))
    found.should += _texts(workflow, definition)
    subjects = Subject.objects.filter(subject_set=workflow.subject_set_id).count()
    if not subjects:
        found.should.append(
            _("There is no subject yet: upload pictures, or volunteers find nothing to look at.")
        )
    elif subjects < FEW:
        found.should.append(
            ngettext(
                "There is only %(n)d subject: volunteers are through with it in a moment.",
                "There are only %(n)d subjects: volunteers are through with them in a moment.",
                subjects,
            )
            % {"n": subjects}
        )
    if not found.must:
        parsed = parse_definition(definition)
        if any(
            conditions.evaluate(parsed.retirement, EARLY - 1, each) is True for each in _all_alike(definition)
        ):
            found.should.append(
                _(
                    "The rule can finish a subject with fewer than %(n)d answers: one person's slip would be a result."
                )
                % {"n": EARLY}
            )
        if conditions.vote_limit(parsed.retirement) >= conditions.UNLIMITED:
            found.should.append(
                _(
                    "No number of answers finishes a subject for sure: one on which people disagree is asked for ever."
                )
            )
        found.should += lacking_of(workflow, parsed)
    return found


def must_mend(workflow: Workflow, definition: Definition) -> list[str]:
    """Why it can't be published; empty where it can."""
    tasks = definition["tasks"]
    if not tasks:
        return [_("There is no question yet: add the first.")]
    if around := circle(definition):
        return [
            _("The questions go in a circle, %(way)s: let one of them end it.") % {"way": " → ".join(around)}
        ]
    lost = unreachable(definition)
    if lost:
        return [
            _("No answer leads to %(task)s, so nobody would be asked it: let one lead there, or remove it.")
            % {"task": f"{name} “{tasks[name]['question']}”"}
            for name in lost
        ]
    try:
        parse_definition(definition)
    except Invalid as error:
        return [str(error)]
    return []


def _texts(workflow: Workflow, definition: Definition) -> list[str]:
    """What volunteers would like to read, and is not written."""
    project = workflow.project
    found = []
    if not project.tagline.strip():
        found.append(_("The project has no line that says what it is about."))
    if not project.description.strip() and not project.pages.exists():
        found.append(_("Nothing says why the answers are wanted: write the description, or a page about it."))
    if (
        not project.tutorial_steps.exists()
        and not project.pages.filter(slug="guide").exists()
        and not any(task.get("help") for task in definition["tasks"].values())
    ):
        found.append(_("Nothing shows how to answer: give the questions a help, or the project a tutorial."))
    return found


def _all_alike(definition: Definition) -> list[dict[str, dict[str, object]]]:
    """Evidence as it could stand after EARLY - 1 answers that are all the same, and of which mining is sure: once with
    each task's first answer, once with its second, ..."""
    n = EARLY - 1
    keys = {
        name: [answer["key"] for answer in task.get("answers", [])] or ["none"]
        for name, task in definition["tasks"].items()
    }
    most = max(len(each) for each in keys.values())
    return [
        {
            name: {
                "asked": n, "votes": {key: n}, "first": [key] * n, "probabilities": {key: 1.0}, "entropy": 0.0,
                "effective_votes": float(n),
            }
            for name, each in keys.items()
            for key in [each[at % len(each)]]
        }
        for at in range(most)
    ]  # fmt: skip
