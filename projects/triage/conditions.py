"""Conditions of rules as data, over what is known of a subject when it arrives: parse, check, evaluate, print. Pure.

Nested arrays, like retirement conditions (projects/conditions.py):

    ["all", ["lte", "price_share", 0.3], ["any", ["matches", "Text", "gift ?cards?"], ["hash", "9f86d0..."]]]

Conditions: any, all, not; gte, gt, lte, lt, eq with a catalogue attribute and a value; `matches` with a key of the
metadata (`*`: all that volunteers are shown) and a pattern; `hash` with SHA-256 sums of files. Three-valued (Kleene):
what is missing is neither true nor false, and only what is true is a hit.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from projects.conditions import COMPARISONS, SIGNS, ConditionError
from projects.triage.patterns import compiled, found, plain

MOST_PARTS = 200
DEEPEST = 8
EVERYWHERE = "*"
SHA256 = re.compile(r"[0-9a-f]{64}")

Found = list[dict[str, Any]]
"""What made a condition true: {"where": attribute, metadata key or "file", "what": what was found there}."""


@dataclass(frozen=True)
class Item:
    """A subject as rules see it. texts: its metadata, plain. hashes: SHA-256 of its files. missing: attribute to the
    numbers that stand for a missing value."""

    attributes: Mapping[str, Any]
    texts: Mapping[str, str]
    hashes: frozenset[str] = frozenset()
    missing: Mapping[str, Sequence[float]] = field(default_factory=dict)


def item(
    attributes: Mapping[str, Any],
    metadata: Mapping[str, Any],
    hashes: Sequence[str] = (),
    missing: Mapping[str, Sequence[float]] | None = None,
) -> Item:
    texts = {key: plain(value if isinstance(value, str) else str(value)) for key, value in metadata.items()}
    return Item(attributes, texts, frozenset(hashes) - {""}, missing or {})


def check(condition: Any, kinds: Mapping[str, str]) -> None:
    """Raises ConditionError unless it is well formed and compares only attributes of the catalogue (key to kind) with
    what they may be compared with."""
    if _check(condition, kinds, 1) > MOST_PARTS:
        raise ConditionError(f"a rule has at most {MOST_PARTS} parts")


def evaluate(condition: Sequence[Any], subject: Item) -> tuple[bool | None, Found]:
    """Of a checked condition: true, false or unknown, and where true what was found."""
    head, rest = condition[0], condition[1:]
    if head == "not":
        inner, _ = evaluate(rest[0], subject)
        return (None if inner is None else not inner), []
    if head in ("any", "all"):
        return _joined(head == "any", rest, subject)
    if head == "matches":
        return _matches(rest[0], rest[1], subject)
    if head == "hash":
        same = subject.hashes.intersection(rest)
        if not subject.hashes:
            return None, []
        return bool(same), [{"where": "file", "what": each} for each in sorted(same)]
    return _compares(head, rest[0], rest[1], subject)


def asks_for_files(condition: Sequence[Any]) -> bool:
    """Of a checked condition."""
    head, rest = condition[0], condition[1:]
    return any(map(asks_for_files, rest)) if head in ("any", "all", "not") else head == "hash"


def describe(condition: Sequence[Any]) -> str:
    """In words, for people."""
    head, rest = condition[0], condition[1:]
    if head in ("any", "all"):
        word = " or " if head == "any" else " and "
        return word.join(
            f"({describe(part)})" if part[0] in ("any", "all") and len(part) > 2 else describe(part)
            for part in rest
        )
    if head == "not":
        return f"not ({describe(rest[0])})"
    if head == "matches":
        return f"{'any text' if rest[0] == EVERYWHERE else rest[0]} matches “{rest[1]}”"
    if head == "hash":
        return f"a file is one of {len(rest)} known" if len(rest) > 1 else f"a file is {rest[0][:12]}…"
    value = f"{rest[1]:g}" if isinstance(rest[1], int | float) else rest[1]
    return f"{rest[0]} {SIGNS[head]} {value}"


def _check(condition: Any, kinds: Mapping[str, str], depth: int) -> int:
    """How many parts it has."""
    if not isinstance(condition, list) or not condition or not isinstance(condition[0], str):
        raise ConditionError(
            f"{str(condition)[:80]!r} is no condition: write a list such as [matches, Text, gift cards?]"
        )
    if depth > DEEPEST:
        raise ConditionError(f"conditions stand in each other at most {DEEPEST} deep")
    head, rest = condition[0], condition[1:]
    if head in ("any", "all", "not"):
        if not rest or (head == "not" and len(rest) != 1):
            raise ConditionError("not takes one condition" if rest else f"{head} needs a condition")
        return 1 + sum(_check(part, kinds, depth + 1) for part in rest)
    if head == "matches":
        if len(rest) != 2 or not all(isinstance(part, str) for part in rest):
            raise ConditionError("matches takes a key of the metadata (* is any) and a pattern")
        compiled(rest[1])
    elif head == "hash":
        if not rest or not all(isinstance(part, str) and SHA256.fullmatch(part) for part in rest):
            raise ConditionError("hash takes SHA-256 sums: 64 digits and letters a to f each")
    elif head in COMPARISONS:
        _check_comparison(head, rest, kinds)
    else:
        raise ConditionError(
            f"{head!r} is no condition: write any, all, not, matches, hash or {', '.join(COMPARISONS)}"
        )
    return 1


def _check_comparison(head: str, rest: list[Any], kinds: Mapping[str, str]) -> None:
    if len(rest) != 2 or not isinstance(rest[0], str):
        raise ConditionError(f"{head} takes an attribute and a value")
    key, value = rest
    if key not in kinds:
        raise ConditionError(f"the catalogue has no attribute {key}; it has: {', '.join(kinds) or 'none'}")
    if kinds[key] == "number":
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            raise ConditionError(f"{key} is a number: compare it with one")
    elif head != "eq" or not isinstance(value, str):
        raise ConditionError(f"{key} is a category: it can only be equal to a text")


def _joined(is_any: bool, parts: Sequence[Any], subject: Item) -> tuple[bool | None, Found]:
    unknown, all_found = False, Found()
    for part in parts:
        result, what = evaluate(part, subject)
        if result is is_any:
            return is_any, what if is_any else []
        unknown |= result is None
        all_found += what
    return (None, []) if unknown else (not is_any, [] if is_any else all_found)


def _matches(key: str, pattern: str, subject: Item) -> tuple[bool | None, Found]:
    keys = [each for each in subject.texts if not each.startswith("#")] if key == EVERYWHERE else [key]
    there = [each for each in keys if each in subject.texts]
    for each in there:
        what = found(pattern, subject.texts[each])
        if what is not None:
            return True, [{"where": each, "what": what}]
    return (False if there else None), []


def _compares(head: str, key: str, value: Any, subject: Item) -> tuple[bool | None, Found]:
    have = subject.attributes.get(key)
    if isinstance(value, str):
        if not isinstance(have, str):
            return None, []
        return have == value, [{"where": key, "what": have}] if have == value else []
    if not isinstance(have, int | float) or isinstance(have, bool) or have in subject.missing.get(key, ()):
        return None, []
    true = COMPARISONS[head](have, value)
    return true, [{"where": key, "what": have}] if true else []
