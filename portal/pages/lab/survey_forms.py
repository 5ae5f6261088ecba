"""A survey's form: its choices as rows, what tells them apart and what is asked about each as lines of text."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.pages.lab.kind_forms import QuestionForm
from portal.pages.lab.subjects import FilesField, Several
from projects.exceptions import Invalid
from projects.services.choice_pictures import store_choice_picture
from projects.tasks.survey import MOST_PICTURES

ROW = ("label", "key", "description", "aspects", "like", "asks", "alone")
KINDS = {"one": "single", "several": "multiple", "number": "number"}
NUMBERS = re.compile(r"(-?\d+(?:\.\d+)?)\s*(?:-|–|to)\s*(-?\d+(?:\.\d+)?)")
OPTIONAL = "optional"
Key = Callable[[str, set[str]], str]


class SurveyForm(QuestionForm):
    aspects = forms.CharField(
        label=gettext_lazy("What one filters by, one a line"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy("Such as “Coat: spots, stripes, plain”."),
    )
    questions = forms.CharField(
        label=gettext_lazy("What is asked about each, one a line"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "The question | its short name | “number 1 to 50”, “one: young, grown” or “several: resting, moving”; with "
            "| optional behind it, if it may be left empty."
        ),
    )
    pictures = FilesField(
        label=gettext_lazy("Pictures of the choices"),
        required=False,
        widget=Several(attrs={"accept": ".png,.jpg,.jpeg,.webp,.gif"}),
        help_text=gettext_lazy(
            "Each file is named by the short name of its choice, such as lion.jpg; several of one with -2, -3 behind "
            "it. They take the place of those that the choice has."
        ),
    )


def initial_of(task: dict[str, Any]) -> dict[str, Any]:
    aspects = [
        f"{aspect['label']}: {', '.join(value['label'] for value in aspect['values'])}"
        for aspect in task.get("aspects", [])
    ]
    return {
        "aspects": "\n".join(aspects),
        "questions": "\n".join(_line_of(question) for question in task.get("questions", [])),
    }


def rows_of(task: dict[str, Any]) -> list[dict[str, str]]:
    labels = {
        (aspect["key"], value["key"]): value["label"]
        for aspect in task.get("aspects", [])
        for value in aspect["values"]
    }
    return [
        {
            "label": each["label"],
            "key": each["key"],
            "description": each.get("description", ""),
            "aspects": ", ".join(
                labels[aspect, value]
                for aspect, values in each.get("aspects", {}).items()
                for value in values
            ),
            "like": "; ".join(f"{key}: {how}" if how else key for key, how in each.get("like", {}).items()),
            "asks": "" if each.get("asks") is None else ", ".join(each["asks"]) or "-",
            "alone": "yes" if each.get("alone") else "",
        }
        for each in task["answers"]
    ]


def fields_of(
    form: Any, rows: list[tuple[dict[str, str], str]], stands: dict[str, Any], slug: str, key: Key
) -> dict[str, Any]:
    """`answers`, `aspects` and `questions` of the task; what has no field here is kept. Raises Invalid. key: makes a
    short name of words; slug: of the project, under which pictures are stored."""
    given = form.cleaned_data
    aspects = _aspects(given["aspects"], stands.get("aspects", []), key)
    before = {each["key"]: each for each in stands.get("answers", [])}
    pictures = _pictures(given["pictures"], [own for _row, own in rows], slug)
    answers = []
    for row, own in rows:
        answer = {**before.get(own, {}), "key": own, "label": row["label"][:200]}
        answer |= {
            "description": row.get("description", ""),
            "aspects": _fits(row, aspects),
            "like": dict(_like(row.get("like", ""))),
            "asks": _asks(row.get("asks", "")),
            "alone": row.get("alone") == "yes",
        }
        if own in pictures:
            answer["pictures"] = pictures[own]
        answers.append({name: value for name, value in answer.items() if value not in ("", {}, None, False)})
    if not answers:
        raise Invalid(_("Write at least one choice."))
    questions = list(_questions(given["questions"], stands.get("questions", []), key))
    return {"answers": answers, "aspects": aspects, "questions": questions}


def _words(text: str, between: str = ",") -> list[str]:
    return [part.strip() for part in text.split(between) if part.strip()]


def _aspects(text: str, stand: list[dict[str, Any]], key: Key) -> list[dict[str, Any]]:
    """What is called as before keeps its short name."""
    before = {aspect["label"]: aspect for aspect in stand}
    found: list[dict[str, Any]] = []
    for line in _words(text, "\n"):
        label, colon, values = line.partition(":")
        if not colon or not _words(values):
            raise Invalid(_("“%(line)s”: write what it is, a colon, and its values.") % {"line": line[:60]})
        old = before.get(label.strip(), {"values": []})
        found.append(
            {
                "key": old.get("key") or key(label.strip(), {each["key"] for each in found}),
                "label": label.strip(),
                "values": _named(_words(values), old["values"], key),
            }
        )
    return found


def _named(labels: list[str], stand: list[dict[str, Any]], key: Key) -> list[dict[str, Any]]:
    before = {each["label"]: each for each in stand}
    taken = {each["key"] for each in stand if each["label"] in labels}
    found = []
    for label in labels:
        own = before.get(label, {}).get("key") or key(label, taken)
        taken.add(own)
        found.append({**before.get(label, {}), "key": own, "label": label})
    return found


def _fits(row: dict[str, str], aspects: list[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in _words(row.get("aspects", "")):
        places = [
            (aspect["key"], value["key"])
            for aspect in aspects
            for value in aspect["values"]
            if word.casefold() in (value["label"].casefold(), value["key"])
        ]
        if not places:
            raise Invalid(
                _("%(choice)s: “%(word)s” is nothing that one filters by.")
                % {"choice": row["label"], "word": word}
            )
        for aspect, value in places:
            found.setdefault(aspect, []).append(value)
    return found


def _like(text: str) -> Iterator[tuple[str, str]]:
    for part in _words(text, ";"):
        other, _colon, how = part.partition(":")
        yield other.strip(), how.strip()


def _asks(text: str) -> list[str] | None:
    """Nothing: all that is asked; -: nothing of it."""
    return None if not text else _words(text.replace("-", "")) if text.strip() == "-" else _words(text)


def _questions(text: str, stand: list[dict[str, Any]], key: Key) -> Iterator[dict[str, Any]]:
    before = {each["key"]: each for each in stand}
    for line in _words(text, "\n"):
        question, own, how, *more = [part.strip() for part in line.split("|")] + [""] * 2
        old = before.get(own, {})
        what, _colon, rest = how.partition(":")
        word = (what.split() or [""])[0].lower()
        if not question or not own or word not in KINDS:
            raise Invalid(
                _("“%(line)s”: write the question | its short name | number 1 to 50, one: …, or several: …")
                % {"line": line[:60]}
            )
        found = {**old, "key": own, "kind": KINDS[word], "question": question}
        found["required"] = OPTIONAL not in [each.lower() for each in more]
        if word == "number":
            ends = NUMBERS.search(how)
            if ends is None:
                raise Invalid(_("“%(line)s”: say from which number to which.") % {"line": line[:60]})
            found |= {"min": float(ends[1]), "max": float(ends[2]), "step": old.get("step", 1.0)}
            found.pop("answers", None)
        else:
            kept = {name: each for name, each in found.items() if name not in ("min", "max", "step")}
            found = kept | {"answers": _named(_words(rest), old.get("answers", []), key)}
        yield found


def _line_of(question: dict[str, Any]) -> str:
    words = {kind: word for word, kind in KINDS.items()}
    if question["kind"] == "number":
        how = f"number {question['min']:g} to {question['max']:g}"
    else:
        how = f"{words[question['kind']]}: {', '.join(each['label'] for each in question['answers'])}"
    optional = "" if question.get("required", True) else f" | {OPTIONAL}"
    return f"{question['question']} | {question['key']} | {how}{optional}"


def _pictures(files: list[Any], keys: list[str], slug: str) -> dict[str, list[str]]:
    """Choice to the paths of its pictures, in the order of their names."""
    found: dict[str, list[str]] = {}
    for file in sorted((each for each in files if each), key=lambda each: str(each.name)):
        stem = PurePosixPath(str(file.name)).stem.lower()
        own = stem if stem in keys else re.sub(r"-\d+$", "", stem)
        if own not in keys:
            raise Invalid(
                _("%(file)s: there is no choice with the short name %(key)s.")
                % {"file": file.name, "key": own}
            )
        try:
            found.setdefault(own, []).append(store_choice_picture(slug, f"{stem}.x", file.read()))
        except ValueError as error:
            raise Invalid(f"{file.name}: {error}") from None
        if len(found[own]) > MOST_PICTURES:
            raise Invalid(_("%(key)s has more than %(n)d pictures.") % {"key": own, "n": MOST_PICTURES})
    return found
