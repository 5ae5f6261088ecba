"""Rules' conditions: what is true of which item, what is found, what is refused and where."""

from typing import Any

import pytest

from projects.conditions import ConditionError
from projects.triage.conditions import asks_for_files, check, describe, evaluate, item

KINDS = {"price": "number", "country": "category"}
OFFER = item(
    {"price": 12.5, "country": "DE", "age": -1},
    {"Title": "Mirror Copy 1:1", "Text": "Pay by ｇｉｆｔ card today", "#verdict": "prohibited"},
    ["ab" * 32],
    {"age": [-1]},
)


@pytest.mark.parametrize(
    ("condition", "result"),
    [
        (["lte", "price", 12.5], True),
        (["gt", "price", 12.5], False),
        (["eq", "country", "DE"], True),
        (["eq", "nothing", "DE"], None),
        (["lt", "age", 5], None),
        (["not", ["lt", "age", 5]], None),
        (["matches", "Title", "mirror ?copy"], True),
        (["matches", "Text", r"\bgift cards?\b"], True),
        (["matches", "*", "prohibited"], False),
        (["matches", "#verdict", "prohibited"], True),
        (["matches", "Seller", "x"], None),
        (["hash", "cd" * 32, "ab" * 32], True),
        (["hash", "cd" * 32], False),
        (["any", ["lt", "age", 5], ["lte", "price", 20]], True),
        (["all", ["lt", "age", 5], ["gt", "price", 20]], False),
        (["all", ["lt", "age", 5], ["lte", "price", 20]], None),
    ],
)
def test_true_false_or_unknown(condition: list[Any], result: bool | None) -> None:
    assert evaluate(condition, OFFER)[0] is result


def test_what_was_found_is_told() -> None:
    rule = ["all", ["lte", "price", 20], ["matches", "Text", "gift card"], ["hash", "ab" * 32]]
    assert evaluate(rule, OFFER)[1] == [
        {"where": "price", "what": 12.5},
        {"where": "Text", "what": "Pay by gift card today"},
        {"where": "file", "what": "ab" * 32},
    ]
    assert describe(rule) == "price ≤ 20 and Text matches “gift card” and a file is abababababab…"
    assert describe(["all", ["any", ["lt", "price", 1], ["matches", "*", "x"]], ["not", ["eq", "country", "DE"]]]) == (
        "(price < 1 or any text matches “x”) and not (country = DE)"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        (["matches", "Text", "copy (1:1"], "at letter 6 of “copy \\(1:1”: missing \\)"),
        (["matches", "Text", "a [)] b) c"], "at letter 8 of .*: unexpected \\)"),
        (["matches", "Text", "good [a-"], "at letter 6 of .*: missing \\]"),
        (["matches", "Text", "ab**"], "at letter 3 of .*: bad repetition operator"),
        (["matches", "Text", r"(a)\1"], "at letter 4 of .*: invalid escape sequence"),
        (["matches", "Text", "(a{1000}){1000}"], "invalid repetition size"),
        (["matches", "Text", ""], "a pattern has 1 to 2,000 letters"),
        (["matches", "Text"], "matches takes a key"),
        (["gte", "size", 1], "no attribute size; it has: price, country"),
        (["gte", "price", "1"], "price is a number"),
        (["gte", "country", "DE"], "country is a category"),
        (["hash", "abc"], "hash takes SHA-256 sums"),
        (["all"], "all needs a condition"),
        ("price", "is no condition"),
        (["like", "Text", "x"], "'like' is no condition"),
        (["not", ["not", ["not", ["not", ["not", ["not", ["not", ["not", []]]]]]]]], "is no condition"),
        (["not", ["not", ["not", ["not", ["not", ["not", ["not", ["not", ["all"]]]]]]]]], "at most 8 deep"),
    ],
)
def test_a_mistake_is_told_with_its_place(condition: Any, told: str) -> None:
    with pytest.raises(ConditionError, match=told):
        check(condition, KINDS)


def test_a_catastrophic_pattern_reads_a_long_text_as_any_other() -> None:
    """An engine that goes back would take 2 to the 30,000th steps here."""
    rule = ["matches", "Text", r"^((a+)+)+$"]
    check(rule, KINDS)
    assert evaluate(rule, item({}, {"Text": "a" * 1_000_000 + "b"}))[0] is False


def test_files_are_asked_for_by_hashes_alone_however_deep() -> None:
    assert asks_for_files(["any", ["eq", "kind", "x"], ["not", ["hash", "a" * 64]]])
    assert not asks_for_files(["all", ["matches", "Text", "hash"], ["eq", "kind", "hash"]])
