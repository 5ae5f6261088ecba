"""A campaign: the items of one seller as a table, to be decided together."""

import uuid

from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.desk.cards import Card, cards_of, choices_of, group_history, group_key, verdicts
from portal.desk.item import is_undoable
from portal.desk.places import is_veiled, workflow_of
from portal.pages.looks import keep_looks
from portal.pages.run_places import private
from projects.exceptions import Invalid
from projects.models import Subject, Verdict, Workflow
from projects.permissions import may_arrange
from projects.services.claims import claims_of
from projects.services.desk import set_group
from projects.services.strikes import set_thresholds

MOST = 300
"""Items of one seller on the page; further ones are reached by its filters."""
GROUPS = 100

SELLERS = """
SELECT u.metadata ->> %(key)s, count(*), count(*) FILTER (WHERE s.retired_at IS NULL) AS open
  FROM projects_subjectstate s JOIN projects_subject u ON u.id = s.subject_id
 WHERE s.workflow_id = %(workflow)s AND s.use = 0 AND u.metadata ? %(key)s
 GROUP BY 1 ORDER BY open DESC, 1 LIMIT %(most)s
"""


@require_safe
def campaign(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """`?of=` a seller, narrowed down by `words`, `verdict` (one of Verdict, or none) and `hit`; else the sellers."""
    found = workflow_of(request, slug, workflow)
    key, of = group_key(found), request.GET.get("of", "")
    context = {
        "project": found.project,
        "workflow": found,
        "key": key,
        "of": of,
        "may_arrange": may_arrange(request.user, found.project_id),
    }
    if not key or not of:
        desk = getattr(found, "desk", None)
        context["thresholds"] = "\n".join(f"{n}: {what}" for n, what in (desk.thresholds if desk else []))
        context |= {"groups": _groups(found, key) if key else [], "keys": _keys(found)}
        return private(render(request, "desk/groups.html", context))
    words, verdict = request.GET.get("words", "").strip(), request.GET.get("verdict", "")
    cards, more = _cards(found, key, of, words)
    if verdict == "none":
        cards = [card for card in cards if not card.standing]
    elif verdict in Verdict.values:
        cards = [card for card in cards if any(each.verdict == verdict for each in card.standing)]
    if request.GET.get("hit"):
        cards = [card for card in cards if card.hits]
    keep_looks(request, found.pk, [card.subject.pk for card in cards])
    held = {each.subject_id: each for each in claims_of(found) if each.by_id != request.user.pk}
    context |= {
        "rows": [(card, held.get(card.subject.pk)) for card in cards],
        "more": more,
        "account": group_history(found, key, of),
        "words": words,
        "verdict": verdict,
        "hit": request.GET.get("hit", ""),
        "verdicts": verdicts(),
        "choices": choices_of(found),
        "veiled": is_veiled(request, found),
        "here": request.get_full_path(),
        "fresh": request.session.get("desk-last") if is_undoable(request) else None,
        "id": uuid.uuid4(),
    }
    return private(render(request, "desk/campaign.html", context))


@require_POST
def group(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """`key`: what groups items; `thresholds`: from how many strikes what is suggested.
    For those who may arrange lanes."""
    found = workflow_of(request, slug, workflow)
    if may_arrange(request.user, found.project_id):
        try:
            with transaction.atomic():
                set_thresholds(found, request.POST.get("thresholds", ""))
                set_group(found, request.POST.get("key", ""))
            messages.success(request, _("Saved."))
        except Invalid as error:
            messages.error(request, str(error.message))
    else:
        messages.error(request, _("Owners, scientists and moderators choose what groups items."))
    return redirect("desk:campaign", slug, workflow)


def _cards(workflow: Workflow, key: str, of: str, words: str) -> tuple[list[Card], bool]:
    """The seller's newest items, and whether there are more than MOST."""
    rows = Subject.objects.filter(subject_set=workflow.subject_set_id, metadata__contains={key: of})
    if words:
        rows = rows.filter(metadata__icontains=words)
    listed = list(rows.order_by("-created_at", "external_id")[: MOST + 1])
    return cards_of(workflow, listed[:MOST]), len(listed) > MOST


def _groups(workflow: Workflow, key: str) -> list[tuple[str, int, int]]:
    """(seller, items, open ones), those with the most open ones first."""
    with connection.cursor() as cursor:
        cursor.execute(SELLERS, {"key": key, "workflow": workflow.pk, "most": GROUPS})
        return cursor.fetchall()


def _keys(workflow: Workflow) -> list[str]:
    """Of the metadata of a few items: what may group them."""
    some = Subject.objects.filter(subject_set=workflow.subject_set_id).order_by("pk")[:20]
    return sorted({name for subject in some for name in subject.public_metadata})
