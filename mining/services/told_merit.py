"""A person's figure of merit as told to that person alone: reckoned by the worker, read here. Loads no arrays.

Skill is drawn from known answers too, and nobody shall learn from the change of a number that the subject they have
just answered was a hidden check. So what is told moves in steps: after STEP more votes, not after each. It lies in
Redis; lost, it is reckoned again.
"""

import logging
from dataclasses import dataclass
from typing import Any

import redis
from django.core.cache import cache
from django.db.models import Max

from mining.jobs import reckon_merit
from mining.models import OnlineVolunteer

logger = logging.getLogger(__name__)

ENOUGH = 10
"""Votes from which somebody is told; of a class, expected votes."""

STEP = 10
KEPT = 90 * 24 * 3600  # seconds
ASK_AGAIN = 10
"""Seconds after which the worker is asked again."""

Estimate = tuple[float, float, float]
"""(value, low, high), 95 % interval."""


@dataclass(frozen=True)
class OfClass:
    """When the answer is `key`: the share of votes that said so, the answer most often given instead, its share."""

    key: str
    right: Estimate
    instead: str
    instead_share: float


@dataclass(frozen=True)
class Told:
    """task: a path, such as T0 or T7:ring. skill: 0 to 1; bits: a vote."""

    task: str
    skill: Estimate
    bits: Estimate
    classes: list[OfClass]


def told_merit(person: int, workflow_id: int) -> list[Told] | None:
    """Of the questions on which the person has ENOUGH votes, by task; None while the worker reckons."""
    votes = votes_of(person, workflow_id)
    if votes < ENOUGH:
        return []
    name = name_of(person, workflow_id)
    try:
        kept: dict[str, Any] | None = cache.get(name)
        old = kept is None or not 0 <= votes - kept["votes"] < STEP
        if old and cache.add(f"{name}:asked", True, ASK_AGAIN):
            reckon_merit.delay(person, workflow_id)
    except redis.RedisError as error:
        logger.warning("A person's merit can't be told, since Redis does not answer: %s", error)
        return None
    return None if kept is None else [_told(each) for each in kept["told"]]


def votes_of(person: int, workflow_id: int) -> int:
    """On the question that they answered most often."""
    rows = OnlineVolunteer.objects.filter(workflow=workflow_id, volunteer=person)
    return rows.aggregate(most=Max("votes"))["most"] or 0


def name_of(person: int, workflow_id: int) -> str:
    return f"told-merit:{workflow_id}:{person}"


def forget_merit(person: int) -> None:
    """What is kept for telling goes; the online state, which names nobody, stays."""
    workflows = set(OnlineVolunteer.objects.filter(volunteer=person).values_list("workflow_id", flat=True))
    try:
        cache.delete_many([name_of(person, workflow) for workflow in workflows])
    except redis.RedisError as error:
        logger.warning("What was told to a person is forgotten when its time is over: %s", error)


def _told(each: dict[str, Any]) -> Told:
    classes = [OfClass(**{**one, "right": tuple(one["right"])}) for one in each["classes"]]
    return Told(each["task"], tuple(each["skill"]), tuple(each["bits"]), classes)
