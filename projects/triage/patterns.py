"""Text patterns in an engine whose time grows with the text alone (RE2): no pattern can hold a worker up. Pure."""

import unicodedata
from functools import lru_cache
from typing import Any

import re2

from projects.conditions import ConditionError

MOST_LETTERS = 2000
MOST_MEMORY = 8 * 1024 * 1024
"""Bytes of a compiled pattern; one that would take more is refused."""
AROUND = 30
"""Letters before and after what was found, as they are kept with a hit."""

_options = re2.Options()
_options.case_sensitive = False
_options.log_errors = False
_options.max_mem = MOST_MEMORY


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> Any:
    """The pattern, without regard to case. Raises ConditionError with the place of the mistake."""
    if not pattern or len(pattern) > MOST_LETTERS:
        raise ConditionError(f"a pattern has 1 to {MOST_LETTERS:,} letters")
    try:
        return re2.compile(pattern, _options)
    except re2.error as error:
        said = error.args[0]
        reason, _colon, part = (
            said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        ).partition(": ")
        at = _place(pattern, reason, part)
        told = f"{reason}: {part}" if part and part != pattern else reason
        where = f"letter {at + 1} of “{pattern[:60]}”" if at is not None else f"“{pattern[:60]}”"
        raise ConditionError(f"this is no pattern, at {where}: {told}") from None


def plain(text: str) -> str:
    """As patterns read it: letters of full width, ligatures and the like are the plain ones that they look like."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def found(pattern: str, text: str) -> str | None:
    """What of a plain text the pattern found first, with some letters around it; None where it found nothing."""
    match = compiled(pattern).search(text)
    if match is None:
        return None
    start, end = match.span()
    end = min(end, start + 4 * AROUND)
    before, after = max(0, start - AROUND), min(len(text), end + AROUND)
    return f"{'…' if before else ''}{text[before:after]}{'…' if after < len(text) else ''}"


def _place(pattern: str, reason: str, part: str) -> int | None:
    """Where the engine's own words don't say it: the bracket that nothing closes, or that closes nothing."""
    if reason == "missing )":
        return _unbalanced(pattern)[0]
    if reason == "unexpected )":
        return _unbalanced(pattern)[1]
    at = pattern.rfind(part) if part else -1
    return at if at >= 0 else None


def _unbalanced(pattern: str) -> tuple[int | None, int | None]:
    """(place of the last ( that is never closed, place of the first ) that closes nothing)."""
    opened: list[int] = []
    at, inside = 0, False
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            at += 1
        elif inside:
            inside = sign != "]"
        elif sign == "[":
            inside = True
        elif sign == "(":
            opened.append(at)
        elif sign == ")":
            if not opened:
                return None, at
            opened.pop()
        at += 1
    return (opened[-1] if opened else None), None
