"""tags: the share of people who gave each, with its interval, all alike; a run comes to the same."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from mining.kinds.found import Found
from mining.science.uncertainty import bits_of_yes, vote_share
from mining.sheet import Sheet
from projects.tasks.tags import TagsTask

MOST_KEPT = 200
"""Tags of a subject that are kept, those given most."""


def online(sheet: Sheet, _task: TagsTask) -> Found:
    """value: {"asked": how many looked, "tags": [[tag, how many gave it, their share, low, high]], most given first,
    "left_out": tags that were too many to keep}. low, high: 95 % interval of the share among all who might look."""
    if not sheet.asked:
        return Found(None, 0.0, 0.0)
    given = Counter(tag for text in sheet.texts for tag in tags_of(text))
    order = sorted(given, key=lambda tag: (-given[tag], tag))
    tags = [[tag, given[tag], *_share(given[tag], sheet.asked)] for tag in order[:MOST_KEPT]]
    value = {"asked": sheet.asked, "tags": tags, "left_out": len(order) - len(tags)}
    return Found(value, bits_of_yes(list(given.values()), sheet.asked), float(sheet.asked))


def batch(sheets: Mapping[int, tuple[Sheet, TagsTask]]) -> dict[int, Found]:
    return {subject: online(sheet, task) for subject, (sheet, task) in sheets.items()}


def tags_of(text: str) -> list[str]:
    """Of a sheet's text. What an earlier version asked for, when the task was of another kind, has none."""
    words = text.split(" ")
    return [word[1:] for word in words] if all(word.startswith("#") for word in words) else []


def _share(n: int, asked: int) -> list[float]:
    return [round(float(each[0]), 4) for each in vote_share(np.array([n, asked - n], dtype=np.float64))]
