"""Steps of editing a policy's content: each makes a new one and leaves the old as it is. Pure."""

from projects.exceptions import Invalid
from projects.triage.policy import Category, PolicyText, parse_policy


def put_category(policy: PolicyText, category: Category, parent: str = "", *, was: str = "") -> PolicyText:
    """With this category below `parent` ("": at the top), in the place of the one whose key `was`; without one it is
    new and comes last. It keeps the parts of the one that it replaces. Raises Invalid."""
    old = policy.find(was) if was else None
    if was and old is None:
        raise Invalid(f"There is no category {was} any more.")
    if (category.key != was and policy.find(category.key)) or category.key == parent:
        raise Invalid(f"There is a category {category.key} already: choose another key.")
    placed = category.model_copy(update={"parts": old.parts if old else []})
    where = parent_of(policy, was) if was else None
    if where == parent:
        return _checked(policy, _replaced(policy.categories, was, placed))
    rest = _without(policy.categories, was) if was else policy.categories
    if not parent:
        return _checked(policy, [*rest, placed])
    if not any(each.key == parent for each, _above, _depth in _with(policy, rest).walk()):
        raise Invalid(f"{parent} is no category below which this one could be.")
    return _checked(policy, _below(rest, parent, placed))


def remove_category(policy: PolicyText, key: str) -> PolicyText:
    """Without this category and all below it."""
    return _with(policy, _without(policy.categories, key))


def parent_of(policy: PolicyText, key: str) -> str:
    return next((parent for each, parent, _depth in policy.walk() if each.key == key), "")


def _with(policy: PolicyText, categories: list[Category]) -> PolicyText:
    return policy.model_copy(update={"categories": categories})


def _checked(policy: PolicyText, categories: list[Category]) -> PolicyText:
    return parse_policy(_with(policy, categories).model_dump(mode="json"))


def _replaced(categories: list[Category], key: str, placed: Category) -> list[Category]:
    return [
        placed if each.key == key else each.model_copy(update={"parts": _replaced(each.parts, key, placed)})
        for each in categories
    ]


def _without(categories: list[Category], key: str) -> list[Category]:
    return [
        each.model_copy(update={"parts": _without(each.parts, key)}) for each in categories if each.key != key
    ]


def _below(categories: list[Category], parent: str, placed: Category) -> list[Category]:
    return [
        each.model_copy(
            update={
                "parts": [*each.parts, placed] if each.key == parent else _below(each.parts, parent, placed)
            }
        )
        for each in categories
    ]
