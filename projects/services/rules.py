"""Make and change rules, try them on the past, bring them to act, each as a dated record. What they do: rule_work.py"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from projects.conditions import ConditionError
from projects.exceptions import Invalid
from projects.models import (
    CatalogueAttribute,
    Decision,
    Media,
    Rule,
    RuleChange,
    Subject,
    SubjectState,
    Workflow,
)
from projects.services.lane_moves import numbers_and_categories
from projects.services.policies import check_category, check_verdict, current_version, get_region, slug_of
from projects.triage.conditions import Item, asks_for_files, check, evaluate, item

MOST = 200
"""Rules of a workflow that look at what arrives: each does at each."""
MOST_AT_ONCE = 20_000
"""Subjects that a trial reads: some seconds. Their ids are random, so the first of them are drawn at random."""
EXAMPLES = 20
WHAT = ("condition", "verdict", "region", "category")
"""A change of one of these makes another edition, which has found nothing yet and is to be tried."""
State = Rule.State


class MatchesAll(Invalid):
    """The trial found every subject: whoever brings the rule to act says that they mean it."""


@transaction.atomic
def make_rule(
    *,
    workflow: Workflow,
    title: str,
    condition: Any,
    verdict: str,
    slug: str = "",
    region: str = "",
    category: str = "",
    audit: float = 0.1,
    by: AbstractBaseUser | None = None,
) -> Rule:
    """A draft, which does nothing. Raises Invalid for a condition that can't be read (with the place), for an unknown
    verdict, region or category, and for a title or slug that is taken."""
    Workflow.objects.select_for_update(no_key=True).get(pk=workflow.pk)
    title = title.strip()[:120]
    if not title:
        raise Invalid(_("A rule has a title."))
    taken = set(workflow.rules.values_list("slug", flat=True))
    if slug in taken or (not slug and workflow.rules.filter(title=title).exists()):
        raise Invalid(
            _("There is a rule %(title)s already: choose another title.") % {"title": slug or title}
        )
    base = slugify(title)[:40] or "rule"
    slug = slug or next(s for s in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if s not in taken)
    fields = {"condition": condition, "verdict": verdict, "region": region, "category": category}
    checked = _checked(workflow, {"title": title, "audit": audit, **fields})
    rule = Rule.objects.create(workflow=workflow, slug=slug, **checked)
    _note(rule, {name: [None, value] for name, value in {"title": title, **fields}.items()}, by)
    return rule


@transaction.atomic
def alter_rule(rule: Rule, *, by: AbstractBaseUser | None = None, **fields: Any) -> dict[str, list[Any]]:
    """Change some of title, condition, verdict, region (its slug), category, audit; returns what was and is.

    Another condition, verdict, region or category makes it a draft again, of the next edition: what acts was tried as
    it is. Raises Invalid as `make_rule` does.
    """
    rule = Rule.objects.select_for_update(of=("self",)).select_related("workflow", "region").get(pk=rule.pk)
    stands = {name: getattr(rule, name) for name in ("title", "condition", "verdict", "category", "audit")}
    stands["region"] = slug_of(rule.region)
    changes = {name: [stands[name], value] for name, value in fields.items() if stands[name] != value}
    if not changes:
        return {}
    for name, value in _checked(rule.workflow, stands | fields).items():
        setattr(rule, name, value)
    if changes.keys() & set(WHAT):
        rule.edition += 1
        if rule.acts:
            changes["state"] = [rule.state, State.DRAFT]
            rule.state = State.DRAFT
    rule.save()
    _note(rule, changes, by)
    return changes


def try_rule(rule: Rule, *, most: int = MOST_AT_ONCE) -> dict[str, Any]:
    """What the rule would have found among the workflow's subjects, and of that what people decided, and otherwise.

    Kept with the rule, with the edition that it is of. Reads `most` subjects, drawn at random where there are more.
    """
    ids = list(
        SubjectState.objects.filter(workflow=rule.workflow_id)
        .order_by("subject_id")
        .values_list("subject_id", flat=True)[:most]
    )
    hits: list[int] = []
    for at in range(0, len(ids), 1000):
        for subject, it in items(rule.workflow, ids[at : at + 1000], [rule]):
            if evaluate(rule.condition, it)[0] is True:
                hits.append(subject)
    people = (Decision.Kind.PEOPLE, Decision.Kind.PERSON)
    decided = dict(
        Decision.objects.of(rule.workflow_id, hits)
        .filter(kind__in=people, region=rule.region_id)
        .standing()
        .values_list("subject_id", "verdict")
    )
    against = [subject for subject, verdict in decided.items() if verdict != rule.verdict]
    told: dict[str, Any] = {
        "edition": rule.edition,
        "at": timezone.now().isoformat(),
        "subjects": len(ids),
        "hits": len(hits),
        "decided": len(decided),
        "otherwise": len(against),
        "examples": hits[:EXAMPLES],
        "against": against[:EXAMPLES],
    }
    Rule.objects.filter(pk=rule.pk, edition=rule.edition).update(tried=told)
    rule.tried = told
    return told


def tried(rule: Rule) -> dict[str, Any] | None:
    """The trial of the rule as it stands; None where it was not tried since it was changed."""
    return rule.tried if rule.tried and rule.tried["edition"] == rule.edition else None


@transaction.atomic
def set_rule_state(rule: Rule, state: str, *, sure: bool = False, by: AbstractBaseUser | None = None) -> bool:
    """Draft: it does nothing. Background: its hits are kept, nothing is decided. Live: it decides. Closed: it is over.

    One that begins to act looks at all that is open, and then at what arrives. False where it was in that state. Raises
    Invalid for one that was not tried as it stands, and MatchesAll for one that found every subject, unless `sure`.
    """
    workflow = Workflow.objects.select_for_update(no_key=True).get(pk=rule.workflow_id)
    rule = Rule.objects.select_for_update().get(pk=rule.pk)
    if state not in State.values:
        raise Invalid(_("Choose what to do with the rule."))
    if rule.state == state:
        return False
    if state in (State.BACKGROUND, State.LIVE):
        trial = tried(rule)
        if trial is None:
            raise Invalid(_("Try the rule on the past first: it was changed, or never tried."))
        if trial["hits"] == trial["subjects"] > 0 and not sure:
            raise MatchesAll(
                _("The rule matches all %(n)d subjects that it was tried on. Is that what you mean?")
                % {"n": trial["subjects"]}
            )
        acting = workflow.rules.filter(state__in=(State.BACKGROUND, State.LIVE))
        if not rule.acts and acting.count() >= MOST:
            raise Invalid(_("At most %(n)d rules of a workflow look at what arrives.") % {"n": MOST})
    was, rule.state = rule.state, State(state)
    rule.save(update_fields=["state"])
    _note(rule, {"state": [was, state]}, by)
    if rule.acts:
        _look_at_all_that_is_open(workflow.pk)
    return True


def items(workflow: Workflow, subjects: Sequence[int], rules: Sequence[Rule]) -> Iterator[tuple[int, Item]]:
    """Subjects as these rules see them. Two queries, three where a rule asks for files."""
    missing = {
        each.key: each.sentinels
        for each in CatalogueAttribute.objects.filter(project=workflow.project_id)
        if each.sentinels
    }
    hashes: dict[int, list[str]] = {}
    if any(asks_for_files(rule.condition) for rule in rules):
        for subject, digest in Media.objects.filter(subject__in=subjects).values_list("subject_id", "sha256"):
            hashes.setdefault(subject, []).append(digest)
    rows = Subject.objects.filter(pk__in=subjects).values_list("pk", "attributes", "metadata")
    for pk, attributes, metadata in rows:
        yield pk, item(attributes, metadata, hashes.get(pk, ()), missing)


def _checked(workflow: Workflow, fields: dict[str, Any]) -> dict[str, Any]:
    """As they are stored. Raises Invalid."""
    try:
        check(fields["condition"], numbers_and_categories(workflow))
    except ConditionError as error:
        raise Invalid(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    check_verdict(fields["verdict"])
    version = current_version(workflow.pk)
    check_category(version.pk if version else None, fields["category"])
    if not 0 <= fields["audit"] <= 1:
        raise Invalid(_("The share that people answer as well is from 0 to 1."))
    return fields | {"region": get_region(workflow.project_id, fields["region"])}


def _note(rule: Rule, changes: dict[str, Any], by: AbstractBaseUser | None) -> None:
    RuleChange.objects.create(rule=rule, by_id=by.pk if by else None, changes=changes)


def _look_at_all_that_is_open(workflow: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO projects_arrival (workflow_id, subject_id)
            SELECT workflow_id, subject_id FROM projects_subjectstate
             WHERE workflow_id = %s AND retired_at IS NULL AND use = 0
            ON CONFLICT DO NOTHING
            """,
            [workflow],
        )
