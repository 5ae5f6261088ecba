"""What a survey found, as exports write it, read into ours. Pure.

The reference platform names choices, questions and answers by ids made of their texts (LION, HOWMANY, 1), and the texts
are not in the file: the ids stand for them. Our own exports have keys, kinds and texts (`label`, `details`).
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.text import slugify

from projects.imports.keys import KEY_PATTERN, LONGEST
from projects.imports.marks import MOST_DETAIL_CHOICES, DetailSeen, are_details
from projects.tasks.base import NONE
from projects.tasks.survey import MOST_QUESTIONS, MOST_SURVEYED, QUESTIONS

Identity = tuple[bool, str]
"""As in projects/imports/seen.py."""


class SightingRead(NamedTuple):
    """key: of the choice, "" where the file has only its id, which is the label then. details: each with `question`."""

    key: str
    label: str
    details: list[dict[str, Any]]

    @property
    def identity(self) -> Identity:
        return (True, self.key) if self.key else (False, self.label)


@dataclass
class SurveySeen:
    """asked: question to what was answered. of: choice to the questions that somebody answered about it. odd: a
    question is of two kinds, or there are too many."""

    asked: dict[str, DetailSeen] = field(default_factory=dict)
    of: dict[Identity, list[str]] = field(default_factory=dict)
    odd: bool = False

    def take(self, sightings: list[SightingRead]) -> None:
        for sighting in sightings:
            asks = self.of.setdefault(sighting.identity, [])
            for given in sighting.details:
                key = given["question"]
                seen = self.asked.setdefault(key, DetailSeen(given["kind"], given["task_label"]))
                if seen.kind != given["kind"] or len(self.asked) > MOST_QUESTIONS:
                    self.odd = True
                    return
                seen.take(given)
                self.odd = self.odd or len(seen.choices) > MOST_DETAIL_CHOICES
                if key not in asks:
                    asks.append(key)

    def join(self, other: "SurveySeen") -> "SurveySeen":
        found = SurveySeen(odd=self.odd or other.odd)
        for part in (self, other):
            for key, seen in part.asked.items():
                mine = found.asked.setdefault(key, DetailSeen(seen.kind, seen.question))
                found.odd = found.odd or mine.kind != seen.kind or len(found.asked) > MOST_QUESTIONS
                mine.choices = {**seen.choices, **mine.choices}
                mine.least, mine.most = min(mine.least, seen.least), max(mine.most, seen.most)
            for identity, asks in part.of.items():
                stands = found.of.setdefault(identity, [])
                stands += [key for key in asks if key not in stands]
        return found

    def bodies(self) -> list[dict[str, Any]]:
        return [{"key": key, **seen.body()} for key, seen in self.asked.items()]


def read_sightings(value: Any) -> list[SightingRead] | None:
    """None where the value is no list of what a survey here may find; [] is none either way."""
    if not isinstance(value, list) or not value or len(value) > MOST_SURVEYED:
        return None
    found = [_sighting(given) for given in value]
    whole = [each for each in found if each]
    once = len({each.identity for each in whole}) == len(found)
    return whole if once else None


def _sighting(given: Any) -> SightingRead | None:
    if not isinstance(given, dict) or not isinstance(given.get("choice"), str) or not given["choice"].strip():
        return None
    label = given.get("label", given["choice"])
    if not isinstance(label, str) or not 0 < len(label) <= 200:
        return None
    ours = "details" in given and KEY_PATTERN.fullmatch(given["choice"]) is not None
    details = given["details"] if ours else _details(given.get("answers", {}))
    if not are_details(details) or not all(_is_asked(each) for each in details):
        return None
    return SightingRead(given["choice"] if ours else "", label, details)


def _is_asked(detail: dict[str, Any]) -> bool:
    key = detail.get("question")
    return detail["kind"] in QUESTIONS and isinstance(key, str) and KEY_PATTERN.fullmatch(key) is not None


def _details(answers: Any) -> Any:
    """Of ids, in our form: what is a list has been chosen among several."""
    if not isinstance(answers, dict):
        return None
    found = []
    for asked, said in answers.items():
        several = said if isinstance(said, list) else [said]
        if not all(isinstance(each, (str, int)) and str(each) for each in several):
            return None
        keys, labels = [key_of_id(str(each)) for each in several], [str(each) for each in several]
        one = not isinstance(said, list)
        found.append(
            {
                "question": key_of_id(asked), "kind": "single" if one else "multiple", "task_label": asked,
                "value": said, "key": keys[0] if one else keys, "label": labels[0] if one else labels,
            }
        )  # fmt: skip
    return found


def key_of_id(text: str) -> str:
    """The same for the same id whatever else the file holds; two ids that differ in more than case never share one."""
    slug = slugify(text)[:LONGEST].strip("-_")
    if slug and slug != NONE and slug == text.lower():
        return slug
    return f"{slug or 'answer'}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
