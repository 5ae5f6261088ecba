"""highlighter: words of the subject's own text are marked, each with one of the task's labels.

The text is the subject's metadata under the key `text`, in Unicode's form NFC. The value is the list of spans in the
order of the text: [{"label": key, "start": n, "end": n, "text": the words}]; [] is an empty answer. Places are counted
in Unicode's code points from 0, the end is the first that is not marked. Spans of one label never overlap. The words
stand beside their places, so that it is seen when the text was changed later. The twin in the browser is
static/classify/spans.js; what many mark comes together in mining/kinds/highlighter.py.
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from projects.tasks.base import KEY, NONE, Answer, Task, VoteRows
from projects.tasks.drawing import PALETTE
from projects.tasks.text import DIRECTIONS

HIGHLIGHTER: Literal["highlighter"] = "highlighter"

MOST_SPANS = 200
"""Of one answer."""

MOST_LABELS = 20
LONGEST_TEXT = 100_000
"""Code points of a text that may be marked."""

HALF = 0.5
Span = dict[str, Any]
Letter = tuple[str, int]
"""A label and a place in the text."""


class Label(BaseModel):
    """What a span is marked as. color: a name of the palette, whose colours are told apart with any colour vision."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(pattern=KEY)
    label: str = Field(min_length=1, max_length=200)
    color: str

    @field_validator("color")
    @classmethod
    def _of_the_palette(cls, value: str) -> str:
        if value not in PALETTE:
            raise ValueError(f"write one of {', '.join(PALETTE)}")
        return value


class HighlighterTask(Task):
    """text: the key of the metadata that is marked. max: spans of an answer."""

    kind: Literal["highlighter"]
    text: str = Field(min_length=1, max_length=100)
    labels: list[Label] = Field(min_length=1, max_length=MOST_LABELS)
    max: int = Field(50, ge=1, le=MOST_SPANS)

    @field_validator("text")
    @classmethod
    def _may_be_shown(cls, value: str) -> str:
        if value.startswith("#"):
            raise ValueError(f"{value} is hidden from volunteers: a key with # can't be shown")
        return value

    @model_validator(mode="after")
    def _distinct_keys(self) -> Self:
        keys = [label.key for label in self.labels]
        if len(set(keys)) < len(keys):
            raise ValueError("two labels have the same key")
        if NONE in keys:
            raise ValueError("the key 'none' is kept for an empty answer")
        return self

    @property
    def options(self) -> list[Label]:
        return self.labels

    @property
    def answer_keys(self) -> list[str]:
        """There is nothing to agree on by choosing."""
        return []

    @property
    def reads(self) -> str:
        return self.text

    def ways(self) -> list[tuple[Any, ...]]:
        """Of another text the same places say something else."""
        return [(label.key, self.next, self.text) for label in self.labels]

    def validate_value(self, value: Any) -> list[Span]:
        """In the order of the text, those of one label that overlap made one. What the text says: `check_text`."""
        if value is None:
            value = []
        if not isinstance(value, list):
            raise ValueError("give a list of spans")
        if len(value) > MOST_SPANS:
            raise ValueError(f"there are {len(value):,} spans, and {self.max} are the most; take some out")
        keys = [label.key for label in self.labels]
        spans = in_order(merged([_span(at, each, keys) for at, each in enumerate(value, 1)], keys), keys)
        if len(spans) > self.max:
            raise ValueError(f"there are {len(spans)} spans, and {self.max} are the most; take some out")
        if not spans and self.required:
            raise ValueError("a span is required; mark some words")
        return spans

    def check_text(self, value: Any, metadata: Mapping[str, Any]) -> None:
        """Raises ValueError unless each span lies in the subject's text and has its words."""
        text = text_of(metadata, self.text)
        for at, span in enumerate(value, 1):
            if span["end"] > len(text):
                raise ValueError(
                    f"span {at} ends behind the text, which has {len(text):,} characters; mark it again"
                )
            if text[span["start"] : span["end"]] != span["text"]:
                raise ValueError(
                    f"span {at} has other words than the text has there; load the page and mark it again"
                )

    def votes(self, value: Sequence[Span]) -> VoteRows:
        """One row a label that was used, with how many spans; the row `none` when nothing was marked."""
        used = [label.key for label in self.labels]
        counts = {key: float(sum(span["label"] == key for span in value)) for key in used}
        return [(key, n) for key, n in counts.items() if n] or [(NONE, 1.0)]

    def written(self, value: Sequence[Span]) -> str:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False) if value else ""

    def shown(self, votes: Mapping[str, int]) -> list[Answer]:
        """The labels, with how many used each."""
        return [Answer.model_construct(key=label.key, label=label.label) for label in self.labels]

    def found(self, value: dict[str, Any] | None) -> str:
        """Each span with how many marked it of how many were asked."""
        spans = value.get("spans", []) if value else []
        return self._in_words(spans, lambda span: f" {span['n']}/{value['asked'] if value else 0}")

    def from_cell(self, text: str) -> Any:
        """Spans as JSON."""
        if not text:
            return []
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise ValueError(f"{text[:40]!r} is no list of spans as JSON") from None

    def said(self, value: Any) -> str:
        spans = [span for span in value if isinstance(span, dict)] if isinstance(value, list) else []
        return self._in_words(spans)

    def _in_words(self, spans: Sequence[Span], more: Any = lambda _span: "") -> str:
        labels = {label.key: label.label for label in self.labels}
        return " · ".join(
            f"{labels[span['label']]} “{plain(span['text'])}”{more(span)}"
            for span in spans
            if span.get("label") in labels
        )

    def truth(self, values: Sequence[Sequence[Span]]) -> list[Span] | None:
        """What more than half of the experts marked, letter by letter."""
        if not values:
            return None
        given = [letters_of(value) for value in values]
        signs = {at: sign for each in given for (_, at), sign in each.items()}
        kept = {
            letter
            for each in given
            for letter in each
            if sum(letter in one for one in given) > HALF * len(given)
        }
        spans = []
        for label in self.labels:
            places = sorted(at for key, at in kept if key == label.key)
            for _, run in groupby(enumerate(places), lambda pair: pair[1] - pair[0]):
                of_run = [at for _, at in run]
                words = "".join(signs[at] for at in of_run)
                spans.append({"label": label.key, "start": of_run[0], "end": of_run[-1] + 1, "text": words})
        return in_order(spans, [label.key for label in self.labels])

    def score(self, value: Sequence[Span], truth: Sequence[Span]) -> float:
        """F1 of the characters, each with its label: twice those that both marked so over those of both; 1 where both
        are empty."""
        ours, theirs = letters_of(value).keys(), letters_of(truth).keys()
        either = len(ours) + len(theirs)
        return 2 * len(ours & theirs) / either if either else 1.0


def text_of(metadata: Mapping[str, Any], key: str) -> str:
    """The text as it is marked, "" where the subject has none."""
    text = metadata.get(key)
    return unicodedata.normalize("NFC", text) if isinstance(text, str) else ""


def plain(words: str) -> str:
    """Words of a stranger's text on one line, without what would act on the text around them."""
    kept = (" " if sign.isspace() else sign for sign in words if sign.isspace() or _is_harmless(sign))
    return " ".join("".join(kept).split())


def _is_harmless(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cs") and sign not in _HARMFUL


_HARMFUL = DIRECTIONS | set("\ufff9\ufffa\ufffb")


def in_order(spans: Sequence[Span], labels: Sequence[str]) -> list[Span]:
    """By where they begin, those that begin together by the order of the labels."""
    return sorted(spans, key=lambda span: (span["start"], labels.index(span["label"])))


def merged(spans: Sequence[Span], labels: Sequence[str]) -> list[Span]:
    """Those of one label that overlap as one. Spans that only touch stay two."""
    found: list[Span] = []
    for key in labels:
        last: Span | None = None
        for span in sorted((each for each in spans if each["label"] == key), key=lambda each: each["start"]):
            if last is None or span["start"] >= last["end"]:
                last = dict(span)
                found.append(last)
            elif span["end"] > last["end"]:
                last["text"] += span["text"][last["end"] - span["start"] :]
                last["end"] = span["end"]
    return found


def letters_of(spans: Sequence[Span]) -> dict[Letter, str]:
    """Each marked place under its label, to the letter there."""
    return {
        (span["label"], span["start"] + at): sign for span in spans for at, sign in enumerate(span["text"])
    }


def _span(at: int, given: Any, known: Sequence[str]) -> Span:
    if not isinstance(given, dict) or set(given) != {"label", "start", "end", "text"}:
        raise ValueError(f"span {at} is to have exactly label, start, end, text")
    label, start, end, text = (given[name] for name in ("label", "start", "end", "text"))
    if not isinstance(label, str) or label not in known:
        raise ValueError(f"span {at} has no label of this task; mark it again")
    whole = all(isinstance(place, int) and not isinstance(place, bool) for place in (start, end))
    if not whole or not 0 <= start < end <= LONGEST_TEXT:
        raise ValueError(f"span {at} begins and ends nowhere in a text; mark it again")
    if not isinstance(text, str) or len(text) != end - start or not text.strip():
        raise ValueError(f"span {at} has other words than its places have room for; mark it again")
    return {"label": label, "start": start, "end": end, "text": text}
