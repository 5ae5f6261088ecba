"""Pair subjects: subjects that are made of two others, to be compared."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import Media, PairMember, Subject, SubjectSet
from projects.pairing import MOST_PAIRS, Pair
from projects.services.import_subjects import NewMedia, NewSubject, import_subjects

BETWEEN = " ~ "
"""In a pair's own name, between those of its members."""


@transaction.atomic
def make_pairs(
    subject_set: SubjectSet, pairs: Sequence[Pair], metadata: Mapping[Pair, dict[str, Any]] | None = None
) -> int:
    """Pairs of the project's subjects come into the set; returns how many are new. One with the same members in the
    same order is known by its name. All or nothing: raises Invalid for a name that nobody has, for a member with
    itself, for a member that is a pair or has no picture, and for more than MOST_PAIRS."""
    if len(pairs) > MOST_PAIRS:
        raise Invalid(
            _("%(n)d pairs are too many at once: %(most)d are the most.")
            % {"n": len(pairs), "most": MOST_PAIRS}
        )
    names = {name for pair in pairs for name in pair}
    rows = Subject.objects.filter(project=subject_set.project_id, source="", external_id__in=names)
    known = {subject.external_id: subject for subject in rows.prefetch_related("media", "members")}
    for one, other in pairs:
        if one == other:
            raise Invalid(_("%(name)s is paired with itself.") % {"name": one})
        for name in (one, other):
            if name not in known:
                raise Invalid(_("The project has no subject %(name)s.") % {"name": name[:80]})
            if known[name].members.all() or not known[name].media.all():
                raise Invalid(_("%(name)s is a pair itself, or has no picture.") % {"name": name})
    new = [
        NewSubject(
            f"{one}{BETWEEN}{other}",
            [_first(known[one]), _first(known[other])],
            (metadata or {}).get((one, other), {}),
        )
        for one, other in dict.fromkeys(pairs)
    ]
    if long := next((each.external_id for each in new if len(each.external_id) > 200), None):
        raise Invalid(_("%(name)s: both names together have more than 200 letters.") % {"name": long[:80]})
    made = import_subjects(subject_set, new)
    there = Subject.objects.filter(
        project=subject_set.project_id, external_id__in=[each.external_id for each in new], members=None
    )
    whole = {f"{one}{BETWEEN}{other}": (one, other) for one, other in pairs}
    PairMember.objects.bulk_create(
        [
            PairMember(pair=pair, position=position, member=known[name])
            for pair in there
            for position, name in enumerate(whole[pair.external_id])
        ],
        batch_size=1000,
    )
    return made


def _first(subject: Subject) -> NewMedia:
    media: Media = subject.media.all()[0]
    fields = ("path", "mime", "width", "height", "alt", "sha256")
    return NewMedia(**{name: getattr(media, name) for name in fields})
