"""What there is to tell: read from the ledgers by position, so that nothing is lost, and said as it stands when sent.

A message names what happened; what it says of a subject is looked up when it is sent, again at each try. Of a subject
that is open to volunteers by then it says nothing but that it is open.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from projects.exports.catalogue import rows
from projects.models import (
    ChangedConsensus,
    Decision,
    Delivery,
    LedgerEntry,
    Retirement,
    Subject,
    SubjectState,
    Use,
    Webhook,
    Workflow,
    WorkflowCounter,
)
from projects.services.policies import slug_of

MOST = 100
"""Events in a message."""
RETIRED, REOPENED = "subject.retired", "subject.reopened"
DECIDED, CONSENSUS = "subject.decided", "consensus.changed"
Kind = Webhook.Kind
Event = list[Any]
"""[type, workflow, subject, time]"""


def positions_now(project_id: int) -> dict[str, int]:
    found = WorkflowCounter.objects.filter(workflow__project=project_id).order_by("pk")
    return {str(pk): position for pk, position in found.values_list("pk", "position")}


@transaction.atomic
def gather(webhook: Webhook) -> Delivery | None:
    """What has happened since the last message, as the next one; None where it is nothing to this webhook.

    The caller has the webhook for itself.
    """
    come_to, events = dict(webhook.positions), []
    for workflow, position in positions_now(webhook.project_id).items():
        after = come_to.get(workflow, 0)
        if position > after:
            found, come_to[workflow] = _from_ledger(webhook, int(workflow), after, position)
            events += found
    if Kind.CONSENSUS in webhook.kinds:
        events += _changed(webhook)
    if come_to != webhook.positions:
        webhook.positions = come_to
        webhook.save(update_fields=["positions"])
    if not events:
        return None
    newest = {tuple(event[:3]): event for event in events}
    return Delivery.objects.create(webhook=webhook, events=list(newest.values()), next_at=timezone.now())


def _from_ledger(webhook: Webhook, workflow: int, after: int, upto: int) -> tuple[list[Event], int]:
    """Up to MOST events, and the position come to."""
    wanted = {LedgerEntry.Kind.RETIREMENT: Kind.RETIRED, LedgerEntry.Kind.DECISION: Kind.DECIDED}
    kinds = [kind for kind, told in wanted.items() if told in webhook.kinds]
    entries = list(
        LedgerEntry.objects.filter(workflow=workflow, position__gt=after, position__lte=upto, kind__in=kinds)
        .order_by("position")
        .values_list("position", "kind", "record_id")[:MOST]
    )
    records = defaultdict(list)
    for _position, kind, record in entries:
        records[kind].append(record)
    retirements = Retirement.objects.in_bulk(records[LedgerEntry.Kind.RETIREMENT])
    decisions = Decision.objects.in_bulk(records[LedgerEntry.Kind.DECISION])
    events: list[Event] = []
    for _position, kind, record in entries:
        if kind == LedgerEntry.Kind.RETIREMENT and (retirement := retirements.get(record)):
            what = RETIRED if retirement.retired else REOPENED
            events.append([what, workflow, retirement.subject_id, retirement.at.isoformat()])
        elif decision := decisions.get(record):
            events.append([DECIDED, workflow, decision.subject_id, decision.at.isoformat()])
    return events, entries[-1][0] if len(entries) == MOST else upto


def _changed(webhook: Webhook) -> list[Event]:
    """Taken away with the message that tells of them, in one transaction."""
    found = list(ChangedConsensus.objects.filter(webhook=webhook).order_by("pk")[:MOST])
    ChangedConsensus.objects.filter(pk__in=[each.pk for each in found]).delete()
    return [[CONSENSUS, each.workflow_id, each.subject_id, each.at.isoformat()] for each in found]


def body_of(delivery: Delivery, now: datetime) -> dict[str, Any] | None:
    """What is sent; None where all of it is past."""
    project = delivery.webhook.project
    told: dict[str, Any] = {"project": project.slug}
    if not delivery.is_test:
        told["events"] = _events(delivery.events)
        if not told["events"]:
            return None
    kind = "webhook.test" if delivery.is_test else "subjects.changed"
    return {"type": kind, "timestamp": now.isoformat(), "data": told}


def _events(events: Iterable[Event]) -> list[dict[str, Any]]:
    subjects: dict[int, set[int]] = defaultdict(set)
    for _type, workflow, subject, _at in events:
        subjects[workflow].add(subject)
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for workflow in Workflow.objects.filter(pk__in=subjects).select_related("project"):
        found |= _standing(workflow, subjects[workflow.pk])
    told = []
    for kind, workflow_id, subject, at in events:
        stands = found.get((workflow_id, subject))
        if stands is None or (kind == REOPENED) != stands["open"]:
            continue
        rest = ("workflow", "workflow_id", "subject", "name") if kind == REOPENED else SAID
        told.append({"type": kind, "at": at, **{name: stands[name] for name in rest}})
    return told


SAID = (
    "workflow", "workflow_id", "subject", "name", "retired_at", "retired_reason", "consensus", "verdicts",
)  # fmt: skip
"""Of a finished subject."""


def _standing(workflow: Workflow, subjects: set[int]) -> dict[tuple[int, int], dict[str, Any]]:
    """How these subjects stand. Known ones are left out: that they are known is for few."""
    states = SubjectState.objects.filter(workflow=workflow, subject__in=subjects, use=Use.WORK)
    retired = dict(states.values_list("subject_id", "retired_at"))
    done = [subject for subject, at in retired.items() if at is not None]
    catalogue = {}
    if workflow.published_id is not None:
        catalogue = {row.subject_id: row for row in rows(workflow, team=False, only=done, size=MOST)}
    verdicts: dict[int, list[dict[str, str]]] = defaultdict(list)
    for decision in Decision.objects.of(workflow.pk, done).standing().select_related("region"):
        verdict = {"region": slug_of(decision.region), "verdict": decision.verdict}
        verdicts[decision.subject_id].append(verdict)
    found = {}
    for subject, name in Subject.objects.filter(pk__in=retired).values_list("pk", "external_id"):
        row = catalogue.get(subject)
        found[workflow.pk, subject] = {
            "open": row is None,
            "workflow": workflow.slug,
            "workflow_id": workflow.pk,
            "subject": subject,
            "name": name,
            "retired_at": row.retired_at.isoformat() if row and row.retired_at else None,
            "retired_reason": row.retired_reason if row else "",
            "consensus": {task: _said(finding) for task, finding in row.findings.items()} if row else {},
            "verdicts": verdicts[subject],
        }
    return found


def _said(finding: Any) -> dict[str, Any]:
    """What leads, not all of it: marks and long texts are fetched where they are wanted."""
    return {
        "answer": finding.lead.label if finding.lead else None,
        "asked": finding.asked,
        "probability": finding.lead.probability if finding.lead else None,
        "certainty": finding.certainty,
        "dispersion": finding.dispersion,
    }
