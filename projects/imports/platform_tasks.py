"""A workflow's tasks as the reference platform's programs send them, made into our definition. Pure.

What it knows: single, multiple, text, slider, dropdown (one select), drawing with the shapes that are drawn here,
highlighter, survey, and combo, whose tasks stand on one screen. Any other kind is refused with its name: a workflow
that asks less than it says would give answers that nobody can use.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.exports.platform_tasks import SHAPES, of_task
from projects.imports.infer import NEVER, NOT_SAID, QUESTION
from projects.imports.keys import key_of
from projects.imports.sightings import key_of_id
from projects.tasks.definition import parse_task
from projects.tasks.drawing import MOST_MARKS, PALETTE

OURS = {theirs: ours for ours, theirs in SHAPES.items() if ours != "segmented_line"}
DRAWN = ("point", "line", "rectangle", "circle", "ellipse", "polygon", *OURS)
ENOUGH = 15
"""Counted answers after which the platform retires a subject, where a workflow does not say."""


def read_tasks(tasks: Any, *, first_task: str = "", stands: dict[str, Any] | None = None) -> dict[str, Any]:
    """`first_task`, `tasks` and `combinations` of a definition. Raises Invalid, naming the task.

    stands: the definition until now. A task that is sent as it is shown is kept whole, with what the platform's form
    has no place for; in one that was changed an answer of the same text keeps its key.
    """
    if not isinstance(tasks, Mapping) or not tasks:
        raise Invalid(_("tasks: send an object of name to task, with one at least."))
    before = {name: parse_task(name, task) for name, task in (stands or {}).get("tasks", {}).items()}
    was = {name: of_task(task) for name, task in before.items()}
    screens = {name: task for name, task in tasks.items() if _kind(name, task) == "combo"}
    found: dict[str, dict[str, Any]] = {}
    for name, task in tasks.items():
        if name in screens:
            continue
        if stands and was.get(name) == task:
            found[name] = deepcopy(stands["tasks"][name])
        else:
            is_alike = name in was and was[name]["type"] == task["type"]
            found[name] = _task(name, task, before[name].options if is_alike else ())
        parse_task(name, found[name])
    combinations = _screens(found, screens)
    if not combinations and stands:
        combinations = [names for names in stands.get("combinations", []) if set(names) <= found.keys()]
    return {
        "first_task": _first(first_task or (stands or {}).get("first_task", ""), found, screens),
        "tasks": found,
        "combinations": combinations,
    }


def read_retirement(given: Any) -> list[Any]:
    """The platform's two criteria, or a condition of ours as it is shown: see `show_retirement`. Raises Invalid."""
    if not given:
        return ["gte", ["votes"], ENOUGH]
    options = given.get("options") if isinstance(given, Mapping) else None
    options = options if isinstance(options, Mapping) else {}
    criteria = given.get("criteria") if isinstance(given, Mapping) else None
    if criteria == "never_retire":
        return NEVER
    if criteria == "condition" and isinstance(options.get("condition"), list):
        return list(options["condition"])
    count = options.get("count", ENOUGH)
    if criteria == "classification_count" and str(count).isdecimal() and 1 <= int(count) <= 10_000:
        return ["gte", ["votes"], int(count)]
    raise Invalid(
        _(
            'retirement: send {"criteria": "classification_count", "options": {"count": 15}}, with a count from 1 to '
            '10,000, or {"criteria": "never_retire"}.'
        )
    )


def show_retirement(condition: list[Any]) -> dict[str, Any]:
    """The other way: a condition that the platform has no words for stands there as it is."""
    if condition == NEVER:
        return {"criteria": "never_retire", "options": {}}
    if condition[:2] == ["gte", ["votes"]] and isinstance(condition[2], int):
        return {"criteria": "classification_count", "options": {"count": condition[2]}}
    return {"criteria": "condition", "options": {"condition": condition}}


def _kind(name: Any, task: Any) -> str:
    if not isinstance(task, Mapping) or not isinstance(task.get("type"), str):
        raise Invalid(_("tasks: %(name)s has no type.") % {"name": name})
    return str(task["type"])


def _task(name: str, task: Mapping[str, Any], known: Any) -> dict[str, Any]:
    """known: the options that stand, whose keys are kept."""
    kind = _kind(name, task)
    read = READERS.get(kind)
    if read is None:
        raise Invalid(
            _("%(name)s has the type %(kind)s, which is not asked here: there are %(all)s.")
            % {"name": name, "kind": kind[:40], "all": ", ".join([*READERS, "combo"])}
        )
    keys = {option.label: option.key for option in known}
    question = next((text for key in ("question", "instruction") if (text := task.get(key))), name)
    body = {
        "question": str(question).strip()[:QUESTION] or name,
        "help": str(task.get("help") or ""),
        "required": task.get("required") in (True, "true"),
        "next": task.get("next") or None,
    }
    return body | read(name, task, keys)


def _choice(name: str, task: Mapping[str, Any], known: dict[str, str]) -> dict[str, Any]:
    keys: dict[str, str] = {}
    answers = []
    for answer in _list(name, task, "answers"):
        label = str(answer.get("label") or "").strip()
        key = known.get(label)
        key = key if key and key not in keys else key_of(label, keys)
        keys[key] = label
        found = {"key": key, "label": label}
        if task["type"] == "single" and answer.get("next"):
            found["next"] = answer["next"]
        answers.append(found)
    return {"kind": task["type"], "answers": answers}


def _text(name: str, task: Mapping[str, Any], known: dict[str, str]) -> dict[str, Any]:
    return {"kind": "text", "lines": 10, "max_length": 10_000}


def _slider(name: str, task: Mapping[str, Any], known: dict[str, str]) -> dict[str, Any]:
    try:
        least, most, step = (float(task[key]) for key in ("min", "max", "step"))
    except (KeyError, TypeError, ValueError):
        raise Invalid(_("%(name)s: a slider has the numbers min, max and step.") % {"name": name}) from None
    return {"kind": "number", "min": least, "max": most, "step": step, "display": "slider"}


def _dropdown(name: str, task: Mapping[str, Any], known: dict[str, str]) -> dict[str, Any]:
    selects = _list(name, task, "selects")
    options = selects[0].get("options") if len(selects) == 1 else None
    offered = options.get("*") if isinstance(options, Mapping) else None
    if not isinstance(offered, list) or not all(isinstance(each, Mapping) for each in offered):
        raise Invalid(
            _(
                "%(name)s: a dropdown has one select here, with its options under *: make a task of each other."
            )
            % {"name": name}
        )
    keys: dict[str, str] = {}
    for option in offered:
        label = str(option.get("label") or "").strip()
        keys[known.get(label) or key_of(label, keys)] = label
    return {"kind": "dropdown", "answers": [{"key": key, "label": label} for key, label in keys.items()]}


def _drawing(name: str, task: Mapping[str, Any], known: dict[str, str]) -> dict[str, Any]:
    keys: dict[str, str] = {}
    tools = []
    for at, tool in enumerate(_list(name, task, "tools")):
        shape = tool.get("type")
        if shape not in DRAWN:
            raise Invalid(
                _("%(name)s: nothing is drawn here with the tool %(shape)s, but with %(all)s.")
                % {"name": name, "shape": str(shape)[:40], "all": ", ".join(DRAWN)}
            )
        label = str(tool.get("label") or shape).strip()
        key = known.get(label)
        key = key if key and key not in keys else key_of(label, keys)
        keys[key] = label
        color = str(tool.get("color") or "").lower()
        found = {
            "key": key,
            "label": label,
            "shape": OURS.get(shape, shape),
            "color": color or list(PALETTE)[at % len(PALETTE)],
            "min": tool.get("min") or 0,
            "max": tool.get("max") or MOST_MARKS,
            "details": [
                _task(f"{name}.tools.{at}.details.{n}", detail, ())
                for n, detail in enumerate(tool.get("details") or [])
            ],
        }
        tools.append(found)
    return {"kind": "drawing", "tools": tools}


def _highlighter(name: str, task: Mapping[str, Any], known: dict[str, str]) -> dict[str, Any]:
    """A colour that is none of the palette becomes the one of its place, which is told apart from the others."""
    keys: dict[str, str] = {}
    labels = []
    names = {color: key for key, color in PALETTE.items()}
    for at, given in enumerate(_list(name, task, "highlighterLabels")):
        label = str(given.get("label") or "").strip()
        key = known.get(label)
        key = key if key and key not in keys else key_of(label, keys)
        keys[key] = label
        color = names.get(str(given.get("color")).lower()) or list(PALETTE)[at % len(PALETTE)]
        labels.append({"key": key, "label": label, "color": color})
    return {"kind": "highlighter", "text": str(task.get("text") or NOT_SAID), "labels": labels}


def _survey(name: str, task: Mapping[str, Any], known: dict[str, str]) -> dict[str, Any]:
    """Ids become keys: those that our own form shows stay as they are. Pictures are not taken along."""
    choices = _parts(name, task, "choices")
    keys = {each: known.get(_words(each, choices[each])) or key_of_id(each) for each in choices}
    asked = _parts(name, task, "questions", least=0)
    about, alone = _mapping(task.get("questionsMap")), task.get("exclusions")
    alone = alone if isinstance(alone, list) else []
    aspects = _parts(name, task, "characteristics", least=0)
    answers = []
    for each, given in choices.items():
        asks = [] if given.get("noQuestions") else about.get(each, list(asked))
        asks = asks if isinstance(asks, list) else []
        answers.append(
            {
                "key": keys[each],
                "label": _words(each, given),
                "description": str(given.get("description") or "")[:2000],
                "aspects": {
                    key_of_id(aspect): [key_of_id(str(value)) for value in values]
                    for aspect, values in _mapping(given.get("characteristics")).items()
                    if isinstance(values, list) and values
                },
                "like": {
                    keys[other]: str(said or "")
                    for other, said in _mapping(given.get("confusions")).items()
                    if other in keys and other != each
                },
                "asks": [key_of_id(question) for question in asked if question in asks],
                "alone": each in alone,
            }
        )
    return {
        "kind": "survey",
        "answers": answers,
        "aspects": [
            {
                "key": key_of_id(aspect),
                "label": _words(aspect, given),
                "values": [
                    {"key": key_of_id(value), "label": _words(value, words)}
                    for value, words in _parts(name, given, "values").items()
                ],
            }
            for aspect, given in aspects.items()
        ],
        "questions": [
            {
                "key": key_of_id(question),
                "kind": "multiple" if given.get("multiple") else "single",
                "question": _words(question, given),
                "required": given.get("required") in (True, "true"),
                "answers": [
                    {"key": key_of_id(answer), "label": _words(answer, words)}
                    for answer, words in _parts(name, given, "answers").items()
                ],
            }
            for question, given in asked.items()
        ],
    }


def _parts(name: str, task: Mapping[str, Any], key: str, least: int = 1) -> dict[str, Mapping[str, Any]]:
    """Id to what it is, in the order that stands beside them."""
    found = task.get(key)
    found = found if isinstance(found, Mapping) else {}
    order = task.get(f"{key}Order")
    order = [each for each in order if each in found] if isinstance(order, list) else []
    whole = {each: found[each] for each in [*order, *(each for each in found if each not in order)]}
    if len(whole) < least or not all(isinstance(each, Mapping) for each in whole.values()):
        raise Invalid(
            _("%(name)s: %(key)s is an object with one entry at least.") % {"name": name, "key": key}
        )
    return whole


def _mapping(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}


def _words(key: str, given: Mapping[str, Any]) -> str:
    return str(given.get("label") or key).strip()[:200]


READERS: dict[str, Callable[[str, Mapping[str, Any], dict[str, str]], dict[str, Any]]] = {
    "single": _choice,
    "multiple": _choice,
    "text": _text,
    "slider": _slider,
    "dropdown": _dropdown,
    "drawing": _drawing,
    "highlighter": _highlighter,
    "survey": _survey,
}


def _list(name: str, task: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = task.get(key)
    if not isinstance(found, list) or not found or not all(isinstance(each, Mapping) for each in found):
        raise Invalid(_("%(name)s: %(key)s is a list with one entry at least.") % {"name": name, "key": key})
    return found


def _screens(found: dict[str, dict[str, Any]], screens: Mapping[str, Any]) -> list[list[str]]:
    """A combo's tasks one after another, each leading to the next, the last where the combo leads; what led to the
    combo leads to its first."""
    first: dict[str, str] = {}
    for name, screen in screens.items():
        names = screen.get("tasks")
        if not isinstance(names, list) or not names or not all(each in found for each in names):
            raise Invalid(_("%(name)s: tasks names the tasks that stand together.") % {"name": name})
        first[name] = names[0]
        for task, follow in zip(names, [*names[1:], screen.get("next") or None], strict=True):
            found[task]["next"] = follow
    for task in found.values():
        for way in (task, *task.get("answers", [])):
            if way.get("next") in first:
                way["next"] = first[way["next"]]
    return [list(screen["tasks"]) for screen in screens.values() if len(screen["tasks"]) > 1]


def _first(wanted: str, found: Mapping[str, Any], screens: Mapping[str, Any]) -> str:
    """As it is sent, or stands; else the task that comes first. Raises Invalid."""
    name = screens[wanted]["tasks"][0] if wanted in screens else wanted or next(iter(found))
    if name not in found:
        raise Invalid(_("first_task: there is no task %(name)s.") % {"name": str(name)[:60]})
    return str(name)
