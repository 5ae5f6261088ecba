"""Marked words as exports write them, read into ours. Pure.

The reference platform names a span's label by its text, in `labelInformation`, and counts places as JavaScript does
(UTF-16), so that behind an emoji they are further on than ours; the words say where a span ends, and where it begins is
taken as it stands, since the text itself is not in the file.
"""

import unicodedata
from typing import Any, NamedTuple

from projects.imports.keys import KEY_PATTERN
from projects.tasks.highlighter import LONGEST_TEXT, MOST_SPANS


class SpanRead(NamedTuple):
    """key: of the label, "" where the file has only its text."""

    key: str
    label: str
    start: int
    text: str


def read_spans(value: Any) -> list[SpanRead] | None:
    """None where the value is no list of spans that a task here may have; [] is none either way."""
    if not isinstance(value, list) or not value or len(value) > MOST_SPANS:
        return None
    found = [_span(given) for given in value]
    return [span for span in found if span] if all(found) else None


def _span(given: Any) -> SpanRead | None:
    if not isinstance(given, dict) or not isinstance(given.get("labelInformation"), dict):
        return None
    label, start, words = given["labelInformation"].get("label"), given.get("start"), given.get("text")
    if not isinstance(label, str) or not label.strip() or not isinstance(words, str) or not words.strip():
        return None
    if isinstance(start, bool) or not isinstance(start, int):
        return None
    text = unicodedata.normalize("NFC", words)
    if start < 0 or start + len(text) > LONGEST_TEXT:
        return None
    own = given.get("key")
    key = own if isinstance(own, str) and KEY_PATTERN.fullmatch(own) else ""
    return SpanRead(key, label, start, text)
