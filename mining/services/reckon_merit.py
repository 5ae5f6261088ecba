"""Reckon what one person is told of their own skill, from the online state. For the worker."""

from dataclasses import asdict

import numpy as np
from django.core.cache import cache

from mining.models import OnlineTask, OnlineVolunteer
from mining.reports.matrices import square
from mining.science.merit import by_class, information, mean_skill, skill
from mining.services.told_merit import ENOUGH, KEPT, Estimate, OfClass, Told, name_of, votes_of


def reckon(person: int, workflow_id: int) -> list[Told]:
    """Put it where `told_merit` finds it, and return it."""
    votes = votes_of(person, workflow_id)
    rows = OnlineVolunteer.objects.filter(workflow=workflow_id, volunteer=person, votes__gte=ENOUGH)
    tasks = {task.task: task for task in OnlineTask.objects.filter(workflow=workflow_id)}
    told = [_told(row, tasks[row.task]) for row in rows.order_by("task")]
    cache.set(name_of(person, workflow_id), {"votes": votes, "told": [asdict(each) for each in told]}, KEPT)
    return told


def _told(row: OnlineVolunteer, task: OnlineTask) -> Told:
    k = len(task.keys)
    counts, crowd = np.maximum(square(row.counts, k), 0.0), square(task.crowd, k)
    mean = mean_skill(crowd)
    own, bits = skill(counts, mean), information(counts, crowd, np.array(task.class_counts))
    classes = by_class(counts, mean)
    found = []
    for at in range(k):
        votes = float(counts[at].sum())
        if votes < ENOUGH or k < 2:
            continue
        others = np.where(np.arange(k) == at, -1.0, counts[at])
        most = int(others.argmax())
        right = _rounded(classes.value[at], classes.low[at], classes.high[at])
        found.append(
            OfClass(task.keys[at], right, task.keys[most], round(float(counts[at, most]) / votes, 2))
        )
    return Told(row.task, _rounded(*own), _rounded(*bits), found)


def _rounded(value: np.ndarray, low: np.ndarray, high: np.ndarray) -> Estimate:
    return round(float(value), 2), round(float(low), 2), round(float(high), 2)
