"""What differs between two definitions, in sentences for the team."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from projects import conditions
from projects.drafting import Definition
from projects.drafting.graph import in_order

OWN = ("kind", "question", "help", "required", "next", "answers", "tools")
"""Fields of a task that are told by themselves; of the others that they were changed."""


def changes(old: Definition, new: Definition) -> list[str]:
    """Empty where both ask the same in the same way."""
    return list(_changes(old, new))


def _changes(old: Definition, new: Definition) -> Iterator[str]:
    before, after = old["tasks"], new["tasks"]
    if old["first_task"] != new["first_task"]:
        yield _("The work begins with %(new)s; before with %(old)s.") % {
            "new": _called(new, new["first_task"]),
            "old": _called(old, old["first_task"]),
        }
    for name in in_order(new):
        if name not in before:
            yield _("New question %(task)s.") % {"task": _called(new, name)}
    for name in in_order(old):
        if name not in after:
            yield _("Question %(task)s is removed.") % {"task": _called(old, name)}
        elif before[name] != after[name]:
            yield from _of_task(name, before[name], after[name])
    if old["retirement"] != new["retirement"]:
        yield _("A subject is finished when: %(new)s. Before: %(old)s.") % {
            "new": conditions.describe(new["retirement"]),
            "old": conditions.describe(old["retirement"]),
        }
    handled = {"first_task", "tasks", "retirement", "icons"}
    for field in sorted((set(old) | set(new)) - handled):
        if old.get(field) != new.get(field):
            yield _("Setting %(field)s: %(new)s. Before: %(old)s.") % {
                "field": field.replace("_", " "),
                "new": _value(new.get(field)),
                "old": _value(old.get(field)),
            }


def _of_task(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    said = {"task": name}
    if old["kind"] != new["kind"]:
        yield _("%(task)s is of the kind %(new)s; before %(old)s.") % {
            **said,
            "new": new["kind"],
            "old": old["kind"],
        }
        return
    for field, words in (("question", _("question")), ("help", _("help"))):
        if old.get(field, "") != new.get(field, ""):
            yield _("%(task)s, %(field)s: “%(new)s”. Before: “%(old)s”.") % {
                **said, "field": words, "new": new.get(field, ""), "old": old.get(field, ""),
            }  # fmt: skip
    if old.get("required", True) != new.get("required", True):
        yield (
            _("%(task)s must be answered now.")
            if new.get("required", True)
            else _("%(task)s may be left empty now.")
        ) % said
    if old.get("next") != new.get("next"):
        yield _("After %(task)s comes %(new)s; before %(old)s.") % {
            **said, "new": _then(new.get("next")), "old": _then(old.get("next")),
        }  # fmt: skip
    for field in ("answers", "tools"):
        yield from _of_choices(name, old.get(field, []), new.get(field, []))
    for field in sorted((set(old) | set(new)) - set(OWN)):
        if old.get(field) != new.get(field):
            yield _("%(task)s, %(field)s: %(new)s. Before: %(old)s.") % {
                **said,
                "field": field.replace("_", " "),
                "new": _value(new.get(field)),
                "old": _value(old.get(field)),
            }


def _of_choices(name: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[str]:
    before, after = ({each["key"]: each for each in choices} for choices in (old, new))
    for key in [key for key in after if key not in before]:
        yield _("%(task)s: new answer “%(label)s” (%(key)s).") % {"task": name, **after[key], "key": key}
    for key, was in before.items():
        if key not in after:
            yield _("%(task)s: answer “%(label)s” (%(key)s) is removed.") % {"task": name, **was, "key": key}
            continue
        now = after[key]
        if was["label"] != now["label"]:
            yield _("%(task)s: “%(old)s” is called “%(new)s” now.") % {
                "task": name, "old": was["label"], "new": now["label"],
            }  # fmt: skip
        if ("next" in was, was.get("next")) != ("next" in now, now.get("next")):
            yield _("%(task)s: after “%(label)s” comes %(then)s now.") % {
                "task": name,
                "label": now["label"],
                "then": _then(now["next"]) if "next" in now else _("what comes after the question"),
            }
        handled = {"key", "label", "next"}
        if {k: v for k, v in was.items() if k not in handled} != {
            k: v for k, v in now.items() if k not in handled
        }:
            yield _("%(task)s: “%(label)s” is set otherwise.") % {"task": name, "label": now["label"]}
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield _("%(task)s: the answers stand in another order.") % {"task": name}


def _called(definition: Definition, name: str) -> str:
    task = definition["tasks"].get(name)
    return f"{name} “{task['question']}”" if task else name or _("nothing")


def _then(name: str | None) -> str:
    return name or _("the end")


def _value(value: Any) -> str:
    if value is None or value == "":
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list) and value and all(isinstance(each, dict) and "key" in each for each in value):
        return ", ".join(str(each.get("label") or each.get("question") or each["key"]) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_value(each)}" for key, each in value.items())
    return str(value)
