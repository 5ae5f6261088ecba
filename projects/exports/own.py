"""All that is held of one person, for that person: a zip of JSON and CSV, written while it is sent.

Whether an answer counted is left out: that would tell which subjects were hidden checks.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from projects.exports.columns import Column
from projects.exports.stream import cell, csv_pieces
from projects.models import (
    Block,
    Classification,
    Collection,
    Consent,
    Cursor,
    Favourite,
    Grant,
    Lease,
    Look,
    OddFlag,
    Sitting,
    Volunteer,
    Weight,
)

ANSWERS: list[Column[Classification]] = [
    Column("id", "The random id that your browser gave it", lambda c: str(c.uuid)),
    Column("volunteer", "Which of your random ids gave it", lambda c: str(c.volunteer.public_id)),
    Column("project", "The project's address", lambda c: c.workflow.project.slug),
    Column("workflow", "The workflow's address", lambda c: c.workflow.slug),
    Column("version", "Of the workflow", lambda c: c.version.number),
    Column("subject", "The subject's number on this site", lambda c: c.subject_id),
    Column("answers", "What you answered, task by task, as JSON", lambda c: c.annotations),
    Column("began", "By your device's clock", lambda c: c.started_at),
    Column("ended", "By your device's clock", lambda c: c.finished_at),
    Column("received", "By our clock", lambda c: c.received_at),
    Column("corrects", "The id of the answer that it corrects", lambda c: c.supersedes and str(c.supersedes.uuid)),
    Column("browser", "Language and window size, as JSON", lambda c: c.metadata),
]  # fmt: skip


class _Sink(io.RawIOBase):
    """Where the zip is written to: `take` gives what has come since the last time."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def zip_pieces(aliases: list[Volunteer], more: dict[str, Any]) -> Iterator[bytes]:
    """`more`: what other rooms know of the person, such as the account; it goes into me.json beside ours."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in (
            ("me.json", iter([_json(more | held(aliases))])),
            ("answers.json", _answers_json(aliases)),
            ("answers.csv", csv_pieces(ANSWERS, _answers(aliases))),
        ):
            with archive.open(name, "w") as entry:
                for piece in pieces:
                    entry.write(piece.encode())
                    if data := sink.take():
                        yield data
    yield sink.take()


def held(aliases: list[Volunteer]) -> dict[str, Any]:
    """All but the answers."""
    of = {"volunteer__in": aliases}
    holders = {"holder__in": [alias.public_id for alias in aliases]}
    return {
        "volunteers": [
            {"id": a.public_id, "since": a.created_at, "source": a.source, "name_for_credit": a.credit_name}
            for a in aliases
        ],
        "consents": list(Consent.objects.filter(**of).order_by("at").values("version", "at")),
        "favourites": list(Favourite.objects.filter(**of).values("subject", "at")),
        "collections": [_collection(c) for c in Collection.objects.filter(**of).select_related("project")],
        "flagged_as_odd": list(
            OddFlag.objects.filter(**of).order_by("at").values("subject", "tag", "at", "taken_back_at")
        ),
        "looked_at_others_answers": list(
            Look.objects.filter(**of).order_by("at").values("workflow", "subject", "at")
        ),
        "exams": list(
            Sitting.objects.filter(**of)
            .order_by("started_at")
            .values("workflow__slug", "started_at", "finished_at", "score", "passed")
        ),
        "qualifications": list(
            Grant.objects.filter(**of)
            .order_by("at")
            .values("qualification__title", "at", "until", "revoked_at")
        ),
        "blocks": list(
            Block.objects.filter(**of)
            .order_by("at")
            .values("project__slug", "at", "reason", "appeal", "appealed_at", "lifted_at", "lifted_reason")
        ),
        "weight_of_your_votes": list(
            Weight.objects.filter(**of).order_by("pk").values("workflow__slug", "at", "factor")
        ),
        "places_in_workflows": list(Cursor.objects.filter(**holders).values("workflow__slug", "at")),
        "reserved_for_you": list(
            Lease.objects.filter(**holders).values("workflow__slug", "subject", "expires_at")
        ),
    }


def _collection(collection: Collection) -> dict[str, Any]:
    return {
        "title": collection.title,
        "description": collection.description,
        "project": collection.project.slug,
        "shared": collection.is_public,
        "since": collection.created_at,
        "subjects": list(collection.items.values_list("subject", flat=True)),
    }


def _answers(aliases: list[Volunteer]) -> Iterator[Classification]:
    """By id, a thousand at a time."""
    rows = Classification.objects.filter(volunteer__in=aliases)
    rows = rows.select_related("workflow__project", "version__workflow", "volunteer", "supersedes")
    after = 0
    while page := list(rows.filter(pk__gt=after).order_by("pk")[:1000]):
        yield from page
        after = page[-1].pk


def _answers_json(aliases: list[Volunteer]) -> Iterator[str]:
    """A list with one answer a line."""
    before = "[\n"
    for row in _answers(aliases):
        yield before + _json({column.name: column.of(row) for column in ANSWERS}, indent=None)
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


def _json(value: Any, indent: int | None = 1) -> str:
    return json.dumps(
        value,
        ensure_ascii=False,
        indent=indent,
        default=lambda each: cell(each) if hasattr(each, "astimezone") else str(each),
    )
