"""Qualifications that follow from skill: given to whoever has it, taken from whoever has it no more."""

from collections import defaultdict

import numpy as np
from django.db import transaction

from mining.models import OnlineTask, OnlineVolunteer
from mining.reports.matrices import square
from mining.science.merit import mean_skill, skill
from projects.models import Grant, Qualification, Volunteer, Workflow
from projects.services.qualifications import follow_roles, grant, revoke

ENOUGH = 50
"""Votes that it takes where the rule does not say."""

SLACK = 0.05
"""Below `least` by so much it is taken away, so that nobody gets and loses it from one vote to the next."""


def follow_skill_and_roles() -> int:
    """All projects' qualifications of these two kinds; returns how many grants changed. Safe to repeat."""
    kinds = Qualification.Kind
    changed = sum(follow_skill(each) for each in Qualification.objects.filter(kind=kinds.SKILL))
    projects = Qualification.objects.filter(kind=kinds.ROLE).order_by().values_list("project", flat=True)
    return changed + sum(follow_roles(project) for project in projects.distinct())


@transaction.atomic
def follow_skill(qualification: Qualification) -> int:
    """Grants from `least` on with enough votes, revokes below it; the evidence tells skill and votes. A rule that
    names no workflow of the project grants nothing and revokes nothing."""
    rule = qualification.rule
    workflow = Workflow.objects.filter(
        project=qualification.project_id, slug=rule.get("workflow", "")
    ).first()
    if workflow is None or "least" not in rule:
        return 0
    least, votes = float(rule["least"]), int(rule.get("votes", ENOUGH))
    found = skills(workflow.pk)
    has = set(
        Grant.objects.filter(qualification=qualification, revoked_at=None).values_list(
            "volunteer_id", flat=True
        )
    )
    get = {
        person
        for person, (value, given) in found.items()
        if person not in has and value >= least and given >= votes
    }
    lose = {person for person in has if person not in found or found[person][0] < least - SLACK}
    people = list(Volunteer.objects.filter(pk__in=get | lose, simulated=False))
    for volunteer in people:
        if volunteer.pk in lose:
            revoke(qualification, volunteer)
        else:
            value, given = found[volunteer.pk]
            grant(qualification, volunteer, {"skill": round(value, 3), "votes": given})
    return len(people)


def skills(workflow_id: int) -> dict[int, tuple[float, int]]:
    """Person to (skill, 0 to 1; votes on the task that they answered most often). The skill is the mean over the tasks,
    weighed by the votes on each."""
    tasks = {task.task: task for task in OnlineTask.objects.filter(workflow=workflow_id)}
    of: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for row in OnlineVolunteer.objects.filter(workflow=workflow_id, votes__gt=0).iterator(chunk_size=2000):
        task = tasks[row.task]
        k = len(task.keys)
        counts = np.maximum(square(row.counts, k), 0.0)
        value = float(skill(counts, mean_skill(square(task.crowd, k))).value)
        of[row.volunteer_id].append((value, row.votes))
    return {
        person: (sum(v * n for v, n in each) / sum(n for _, n in each), max(n for _, n in each))
        for person, each in of.items()
    }
