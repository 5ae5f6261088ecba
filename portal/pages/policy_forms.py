"""The forms of a policy: its regions, its own text, one of its categories in each of its languages."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.exceptions import Invalid
from projects.models import Verdict
from projects.triage.editing import parent_of
from projects.triage.policy import Category, Holds, PolicyText, parse_policy

MARKDOWN = gettext_lazy("Markdown: # heading, *slanted*, **bold**, - list, [words](address).")
SPARE = 2
"""Empty rows for further verdicts of a category."""
LISTS = {
    "examples": gettext_lazy("Examples"),
    "do": gettext_lazy("Belongs here"),
    "dont": gettext_lazy("Does not belong here"),
}


class RegionForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    slug = forms.SlugField(
        label=gettext_lazy("Short name"),
        max_length=50,
        help_text=gettext_lazy("Small letters, digits and dashes; it stays."),
    )
    countries = forms.CharField(
        label=gettext_lazy("Countries"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Codes of two letters, such as DE FR IT."),
    )

    def clean_countries(self) -> list[str]:
        return str(self.cleaned_data["countries"]).replace(",", " ").split()


class NewPolicyForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    languages = forms.CharField(
        label=gettext_lazy("Languages"),
        initial="en",
        max_length=200,
        help_text=gettext_lazy(
            "Their codes, such as en de el. The first is the one that every category has a title in."
        ),
    )

    def content(self) -> dict[str, Any]:
        return {"languages": self.cleaned_data["languages"].replace(",", " ").split()}


class _EditForm(forms.Form):
    """Every edit is a new version, with a note; `seen` is the version that was edited."""

    note = forms.CharField(
        label=gettext_lazy("What you change, and why"),
        max_length=300,
        help_text=gettext_lazy("Kept with the new version."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def end_with_note(self) -> None:
        self.order_fields([*(name for name in self.fields if name != "note"), "note"])


class TextForm(_EditForm):
    """What stands before the categories, in each language, and which languages there are."""

    languages = forms.CharField(label=gettext_lazy("Languages"), max_length=200)

    def __init__(self, policy: PolicyText, number: int, *args: Any, **kwargs: Any) -> None:
        texts = {f"text_{language}": policy.texts.get(language, "") for language in policy.languages}
        kwargs["initial"] = {"languages": " ".join(policy.languages), "seen": number, **texts}
        super().__init__(*args, **kwargs)
        self.policy = policy
        for language in policy.languages:
            self.fields[f"text_{language}"] = _text(_("Text (%(language)s)") % {"language": language}, 10)
        self.end_with_note()

    def edited(self) -> PolicyText:
        """Raises Invalid."""
        languages = self.cleaned_data["languages"].replace(",", " ").split()
        texts = {
            language: text for language in languages if (text := self.cleaned_data.get(f"text_{language}"))
        }
        stands = self.policy.model_dump(mode="json")
        return parse_policy(stands | {"languages": languages, "texts": texts})


class CategoryForm(_EditForm):
    """A category: its place in the tree, its texts in each language, its verdicts by region and date."""

    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=63,
        help_text=gettext_lazy("Small letters, digits and _; decisions cite it."),
    )
    parent = forms.ChoiceField(label=gettext_lazy("Below"), required=False)

    def __init__(
        self,
        policy: PolicyText,
        number: int,
        category: Category | None,
        regions: Sequence[tuple[str, str]],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _initial(policy, number, category)
        super().__init__(*args, **kwargs)
        self.policy, self.category = policy, category
        holds = len(category.holds) if category else 0
        self.rows = holds + SPARE
        below = {each.key for each, _parent, _depth in _tree(category)}
        places = [
            (each.key, f"{'– ' * depth}{each.titles[policy.languages[0]]}")
            for each, _parent, depth in policy.walk()
            if each.key not in below
        ]
        self.fields["parent"].choices = [("", _("nothing: at the top")), *places]  # type: ignore[attr-defined]
        for language in policy.languages:
            words = {"language": language}
            self.fields[f"title_{language}"] = forms.CharField(
                label=_("Title (%(language)s)") % words,
                max_length=200,
                required=language == policy.languages[0],
            )
            self.fields[f"text_{language}"] = _text(_("Text (%(language)s)") % words, 4)
            for name, label in LISTS.items():
                self.fields[f"{name}_{language}"] = _text(f"{label} ({language})", 3, _("One a line."))
        everywhere = [("", _("everywhere")), *regions]
        for row in range(self.rows):
            n = {"n": row + 1}
            self.fields[f"verdict_{row}"] = forms.ChoiceField(
                label=_("Verdict %(n)d") % n, choices=[("", _("– none –")), *Verdict.choices], required=False
            )
            self.fields[f"regions_{row}"] = forms.ChoiceField(
                label=_("Verdict %(n)d: in") % n,
                choices=_with_lists(everywhere, category, row),
                required=False,
            )
            for name, word in (("since", _("Verdict %(n)d: from")), ("until", _("Verdict %(n)d: until"))):
                self.fields[f"{name}_{row}"] = forms.DateField(
                    label=word % n, required=False, widget=forms.DateInput(attrs={"type": "date"})
                )
        self.end_with_note()

    def place_fields(self) -> list[forms.BoundField]:
        return [self["key"], self["parent"]]

    def note_field(self) -> forms.BoundField:
        return self["note"]

    def language_fields(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        for language in self.policy.languages:
            names = ("title", "text", *LISTS)
            yield language, [self[f"{name}_{language}"] for name in names]

    def hold_fields(self) -> Iterator[list[forms.BoundField]]:
        for row in range(self.rows):
            yield [self[f"{name}_{row}"] for name in ("verdict", "regions", "since", "until")]

    def edited(self) -> Category:
        """Raises Invalid."""
        given = self.cleaned_data
        fields: dict[str, Any] = {"key": given["key"].strip(), "holds": list(self._holds())}
        for name in ("title", "text", *LISTS):
            by_language = {
                language: given[f"{name}_{language}"].strip()
                for language in self.policy.languages
                if given[f"{name}_{language}"].strip()
            }
            if name in LISTS:
                fields[name] = {key: _lines(text) for key, text in by_language.items()}
            else:
                fields[f"{name}s"] = by_language
        alone = parse_policy({"languages": self.policy.languages, "categories": [fields]})
        return alone.categories[0]

    def _holds(self) -> Iterator[dict[str, Any]]:
        for row in range(self.rows):
            verdict, regions = (self.cleaned_data[f"{name}_{row}"] for name in ("verdict", "regions"))
            since, until = (self.cleaned_data[f"{name}_{row}"] for name in ("since", "until"))
            if verdict:
                given = {"verdict": verdict, "regions": regions.split(), "since": since, "until": until}
                yield Holds.model_validate(_in_order(given)).model_dump(mode="json")
            elif since or until:
                raise Invalid(_("Verdict %(n)d: choose which it is.") % {"n": row + 1})


def _in_order(given: dict[str, Any]) -> dict[str, Any]:
    since, until = given["since"], given["until"]
    if isinstance(since, date) and isinstance(until, date) and until < since:
        raise Invalid(_("A verdict would end on %(until)s, before it begins.") % {"until": until})
    return given


def _initial(policy: PolicyText, number: int, category: Category | None) -> dict[str, Any]:
    found: dict[str, Any] = {"seen": number}
    if category is None:
        return found
    found |= {"key": category.key, "parent": parent_of(policy, category.key)}
    for language in policy.languages:
        found[f"title_{language}"] = category.titles.get(language, "")
        found[f"text_{language}"] = category.texts.get(language, "")
        for name in LISTS:
            found[f"{name}_{language}"] = "\n".join(getattr(category, name).get(language, []))
    for row, hold in enumerate(category.holds):
        found |= {f"verdict_{row}": hold.verdict, f"regions_{row}": " ".join(hold.regions)}
        found |= {f"since_{row}": hold.since, f"until_{row}": hold.until}
    return found


def _with_lists(choices: list[tuple[str, str]], category: Category | None, row: int) -> list[tuple[str, str]]:
    """Several regions at once come from a bundle: they stay as they are."""
    stands = " ".join(category.holds[row].regions) if category and row < len(category.holds) else ""
    return choices if stands in dict(choices) else [*choices, (stands, stands)]


def _tree(category: Category | None) -> Iterator[tuple[Category, str, int]]:
    if category is not None:
        yield category, "", 0
        for part in category.parts:
            yield from _tree(part)


def _text(label: str, rows: int, note: Any = MARKDOWN) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=note,
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
