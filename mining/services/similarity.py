"""Look for similar pictures in a workflow's set: hash what is new, pair what is near, choose pairs to be judged, draw.

Workers only. Hashes are kept as they come, by the connection that tells progress, since they are right whatever becomes
of the run; all else is the run's one transaction. Each new picture costs one look-up in an index (science/likeness.py:
no near one is missed), however many there are. Cosines cost a product of matrices, so only the newest MOST pictures
that an encoder has seen (for a classifier) are compared by them.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from django.core.files.storage import storages
from django.db import connection
from django.db.models import Count

from mining.models import AttributeRun, Embedding, PictureHash, SimilarPair
from mining.reports.similarity_charts import measures
from mining.science.likeness import REACH, bands, cosine_distances, distance, phash, probes
from mining.services.attribute_charts import store_charts
from mining.services.attribute_runs import Told, worked_on
from mining.services.similar_pairs import judged_pairs
from projects.models import Media, Subject

AT_ONCE = 64
NEAREST = 20
"""Pairs kept of one new picture: a thousand copies of one stand-in picture would make a million."""
NEAREST_BY_COSINE = 3
MOST = 20_000
"""Pictures compared by cosine."""
BLOCK = 1024
LIKE = 0.35
"""Cosine distances above it are not looked for."""
EACH_STRATUM = 10
STRATA = (*range(REACH + 1), 12, 16, 20, 24, 28)
"""Bits at which a stratum begins: of each as many pairs are judged, so that both sides of any cut have some."""
DRAWN = 5000
"""Pairs drawn at random to fill the strata beyond REACH."""

KEEP = """
INSERT INTO mining_picturehash (media_id, bits, bands, paired) VALUES (%s, %s, %s, false) ON CONFLICT DO NOTHING
"""
NEAR = """
SELECT s.id, bit_count((h.bits # %(bits)s)::bit(64)) AS apart
  FROM mining_picturehash h
  JOIN projects_media m ON m.id = h.media_id AND m.position = 0
  JOIN projects_subject s ON s.id = m.subject_id
 WHERE h.bands && %(probes)s::int[] AND s.subject_set_id = %(set)s AND s.id <> %(subject)s
   AND bit_count((h.bits # %(bits)s)::bit(64)) <= %(reach)s
 ORDER BY apart, s.id LIMIT %(most)s
"""


def work(run: AttributeRun) -> None:
    """Do a run that waits; nothing where another process does it, or it has ended."""
    with worked_on(run) as told:
        if told is None:
            return
        set_id = run.workflow.subject_set_id
        with connection.cursor() as cursor:  # two runs of one set would pair the same
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x4C494B45, set_id])
        hashed = hash_new(set_id, told)
        paired = _pair_new(set_id)
        encoder, compared = _by_cosine(run, set_id)
        _choose_to_judge(run, set_id)
        hashes = PictureHash.objects.filter(media__subject__subject_set=set_id)
        run.report = {
            "pictures": hashes.count(), "without": hashes.filter(bits=None).count(), "hashed": hashed,
            "paired": paired, "encoder": encoder, "compared": compared,
            "judged": len(judged_pairs(set_id)),
        }  # fmt: skip
        store_charts(run, measures(set_id))


def hash_new(set_id: int, told: Told = lambda done, of: None) -> int:
    """The first pictures of a set that have no hash yet; how many there were. What can't be read gets an empty one."""
    new = Media.objects.filter(
        subject__subject_set=set_id, position=0, mime__startswith="image/", picture_hash=None
    )
    rows = list(new.order_by("pk").values_list("pk", "path"))
    other = connection.copy()
    try:
        for at in range(0, len(rows), AT_ONCE):
            told(at, len(rows))
            made = [(pk, phash(_read(path))) for pk, path in rows[at : at + AT_ONCE]]
            with other.cursor() as cursor:
                cursor.executemany(
                    KEEP, [(pk, bits, [] if bits is None else bands(bits)) for pk, bits in made]
                )
    finally:
        other.close()
    return len(rows)


def _read(path: str) -> bytes:
    """Empty where it lies elsewhere on the web, or is missing."""
    try:
        with storages["default"].open(path) as file:
            return bytes(file.read())
    except (OSError, ValueError):
        return b""


def _pair_new(set_id: int) -> int:
    """Near ones of each picture that has been hashed since; how many pairs there are more."""
    new = PictureHash.objects.filter(media__subject__subject_set=set_id, paired=False)
    rows = list(new.order_by("pk").values_list("pk", "media__subject_id", "bits"))
    found: dict[tuple[int, int], int | None] = {}
    with connection.cursor() as cursor:
        for _pk, subject, bits in rows:
            if bits is None:
                continue
            values: dict[str, Any] = {"bits": bits, "probes": probes(bits), "set": set_id, "subject": subject}
            cursor.execute(NEAR, values | {"reach": REACH, "most": NEAREST})
            for other, apart in cursor.fetchall():
                found[min(subject, other), max(subject, other)] = apart
    _keep(set_id, found)
    new.update(paired=True)
    return len(found)


def _keep(set_id: int, pairs: dict[tuple[int, int], int | None]) -> None:
    SimilarPair.objects.bulk_create(
        [
            SimilarPair(subject_set_id=set_id, first_id=first, second_id=second, bits=bits)
            for (first, second), bits in sorted(pairs.items())
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


def _by_cosine(run: AttributeRun, set_id: int) -> tuple[str, int]:
    """Pairs that are near by the encoder that has seen most of the set's pictures, and the cosine of each pair of which
    it has seen both. The encoder and how many pictures were compared; "" and 0 where none has seen two."""
    content = dict(
        Media.objects.filter(subject__subject_set=set_id, position=0)
        .exclude(sha256="")
        .order_by("-pk")
        .values_list("subject_id", "sha256")[:MOST]
    )
    seen = Embedding.objects.filter(content__in=set(content.values()))
    most = seen.values("encoder").annotate(n=Count("content")).order_by("-n", "encoder").first()
    SimilarPair.objects.filter(subject_set=set_id, cosine__isnull=False).update(cosine=None)
    if most is None:
        return "", 0
    vectors = dict(seen.filter(encoder=most["encoder"]).values_list("content", "vector"))
    numbers = {digest: np.frombuffer(vector, dtype="<f2") for digest, vector in vectors.items()}
    subjects = [
        s for s, digest in content.items() if digest in numbers and np.isfinite(numbers[digest]).all()
    ]
    if len(subjects) < 2:
        return "", 0
    table = np.array([numbers[content[subject]] for subject in subjects])
    found: dict[tuple[int, int], int | None] = {}
    for at in range(0, len(subjects), BLOCK):
        apart = cosine_distances(table[at : at + BLOCK], table)
        for row, near in enumerate(np.argsort(apart, axis=1, kind="stable")[:, : NEAREST_BY_COSINE + 1]):
            for column in near.tolist():
                if column != at + row and apart[row, column] <= LIKE:
                    one, other = subjects[at + row], subjects[column]
                    found[min(one, other), max(one, other)] = None
    _keep(set_id, found)
    _fill(set_id, dict(zip(subjects, table, strict=True)))
    return str(most["encoder"]), len(subjects)


def _fill(set_id: int, vectors: dict[int, Any]) -> None:
    """The cosine of each pair of which both are known, and the bits where a pair came in by cosine."""
    hashes = _hashes(set_id, vectors)
    known = set(vectors)
    rows = list(SimilarPair.objects.filter(subject_set=set_id, first__in=known, second__in=known))
    for row in rows:
        one, other = vectors[row.first_id], vectors[row.second_id]
        apart = float(cosine_distances(one[None], other[None])[0, 0])
        row.cosine = apart if np.isfinite(apart) else None
        if row.bits is None and row.first_id in hashes and row.second_id in hashes:
            row.bits = distance(hashes[row.first_id], hashes[row.second_id])
    SimilarPair.objects.bulk_update(rows, ["cosine", "bits"], batch_size=1000)


def _hashes(set_id: int, subjects: Iterable[int] | None = None) -> dict[int, int]:
    found = PictureHash.objects.filter(
        media__subject__subject_set=set_id, media__position=0, bits__isnull=False
    )
    if subjects is not None:
        found = found.filter(media__subject__in=list(subjects))
    return {pk: bits for pk, bits in found.values_list("media__subject_id", "bits") if bits is not None}


def _choose_to_judge(run: AttributeRun, set_id: int) -> None:
    """Fill each stratum of bits up to EACH_STRATUM, from what is paired, beyond REACH also from pairs drawn at random.
    What has been chosen stays."""
    rng = np.random.default_rng([run.seed, set_id, run.pk])
    pairs = SimilarPair.objects.filter(subject_set=set_id)
    have = [0] * len(STRATA)
    for bits in pairs.filter(turn__isnull=False, bits__isnull=False).values_list("bits", flat=True):
        have[_stratum(bits or 0)] += 1
    if min(have) >= EACH_STRATUM:
        return
    _keep(set_id, _drawn(set_id, rng, have))
    chosen = []
    rows = list(pairs.filter(turn=None, bits__isnull=False).only("bits").order_by("-pk")[:MOST])
    for at in rng.permutation(len(rows)):
        stratum = _stratum(rows[at].bits or 0)
        if have[stratum] < EACH_STRATUM:
            have[stratum] += 1
            rows[at].turn = float(rng.random())
            chosen.append(rows[at])
    SimilarPair.objects.bulk_update(chosen, ["turn"], batch_size=1000)


def _stratum(bits: int) -> int:
    return sum(bits >= start for start in STRATA) - 1


def _drawn(set_id: int, rng: Any, have: list[int]) -> dict[tuple[int, int], int | None]:
    """Random pairs for the strata beyond REACH that want some."""
    subjects = list(
        Subject.objects.filter(subject_set=set_id)
        .order_by("-created_at", "pk")
        .values_list("pk", flat=True)[:MOST]
    )
    hashes = _hashes(set_id, subjects)
    known = sorted(hashes)
    found: dict[tuple[int, int], int | None] = {}
    want = [max(0, EACH_STRATUM - n) if start > REACH else 0 for n, start in zip(have, STRATA, strict=True)]
    if len(known) < 2:
        return found
    for one, other in rng.integers(len(known), size=(DRAWN, 2)).tolist():
        pair = min(known[one], known[other]), max(known[one], known[other])
        bits = distance(hashes[pair[0]], hashes[pair[1]])
        if one != other and pair not in found and want[_stratum(bits)]:
            want[_stratum(bits)] -= 1
            found[pair] = bits
    return found
