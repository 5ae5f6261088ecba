"""The rule for finishing a subject, put together from rows: no text to write, and it says back what it means."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.pages.lab.drafting import conflict, read_edition
from portal.pages.lab.rows import Rows
from portal.pages.places import get_project_for, get_workflow
from projects import conditions
from projects.drafting import Definition
from projects.drafting.graph import in_order
from projects.drafting.rule import SHARES, Row, Rule, from_condition, in_words, to_condition
from projects.exceptions import Conflict, Invalid
from projects.permissions import may_edit
from projects.services.drafts import change_draft, draft_of
from projects.services.foresee import MOST_AT_ONCE, foresee
from projects.services.look_at_answers import look_at_answers
from projects.services.volunteers import join_account, volunteer_of
from projects.tasks.definition import parse_task

NAMES = ("joined", "what", "number")
LEAST = 3
"""Nobody is a subject's only judge, unless the team says so."""
MOST_ROWS = 20
MOST_ANSWERS = 100_000
MOST_CHOICES = 60
"""Of a task, for which a row `the first answers all say` is offered."""


@require_http_methods(["GET", "POST"])
@never_cache
def rule(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    flow = get_workflow(get_project_for(request, slug, may_edit), workflow)
    draft = draft_of(flow)
    choices = _choices(draft.definition)
    stands = from_condition(draft.definition["retirement"])
    problem, changed, status = "", [], 200
    foreseen = None
    least = str(stands.least if stands else LEAST)
    if request.method == "POST":
        rows, least = Rows.read(request.POST, NAMES), request.POST.get("least", "")
        if rows.do == "try":
            try:
                foreseen = _tried(request, flow, to_condition(_rule(rows, least, choices)))
            except Invalid as error:
                problem, status = str(error), 400
        elif rows.saves:
            try:
                made = _rule(rows, least, choices)
                _keep(request, flow, made)
                messages.success(request, _("The rule is saved in the draft."))
                return redirect("lab:workflow", slug, workflow)
            except Conflict as error:
                problem, status, changed = str(error), error.status, conflict(flow, read_edition(request))
                draft = draft_of(flow)
            except Invalid as error:
                problem, status = str(error), 400
    else:
        rows = Rows([_shown(row) for row in stands.rows] if stands else [])
    rows.at_least(1)
    context = {
        "project": flow.project,
        "workflow": flow,
        "rows": rows.rows,
        "groups": choices,
        "least": least,
        "edition": draft.edition,
        "foreseen": foreseen,
        "words": in_words(draft.definition["retirement"]),
        "written": stands is None,
        "problem": problem,
        "changed": changed,
    }
    return render(request, "lab/rule.html", context, status=status)


def _tried(request: HttpRequest, flow: Any, condition: list[Any]) -> dict[str, Any]:
    """What the rule would have done, for the page. Of few subjects a rule made for it tells the answers, so who tries
    one has looked at those that are open."""
    assert request.user.is_authenticated  # noqa: S101 (of the team)
    found = foresee(flow, condition, most=MOST_AT_ONCE)
    look_at_answers(flow.pk, volunteer_of(request) or join_account(None, request.user))
    return {
        "words": in_words(condition),
        "found": found,
        "after": sorted(found.finished.items()),
        "other": sorted(found.other.items()),
    }


def _keep(request: HttpRequest, flow: Any, made: Rule) -> None:
    def step(definition: Definition) -> Definition:
        condition = to_condition(made)
        keys = {name: parse_task(name, task).answer_keys for name, task in definition["tasks"].items()}
        try:
            conditions.check(condition, keys)
        except conditions.ConditionError as error:
            raise Invalid(str(error)) from None
        return {**definition, "retirement": condition}

    assert request.user.is_authenticated  # noqa: S101 (of the team)
    change_draft(flow, edition=read_edition(request), step=step, by=request.user)


def _choices(definition: Definition) -> list[tuple[str, list[tuple[str, str]]]]:
    """(group, [(value, words)]): what a row may ask for; value is QUANTITY, QUANTITY:TASK or first:TASK:KEY."""
    found = [(_("The subject"), [("votes", _("it has answers, at least"))])]
    for name in in_order(definition):
        task = parse_task(name, definition["tasks"][name])
        said = {"task": name}
        words = [(f"asked:{name}", _("%(task)s was asked, times at least") % said)]
        if task.answer_keys:
            words.append((f"agreement:{name}", _("people agree on %(task)s, per cent at least") % said))
        if task.keys:
            words.append(
                (f"probability:{name}", _("the answer to %(task)s is sure, per cent at least") % said)
            )
            words.append((f"entropy:{name}", _("doubt about %(task)s, bits at most") % said))
        if len(task.answer_keys) <= MOST_CHOICES:
            labels = {option.key: option.label for option in task.options}
            words += [
                (f"first:{name}:{key}", _("the first answers to %(task)s are all “%(label)s”, so many") % {
                    **said, "label": labels.get(key, _("nothing")),
                })
                for key in task.answer_keys
            ]  # fmt: skip
        question = definition["tasks"][name]["question"]
        found.append((f"{name} · {question[:60]}", words))
    return found


def _rule(rows: Rows, least: str, choices: list[tuple[str, list[tuple[str, str]]]]) -> Rule:
    """Raises Invalid with the row's number."""
    known = {value for _group, words in choices for value, _words in words}
    filled = [row for row in rows.rows if row.get("number")]
    if not filled:
        raise Invalid(_("Give at least one condition its number."))
    if len(filled) > MOST_ROWS:
        raise Invalid(_("A rule has at most %(n)d conditions.") % {"n": MOST_ROWS})
    if not least.isdecimal() or len(least) > 5 or not 1 <= int(least) <= 1000:
        raise Invalid(_("The least number of answers is a whole number from 1 to 1000."))
    return Rule([_row(at, row, known) for at, row in enumerate(filled, 1)], int(least))


def _row(at: int, row: dict[str, str], known: set[str]) -> Row:
    if row.get("what") not in known:
        raise Invalid(_("Condition %(n)d asks for a question that was removed: choose another.") % {"n": at})
    what, _colon, rest = row["what"].partition(":")
    task, _colon, answer = rest.partition(":")
    try:
        number = float(row["number"].replace(",", "."))
    except ValueError:
        raise Invalid(_("Condition %(n)d needs a number.") % {"n": at}) from None
    whole = what in ("votes", "asked", "first")
    most = {"first": 10.0, "entropy": 10.0, **dict.fromkeys(SHARES, 100.0)}.get(what, float(MOST_ANSWERS))
    low = 1.0 if whole else 0.0
    if not low <= number <= most or (whole and number != int(number)):  # NaN neither
        words = _("a whole number") if whole else _("a number")
        raise Invalid(
            _("Condition %(n)d: write %(words)s from %(low)g to %(most)g.")
            % {"n": at, "words": words, "low": low, "most": most}
        )
    joined: Any = "and" if row.get("joined") == "and" else "or"
    return Row(what, int(number) if whole else number, task, answer, joined)  # type: ignore[arg-type]


def _shown(row: Row) -> dict[str, str]:
    value = ":".join(part for part in (row.what, row.task, row.answer) if part)
    return {"joined": row.joined, "what": value, "number": f"{row.number:g}"}
