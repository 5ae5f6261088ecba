"""Make, change, close and reopen a workflow's lanes, each as a dated record. Their subjects: lane_moves.py."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import CatalogueAttribute, Lane, LaneChange, Qualification, Workflow
from projects.services.lane_moves import (
    Which,
    check_attribute,
    check_where,
    numbers_and_categories,
    put_in,
    sort_anew,
)

MOST = 50
"""Open lanes of a workflow: each is read whenever somebody is handed work."""
MOST_PRIORITY = 1000

FIELDS = ("title", "source", "where", "priority", "requires", "order", "second_share", "third")
"""What a team sets, and may change."""

Where = Sequence[Sequence[Any]]
"""[comparison, attribute, value], all of which must hold, see lane_moves.py."""


@transaction.atomic
def make_lane(
    *,
    workflow: Workflow,
    title: str,
    slug: str = "",
    source: str = Lane.Source.TEAM,
    where: Where = (),
    priority: int = 0,
    requires: Sequence[str] = (),
    order: str = "",
    second_share: int = 0,
    third: str = "",
    by: AbstractBaseUser | None = None,
) -> Lane:
    """An open lane. One of source *matching* takes in what matches of the common pool now, and what comes later.

    slug: made of the title where it is not given, which no open lane may have then: a second click makes no second
    lane. Raises Invalid for a slug that is taken, a qualification or attribute
    that the project has not, and what can't be compared.
    """
    Workflow.objects.select_for_update(no_key=True).get(pk=workflow.pk)
    _check_room(workflow)
    if not slug and workflow.lanes.filter(title=title.strip(), closed_at=None).exists():
        raise Invalid(
            _("There is an open lane %(title)s already: choose another title.") % {"title": title.strip()}
        )
    slug = slug or _free_slug(workflow, title)
    if workflow.lanes.filter(slug=slug).exists():
        raise Invalid(_("The workflow has a lane %(slug)s already: choose another.") % {"slug": slug})
    fields: dict[str, Any] = {
        "title": title.strip(),
        "source": source,
        "where": [list(each) for each in where],
        "priority": priority,
        "requires": sorted(set(requires)),
        "order": order,
        "second_share": second_share,
        "third": third,
    }
    check_lane(workflow, fields)
    lane = Lane.objects.create(workflow=workflow, slug=slug, **fields)
    LaneChange.objects.create(
        lane=lane,
        by_id=by.pk if by else None,
        changes={name: [None, value] for name, value in fields.items()},
    )
    take_in_matching(lane, by=by)
    return lane


@transaction.atomic
def alter_lane(lane: Lane, *, by: AbstractBaseUser | None = None, **fields: Any) -> dict[str, list[Any]]:
    """Change some of FIELDS; returns what was and is, of those that differ.

    Another order places all that is in the lane anew. Another rule takes in what matches of the common pool; what no
    longer does stays until somebody moves it. Raises Invalid, and changes nothing, as `make_lane` does.
    """
    lane = Lane.objects.select_for_update().select_related("workflow").get(pk=lane.pk)
    if "where" in fields:
        fields["where"] = [list(each) for each in fields["where"]]
    if "title" in fields:
        fields["title"] = fields["title"].strip()
    if "requires" in fields:
        fields["requires"] = sorted(set(fields["requires"]))
    changes = {
        name: [getattr(lane, name), value] for name, value in fields.items() if getattr(lane, name) != value
    }
    if not changes:
        return {}
    stands = {name: getattr(lane, name) for name in FIELDS}
    check_lane(lane.workflow, stands | fields)
    for name, (_was, value) in changes.items():
        setattr(lane, name, value)
    lane.save()
    LaneChange.objects.create(lane=lane, by_id=by.pk if by else None, changes=changes)
    if "order" in changes:
        sort_anew(lane, by=by)
    if {"source", "where"} & changes.keys():
        take_in_matching(lane, by=by)
    return changes


@transaction.atomic
def close_lane(lane: Lane, *, by: AbstractBaseUser | None = None) -> bool:
    """Hands out nothing any more and takes nothing in; its subjects stay in it, behind its gate, until somebody moves
    them. What is on lease may be answered. False where it was closed."""
    lane = Lane.objects.select_for_update().get(pk=lane.pk)
    if lane.closed_at is not None:
        return False
    lane.closed_at = timezone.now()
    lane.save(update_fields=["closed_at"])
    LaneChange.objects.create(lane=lane, by_id=by.pk if by else None, changes={"open": [True, False]})
    return True


@transaction.atomic
def reopen_lane(lane: Lane, *, by: AbstractBaseUser | None = None) -> bool:
    """Hands out again, and takes in what has come meanwhile and matches. False where it was open."""
    Workflow.objects.select_for_update(no_key=True).get(pk=lane.workflow_id)
    lane = Lane.objects.select_for_update().select_related("workflow").get(pk=lane.pk)
    if lane.closed_at is None:
        return False
    _check_room(lane.workflow)
    lane.closed_at = None
    lane.save(update_fields=["closed_at"])
    LaneChange.objects.create(lane=lane, by_id=by.pk if by else None, changes={"open": [False, True]})
    take_in_matching(lane, by=by)
    return True


def take_in_matching(lane: Lane, *, by: AbstractBaseUser | None = None) -> int:
    """Of the common pool what matches the rule of an open lane of source *matching*; how many subjects came in."""
    if lane.source != Lane.Source.MATCHING or lane.closed_at is not None:
        return 0
    return put_in(lane, Which(where=lane.where, pool=True), by=by).moved


def check_lane(workflow: Workflow, fields: dict[str, Any]) -> None:
    """Raises Invalid with a sentence unless these fields make a lane of this workflow."""
    if not fields["title"] or len(fields["title"]) > 120:
        raise Invalid(_("Give the lane a title of 1 to 120 characters."))
    if type(fields["priority"]) is not int or abs(fields["priority"]) > MOST_PRIORITY:
        raise Invalid(
            _("The priority is a whole number from -%(most)d to %(most)d.") % {"most": MOST_PRIORITY}
        )
    if type(fields["second_share"]) is not int or not 0 <= fields["second_share"] <= 100:
        raise Invalid(_("The share that is looked at twice is a whole number from 0 to 100."))
    if fields["third"] and not workflow.lanes.filter(slug=fields["third"], closed_at=None).exists():
        raise Invalid(
            _("There is no open lane %(slug)s to which disagreements could go.")
            % {"slug": fields["third"][:50]}
        )
    if fields["source"] not in Lane.Source.values:
        raise Invalid(_("A lane's source is one of: %(all)s.") % {"all": ", ".join(Lane.Source.values)})
    have = set(Qualification.objects.filter(project=workflow.project_id).values_list("slug", flat=True))
    for slug in fields["requires"]:
        if slug not in have:
            raise Invalid(
                _("The project has no qualification %(slug)s; it has: %(all)s.")
                % {"slug": slug, "all": ", ".join(sorted(have)) or _("none")}
            )
    kinds = numbers_and_categories(workflow)
    if key := fields["order"].removeprefix("-"):
        check_attribute(key, kinds)
        if kinds[key] != CatalogueAttribute.Kind.NUMBER:
            raise Invalid(_("%(key)s is no number, so it orders nothing: choose another.") % {"key": key})
    if fields["source"] == Lane.Source.MATCHING and not fields["where"]:
        raise Invalid(_("Say which subjects come into the lane: an attribute, a comparison, a value."))
    check_where(workflow, fields["where"])


def _check_room(workflow: Workflow) -> None:
    if workflow.lanes.filter(closed_at=None).count() >= MOST:
        raise Invalid(_("At most %(n)d lanes can be open: close one first.") % {"n": MOST})


def _free_slug(workflow: Workflow, title: str) -> str:
    """Of the title; with a number where that is taken."""
    stem = slugify(title)[:40] or "lane"
    taken = set(workflow.lanes.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(
        slug for n in range(1, len(taken) + 2) if (slug := f"{stem}-{n}" if n > 1 else stem) not in taken
    )
