"""What a volunteer hears at once in a training: how right the answer was, and what the truth is."""

from typing import Any

from projects.models import GoldSubject, Use
from projects.services.gold import compare, score_of, standing_gold, truth_of
from projects.services.record_classification import Recorded, Submission
from projects.services.versions import get_version

RIGHT = 0.9
"""From this score on an answer is called right: choices must be the same, a text may have a letter in ten wrong."""


def training_feedback(recorded: Recorded, submission: Submission) -> dict[str, Any]:
    """{"feedback": {"right", "score", "message", "tasks": [{"task", "right", "truth"}]}} after an answer on a training
    subject; nothing after any other, whatever it was."""
    if recorded.use != Use.TRAINING:
        return {}
    definition = get_version(submission.version_id).definition
    experts = standing_gold(recorded.workflow_id, [recorded.subject_id]).get(recorded.subject_id, [])
    truth = truth_of(definition, [answer.annotations for answer in experts])
    compared = compare(definition, definition.walk(submission.annotations), truth)
    score = score_of(compared)
    known = GoldSubject.objects.filter(workflow=recorded.workflow_id, subject=recorded.subject_id).first()
    right = score is not None and all(each.score >= RIGHT for each in compared)
    message = (known.right_message if right else known.wrong_message) if known else ""
    tasks = [{"task": c.task, "right": c.score >= RIGHT, "truth": c.truth} for c in compared]
    return {"feedback": {"right": right, "score": score, "message": message, "tasks": tasks}}
