"""The forms of a rule: what it looks for, and what follows."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.exceptions import Invalid
from projects.models import Rule, Subject, Verdict, Workflow
from projects.services.lane_moves import numbers_and_categories
from projects.services.policies import current_version, policy_text, regions_of, slug_of
from projects.triage.conditions import EVERYWHERE

ROWS = 4
HOW = {
    "matches": gettext_lazy("matches the pattern"),
    "gte": gettext_lazy("at least"),
    "gt": gettext_lazy("more than"),
    "lte": gettext_lazy("at most"),
    "lt": gettext_lazy("less than"),
    "eq": gettext_lazy("equal to"),
    "hash": gettext_lazy("has one of these SHA-256 sums"),
}
TEXT, ATTRIBUTE, FILE = "text:", "attribute:", "file"
READ = 50
"""Subjects whose metadata say which keys there are."""


class RuleForm(forms.Form):
    """A condition of up to ROWS parts, joined by all or any; one that is more than that is written as text."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    joined = forms.ChoiceField(
        label=gettext_lazy("Finds what fulfils"),
        choices=[("all", gettext_lazy("all of these")), ("any", gettext_lazy("any of these"))],
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("Condition"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy(
            'As JSON: ["all", ["lte", "price", 5], ["not", ["matches", "Text", "toys?"]]]'
        ),
    )
    verdict = forms.ChoiceField(label=gettext_lazy("Verdict"), choices=Verdict.choices)
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category of the policy"), required=False)
    audit = forms.IntegerField(
        label=gettext_lazy("People answer as well, per cent"),
        min_value=0,
        max_value=100,
        initial=10,
        help_text=gettext_lazy(
            "So many of its hits, drawn at random, stay open to volunteers, who don't know: the share that they "
            "overturn is true of all of them."
        ),
    )

    def __init__(self, workflow: Workflow, rule: Rule | None, *args: Any, **kwargs: Any) -> None:
        parts = _flat(rule.condition) if rule else []
        self.as_text = parts is None
        kwargs["initial"] = _initial(rule, parts) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.kinds = numbers_and_categories(workflow)
        fields: Any = self.fields
        regions = regions_of(workflow.project_id).values()
        fields["region"].choices = [("", _("everywhere")), *((each.slug, each.title) for each in regions)]
        if not regions:
            del fields["region"]
        fields["category"].choices = [("", _("– none –")), *categories_of(workflow)]
        if self.as_text:
            del fields["joined"]
        else:
            del fields["text"]
            self._add_rows(workflow, fields)
        last = ("verdict", "region", "category", "audit")
        self.order_fields([*(name for name in fields if name not in last), *last])

    def _add_rows(self, workflow: Workflow, fields: Any) -> None:
        keys = _text_keys(workflow)
        where = [
            ("", _("– nothing –")),
            (TEXT + EVERYWHERE, _("any text that is shown")),
            *((TEXT + key, key) for key in keys),
            *((ATTRIBUTE + key, _("%(key)s (catalogue)") % {"key": key}) for key in self.kinds),
            (FILE, _("a file")),
        ]
        for row in range(ROWS):
            n = {"n": row + 1}
            fields[f"where_{row}"] = forms.ChoiceField(
                label=_("Part %(n)d") % n, choices=where, required=False
            )
            fields[f"how_{row}"] = forms.ChoiceField(
                label=_("Part %(n)d: how") % n, choices=list(HOW.items()), required=False
            )
            fields[f"value_{row}"] = forms.CharField(
                label=_("Part %(n)d: what") % n, max_length=5000, required=False
            )

    def part_fields(self) -> list[list[forms.BoundField]]:
        if self.as_text:
            return []
        return [[self[f"{name}_{row}"] for name in ("where", "how", "value")] for row in range(ROWS)]

    def other_fields(self, *, first: bool) -> list[forms.BoundField]:
        names = ("title", "text", "joined") if first else ("verdict", "region", "category", "audit")
        return [self[name] for name in names if name in self.fields]

    def head_fields(self) -> list[forms.BoundField]:
        return self.other_fields(first=True)

    def tail_fields(self) -> list[forms.BoundField]:
        return self.other_fields(first=False)

    def values(self) -> dict[str, Any]:
        """As the services take them. Raises Invalid."""
        given = self.cleaned_data
        return {
            "title": given["title"].strip(),
            "condition": self._written() if self.as_text else self._condition(),
            "verdict": given["verdict"],
            "region": given.get("region", ""),
            "category": given["category"],
            "audit": given["audit"] / 100,
        }

    def _written(self) -> Any:
        try:
            return json.loads(self.cleaned_data["text"])
        except json.JSONDecodeError as error:
            raise Invalid(
                _("The condition is no JSON, at line %(line)d, letter %(at)d: %(told)s.")
                % {"line": error.lineno, "at": error.colno, "told": error.msg}
            ) from None

    def _condition(self) -> list[Any]:
        parts = [
            self._part(where, self.cleaned_data[f"how_{row}"], self.cleaned_data[f"value_{row}"].strip())
            for row in range(ROWS)
            if (where := self.cleaned_data[f"where_{row}"])
        ]
        if not parts:
            raise Invalid(_("Say what the rule looks for: at least one part."))
        return parts[0] if len(parts) == 1 else [self.cleaned_data["joined"] or "all", *parts]

    def _part(self, where: str, how: str, value: str) -> list[Any]:
        if where == FILE:
            return ["hash", *value.lower().split()]
        if where.startswith(TEXT):
            if how != "matches":
                raise Invalid(_("A text is looked at by a pattern: choose “matches the pattern”."))
            return ["matches", where.removeprefix(TEXT), value]
        key = where.removeprefix(ATTRIBUTE)
        if how in ("matches", "hash"):
            raise Invalid(_("%(key)s is compared: at least, at most, equal to.") % {"key": key})
        if self.kinds.get(key) == "number":
            try:
                return [how, key, float(value)]
            except ValueError:
                raise Invalid(_("%(key)s is a number: compare it with one.") % {"key": key}) from None
        return [how, key, value]


def _flat(condition: list[Any]) -> list[list[Any]] | None:
    """The parts of one that is no deeper than the form's rows; None for another."""
    parts = condition[1:] if condition[0] in ("any", "all") else [condition]
    simple = all(part[0] in HOW for part in parts)
    return parts if simple and len(parts) <= ROWS else None


def _initial(rule: Rule | None, parts: list[list[Any]] | None) -> dict[str, Any]:
    if rule is None:
        return {"how_0": "matches"}
    found: dict[str, Any] = {
        "title": rule.title,
        "verdict": rule.verdict,
        "region": slug_of(rule.region),
        "category": rule.category,
        "audit": round(rule.audit * 100),
        "joined": rule.condition[0] if rule.condition[0] == "any" else "all",
        "text": json.dumps(rule.condition, ensure_ascii=False, indent=1),
    }
    for row, (how, *rest) in enumerate(parts or []):
        where = FILE if how == "hash" else f"{TEXT if how == 'matches' else ATTRIBUTE}{rest[0]}"
        value = " ".join(rest) if how == "hash" else rest[1]
        found |= {
            f"where_{row}": where,
            f"how_{row}": how,
            f"value_{row}": f"{value:g}" if isinstance(value, float) else value,
        }
    return found


def categories_of(workflow: Workflow) -> list[tuple[str, str]]:
    version = current_version(workflow.pk)
    if version is None:
        return []
    text = policy_text(version.pk)
    return [
        (each.key, f"{'– ' * depth}{each.titles[text.languages[0]]}") for each, _parent, depth in text.walk()
    ]


def _text_keys(workflow: Workflow) -> list[str]:
    rows = Subject.objects.filter(subject_set=workflow.subject_set_id).values_list("metadata", flat=True)[
        :READ
    ]
    return sorted({key for metadata in rows for key in metadata})
