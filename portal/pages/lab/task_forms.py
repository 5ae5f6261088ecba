"""What a question's form holds, and its rows of answers, tools or labels: from a task's JSON and back."""

from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.pages.lab import kind_forms, survey_forms
from portal.pages.lab.kind_forms import QuestionForm
from portal.pages.lab.rows import Rows
from projects.drafting import Definition
from projects.drafting.graph import in_order
from projects.exceptions import Invalid
from projects.tasks.comparison import KEYS as COMPARED
from projects.tasks.drawing import MOST_MARKS, PALETTE
from projects.tasks.shapes import SHAPES

KINDS = {
    "single": (
        gettext_lazy("Choose one"),
        gettext_lazy("One of several answers; each may lead to another question."),
    ),
    "multiple": (gettext_lazy("Choose several"), gettext_lazy("Any number of answers at once.")),
    "drawing": (
        gettext_lazy("Draw"),
        gettext_lazy("Mark what is seen on the picture: points, boxes, circles."),
    ),
    "number": (gettext_lazy("Number"), gettext_lazy("How many, how far, how much; a field or a slider.")),
    "text": (gettext_lazy("Text"), gettext_lazy("Write what is read or seen.")),
    "transcription": (
        gettext_lazy("Transcribe"),
        gettext_lazy("Mark lines of writing on the picture and write what each says."),
    ),
    "highlighter": (
        gettext_lazy("Highlight"),
        gettext_lazy("Mark words of a text, each with one of your labels."),
    ),
    "survey": (
        gettext_lazy("Survey"),
        gettext_lazy(
            "Who is there: a list with pictures, searched by what is seen; each one found may be asked about."
        ),
    ),
    "comparison": (
        gettext_lazy("Compare"),
        gettext_lazy("Two subjects side by side: the same, which is more so, how well they match."),
    ),
    "tags": (gettext_lazy("Tags"), gettext_lazy("Words of their own, beside those that you suggest.")),
    "dropdown": (gettext_lazy("Choose from a list"), gettext_lazy("One of very many, found by typing.")),
}
FORMS: dict[str, type[QuestionForm]] = {
    "single": QuestionForm,
    "multiple": QuestionForm,
    "text": kind_forms.TextForm,
    "number": kind_forms.NumberForm,
    "dropdown": kind_forms.DropdownForm,
    "drawing": QuestionForm,
    "tags": kind_forms.TagsForm,
    "transcription": kind_forms.TranscriptionForm,
    "highlighter": kind_forms.HighlighterForm,
    "survey": survey_forms.SurveyForm,
    "comparison": kind_forms.ComparisonForm,
}
ROWS = {
    "single": ("label", "key", "next"),
    "multiple": ("label", "key"),
    "drawing": ("label", "key", "shape", "color", "min", "max"),
    "highlighter": ("label", "key", "color"),
    "survey": survey_forms.ROW,
}
"""What a row of the kind has; other kinds have no rows."""
END = "end"
"""In a choice of what comes next: nothing, the answer is complete."""
SHAPE_WORDS = {
    "point": gettext_lazy("point"),
    "line": gettext_lazy("line"),
    "rectangle": gettext_lazy("box"),
    "rotated_rectangle": gettext_lazy("turned box"),
    "circle": gettext_lazy("circle"),
    "ellipse": gettext_lazy("ellipse"),
    "polygon": gettext_lazy("outline by corners"),
    "segmented_line": gettext_lazy("line by corners"),
    "freehand": gettext_lazy("outline by hand"),
}
COLOR_WORDS = {
    "orange": gettext_lazy("orange"),
    "sky": gettext_lazy("light blue"),
    "green": gettext_lazy("green"),
    "yellow": gettext_lazy("yellow"),
    "blue": gettext_lazy("blue"),
    "vermilion": gettext_lazy("red"),
    "purple": gettext_lazy("purple"),
}
Choices = list[tuple[str, str]]


def initial_of(task: dict[str, Any]) -> dict[str, Any]:
    found = dict(task)
    if task["kind"] == "dropdown":
        found["options"] = "\n".join(f"{each['label']} | {each['key']}" for each in task["answers"])
    if task["kind"] == "survey":
        found |= survey_forms.initial_of(task)
    if task["kind"] == "comparison":
        words = {each["key"]: each["label"] for each in task["answers"]}
        found["answers"] = "\n".join(words.get(key, "-") for key in COMPARED[task["ask"]])
    if task["kind"] == "tags":
        found["suggestions"] = "\n".join(task.get("suggestions", []))
    return found


def rows_of(task: dict[str, Any]) -> list[dict[str, str]]:
    if task["kind"] == "drawing":
        return [
            {
                "label": tool["label"],
                "key": tool["key"],
                "shape": tool["shape"],
                "color": tool["color"],
                "min": str(tool.get("min", 0)),
                "max": str(tool["max"]) if "max" in tool else "",
            }
            for tool in task["tools"]
        ]
    if task["kind"] == "highlighter":
        return [{name: label[name] for name in ROWS["highlighter"]} for label in task["labels"]]
    if task["kind"] == "survey":
        return survey_forms.rows_of(task)
    if task["kind"] not in ROWS:
        return []
    return [
        {"label": each["label"], "key": each["key"], "next": (each["next"] or END) if "next" in each else ""}
        for each in task["answers"]
    ]


def task_of(kind: str, form: QuestionForm, rows: Rows, stands: dict[str, Any], slug: str) -> dict[str, Any]:
    """The task's JSON: what the form says over what stands, so that what has no field here is kept. Raises Invalid.
    slug: the project's, under which pictures are stored."""
    task = {**stands, "kind": kind, **form.fields_of()}
    for name in ("help", "step", "unit", "placeholder"):
        if name in form.fields and not form.cleaned_data.get(name):
            task.pop(name, None)
    before = {each["key"]: each for each in stands.get("tools", stands.get("answers", []))}
    if kind == "drawing":
        task["tools"] = [_tool(row, key, before) for row, key in _keyed(rows)]
        if not task["tools"]:
            raise Invalid(_("Give at least one tool a name."))
    elif kind == "highlighter":
        task["labels"] = [
            {"key": key, "label": row["label"][:200], "color": row.get("color") or "orange"}
            for row, key in _keyed(rows)
        ]
        if not task["labels"]:
            raise Invalid(_("Give at least one label a name."))
    elif kind == "survey":
        task |= survey_forms.fields_of(form, _keyed(rows), stands, slug, free_key)
    elif kind == "dropdown":
        task["answers"] = _options(form.cleaned_data["options"], before)
    elif kind in ROWS:
        task["answers"] = [_answer(row, key, before) for row, key in _keyed(rows)]
        if not task["answers"]:
            raise Invalid(_("Write at least one answer."))
    return task


def _keyed(rows: Rows) -> list[tuple[dict[str, str], str]]:
    """Each row that has words, with its key: kept, or made of the words."""
    kept = [row for row in rows.rows if row.get("label")]
    taken = {row["key"] for row in kept if row.get("key")}
    found = []
    for row in kept:
        key = row.get("key") or free_key(row["label"], taken)
        taken.add(key)
        found.append((row, key))
    return found


def free_key(label: str, taken: set[str]) -> str:
    made = slugify(label)[:40].strip("-_") or "answer"
    return next(
        each
        for n in range(1, len(taken) + 3)
        if (each := made if n == 1 else f"{made}-{n}") not in taken and each != "none"
    )


def _answer(row: dict[str, str], key: str, before: dict[str, Any]) -> dict[str, Any]:
    answer = {**before.get(key, {}), "key": key, "label": row["label"][:200]}
    answer.pop("next", None)
    if follow := row.get("next", ""):
        answer["next"] = None if follow == END else follow
    return answer


def _tool(row: dict[str, str], key: str, before: dict[str, Any]) -> dict[str, Any]:
    tool = {**before.get(key, {}), "key": key, "label": row["label"][:200]}
    tool["shape"] = row.get("shape") or "point"
    tool["color"] = row.get("color") or "orange"
    for name, least in (("min", 0), ("max", MOST_MARKS)):
        text = row.get(name, "")
        if not text:
            tool.pop(name, None)
        elif text.isdecimal() and int(text) <= MOST_MARKS:
            tool[name] = int(text)
        else:
            raise Invalid(
                _("%(tool)s: the least and the most are whole numbers up to %(n)d.")
                % {"tool": row["label"], "n": MOST_MARKS}
            )
        if tool.get(name) == least:
            tool.pop(name)
    return tool


def _options(text: str, before: dict[str, Any]) -> list[dict[str, Any]]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    pairs = [line.rpartition("|") if "|" in line else (line, "", "") for line in lines]
    taken = {key.strip() for _label, _bar, key in pairs if key.strip()}
    found = []
    for label, _bar, key in pairs:
        key = key.strip() or free_key(label, taken)
        taken.add(key)
        found.append({**before.get(key, {}), "key": key, "label": label.strip()[:200]})
    return found


def follow_choices(definition: Definition, name: str = "") -> Choices:
    """What may come after a task: the other tasks, in their order."""
    return [(each, _called(definition, each)) for each in in_order(definition) if each != name]


def after_choices(definition: Definition) -> Choices:
    """Where a new task may come."""
    found: Choices = []
    for name in in_order(definition):
        found.append((name, _("after %(task)s, whatever is answered") % {"task": _called(definition, name)}))
        task = definition["tasks"][name]
        if task["kind"] == "single":
            found += [
                (
                    f"{name}:{answer['key']}",
                    _("after %(task)s, only when the answer is “%(label)s”") % {"task": name, **answer},
                )
                for answer in task["answers"]
            ]
    return [*found, ("", _("before all others"))]


def _called(definition: Definition, name: str) -> str:
    question = definition["tasks"][name]["question"]
    return f"{name} · {question if len(question) <= 50 else question[:49] + '…'}"


def shape_choices() -> Choices:
    return [(shape, str(SHAPE_WORDS[shape])) for shape in SHAPES]


def color_choices(rows: list[dict[str, str]]) -> Choices:
    """The palette, and what a bundle has given a tool besides."""
    others = {row.get("color", "") for row in rows} - set(PALETTE) - {""}
    return [(color, str(COLOR_WORDS.get(color, color))) for color in (*PALETTE, *sorted(others))]
