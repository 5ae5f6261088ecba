"""What a volunteer hears of the truth: at once in a training, and after a hidden check that is not secret."""

from typing import Any

from projects.models import GoldSubject, Use
from projects.services.gold import compare, score_of, standing_gold, truth_of
from projects.services.look_at_answers import look_at_subjects
from projects.services.record_classification import Recorded, Submission
from projects.services.versions import get_version
from projects.services.volunteers import Pass, make_volunteer

RIGHT = 0.9
"""From this score on an answer is called right: choices must be the same, a text may have a letter in ten wrong."""


def told_truth(recorded: Recorded, submission: Submission, held: Pass) -> dict[str, Any]:
    """{"feedback": {"right", "score", "message", "tasks": [{"task", "right", "truth"}]}} after an answer on a training
    subject, or the first on a check that is not secret; nothing after any other, whatever it was.

    Who has heard of a check has seen the truth (a look): the answer can't be corrected any more.
    """
    if recorded.use != Use.TRAINING and not recorded.open:
        return {}
    definition = get_version(submission.version_id).definition
    experts = standing_gold(recorded.workflow_id, [recorded.subject_id]).get(recorded.subject_id, [])
    truth = truth_of(definition, [answer.annotations for answer in experts])
    compared = compare(definition, definition.walk(submission.annotations), truth)
    if recorded.open:
        if not compared:  # the experts have settled nothing of it: there is nothing to say
            return {}
        look_at_subjects(recorded.workflow_id, [recorded.subject_id], make_volunteer(held))
    known = GoldSubject.objects.filter(workflow=recorded.workflow_id, subject=recorded.subject_id).first()
    right = bool(compared) and all(each.score >= RIGHT for each in compared)
    message = (known.right_message if right else known.wrong_message) if known else ""
    tasks = [{"task": c.task, "right": c.score >= RIGHT, "truth": c.truth} for c in compared]
    return {"feedback": {"right": right, "score": score_of(compared), "message": message, "tasks": tasks}}
