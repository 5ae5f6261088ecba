"""The forms of a question, one for each kind: what is asked besides rows of answers, tools or labels."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.exceptions import Invalid
from projects.tasks.comparison import KEYS
from projects.tasks.highlighter import MOST_SPANS
from projects.tasks.tags import MOST_TAGS, split
from projects.tasks.transcription import MOST_LINES


class QuestionForm(forms.Form):
    question = forms.CharField(label=gettext_lazy("Question"), max_length=300)
    help = forms.CharField(
        label=gettext_lazy("Help with it"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Behind a click, under the question. Markdown."),
    )
    required = forms.BooleanField(
        label=gettext_lazy("Must be answered"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Otherwise one may go on without an answer."),
    )

    def fields_of(self) -> dict[str, Any]:
        """Of the task's JSON. What is left as its kind has it anyway is not written."""
        given = self.cleaned_data
        found: dict[str, Any] = {"question": given["question"], "required": given["required"]}
        return found | ({"help": given["help"]} if given["help"] else {})


class TextForm(QuestionForm):
    lines = forms.IntegerField(label=gettext_lazy("Lines"), min_value=1, max_value=40, initial=1)
    max_length = forms.IntegerField(
        label=gettext_lazy("Letters at most"), min_value=1, max_value=10_000, initial=300
    )
    placeholder = forms.CharField(
        label=gettext_lazy("Example in the empty field"), max_length=100, required=False
    )

    def fields_of(self) -> dict[str, Any]:
        given = self.cleaned_data
        return super().fields_of() | {name: given[name] for name in ("lines", "max_length", "placeholder")}


class NumberForm(QuestionForm):
    min = forms.FloatField(label=gettext_lazy("Least"), initial=0)
    max = forms.FloatField(label=gettext_lazy("Most"), initial=100)
    step = forms.FloatField(
        label=gettext_lazy("In steps of"),
        required=False,
        initial=1,
        min_value=0,
        help_text=gettext_lazy("1: whole numbers. Empty: any number."),
    )
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=40, required=False)
    display = forms.ChoiceField(
        label=gettext_lazy("Answered by"),
        choices=[("field", gettext_lazy("writing it")), ("slider", gettext_lazy("a slider"))],
    )

    def fields_of(self) -> dict[str, Any]:
        given = self.cleaned_data
        return super().fields_of() | {name: given[name] for name in ("min", "max", "step", "unit", "display")}


class DropdownForm(QuestionForm):
    options = forms.CharField(
        label=gettext_lazy("Choices, one a line"),
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "After a | stands the short name that the data carry. It is made of the words when you leave it out; leave "
            "it as it is when you mend the words."
        ),
    )


class TagsForm(QuestionForm):
    suggestions = forms.CharField(
        label=gettext_lazy("Tags that you suggest, one a line"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )
    min = forms.IntegerField(label=gettext_lazy("Least, if any"), min_value=1, max_value=MOST_TAGS, initial=1)
    max = forms.IntegerField(label=gettext_lazy("Most"), min_value=1, max_value=MOST_TAGS, initial=10)

    def fields_of(self) -> dict[str, Any]:
        given = self.cleaned_data
        found = {"suggestions": split(given["suggestions"]), "min": given["min"], "max": given["max"]}
        return super().fields_of() | found


class TranscriptionForm(QuestionForm):
    label = forms.CharField(
        label=gettext_lazy("What a line is called"), max_length=200, initial=gettext_lazy("Line")
    )
    max = forms.IntegerField(
        label=gettext_lazy("Lines at most"), min_value=1, max_value=MOST_LINES, initial=60
    )
    max_length = forms.IntegerField(
        label=gettext_lazy("Letters of a line at most"), min_value=1, max_value=10_000, initial=300
    )
    placeholder = forms.CharField(
        label=gettext_lazy("Example in the empty field"), max_length=100, required=False
    )
    keyboard = forms.ChoiceField(
        label=gettext_lazy("Keys on the screen"),
        required=False,
        choices=[("", gettext_lazy("none")), ("polytonic_greek", gettext_lazy("polytonic Greek"))],
    )
    leiden = forms.BooleanField(
        label=gettext_lazy("Offer signs for letters that are doubtful, lost, supplied or abbreviated"),
        required=False,
    )

    def fields_of(self) -> dict[str, Any]:
        given = self.cleaned_data
        names = ("label", "max", "max_length", "placeholder", "leiden")
        return (
            super().fields_of()
            | {name: given[name] for name in names}
            | {"keyboard": given["keyboard"] or None}
        )


class HighlighterForm(QuestionForm):
    text = forms.CharField(
        label=gettext_lazy("Which text"),
        max_length=100,
        help_text=gettext_lazy(
            "The name under which the text stands in what you tell of each subject (its metadata)."
        ),
    )
    max = forms.IntegerField(
        label=gettext_lazy("Marked passages at most"), min_value=1, max_value=MOST_SPANS, initial=50
    )

    def fields_of(self) -> dict[str, Any]:
        given = self.cleaned_data
        return super().fields_of() | {name: given[name] for name in ("text", "max")}


class ComparisonForm(QuestionForm):
    ask = forms.ChoiceField(
        label=gettext_lazy("What is asked"),
        choices=[
            ("same", gettext_lazy("whether both are the same")),
            ("more", gettext_lazy("which of the two is more so")),
            ("match", gettext_lazy("how well they match, in five steps")),
        ],
    )
    answers = forms.CharField(
        label=gettext_lazy("The answers in words, one a line"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "In this order: same, different, unsure; or left, tie, right; or from no match to a full one. Empty: the "
            "usual words. A line with - alone leaves unsure or tie out."
        ),
    )

    def fields_of(self) -> dict[str, Any]:
        """Raises Invalid where there are more or fewer lines than answers."""
        given = self.cleaned_data
        keys, words = (
            KEYS[given["ask"]],
            [line.strip() for line in given["answers"].splitlines() if line.strip()],
        )
        words = words or [str(USUAL[key]) for key in keys]
        if len(words) != len(keys):
            raise Invalid(_("Write %(n)d answers, one a line.") % {"n": len(keys)})
        pairs = zip(keys, words, strict=True)
        answers = [{"key": key, "label": word[:200]} for key, word in pairs if word != "-"]
        return super().fields_of() | {"ask": given["ask"], "answers": answers}


USUAL = {
    "same": gettext_lazy("The same"),
    "different": gettext_lazy("Not the same"),
    "unsure": gettext_lazy("I can't say"),
    "left": gettext_lazy("The left one"),
    "tie": gettext_lazy("Neither"),
    "right": gettext_lazy("The right one"),
    "0": gettext_lazy("Not at all"),
    "1": gettext_lazy("Hardly"),
    "2": gettext_lazy("Somewhat"),
    "3": gettext_lazy("Well"),
    "4": gettext_lazy("Fully"),
}
"""The answers of a comparison in words, by key."""
