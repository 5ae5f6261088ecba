"""A run on associations in words: flags, confounders, what is left. Light: web processes and charts call it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from mining.ballots import choice_of
from projects.tasks import Task
from projects.tasks.tags import TAGS

TRAITS = {
    ("experience", "10"): gettext_noop("among the first 10 answers of the person"),
    ("experience", "50"): gettext_noop("11th to 50th answer of the person"),
    ("experience", "200"): gettext_noop("51st to 200th answer of the person"),
    ("experience", "more"): gettext_noop("after 200 answers of the person"),
    ("account", "yes"): gettext_noop("somebody with an account"),
    ("account", "no"): gettext_noop("somebody without an account"),
    ("simulated", "yes"): gettext_noop("a simulated volunteer"),
    ("simulated", "no"): gettext_noop("a person, not simulated"),
    ("screen", "narrow"): gettext_noop("window narrower than 600 px"),
    ("screen", "middle"): gettext_noop("window of 600 to 1,023 px"),
    ("screen", "wide"): gettext_noop("window of 1,024 px or more"),
    ("skill", "lowest"): gettext_noop("the third of votes by the least skilled"),
    ("skill", "middle"): gettext_noop("the middle third of votes by skill"),
    ("skill", "highest"): gettext_noop("the third of votes by the most skilled"),
}
"""(trait, level) of mining/vote_traits.py. Of a language the level is its tag."""

CONFOUNDERS = {
    "subject": gettext_noop("the same subject"),
    "time": gettext_noop("the same time"),
    "sky": gettext_noop("the same part of the sky"),
    "experience": gettext_noop("equal experience"),
    "account": gettext_noop("people with an account, and people without"),
    "simulated": gettext_noop("people, and simulated volunteers"),
    "language": gettext_noop("the same language"),
    "screen": gettext_noop("equal screens"),
    "skill": gettext_noop("equal skill"),
    "who": gettext_noop("all these traits equal"),
}

KNOWN = {
    "experience": gettext_noop("how many answers they had given"),
    "account": gettext_noop("whether they have an account by now"),
    "simulated": gettext_noop("whether they are simulated"),
    "language": gettext_noop("the language of the page"),
    "screen": gettext_noop("the width of the window"),
    "skill": gettext_noop("skill"),
}
"""What is known of whoever gave a vote, by trait."""

VERDICTS = {
    "alone": gettext_noop("Nothing is recorded that could explain it."),
    "stays": gettext_noop("It stays within all that was looked at."),
    "gone": gettext_noop("Gone within: %(name)s."),
    "turned": gettext_noop("The other way round within: %(name)s."),
    "weaker": gettext_noop("Less than half is left within: %(name)s."),
    "unclear": gettext_noop("Too few to tell within: %(name)s."),
    "appears": gettext_noop("Appears only within: %(name)s."),
    "chance": gettext_noop("No more than chance."),
}
Flag = tuple[str, str, str]


def flag_words(
    flag: Flag, tasks: dict[str, Task], labels: dict[str, str], quartiles: dict[str, list[float]]
) -> tuple[str, str]:
    """(what it is, of what). tasks: all of the workflow; labels: of catalogue attributes."""
    kind, name, level = flag
    if kind == "trait":
        if name == "language":
            return _("page in language “%(tag)s”") % {"tag": level}, ""
        return _(TRAITS.get((name, level), level)), ""
    if kind == "attribute":
        label = labels.get(name, name)
        if name not in quartiles:
            return f"{label}: {level}", ""
        at = {"label": label, "value": f"{quartiles[name][level == 'highest']:.4g}"}
        if level == "highest":
            return _("%(label)s from %(value)s on (highest quarter)") % at, ""
        return _("%(label)s up to %(value)s (lowest quarter)") % at, ""
    task = tasks.get(name)
    if task is None:
        return level, name
    key = choice_of(level) or level
    if task.kind == TAGS:
        return f"#{key}", task.question
    return next((choice.label for choice in task.choices if choice.key == key), key), task.question


def confounder_words(name: str) -> str:
    return _(CONFOUNDERS[name]) if name in CONFOUNDERS else name


def verdict_words(told: list[str]) -> str:
    """told: [word, confounder or ""]."""
    word, name = told
    return _(VERDICTS[word]) % {"name": confounder_words(name)}


def pair_words(pair: dict[str, Any], named: list[tuple[str, str]]) -> str:
    """Of a pair of a report, for an axis: short, with the question where two answers are called the same."""
    texts = [text for text, _beside in named]

    def short(at: int) -> str:
        text, beside = named[at]
        return f"{text} ({beside})" if beside and texts.count(text) > 1 else text

    return pgettext("two that go together", "%(a)s + %(b)s") % {"a": short(pair["a"]), "b": short(pair["b"])}
