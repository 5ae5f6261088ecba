"""What a published workflow still lacks, in sentences for its team. It forbids nothing.

Known answers are given to the questions of a published version, so they can only come after it. Until then the exam
is closed and nothing is mixed in.
"""

from collections import Counter

from django.utils.translation import gettext as _

from projects.models import Qualification, SubjectState, Use, Workflow
from projects.services.versions import get_version
from projects.tasks.definition import WorkflowDefinition
from projects.tasks.known import Exam, Training


def lacking(workflow: Workflow) -> list[str]:
    """Of the published version's training, exam and hidden checks; empty where all is there. Two queries and a count.

    Hidden checks are missed only where the definition names them: without known answers there are just none.
    """
    if workflow.published_id is None:
        return []
    return lacking_of(workflow, get_version(workflow.published_id).definition)


def lacking_of(workflow: Workflow, definition: WorkflowDefinition) -> list[str]:
    """The same of a definition that is not published yet."""
    uses = SubjectState.objects.filter(workflow=workflow).exclude(use=Use.WORK).values_list("use", flat=True)
    have = Counter(uses)
    found = []
    if definition.training:
        found += _training(definition.training, have[Use.TRAINING])
    if definition.exam:
        found += _exam(workflow, definition.exam, have[Use.EXAM])
    if "checks" in definition.model_fields_set and definition.checks.most and not have[Use.CHECK]:
        found.append(_("There is no hidden check to mix in: give known answers. Until then all is work."))
    return found


def _training(training: Training, have: int) -> list[str]:
    if have >= training.subjects:
        return []
    numbers = {"want": training.subjects, "have": have}
    if not have:
        return [
            _(
                "The training asks for %(want)d known subjects and there is none: it stays closed. Give known answers."
            )
            % numbers
        ]
    return [
        _("The training asks for %(want)d known subjects and there are %(have)d: it ends after those.")
        % numbers
    ]


def _exam(workflow: Workflow, exam: Exam, have: int) -> list[str]:
    found = []
    numbers = {"want": exam.subjects, "have": have, "tries": exam.tries, "all": exam.tries * exam.subjects}
    if have < exam.subjects:
        found.append(
            _(
                "The exam asks for %(want)d known subjects and there are %(have)d: it stays closed, and so does all "
                "work that asks for a pass. Give known answers."
            )
            % numbers
        )
    elif have < exam.tries * exam.subjects:
        found.append(
            _(
                "Each try at the exam is about new subjects: %(tries)d tries need %(all)d known ones and there are "
                "%(have)d, so the last tries will be closed."
            )
            % numbers
        )
    if not Qualification.objects.filter(project=workflow.project_id, slug=exam.grants).exists():
        found.append(
            _("The exam grants %(slug)s, which the project has not: a pass opens nothing.")
            % {"slug": exam.grants}
        )
    return found
