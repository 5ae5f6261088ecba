"""A policy's content as data: texts and a tree of categories, by language, region and date. Pure.

Stored as JSON in a PolicyVersion, written as YAML in a bundle. Texts stand by language; the first of `languages` is
the one that all have, and what a reader gets where theirs is missing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from projects.exceptions import Invalid

KEY = r"^[a-z][a-z0-9_]{0,62}$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
MOST_CATEGORIES = 500
DEEPEST = 4
"""Levels of the tree: somebody has to find their way in it."""

VerdictKey = Literal["ok", "restricted", "adult", "prohibited", "fraud", "error"]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Lines = dict[Language, list[Line]]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Holds(_Part):
    """Which verdict a category has, where and when. regions: slugs, none is everywhere; since, until: both included."""

    verdict: VerdictKey
    regions: list[str] = []
    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"it would end on {self.until}, before it begins on {self.since}")
        return self

    def on(self, region: str, day: date) -> bool:
        return (
            (not self.regions or region in self.regions)
            and (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
        )


class Category(_Part):
    """parts: the categories below it. do, dont: what belongs here and what does not."""

    key: str = Field(pattern=KEY)
    titles: dict[Language, Line]
    texts: dict[Language, Text] = {}
    examples: Lines = {}
    do: Lines = {}
    dont: Lines = {}
    holds: list[Holds] = []
    parts: list["Category"] = []

    def languages(self) -> set[str]:
        return {
            language
            for each in (self.titles, self.texts, self.examples, self.do, self.dont)
            for language in each
        }


class PolicyText(_Part):
    """All that a version says. texts: Markdown, what stands before the categories."""

    languages: list[Language] = Field(min_length=1, max_length=30)
    texts: dict[Language, Text] = {}
    categories: list[Category] = []

    @model_validator(mode="after")
    def _whole(self) -> Self:
        listed = list(self.walk())
        keys = [category.key for category, _parent, _depth in listed]
        for key in keys:
            if keys.count(key) > 1:
                raise ValueError(f"the category {key} is there twice")
        if len(keys) > MOST_CATEGORIES:
            raise ValueError(f"there are more than {MOST_CATEGORIES} categories")
        for category, _parent, depth in listed:
            if depth >= DEEPEST:
                raise ValueError(f"{category.key} is too deep: a tree has at most {DEEPEST} levels")
            if self.languages[0] not in category.titles:
                raise ValueError(f"{category.key} has no title in {self.languages[0]}, the first language")
        used = set(self.texts).union(*(category.languages() for category, _parent, _depth in listed))
        if unknown := used - set(self.languages):
            raise ValueError(f"{min(unknown)} is not among the languages {', '.join(self.languages)}")
        return self

    def walk(self) -> Iterator[tuple[Category, str, int]]:
        """Each category with the key of the one above it ("" at the top) and its depth from 0, in reading order."""
        yield from _walk(self.categories, "", 0)

    def find(self, key: str) -> Category | None:
        return next((each for each, _parent, _depth in self.walk() if each.key == key), None)

    def regions(self) -> set[str]:
        """Slugs of all regions that it names."""
        return {slug for each, _parent, _depth in self.walk() for hold in each.holds for slug in hold.regions}


@dataclass(frozen=True)
class Shown:
    """A category as one reader gets it. language: of its title; texts that are not there in it are in others."""

    key: str
    parent: str
    depth: int
    language: str
    title: str
    text: str
    examples: list[str] = field(default_factory=list)
    do: list[str] = field(default_factory=list)
    dont: list[str] = field(default_factory=list)
    holds: list[Holds] = field(default_factory=list)


def parse_policy(content: Any) -> PolicyText:
    """Raises Invalid with the place of the first mistake."""
    try:
        return PolicyText.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        raise Invalid(f"{place}: {reason}" if place else f"{reason[:1].upper()}{reason[1:]}.") from None


def content_of(policy: PolicyText) -> dict[str, Any]:
    """As it is stored and written: what was not said is left out."""
    return policy.model_dump(mode="json", exclude_defaults=True)


def chosen(by_language: Mapping[str, Any], wanted: Sequence[str], policy: PolicyText) -> tuple[str, Any]:
    """(language, what is there in it): the first that is wanted and there, also `de` for `de-AT`, else the policy's
    first, else any. ("", None) where there is nothing at all."""
    for language in (*wanted, *policy.languages):
        for each in (language, language.partition("-")[0]):
            if by_language.get(each):
                return each, by_language[each]
    return "", None


def shown(policy: PolicyText, wanted: Sequence[str] = ()) -> list[Shown]:
    """All categories in reading order, in the languages that a reader wants, the most wanted first."""
    found = []
    for category, parent, depth in policy.walk():
        language, title = chosen(category.titles, wanted, policy)
        examples, do, dont = (
            list(chosen(each, wanted, policy)[1] or [])
            for each in (category.examples, category.do, category.dont)
        )
        text = chosen(category.texts, wanted, policy)[1] or ""
        found.append(
            Shown(category.key, parent, depth, language, title, text, examples, do, dont, category.holds)
        )
    return found


def verdict_of(category: Category, region: str, day: date) -> str | None:
    """The verdict that the policy gives a category in a region ("": everywhere) on a day; None where it gives none.

    What names the region goes before what holds everywhere; of several the one that began last.
    """
    holding = [hold for hold in category.holds if hold.on(region, day)]
    ranked = sorted(holding, key=lambda hold: (region in hold.regions, hold.since or date.min))
    return ranked[-1].verdict if ranked else None


def changed(before: PolicyText, after: PolicyText) -> list[str]:
    """Keys of the categories that were changed or taken away, in the reading order of `before`. Of one that was moved
    below another, or got parts, nothing has changed that a decision rests on; a new one nobody can have cited."""
    now = {each.key: _own(each) for each, _parent, _depth in after.walk()}
    return [each.key for each, _parent, _depth in before.walk() if now.get(each.key) != _own(each)]


def _own(category: Category) -> dict[str, Any]:
    return category.model_dump(mode="json", exclude={"parts"})


def _walk(categories: list[Category], parent: str, depth: int) -> Iterator[tuple[Category, str, int]]:
    for category in categories:
        yield category, parent, depth
        yield from _walk(category.parts, category.key, depth + 1)
