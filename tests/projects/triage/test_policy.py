"""Policies as data: what holds where and when, what a reader gets in which language, what an edit changes."""

from datetime import date
from typing import Any

import pytest

from projects.exceptions import Invalid
from projects.triage import STRICTNESS, strictest
from projects.triage.editing import put_category, remove_category
from projects.triage.policy import Category, changed, content_of, parse_policy, shown, verdict_of

CONTENT: dict[str, Any] = {
    "languages": ["en", "de"],
    "texts": {"en": "Be fair."},
    "categories": [
        {
            "key": "alcohol",
            "titles": {"en": "Alcohol", "de": "Alkohol"},
            "examples": {"en": ["Wine"]},
            "holds": [
                {"verdict": "restricted"},
                {"verdict": "ok", "since": "2026-03-01"},
                {"verdict": "prohibited", "regions": ["gulf"], "until": "2026-12-31"},
            ],
            "parts": [{"key": "spirits", "titles": {"en": "Spirits"}}],
        }
    ],
}


@pytest.mark.parametrize(
    ("region", "day", "verdict"),
    [
        ("", date(2026, 2, 28), "restricted"),
        ("", date(2026, 3, 1), "ok"),
        ("eu", date(2026, 2, 28), "restricted"),
        ("gulf", date(2026, 12, 31), "prohibited"),
        ("gulf", date(2027, 1, 1), "ok"),
    ],
)
def test_the_verdict_of_a_region_goes_before_that_of_everywhere(region: str, day: date, verdict: str) -> None:
    category = parse_policy(CONTENT).categories[0]
    assert verdict_of(category, region, day) == verdict
    assert verdict_of(category.parts[0], region, day) is None


def test_a_reader_gets_their_language_and_where_it_is_missing_the_first() -> None:
    alcohol, spirits = shown(parse_policy(CONTENT), ["de-AT", "fr"])
    assert (alcohol.title, alcohol.language, alcohol.examples) == ("Alkohol", "de", ["Wine"])
    assert (spirits.title, spirits.language, spirits.parent, spirits.depth) == ("Spirits", "en", "alcohol", 1)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ({"languages": []}, "languages"),
        ({"languages": ["de"]}, "Spirits has no title in de, the first language"),
        ({"texts": {"fr": "x"}}, "Fr is not among the languages en, de"),
        ({"categories": CONTENT["categories"] * 2}, "The category alcohol is there twice"),
        ({"categories": [{"key": "a", "titles": {"en": "A"}, "holds": [{"verdict": "fine"}]}]}, "verdict"),
        (
            {
                "categories": [
                    {
                        "key": "a",
                        "titles": {"en": "A"},
                        "holds": [{"verdict": "ok", "since": "2026-02-01", "until": "2026-01-01"}],
                    }
                ]
            },
            "it would end on 2026-01-01",
        ),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_mistake_is_told(edit: dict[str, Any], told: str) -> None:
    with pytest.raises(Invalid, match=told):
        parse_policy(CONTENT | edit)


def test_edits_change_what_they_name_and_tell_which_categories() -> None:
    policy = parse_policy(CONTENT)
    spirits = Category(key="spirits", titles={"en": "Spirits"}, holds=[{"verdict": "restricted"}])
    edited = put_category(policy, spirits, "alcohol", was="spirits")
    assert changed(policy, edited) == ["spirits"]
    moved = put_category(policy, policy.categories[0].parts[0], "", was="spirits")
    assert [(each.key, parent) for each, parent, _depth in moved.walk()] == [("alcohol", ""), ("spirits", "")]
    assert changed(policy, moved) == []
    gone = remove_category(policy, "alcohol")
    assert changed(policy, gone) == ["alcohol", "spirits"]
    assert content_of(gone) == {"languages": ["en", "de"], "texts": {"en": "Be fair."}}
    with pytest.raises(Invalid, match="There is a category alcohol already"):
        put_category(policy, policy.categories[0])
    with pytest.raises(Invalid, match="tea is no category below which"):
        put_category(policy, Category(key="new", titles={"en": "N"}), "tea")
    assert parse_policy(content_of(policy)) == policy


def test_the_strictest_is_what_the_guide_says() -> None:
    assert sorted(STRICTNESS, key=STRICTNESS.__getitem__) == [
        "ok", "error", "restricted", "adult", "fraud", "prohibited",
    ]  # fmt: skip
    assert strictest(["ok", "fraud", "adult"]) == "fraud"
