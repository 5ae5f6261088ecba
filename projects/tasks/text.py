"""text: write what is seen, such as a line of a manuscript.

The value is stored in Unicode's form NFC without blanks around it; "" is an empty answer. One character stands for
what can't be read (`unclear`): it abstains when the texts of many are put together
(mining/science/consensus/text.py).
"""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field, field_validator
from rapidfuzz.distance import Levenshtein

from projects.tasks.base import NONE, Task, VoteRows

TEXT = "text"
"""The key of a text's vote; its value is the text."""

UNSURE = 2 / 3
"""A letter of a consensus that a smaller share of its readers has read so is shown as uncertain."""

DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REFUSED = frozenset({"Cc", "Cs", "Zl", "Zp"})
_MOST_SIGNS = 8
"""Signs a character: a longer text is too long in any form, and is not worth normalising."""


DOT = "\u0323"
"""The dot below a letter that is read with doubt, after the conventions of Leiden."""


class Writing(Task):
    """What writing is asked for with. leiden: signs for letters in doubt, lost, supplied or abbreviated are offered."""

    placeholder: str = Field("", max_length=100)
    max_length: int = Field(300, ge=1, le=10_000)
    keyboard: Literal["polytonic_greek"] | None = None
    leiden: bool = False
    unclear: str = "?"
    same: list[str] = Field(
        [], max_length=50, description="Groups of letters that are one; the first of each stands."
    )

    @field_validator("unclear")
    @classmethod
    def _one_character(cls, value: str) -> str:
        if len(value) != 1 or value.isspace() or not unicodedata.is_normalized("NFC", value):
            raise ValueError("write one character, which stands for what can't be read")
        return value

    @field_validator("same")
    @classmethod
    def _groups_of_letters(cls, value: list[str]) -> list[str]:
        letters = "".join(value)
        if any(len(group) < 2 for group in value) or len(set(letters)) < len(letters):
            raise ValueError("each group is two letters or more, and no letter is in two groups")
        return value

    def one_of_each(self, text: str) -> str:
        """The text with one letter for all that are the same."""
        return text.translate({ord(letter): group[0] for group in self.same for letter in group[1:]})

    def read_alike(self, text: str) -> str:
        """The same without the dots of doubt, as it is compared."""
        return undotted(self.one_of_each(text)) if self.leiden else self.one_of_each(text)


class TextTask(Writing):
    kind: Literal["text"]
    lines: int = Field(1, ge=1, le=40)

    def validate_value(self, value: Any) -> str:
        """In form NFC, line ends as \\n, without blanks around it. None is an empty answer."""
        if value is not None and not isinstance(value, str):
            raise ValueError("give a text")
        text = (value or "").replace("\r\n", "\n")
        if len(text) <= _MOST_SIGNS * self.max_length:
            text = unicodedata.normalize("NFC", text)
        if len(text.strip()) > self.max_length:
            raise ValueError(f"the text is longer than {self.max_length} characters; shorten it")
        for sign in text:
            if sign in DIRECTIONS:
                raise ValueError(
                    f"the text has a sign that turns the direction of writing ({_name(sign)}); take it out"
                )
            if sign != "\n" and unicodedata.category(sign) in _REFUSED:
                raise ValueError(f"the text has a control character ({_name(sign)}); take it out")
        text = text.strip()
        if self.lines == 1 and "\n" in text:
            raise ValueError("the text is to be one line; take the line breaks out")
        if self.required and not text:
            raise ValueError("a text is required")
        return text

    def from_cell(self, text: str) -> str:
        return text

    def said(self, value: Any) -> str:
        return value if isinstance(value, str) else ""

    def found(self, value: dict[str, Any] | None) -> str:
        return str(value.get("text", "")) if value else ""

    def written(self, value: str) -> str:
        return self.one_of_each(value)

    def together(self, values: Sequence[str]) -> dict[str, Any] | None:
        """The text that is most like all of them, the first of equal ones: mining weighs letter by letter."""
        texts = [self.read_alike(value) for value in values if isinstance(value, str) and value]
        if not texts:
            return None
        return {"text": min(texts, key=lambda text: sum(Levenshtein.distance(text, each) for each in texts))}

    def told(self, value: dict[str, Any] | None, votes: Mapping[str, int]) -> dict[str, Any]:
        """What the volunteers' texts come to and how many wrote one."""
        return {"text": value.get("text") if value else None, "written": votes.get(TEXT, 0)}

    def score(self, value: str, truth: str) -> float:
        """1 less the letter error rate (Levenshtein distance over the length of the longer one)."""
        return float(Levenshtein.normalized_similarity(self.read_alike(value), self.read_alike(truth)))

    def votes(self, value: str) -> VoteRows:
        """One row, whose value is the text; the row `none` when nothing was written."""
        return [(TEXT, value)] if value else [(NONE, 1.0)]


def undotted(text: str) -> str:
    """Without the dots below its letters, also where Unicode has one sign for both."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).replace(DOT, ""))


def _name(sign: str) -> str:
    return f"U+{ord(sign):04X}"
