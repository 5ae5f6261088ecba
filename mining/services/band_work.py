"""What bands do: which open subjects lie in them, decisions, moves to a lane. Loads no arrays."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from mining.models import Band, BandCut, BandHit
from projects.chance import drawn
from projects.models import Decision, SubjectState, Triage, Use, Workflow
from projects.services.decisions import AUDIT, Decider, Judged, decide_all
from projects.services.lane_moves import Which, put_in
from projects.services.machine import floor_of
from projects.services.policies import current_version, policy_text

BATCH = 200
"""Subjects in one transaction."""
NAMESPACE = uuid.UUID("0c9b7f0e-54f5-4a0f-9a55-7a1f3a6a3b02")
BETWEEN = " · "
State = Band.State

# The score is what the version gives to those of its answers that are one of the band's verdicts.
IN_BAND = """
  FROM mining_prediction p
  JOIN projects_subjectstate s ON s.workflow_id = %(workflow)s AND s.subject_id = p.subject_id
   AND s.retired_at IS NULL AND s.use = 0
 CROSS JOIN LATERAL (
   SELECT coalesce(sum(e.value::float8), 0) AS score
     FROM jsonb_array_elements_text(p.probabilities) WITH ORDINALITY AS e (value, at)
    WHERE e.at = ANY(%(places)s)) x
 WHERE p.version_id = %(version)s AND x.score >= %(threshold)s
"""

# What waits in live bands whose cut is of the champion and of the answers' meaning now; what is to be decided, only
# after as many people as the team wants at least.
WAITING = """
SELECT h.id, h.subject_id FROM mining_bandhit h
  JOIN mining_band b ON b.cut_id = h.cut_id AND b.workflow_id = %(workflow)s AND b.state = 'live'
  JOIN mining_bandcut c ON c.id = h.cut_id AND c.edition = b.edition AND c.meaning = %(meaning)s::jsonb
  JOIN mining_modelversion v ON v.id = c.version_id AND v.state = 'champion'
  JOIN projects_subjectstate s ON s.workflow_id = b.workflow_id AND s.subject_id = h.subject_id
 WHERE h.looked_at IS NULL
   AND (b.lane_id IS NOT NULL OR s.answered >= %(people)s OR s.retired_at IS NOT NULL)
 ORDER BY h.subject_id LIMIT %(most)s FOR UPDATE OF h SKIP LOCKED
"""


def meaning_of(triage: Triage) -> dict[str, Any]:
    """Which verdict each answer is, as cuts keep it."""
    return {"task": triage.task, "verdicts": triage.verdicts}


def places_of(verdicts: Sequence[str], answers: Sequence[str], meaning: dict[str, str]) -> list[int]:
    """Of the answers that are one of these verdicts, counted from 0."""
    return [at for at, key in enumerate(answers) if meaning.get(key) in verdicts]


def holds(workflow: Workflow, cut: BandCut) -> int:
    """How many open subjects lie at or above the cut now."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {IN_BAND}", _values(workflow, cut))
        return int(cursor.fetchone()[0])


def sort(workflow: Workflow, cut: BandCut) -> int:
    """Keep which open subjects lie in the band, those that are kept already once; returns how many are new."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO mining_bandhit (cut_id, subject_id, score) SELECT %(cut)s, p.subject_id, x.score {IN_BAND}"
            " ON CONFLICT DO NOTHING",
            _values(workflow, cut),
        )
        return cursor.rowcount


def sort_all(workflow: Workflow) -> None:
    """After the champion has told of more subjects."""
    for band in workflow.bands.filter(state__in=(State.BACKGROUND, State.LIVE), cut__threshold__isnull=False):
        assert band.cut is not None  # noqa: S101 (by the filter)
        sort(workflow, band.cut)


def tend_bands(most: int = 10_000) -> int:
    """Act on what waits in live bands, of every workflow; returns how many subjects were looked at. Safe to run twice,
    also at once: each batch is one transaction, and what somebody else has taken is passed over."""
    looked = 0
    for workflow in Workflow.objects.filter(bands__state=State.LIVE).distinct():
        while looked < most and (some := act(workflow)):
            looked += some
    return looked


@transaction.atomic
def act(workflow: Workflow, most: int = BATCH) -> int:
    """Take some of what waits: decide it, or send it to the band's lane.

    A decision that stands, whoever made it, is never changed by a model, and what was undone stays undone. A share of
    the decisions stays open (Band.audit): people answer it without knowing, and what they say is compared.
    """
    triage = Triage.objects.filter(workflow=workflow).first()
    if triage is None:
        return 0
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "workflow": workflow.pk,
            "most": most,
            "people": floor_of(workflow.pk),
            "meaning": json.dumps(meaning_of(triage)),
        }
        cursor.execute(WAITING, values)
        taken = [pk for pk, _subject in cursor.fetchall()]
    hits = list(
        BandHit.objects.filter(pk__in=taken).select_related("cut__band__lane").order_by("subject_id", "pk")
    )
    subjects = {hit.subject_id for hit in hits}
    states = SubjectState.objects.select_for_update().filter(workflow=workflow, subject_id__in=subjects)
    still_open = {
        state.subject_id
        for state in states.order_by("subject_id")
        if state.retired_at is None and state.use == Use.WORK
    }
    decided = _decide(workflow, [hit for hit in hits if hit.subject_id in still_open])
    _send(hits, still_open - {hit.subject_id for hit in hits if hit.pk in decided})
    now = timezone.now()
    for hit in hits:
        hit.looked_at, hit.decision = now, decided.get(hit.pk)
    BandHit.objects.bulk_update(hits, ["looked_at", "decision"])
    return len(hits)


def audited(band: Band, subject: int) -> bool:
    """Whether people answer this one as well: always the same of an edition."""
    return drawn(f"band {band.pk}/{band.edition}/{subject}") < band.audit


def label_of(cut: BandCut) -> str:
    """As decisions name who decided."""
    return f"{cut.band.title}{BETWEEN}{cut.version_id}"


def title_in(label: str) -> str:
    """The band's title out of such a label."""
    return label.rpartition(BETWEEN)[0]


def _decide(workflow: Workflow, hits: Sequence[BandHit]) -> dict[int, Decision]:
    """By hit."""
    deciding = [hit for hit in hits if hit.cut.band.lane_id is None]
    stands = {
        subject
        for subject, region in Decision.objects.of(workflow.pk, {hit.subject_id for hit in deciding})
        .standing()
        .values_list("subject_id", "region_id")
        if region is None
    }
    ids = {hit.pk: _id(hit) for hit in deciding}
    done = set(Decision.objects.filter(uuid__in=ids.values()).values_list("uuid", flat=True))
    version = current_version(workflow.pk)
    categories = {each.key for each, _p, _d in policy_text(version.pk).walk()} if version else set()
    made: dict[int, Decision] = {}
    by_cut: dict[int, list[BandHit]] = {}
    for hit in deciding:
        if hit.subject_id not in stands and ids[hit.pk] not in done:
            by_cut.setdefault(hit.cut_id, []).append(hit)
            stands.add(hit.subject_id)
    for some in by_cut.values():
        judged = [_judged(hit, ids[hit.pk], categories) for hit in some]
        decider = Decider.by_model(label_of(some[0].cut))
        told = decide_all(workflow=workflow, judged=judged, decider=decider)
        made |= {hit.pk: each.decision for hit, each in zip(some, told, strict=True)}
    return made


def _judged(hit: BandHit, given: uuid.UUID, categories: set[str]) -> Judged:
    """A band whose category is gone decides on, and cites none."""
    cut, band = hit.cut, hit.cut.band
    evidence = {
        "band": band.slug, "edition": band.edition, "version": cut.version_id, "score": hit.score,
        "cut": cut.threshold, "precision": [cut.hits, cut.of, cut.low],
    }  # fmt: skip
    if audited(band, hit.subject_id):
        evidence[AUDIT] = True
    category = band.category if band.category in categories else ""
    return Judged(hit.subject_id, band.verdicts[0], "", category, band.title, evidence, id=given)


def _send(hits: Sequence[BandHit], subjects: set[int]) -> None:
    """To the lanes of bands that have one, out of the common pool; a lane that is closed takes nothing, so people get
    the subject from the pool."""
    for hit in hits:
        lane = hit.cut.band.lane
        if lane is not None and lane.closed_at is None and hit.subject_id in subjects:
            put_in(lane, Which(ids=[hit.subject_id], pool=True), priority=hit.score)


def _id(hit: BandHit) -> uuid.UUID:
    """An edition decides a subject once, by whichever version: what was undone stays undone."""
    return uuid.uuid5(NAMESPACE, f"{hit.cut.band_id}/{hit.cut.edition}/{hit.subject_id}")


def _values(workflow: Workflow, cut: BandCut) -> dict[str, Any]:
    places = places_of(cut.band.verdicts, cut.version.answers, cut.meaning["verdicts"])
    return {
        "workflow": workflow.pk,
        "version": cut.version_id,
        "cut": cut.pk,
        "places": [at + 1 for at in places],
        "threshold": cut.threshold,
    }
