"""tags: words of one's own for what is seen, as hashtags are; the project suggests some.

The value is the list of tags in the order given, without their #, in small letters; [] is an empty answer. How many
gave each is counted by the record; mining/kinds/tags.py says how sure that share is.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from projects.tasks.base import NONE, Answer, Task, VoteRows

TAGS = "tags"

LONGEST = 50
"""Characters of a tag."""

MOST_TAGS = 50
"""Of one answer."""

MOST_SUGGESTIONS = 60
SHOWN = 10
"""Of the tags given, so many are shown to whoever looks."""

LONGEST_GIVEN = 200
"""Characters of what is worth making a tag of."""

HALF = 0.5
_SPLIT = re.compile(r"[#,;\n]+")
_JOINED = re.compile(r"[\s\-‐‑–]+")


def normalised(given: str) -> str:
    """A tag as it is stored: small letters and digits of any script, - and _, blanks as -. Raises ValueError.

    The twin in the browser is `normalised` of static/classify/tasks/tags.js.
    """
    if len(given) > LONGEST_GIVEN:
        raise ValueError(f"a tag has {LONGEST} characters at most; shorten it")
    text = _JOINED.sub("-", unicodedata.normalize("NFKC", given.strip().lstrip("#＃")).lower()).strip("-_")
    text = unicodedata.normalize("NFC", text)
    strange = next((sign for sign in text if not _is_of_a_tag(sign)), None)
    if strange is not None:
        raise ValueError(f"a tag has letters, digits, - and _, and no {_name(strange)}; take it out")
    if not any(sign.isalnum() for sign in text):
        raise ValueError("a tag needs a letter or a digit")
    if len(text) > LONGEST:
        raise ValueError(f"a tag has {LONGEST} characters at most; shorten it")
    if text == NONE:
        raise ValueError(f"{NONE!r} stands for an empty answer; write another word, or nothing")
    return text


def split(text: str) -> list[str]:
    """What stands between #, commas, semicolons and line ends."""
    return [part.strip() for part in _SPLIT.split(text) if part.strip()]


def are_tags(words: Sequence[str]) -> bool:
    """Whether a list is of tags as they are stored."""
    try:
        return len(words) <= MOST_TAGS and [normalised(word) for word in words] == list(dict.fromkeys(words))
    except ValueError:
        return False


class TagsTask(Task):
    """min, max: how many tags an answer has, where it has any at all."""

    kind: Literal["tags"]
    suggestions: list[str] = Field([], max_length=MOST_SUGGESTIONS)
    min: int = Field(1, ge=1, le=MOST_TAGS)
    max: int = Field(10, ge=1, le=MOST_TAGS)

    @field_validator("suggestions")
    @classmethod
    def _as_stored(cls, value: list[str]) -> list[str]:
        found = [normalised(each) for each in value]
        if len(set(found)) < len(found):
            raise ValueError("a tag is suggested twice")
        return found

    @model_validator(mode="after")
    def _a_range(self) -> Self:
        if self.max < self.min:
            raise ValueError("max is less than min")
        return self

    def validate_value(self, value: Any) -> list[str]:
        """Normalised, each once, in the order given."""
        if value is None:
            value = []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise ValueError("give a list of tags")
        if len(value) > MOST_TAGS:
            raise ValueError(f"{len(value):,} tags are too many; give {self.max} at most")
        found = list(dict.fromkeys(normalised(each) for each in value))
        if not found:
            if self.required:
                raise ValueError("a tag is required")
            return []
        if not self.min <= len(found) <= self.max:
            raise ValueError(f"give from {self.min} to {self.max} tags, not {len(found)}")
        return found

    def votes(self, value: list[str]) -> VoteRows:
        """One row a tag; the row `none` when none was given."""
        return [(tag, 1.0) for tag in value] or [(NONE, 1.0)]

    def written(self, value: list[str]) -> str:
        return " ".join(f"#{tag}" for tag in value)

    def shown(self, votes: Mapping[str, int]) -> list[Answer]:
        """Those that were given most, first."""
        given = sorted((-n, tag) for tag, n in votes.items() if n and tag != NONE)
        return [Answer.model_construct(key=tag, label=f"#{tag}") for _, tag in given[:SHOWN]]

    def found(self, value: dict[str, Any] | None) -> str:
        """With how many gave each of how many were asked."""
        of = value.get("asked") if value else None
        tags = value.get(TAGS, []) if value else []
        return " · ".join(f"#{tag} {n}/{of}" for tag, n, *_ in tags[:SHOWN])

    def from_cell(self, text: str) -> list[str]:
        """Tags with # before each or commas between."""
        return split(text)

    def said(self, value: Any) -> str:
        return (
            " · ".join(f"#{tag}" for tag in value if isinstance(tag, str)) if isinstance(value, list) else ""
        )

    def truth(self, values: Sequence[list[str]]) -> list[str] | None:
        """The tags that more than half of the experts gave."""
        if not values:
            return None
        given = Counter(tag for value in values for tag in value)
        return [tag for tag, n in given.items() if n > HALF * len(values)]

    def score(self, value: list[str], truth: list[str]) -> float:
        """Jaccard index: tags in both over tags in either; 1 where both are empty."""
        either = set(value) | set(truth)
        return len(set(value) & set(truth)) / len(either) if either else 1.0


def _is_of_a_tag(sign: str) -> bool:
    return sign in "-_" or unicodedata.category(sign)[0] in "LMN"


def _name(sign: str) -> str:
    return f"“{sign}”" if sign.isprintable() else f"U+{ord(sign):04X}"
