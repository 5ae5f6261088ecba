"""What volunteers flagged as odd, with a #tag or without, as a list of oddities and its first finders."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

import numpy as np

from mining.science.anomalies.flags import flagged
from mining.science.anomalies.oddities import Oddities
from projects.models import Block, Classification, OddFlag, Workflow

Flag = tuple[datetime, int, str]
"""When, who (the person), tag."""


def flags_of(workflow: Workflow) -> dict[int, list[Flag]]:
    """Subject to its flags that stand, the earliest first. Not those of whoever is blocked."""
    blocked = Block.objects.filter(project=workflow.project_id, lifted_at=None).values("volunteer")
    rows = OddFlag.objects.filter(
        project=workflow.project_id,
        subject__subject_set=workflow.subject_set_id,
        taken_back_at__isnull=True,
    ).exclude(volunteer__in=blocked)
    found: dict[int, list[Flag]] = {}
    for subject, at, who, joined_to, tag in rows.order_by("at", "pk").values_list(
        "subject_id", "at", "volunteer_id", "volunteer__joined_to_id", "tag"
    ):
        found.setdefault(subject, []).append((at, joined_to or who, tag))
    return found


def of_flags(flags: Mapping[int, list[Flag]], asked: Mapping[int, int]) -> list[Oddities]:
    """asked: subject to how many people have answered it. Empty where nobody flagged anything."""
    if not flags:
        return []
    subjects = sorted(asked.keys() | flags.keys())
    people = {subject: len({who for _, who, _ in given}) for subject, given in flags.items()}
    tags = {
        subject: Counter(tag for _, tag in {(who, tag) for _, who, tag in given if tag})
        for subject, given in flags.items()
    }
    items = np.array([str(subject) for subject in subjects], dtype=np.str_)
    n = np.array([people.get(subject, 0) for subject in subjects], dtype=np.float64)
    of = np.array([max(asked.get(subject, 0), people.get(subject, 0)) for subject in subjects], np.float64)
    most = [(tags.get(subject) or Counter([""])).most_common(1)[0] for subject in subjects]
    return [flagged(items, n, of, [(tag, count) if tag else ("", 0) for tag, count in most])]


def first_of(
    workflow: Workflow,
    subjects: Iterable[int],
    answered: Mapping[int, list[int]],
    flags: Mapping[int, list[Flag]],
    most: int,
) -> dict[int, list[int]]:
    """Subject to the first who said that it is odd, by answer or by flag. answered: those by answer."""
    wanted = [subject for subject in subjects if subject in answered and subject in flags]
    times: dict[tuple[int, int], datetime] = {}
    given = Classification.objects.filter(workflow=workflow, subject__in=wanted)
    for subject, who, joined_to, at in given.values_list(
        "subject_id", "volunteer_id", "volunteer__joined_to_id", "received_at"
    ):
        for name in (who, joined_to):
            if name is not None:
                times[subject, name] = min(at, times.get((subject, name), at))
    found = dict(answered)
    for subject, rows in flags.items():
        said = [(times[subject, who], who) for who in answered.get(subject, []) if (subject, who) in times]
        said += [(at, who) for at, who, _ in rows]
        found[subject] = list(dict.fromkeys(who for _, who in sorted(said)))[:most]
    return found
