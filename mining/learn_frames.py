"""The seam's part for classifiers: votes as counts by subject, and what there is to see of a subject.

Loads polars: for jobs and commands, never for a web process.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from django.core.files.storage import storages
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from mining.models import Embedding
from mining.science.classifiers.blocks import Raw, Table
from mining.science.classifiers.encoders import Encoder, encoder
from mining.science.classifiers.encoders import text as characters
from mining.science.confusion import Array
from mining.subject_frames import attributes_of
from projects.models import Media, Subject, Workflow
from projects.services import get_version
from projects.tasks.base import NONE

PICTURE, TEXT, ATTRIBUTES = "picture", "text", "attributes"
AT_ONCE = 64  # pictures
KEEP = """
INSERT INTO mining_embedding (encoder, content, vector) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Counted:
    """counts [N, K]: votes by subject and answer, each as much as its volunteer weighs."""

    subjects: list[int]
    counts: Array


def counted(votes: pl.DataFrame, path: str, answers: list[str], weights: dict[int, float]) -> Counted:
    """votes: mining/frames.py's form. A person's first vote on a subject; those for answers not asked for are left out.
    Subjects by id."""
    first = votes.filter(pl.col("task") == path, pl.col("key") != NONE).unique(
        ["subject", "volunteer"], keep="first", maintain_order=True
    )
    first = first.select("subject", "volunteer", pl.col("key").cast(pl.String)).filter(
        pl.col("key").is_in(answers)
    )
    subjects = np.unique(first["subject"].to_numpy())
    counts = np.zeros((len(subjects), len(answers)))
    codes = {key: code for code, key in enumerate(answers)}
    key = np.array([codes[each] for each in first["key"].to_list()], dtype=np.int64)
    weight = np.array([weights.get(each, 1.0) for each in first["volunteer"].to_list()])
    np.add.at(counts, (np.searchsorted(subjects, first["subject"].to_numpy()), key), weight)
    some = counts.sum(axis=1) > 0
    return Counted(subjects[some].tolist(), counts[some])


class Sources:
    """What there is to see of a workflow's subjects, by the name of the source: `picture:ENCODER`, `text:ID`,
    `attributes`. told: called after each batch of pictures with how many are done."""

    def __init__(self, workflow: Workflow, subjects: Iterable[int]) -> None:
        self.workflow = workflow
        self.subjects = sorted(subjects)
        self._media = {
            media.subject_id: media
            for some in batched(self.subjects, 5000)
            for media in Media.objects.filter(subject_id__in=some, position=0, mime__startswith="image/")
        }
        self._made: dict[str, Raw] = {}

    def names(self, picture: str) -> list[str]:
        """All that this workflow's subjects have. picture: the name of the encoder for pictures."""
        found = [f"{PICTURE}:{picture}"] if self._media else []
        if self._card():
            found.append(f"{TEXT}:{characters.ID}")
        if self.workflow.project.attributes.exists():
            found.append(ATTRIBUTES)
        return found

    def groups(self) -> list[str]:
        """By subject: the same where they show the same picture."""
        return [
            self._media[subject].sha256 or str(subject) if subject in self._media else str(subject)
            for subject in self.subjects
        ]

    def raw(self, name: str, told: Callable[[int], object] = lambda done: None) -> Raw:
        """Rows in the order of `subjects`. EncoderMissing: it can't be made here."""
        if name not in self._made:
            kind, _colon, which = name.partition(":")
            if kind == PICTURE:
                self._made[name] = self._pictures(encoder(which), told)
            elif kind == TEXT and which == characters.ID:
                self._made[name] = characters.hashed(self._texts())
            elif kind == ATTRIBUTES:
                self._made[name] = self._table()
            else:
                raise ValueError(f"no source {name}")
        return self._made[name]

    def _card(self) -> list[str]:
        if self.workflow.published_id is None:
            return []
        return list(get_version(self.workflow.published_id).definition.viewer.card)

    def _texts(self) -> list[str]:
        card, texts = self._card(), {}
        for some in batched(self.subjects, 5000):
            for pk, metadata in Subject.objects.filter(pk__in=some).values_list("pk", "metadata"):
                texts[pk] = " ".join(str(metadata[key]) for key in card if metadata.get(key) is not None)
        return [texts.get(subject, "") for subject in self.subjects]

    def _table(self) -> Table:
        frame, _notes = attributes_of(self.workflow, self.subjects)
        numbers = {c: frame[c].to_numpy() for c in frame.columns if frame[c].dtype == pl.Float64}
        texts = {c: frame[c].to_list() for c in frame.columns if frame[c].dtype == pl.String}
        filled = {name: np.where(np.isfinite(each), each, np.nan) for name, each in numbers.items()}
        return Table(filled, texts, len(self.subjects))

    def _pictures(self, made: Encoder, told: Callable[[int], object]) -> np.ndarray:
        """From the cache where it has them; what is new goes into it at once, whatever becomes of the run."""
        found = np.full((len(self.subjects), made.width), np.nan, dtype=np.float16)
        rows: dict[str, list[int]] = {}
        for at, subject in enumerate(self.subjects):
            media = self._media.get(subject)
            if media is not None and (content := media.sha256 or _hash(media)):
                rows.setdefault(content, []).append(at)
        for some in batched(rows, 1000):
            for content, vector in Embedding.objects.filter(encoder=made.id, content__in=some).values_list(
                "content", "vector"
            ):
                found[rows.pop(content)] = np.frombuffer(vector, dtype="<f2")
        other = connection.copy()
        try:
            for number, some in enumerate(batched(rows, AT_ONCE)):
                told(number * AT_ONCE)
                files = [_read(self._media[self.subjects[rows[content][0]]]) or b"" for content in some]
                vectors = made.encode(files).astype("<f2")
                _keep(other, made.id, some, vectors)
                for content, vector in zip(some, vectors, strict=True):
                    found[rows[content]] = vector
        finally:
            other.close()
        return found

    def missing_pictures(self, name: str) -> int:
        """How many subjects' pictures could not be read."""
        raw = self._made.get(name)
        return int(np.isnan(raw[:, 0]).sum()) if isinstance(raw, np.ndarray) else 0


def batched(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """In lists of at most `size`."""
    listed = list(rows)
    yield from (listed[at : at + size] for at in range(0, len(listed), size))


def _keep(other: BaseDatabaseWrapper, encoder_id: str, contents: list[str], vectors: Any) -> None:
    with other.cursor() as cursor:
        rows = [
            (encoder_id, content, vector.tobytes()) for content, vector in zip(contents, vectors, strict=True)
        ]
        cursor.executemany(KEEP, rows)


def _read(media: Media) -> bytes | None:
    """None where it lies elsewhere on the web, or is missing."""
    try:
        with storages["default"].open(media.path) as file:
            return bytes(file.read())
    except (OSError, ValueError):
        return None


def _hash(media: Media) -> str | None:
    content = _read(media)
    return hashlib.sha256(content).hexdigest() if content is not None else None
