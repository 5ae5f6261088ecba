"""What the desk tells of an item: what it says, what was found in it, what was decided of it and of those like it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import get_language

from mining.science.intervals import wilson
from mining.services.similar_pairs import similar_to
from portal.pages.pictures import of_subjects
from projects.models import Decision, DeskNote, Media, Review, RuleHit, Subject, Verdict, Workflow
from projects.services import get_version
from projects.services.policies import FREE, current_version, policy_text
from projects.services.strikes import STRIKES, suggested
from projects.triage.policy import shown, verdict_of

HISTORY = 20
GROUP_LIMIT = 20_000
"""Decisions on a seller's items that are counted."""


@dataclass(frozen=True)
class Choice:
    """A category to cite. verdict: that the policy gives it everywhere today; empty where it gives none."""

    key: str
    title: str
    depth: int
    verdict: str


@dataclass(frozen=True)
class Like:
    subject: Subject
    picture: Media | None
    distance: float
    decisions: list[Decision]


@dataclass
class Card:
    """title, text, fields: what a buyer sees; links: of these those that are addresses. standing: by region;
    reviewed: it is in a second look, so that nothing of it is told."""

    subject: Subject
    title: str
    text: str
    fields: list[tuple[str, str]]
    links: list[str]
    attributes: list[tuple[str, str, str]]
    picture: Media | None
    standing: list[Decision] = field(default_factory=list)
    hits: list[RuleHit] = field(default_factory=list)
    group: str = ""
    reviewed: bool = False


def choices_of(workflow: Workflow) -> list[Choice]:
    """The categories of the policy that holds now, in reading order and the reader's language."""
    version = current_version(workflow.pk)
    if version is None:
        return []
    text = policy_text(version.pk)
    today = timezone.localdate()
    verdicts = {each.key: verdict_of(each, "", today) or "" for each, _parent, _depth in text.walk()}
    return [
        Choice(each.key, each.title, each.depth, verdicts[each.key])
        for each in shown(text, [get_language() or "en"])
    ]


def verdicts() -> list[dict[str, Any]]:
    """In the order of their keys, 1 to 6."""
    return [
        {"key": number, "value": verdict.value, "label": verdict.label, "cites": verdict not in FREE}
        for number, verdict in enumerate(Verdict, start=1)
    ]


def group_key(workflow: Workflow) -> str:
    """Under which metadata key items are grouped; empty: not."""
    desk = getattr(workflow, "desk", None)
    return desk.group_by if desk else ""


def cards_of(workflow: Workflow, subjects: Collection[Subject]) -> list[Card]:
    """In their order; as many queries for one as for a hundred."""
    viewer = get_version(workflow.published_id).definition.viewer if workflow.published_id else None
    ids = [subject.pk for subject in subjects]
    pictures = of_subjects(ids)
    labels = {each.key: (each.label, each.unit) for each in workflow.project.attributes.all()}
    standing: dict[int, list[Decision]] = {}
    for decision in (
        Decision.objects.of(workflow.pk, ids).shown().standing().select_related("region", "by", "rule")
    ):
        standing.setdefault(decision.subject_id, []).append(decision)
    hits: dict[int, list[RuleHit]] = {}
    found = RuleHit.objects.filter(rule__workflow=workflow, subject__in=ids).select_related("rule")
    for hit in found.order_by("rule_id", "-edition"):
        hits.setdefault(hit.subject_id, []).append(hit)
    key = group_key(workflow)
    again = Review.objects.filter(workflow=workflow, subject__in=ids, closed_at=None)
    reviewed = set(again.values_list("subject", flat=True))
    made = []
    for subject in subjects:
        told = {
            name: str(value) for name, value in subject.public_metadata.items() if value not in (None, "")
        }
        title_key, text_key = (viewer.title, viewer.text) if viewer else ("", "")
        made.append(
            Card(
                subject=subject,
                title=told.get(title_key) or subject.external_id,
                text=told.get(text_key, ""),
                fields=[(name, value) for name, value in told.items() if name not in (title_key, text_key)],
                links=[value for value in told.values() if value.startswith(("http://", "https://"))],
                attributes=[
                    (*labels.get(name, (name, "")), _plain(value))
                    for name, value in subject.attributes.items()
                ],
                picture=pictures.get(subject.pk),
                standing=standing.get(subject.pk, []),
                hits=hits.get(subject.pk, []),
                group=told.get(key, "") if key else "",
                reviewed=subject.pk in reviewed,
            )
        )
    return made


def like(workflow: Workflow, subject_id: int) -> list[Like]:
    """Those called similar to it, the nearest first, with their decisions."""
    near = similar_to(workflow.subject_set_id, subject_id)
    ids = [pk for pk, _distance in near]
    cards = (
        {card.subject.pk: card for card in cards_of(workflow, Subject.objects.filter(pk__in=ids))}
        if ids
        else {}
    )
    return [
        Like(cards[pk].subject, cards[pk].picture, distance, cards[pk].standing)
        for pk, distance in near
        if pk in cards
    ]


def history_of(workflow: Workflow, subject_id: int) -> list[Decision]:
    """All rows, undone ones and undoings too, the newest first."""
    rows = (
        Decision.objects.of(workflow.pk, [subject_id])
        .shown()
        .select_related("by", "rule", "region", "undoes")
    )
    return list(rows.order_by("-pk")[:HISTORY])


def notes_of(workflow: Workflow, subject_id: int) -> list[DeskNote]:
    return list(DeskNote.objects.filter(workflow=workflow, subject=subject_id).select_related("by"))


def group_history(workflow: Workflow, key: str, value: str) -> dict[str, Any]:
    """Of a seller: how many items, how many stand under each verdict (by what holds everywhere), how many of these are
    strikes, as a share of the decided ones with its 95 % interval, and what that suggests."""
    items = Subject.objects.filter(subject_set=workflow.subject_set_id, metadata__contains={key: value})
    ids = list(items.values_list("pk", flat=True)[:GROUP_LIMIT])
    newest = Decision.objects.of(workflow.pk, ids).shown().standing().filter(region=None).values("pk")
    counts = dict(
        Decision.objects.filter(pk__in=newest).values_list("verdict").annotate(n=Count("pk")).order_by()
    )
    strikes, decided = sum(counts.get(each.value, 0) for each in STRIKES), sum(counts.values())
    return {
        "items": len(ids),
        "decided": decided,
        "strikes": strikes,
        "share": (strikes / decided, *wilson(strikes, decided)) if decided else None,
        "suggested": suggested(workflow.desk.thresholds, strikes),
        "verdicts": [
            (verdict.label, counts[verdict.value]) for verdict in Verdict if verdict.value in counts
        ],
    }


def _plain(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
