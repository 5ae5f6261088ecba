"""How a workflow uses known answers: training, exam, hidden checks. Part of the draft."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.pages.lab.drafting import form_page
from portal.pages.places import get_project_for, get_workflow
from projects.drafting import Definition
from projects.models import Draft
from projects.permissions import may_edit
from projects.services.drafts import draft_of
from projects.services.make_project import make_exam_qualification
from projects.tasks.known import Checks, Exam, Training

AS_WRITTEN = "written"
CHECKS: dict[str, dict[str, Any] | None] = {
    "usual": None,
    "few": {"shares": [], "floor": 0.1},
    "none": {"shares": [], "floor": 0.0},
}
"""What `checks` of the definition is for each choice; None: not there."""


class PracticeForm(forms.Form):
    training = forms.BooleanField(
        label=gettext_lazy("There is a training"),
        required=False,
        help_text=gettext_lazy("Known subjects with the right answer told at once, before the work."),
    )
    training_subjects = forms.IntegerField(
        label=gettext_lazy("Subjects of the training"), min_value=1, max_value=200, initial=10
    )
    exam = forms.BooleanField(
        label=gettext_lazy("There is an exam"),
        required=False,
        help_text=gettext_lazy(
            "Who passes has a qualification, which workflows may ask for in their settings."
        ),
    )
    exam_subjects = forms.IntegerField(
        label=gettext_lazy("Subjects of the exam"), min_value=1, max_value=200, initial=10
    )
    pass_mark = forms.IntegerField(
        label=gettext_lazy("Passed with, per cent right"), min_value=1, max_value=100, initial=80
    )
    tries = forms.IntegerField(label=gettext_lazy("Tries"), min_value=1, max_value=20, initial=3)
    hours = forms.FloatField(
        label=gettext_lazy("Hours before the next try"), min_value=0, max_value=24 * 365, initial=24
    )
    checks = forms.ChoiceField(label=gettext_lazy("Hidden checks in the work"), initial="usual")

    def __init__(self, draft: Draft, sent: QueryDict | None) -> None:
        super().__init__(sent, initial=_initial(draft.definition))
        self._workflow = draft.workflow
        words = [
            ("usual", _("the usual: 40 % at first, falling to 10 %")),
            ("few", _("few: 10 % from the start")),
            ("none", _("none")),
        ]
        if self.initial["checks"] == AS_WRITTEN:
            words.append((AS_WRITTEN, _("as they were written in text")))
        self.fields["checks"].choices = words  # type: ignore[attr-defined]

    def step(self, definition: Definition) -> Definition:
        given = self.cleaned_data
        found = {name: value for name, value in definition.items() if name not in ("training", "exam")}
        if given["training"]:
            found["training"] = {"subjects": given["training_subjects"]}
        if given["exam"]:
            before = definition.get("exam") or {}
            found["exam"] = {
                "subjects": given["exam_subjects"],
                "pass_mark": given["pass_mark"] / 100,
                "tries": given["tries"],
                "retry_after_hours": given["hours"],
                "grants": before.get("grants") or make_exam_qualification(self._workflow).slug,
            }
        if given["checks"] != AS_WRITTEN:
            found.pop("checks", None)
            if (checks := CHECKS[given["checks"]]) is not None:
                found["checks"] = checks
        return found


def _initial(definition: Definition) -> dict[str, Any]:
    training = Training.model_validate(definition.get("training") or {})
    exam = Exam.model_validate({"grants": "x", **(definition.get("exam") or {})})
    written = definition.get("checks")
    same = [
        name
        for name, checks in CHECKS.items()
        if Checks.model_validate(written or {}) == Checks.model_validate(checks or {})
    ]
    return {
        "training": bool(definition.get("training")),
        "training_subjects": training.subjects,
        "exam": bool(definition.get("exam")),
        "exam_subjects": exam.subjects,
        "pass_mark": round(exam.pass_mark * 100),
        "tries": exam.tries,
        "hours": exam.retry_after_hours,
        "checks": same[0] if same else AS_WRITTEN,
    }


@require_http_methods(["GET", "POST"])
@never_cache
def practice(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    draft = draft_of(get_workflow(get_project_for(request, slug, may_edit), workflow))
    form = PracticeForm(draft, request.POST if request.method == "POST" else None)
    return form_page(request, draft, form, "lab/practice.html", said=_("Saved in the draft."))
