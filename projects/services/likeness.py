"""Whether a person could tell hidden checks from the work by what they are shown: metadata, pictures, set.

Compared are up to MOST hidden checks with as many subjects of the work (ids are random, so the first by id are drawn by
chance). What is had by one kind much oftener than by the other is named: by MUCH more of them, and by more than chance
explains (a difference of Z standard errors). Of numbers, whether they tend to be greater on one side.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import sqrt

from django.utils.translation import gettext as _

from projects.models import Media, Subject, SubjectState, Use, Workflow

MOST = 2000
LEAST = 10
"""Of either kind, below which nothing can be said."""

MUCH = 0.15
Z = 4.0


@dataclass
class Looks:
    """What can be seen of one subject. traits: words for what it has; numbers: by metadata key."""

    traits: set[str] = field(default_factory=set)
    numbers: dict[str, float] = field(default_factory=dict)


def likeness(workflow: Workflow) -> list[str]:
    """Sentences for the team, the clearest first; one sentence where nothing tells. Four queries, two of MOST rows."""
    checks, work = _looks(workflow, Use.CHECK), _looks(workflow, Use.WORK)
    numbers = {"checks": len(checks), "work": len(work)}
    if not checks:
        return []
    if min(len(checks), len(work)) < LEAST:
        return [
            _("Too few to say whether hidden checks (%(checks)d) look like the work (%(work)d).") % numbers
        ]
    found = sorted(chain(_traits(checks, work), _numbers(checks, work)), reverse=True)
    if not found:
        return [
            _(
                "Hidden checks look like the work: nothing in metadata, pictures or sets tells them "
                "(%(checks)d and %(work)d compared)."
            )
            % numbers
        ]
    return [_("A person could tell hidden checks from the work: %(how)s") % {"how": how} for _z, how in found]


def _looks(workflow: Workflow, use: Use) -> list[Looks]:
    states = SubjectState.objects.filter(workflow=workflow, use=use).order_by("subject_id")
    ids = list(states.values_list("subject_id", flat=True)[:MOST])
    found: dict[int, Looks] = {}
    for subject in Subject.objects.filter(pk__in=ids).select_related("subject_set"):
        looks = found[subject.pk] = Looks({_("the set “%(title)s”") % {"title": subject.subject_set.title}})
        for key, value in subject.public_metadata.items():
            looks.traits.add(_("“%(key)s” among the metadata") % {"key": key})
            if (number := _number(value)) is not None:
                looks.numbers[key] = number
            else:
                looks.traits.add(_("“%(key)s: %(value)s”") % {"key": key, "value": str(value)[:60]})
    media = Counter(picture for picture in _media(found) if picture)
    for (subject_id, trait), count in media.items():
        found[subject_id].traits.add(trait if count == 1 else f"{count} × {trait}")
    return list(found.values())


def _media(ids: Iterable[int]) -> Iterable[tuple[int, str]]:
    for picture in Media.objects.filter(subject_id__in=list(ids)):
        size = f"{picture.width} × {picture.height}" if picture.width else picture.mime
        yield picture.subject_id, _("a picture of %(size)s") % {"size": size}
        name = re.sub(r"\d+", "0", picture.path.rpartition("/")[2].partition(".")[0])
        yield picture.subject_id, _("a file named like “%(name)s”") % {"name": name}


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def _traits(checks: Sequence[Looks], work: Sequence[Looks]) -> Iterable[tuple[float, str]]:
    with_trait = [Counter(chain.from_iterable(each.traits for each in some)) for some in (checks, work)]
    for trait in with_trait[0].keys() | with_trait[1].keys():
        n, m = with_trait[0][trait], with_trait[1][trait]
        p, q, both = n / len(checks), m / len(work), (n + m) / (len(checks) + len(work))
        error = sqrt(both * (1 - both) * (1 / len(checks) + 1 / len(work)))
        if abs(p - q) > MUCH and abs(p - q) > Z * error:
            values = {"checks": round(100 * p), "work": round(100 * q), "trait": trait}
            yield (
                abs(p - q) / error,
                _("%(checks)d %% of them and %(work)d %% of the others have %(trait)s.") % values,
            )


def _numbers(checks: Sequence[Looks], work: Sequence[Looks]) -> Iterable[tuple[float, str]]:
    """By the rank sum (Mann and Whitney 1947), ties sharing their ranks."""
    for key in {key for each in checks for key in each.numbers}:
        known, others = (
            [each.numbers[key] for each in some if key in each.numbers] for some in (checks, work)
        )
        if min(len(known), len(others)) < LEAST:
            continue
        greater = _greater(known, others)
        error = sqrt((len(known) + len(others) + 1) / (12 * len(known) * len(others)))
        if abs(greater - 0.5) > MUCH and abs(greater - 0.5) > Z * error:
            words = {"key": key, "share": round(100 * max(greater, 1 - greater))}
            told = _("“%(key)s” is greater on them in %(share)d of 100 pairs of a check and another.")
            if greater < 0.5:
                told = _("“%(key)s” is smaller on them in %(share)d of 100 pairs of a check and another.")
            yield abs(greater - 0.5) / error, told % words


def _greater(known: Sequence[float], others: Sequence[float]) -> float:
    """Share of pairs in which the known one is greater; a tie is half a pair."""
    below, total = 0.0, Counter(others)
    theirs = sorted(total)
    at, passed = 0, 0
    for value in sorted(known):
        while at < len(theirs) and theirs[at] < value:
            passed += total[theirs[at]]
            at += 1
        below += passed + total[value] / 2
    return below / (len(known) * len(others))
