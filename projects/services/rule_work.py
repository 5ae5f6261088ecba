"""Rules look at what arrives: what they find is kept, what live ones find is decided."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from projects.chance import drawn
from projects.models import Arrival, Decision, Rule, RuleHit, SubjectState, Use, Workflow
from projects.services.decisions import AUDIT, Decider, Judged, decide_all
from projects.services.policies import current_version, policy_text, slug_of
from projects.services.rules import State, items
from projects.triage import STRICTNESS
from projects.triage.conditions import Found, evaluate

BATCH = 200
"""Subjects in one transaction."""
NAMESPACE = uuid.UUID("6f0c2a5e-8f0b-5b43-9a3a-0d0f6a4f8f11")

TAKE = """
DELETE FROM projects_arrival a USING (
    SELECT subject_id FROM projects_arrival WHERE workflow_id = %(workflow)s
     ORDER BY subject_id LIMIT %(most)s FOR UPDATE SKIP LOCKED
) first WHERE a.workflow_id = %(workflow)s AND a.subject_id = first.subject_id RETURNING a.subject_id
"""


@dataclass(frozen=True)
class _Hit:
    rule: Rule
    subject: int
    found: Found


def note_arrivals(workflow: Workflow, subjects: Sequence[int]) -> None:
    """Subjects that have just come into the queue are for the rules to look at, where any does."""
    if workflow.rules.filter(state__in=(State.BACKGROUND, State.LIVE)).exists():
        Arrival.objects.bulk_create(
            [Arrival(workflow_id=workflow.pk, subject_id=subject) for subject in subjects],
            ignore_conflicts=True,
            batch_size=5000,
        )


def tend_rules(most: int = 10_000) -> int:
    """Look at what has arrived, of every workflow; returns how many subjects were looked at. Safe to run twice, also at
    once: each batch is one transaction, and what somebody else has taken is passed over."""
    looked = 0
    for workflow in Workflow.objects.filter(pk__in=Arrival.objects.values("workflow")).distinct():
        while looked < most and (some := look_at_arrivals(workflow)):
            looked += some
    return looked


@transaction.atomic
def look_at_arrivals(workflow: Workflow, most: int = BATCH) -> int:
    """Take some of the workflow's arrivals, keep what its rules find in them, decide what live ones decide.

    Of several live rules that hit a subject in the same region the strictest verdict counts, and the decision names the
    others. A decision of a model or of people is never changed by a rule. A share of each rule's hits stays open (see
    Rule.audit): people answer it without knowing, and what they say is compared.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"workflow": workflow.pk, "most": most})
        taken = [subject for (subject,) in cursor.fetchall()]
    if not taken:
        return 0
    rules = list(workflow.rules.filter(state__in=(State.BACKGROUND, State.LIVE)).select_related("region"))
    states = SubjectState.objects.select_for_update().filter(workflow=workflow, subject_id__in=taken)
    still_open = [
        state.subject_id
        for state in states.order_by("subject_id")
        if state.retired_at is None and state.use == Use.WORK
    ]
    if rules and still_open:
        hits = [
            _Hit(rule, subject, found)
            for subject, it in items(workflow, still_open, rules)
            for rule in rules
            for result, found in [evaluate(rule.condition, it)]
            if result is True
        ]
        _keep(hits, _decide(workflow, [hit for hit in hits if hit.rule.state == State.LIVE]))
    return len(taken)


def audited(rule: Rule, subject: int) -> bool:
    """Whether people answer this hit as well. The same for the same edition, so that doing it again changes nothing."""
    return drawn(f"{rule.pk}/{rule.edition}/{subject}") < rule.audit


def _decide(workflow: Workflow, hits: Sequence[_Hit]) -> dict[tuple[int, int], Decision]:
    """The decisions that live hits led to, by (rule, subject)."""
    by_place: dict[tuple[int, int | None], list[_Hit]] = {}
    for hit in hits:
        by_place.setdefault((hit.subject, hit.rule.region_id), []).append(hit)
    stands = {
        (each.subject_id, each.region_id): each
        for each in Decision.objects.of(workflow.pk, {hit.subject for hit in hits}).standing()
    }
    chosen: dict[uuid.UUID, tuple[_Hit, list[_Hit]]] = {}
    for place, here in by_place.items():
        strictest = max(here, key=lambda hit: (STRICTNESS[hit.rule.verdict], -hit.rule.pk))
        earlier = stands.get(place)
        if earlier is None or (
            earlier.kind == Decision.Kind.RULE and earlier.verdict != strictest.rule.verdict
        ):
            chosen[_id(strictest)] = strictest, here
    done = set(Decision.objects.filter(uuid__in=chosen).values_list("uuid", flat=True))
    categories = _categories(workflow)
    by_rule: dict[int, list[Judged]] = {}
    for given, (hit, here) in chosen.items():
        if given not in done:  # else somebody has undone it, and it stays undone
            by_rule.setdefault(hit.rule.pk, []).append(_judged(hit, here, categories))
    rules = {hit.rule.pk: hit.rule for hit in hits}
    made = {}
    for pk, judged in by_rule.items():
        for each in decide_all(workflow=workflow, judged=judged, decider=Decider.by_rule(rules[pk])):
            made[pk, each.decision.subject_id] = each.decision
    return made


def _id(hit: _Hit) -> uuid.UUID:
    """An edition decides a subject once."""
    return uuid.uuid5(NAMESPACE, f"{hit.rule.pk}/{hit.rule.edition}/{hit.subject}")


def _categories(workflow: Workflow) -> set[str]:
    version = current_version(workflow.pk)
    return {each.key for each, _parent, _depth in policy_text(version.pk).walk()} if version else set()


def _judged(hit: _Hit, here: Sequence[_Hit], categories: set[str]) -> Judged:
    """categories: of the policy as it is now. A rule whose category is gone decides on, and cites none."""
    rule = hit.rule
    evidence: dict[str, Any] = {"edition": rule.edition, "found": hit.found}
    others = [other.rule for other in here if other.rule.verdict != rule.verdict]
    if others:
        evidence["contradicts"] = [{"rule": each.slug, "verdict": each.verdict} for each in others]
    if audited(rule, hit.subject):
        evidence[AUDIT] = True
    region = slug_of(rule.region)
    return Judged(
        hit.subject,
        rule.verdict,
        region,
        rule.category if rule.category in categories else "",
        rule.title,
        evidence,
        id=_id(hit),
    )


def _keep(hits: Sequence[_Hit], decisions: dict[tuple[int, int], Decision]) -> None:
    """Each hit once; one from the background that is live now is live from now on."""
    now = timezone.now()
    rows = [
        RuleHit(
            rule=hit.rule,
            edition=hit.rule.edition,
            subject_id=hit.subject,
            live=hit.rule.state == State.LIVE,
            found=hit.found,
            decision=decisions.get((hit.rule.pk, hit.subject)),
            at=now,
        )
        for hit in hits
    ]
    unique = ["rule", "edition", "subject"]
    RuleHit.objects.bulk_create([row for row in rows if not row.live], ignore_conflicts=True)
    RuleHit.objects.bulk_create(
        [row for row in rows if row.live and row.decision is None],
        update_conflicts=True,
        unique_fields=unique,
        update_fields=["live"],
    )
    RuleHit.objects.bulk_create(
        [row for row in rows if row.live and row.decision is not None],
        update_conflicts=True,
        unique_fields=unique,
        update_fields=["live", "decision"],
    )
