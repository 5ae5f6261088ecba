"""What people of the team say of pairs of pictures, and the threshold that follows. Loads no arrays."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from mining.models import AttributeRun, PairJudgement, PictureHash, SimilarityChoice, SimilarPair
from mining.science.thresholds import majority
from mining.services.attribute_runs import ask
from projects.exceptions import Invalid
from projects.models import Media

ENOUGH = 3
"""Voices that settle a pair, as far as asking goes; whoever wants to may add theirs."""
Measure = SimilarityChoice.Measure
MOST_OF = {Measure.BITS: 64.0, Measure.COSINE: 2.0}
"""The greatest distance that there is."""


@dataclass(frozen=True)
class Judged:
    """A pair with what is said of it. similar: by most voices, None at a tie."""

    pair: SimilarPair
    yes: int
    no: int
    similar: bool | None

    def distance(self, measure: str) -> float | None:
        value = self.pair.bits if measure == Measure.BITS else self.pair.cosine
        return None if value is None else float(value)


def judge(pair: SimilarPair, similar: bool, by: AbstractBaseUser) -> PairJudgement:
    """Say it, or say otherwise than before: a dated row each time. Safe to send twice."""
    newest = pair.judgements.filter(by_id=by.pk).last()
    if newest is not None and newest.similar == similar:
        return newest
    return PairJudgement.objects.create(pair=pair, similar=similar, by_id=by.pk)


def next_pair(set_id: int, by: AbstractBaseUser) -> SimilarPair | None:
    """The pair to ask somebody of: first those that others have begun, then new ones, then those with voices enough.
    None where they have judged all that is asked."""
    mine = PairJudgement.objects.filter(by_id=by.pk).values("pair_id")
    asked = SimilarPair.objects.filter(subject_set=set_id, turn__isnull=False).exclude(pk__in=mine)
    voices = asked.annotate(voices=Count("judgements__by", distinct=True))
    begun = voices.filter(voices__gt=0, voices__lt=ENOUGH).order_by("-voices", "turn")
    found: SimilarPair | None = (
        begun.first()
        or voices.filter(voices=0).order_by("turn").first()
        or voices.order_by("voices", "turn").first()
    )
    return found


def judged_pairs(set_id: int) -> list[Judged]:
    """All pairs of a set of which somebody has said something, by id."""
    rows = (
        PairJudgement.objects.filter(pair__subject_set=set_id)
        .order_by("pk")
        .values_list("pair_id", "by_id", "pk", "similar")
    )
    voices: dict[int, dict[tuple[int | None, int], bool]] = {}
    for pair, by, pk, similar in rows:  # who has left the site keeps a voice for each thing they said
        voices.setdefault(pair, {})[by, 0 if by else pk] = similar
    pairs = SimilarPair.objects.select_related("first", "second").in_bulk(voices)
    return [_judged(pairs[pk], list(voices[pk].values())) for pk in sorted(voices)]


def _judged(pair: SimilarPair, voices: list[bool]) -> Judged:
    return Judged(pair, sum(voices), len(voices) - sum(voices), majority(voices))


def decided(pairs: Iterable[Judged], measure: str) -> tuple[list[Judged], list[bool], list[float]]:
    """Pairs with a majority and a distance by this measure, their majorities and distances."""
    found = [
        (each, each.similar, each.distance(measure))
        for each in pairs
        if each.similar is not None and each.distance(measure) is not None
    ]
    return (
        [each for each, _similar, _distance in found],
        [bool(similar) for _each, similar, _distance in found],
        [float(distance or 0) for _each, _similar, distance in found],
    )


def choose(
    set_id: int, measure: str, threshold: float, *, note: str = "", by: AbstractBaseUser | None = None
) -> SimilarityChoice:
    """From here on pairs of the set that are nearer than this are called similar. Raises Invalid."""
    if measure not in Measure.values:
        raise Invalid(_("Choose by which distance pairs are compared."))
    most = MOST_OF[Measure(measure)]
    if not isfinite(threshold) or not 0 < threshold <= most:
        raise Invalid(_("A threshold is a number above 0, at most %(most)g.") % {"most": most})
    return SimilarityChoice.objects.create(
        subject_set_id=set_id, measure=measure, threshold=threshold, note=note, by_id=by.pk if by else None
    )


def chosen(set_id: int) -> SimilarityChoice | None:
    """The threshold that stands; None: nothing is called similar."""
    return SimilarityChoice.objects.filter(subject_set=set_id).select_related("by").first()


def called_similar(choice: SimilarityChoice) -> QuerySet[Any]:
    """The pairs of its set that are nearer than the threshold, with their `distance`."""
    pairs = SimilarPair.objects.filter(subject_set=choice.subject_set_id)
    return pairs.filter(**{f"{choice.measure}__lt": choice.threshold}).annotate(distance=F(choice.measure))


def similar_to(set_id: int, subject_id: int, most: int = 6) -> list[tuple[int, float]]:
    """(subject, distance) of those called similar to one, the nearest first."""
    choice = chosen(set_id)
    if choice is None:
        return []
    pairs = called_similar(choice).filter(Q(first=subject_id) | Q(second=subject_id))
    return [
        (pair.second_id if pair.first_id == subject_id else pair.first_id, pair.distance)
        for pair in pairs.order_by("distance", "pk")[:most]
    ]


def ask_for_due() -> list[AttributeRun]:
    """Where pictures have come since the newest look, or people have judged pairs: look again. Only in sets that
    somebody has had looked at once."""
    looked = (
        AttributeRun.objects.filter(kind=AttributeRun.Kind.SIMILARITY)
        .values("workflow__subject_set")
        .annotate(newest=Max("pk"))
        .values_list("newest", flat=True)
    )
    return [
        ask(run.workflow, AttributeRun.Kind.SIMILARITY, with_open=True, seed=run.seed)
        for run in AttributeRun.objects.filter(pk__in=list(looked)).select_related("workflow")
        if run.status == AttributeRun.Status.DONE
        and _is_behind(run)  # one that failed is for somebody to look at
    ]


def _is_behind(run: AttributeRun) -> bool:
    set_id = run.workflow.subject_set_id
    since = run.started_at or run.finished_at
    if PairJudgement.objects.filter(pair__subject_set=set_id, at__gt=since).exists():
        return True
    pictures = Media.objects.filter(subject__subject_set=set_id, position=0, mime__startswith="image/")
    return pictures.count() != PictureHash.objects.filter(media__subject__subject_set=set_id).count()
