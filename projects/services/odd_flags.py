"""Flags: that somebody holds a subject to be odd, with a #tag or without. They feed the list of unusual objects.

Flagging needs no look at what others said, so whoever is asked about a subject may do it before or after the answer.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.exceptions import Invalid, VoorwerpError
from projects.models import OddFlag, Subject, Volunteer
from projects.tasks.tags import normalised

MOST_TAGS = 10
"""Of one person on one subject."""

MOST_A_DAY = 1000
"""Flags of one person on all subjects of a project."""

OWN_SHOWN = 8


class TooMany(VoorwerpError):
    code = "too_many"
    status = 429
    permanent = False


def as_tag(text: str) -> str:
    """As tags are stored; empty stays empty. Raises Invalid."""
    if not text.strip():
        return ""
    try:
        return normalised(text)
    except ValueError as error:
        raise Invalid(_("The tag can't be used: %(why)s.") % {"why": error}) from None


@transaction.atomic
def flag_odd(*, subject: Subject, volunteer: Volunteer, tags: Iterable[str] = ("",)) -> list[str]:
    """The person's flags from here on stand beside their earlier ones; returns the new ones. Safe to repeat.

    Raises Invalid for what is no tag, TooMany beyond MOST_TAGS or MOST_A_DAY; then nothing is kept.
    """
    wanted = list(dict.fromkeys(as_tag(tag) for tag in tags))
    person = Volunteer.objects.select_for_update().get(pk=volunteer.person_id)
    here = set(flags_of(subject, person))
    new = [tag for tag in wanted if tag not in here]
    if not new:
        return []
    if len([tag for tag in here | set(new) if tag]) > MOST_TAGS:
        raise TooMany(_("You have given this one %(n)s tags: that is enough.") % {"n": MOST_TAGS})
    since = timezone.now() - timedelta(days=1)
    today = OddFlag.objects.filter(project=subject.project_id, volunteer=person, at__gt=since).count()
    if today + len(new) > MOST_A_DAY:
        raise TooMany(_("You have flagged %(n)s times in a day: go on tomorrow.") % {"n": MOST_A_DAY})
    OddFlag.objects.bulk_create(
        OddFlag(subject=subject, project_id=subject.project_id, volunteer=person, tag=tag) for tag in new
    )
    return new


def take_back(*, subject: Subject, volunteer: Volunteer, tags: Sequence[str] | None = None) -> int:
    """These flags of the person, or all of them, stand no more. Safe to repeat."""
    standing = OddFlag.objects.filter(
        subject=subject, volunteer_id=volunteer.person_id, taken_back_at__isnull=True
    )
    if tags is not None:
        standing = standing.filter(tag__in=tags)
    return standing.update(taken_back_at=timezone.now())


def flags_of(subject: Subject, volunteer: Volunteer) -> list[str]:
    """The person's own that stand, in the order in which they were given."""
    own = OddFlag.objects.filter(
        subject=subject, volunteer_id=volunteer.person_id, taken_back_at__isnull=True
    )
    return list(own.order_by("pk").values_list("tag", flat=True))


def own_tags(project_id: int, volunteer: Volunteer) -> list[str]:
    """The tags that the person gave last in the project, to offer again; nobody else's."""
    own = OddFlag.objects.filter(
        project=project_id, volunteer_id=volunteer.person_id, taken_back_at__isnull=True
    )
    newest = own.exclude(tag="").values("tag").annotate(last=Max("pk"), n=Count("pk")).order_by("-last")
    return [row["tag"] for row in newest[:OWN_SHOWN]]
