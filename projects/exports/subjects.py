"""The subjects of a workflow, in the reference platform's 11 columns and, behind them, ours. By subject id."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings

from projects.exports.classifications import moment
from projects.exports.columns import Column
from projects.exports.pages import pages
from projects.models import Workflow
from projects.models.subject import media_url

PAGE = """
SELECT s.subject_id, u.subject_set_id, t.slug, u.external_id, u.metadata::json, u.attributes::json, s.answered,
       s.retired_at, s.retired_reason, u.created_at,
       (SELECT json_agg(json_build_array(m.mime, m.path, m.width, m.height) ORDER BY m.position)
          FROM projects_media m WHERE m.subject_id = u.id)
  FROM projects_subjectstate s JOIN projects_subject u ON u.id = s.subject_id
  JOIN projects_subjectset t ON t.id = u.subject_set_id
 WHERE s.workflow_id = %(workflow)s AND s.subject_id > %(after)s AND (%(team)s OR s.retired_at IS NOT NULL)
 ORDER BY s.subject_id LIMIT %(size)s
"""


class Row(NamedTuple):
    """media: [mime, path, width, height] of each file, in order."""

    id: int
    subject_set: int
    set_slug: str
    external_id: str
    metadata: dict[str, Any]
    attributes: dict[str, Any]
    answered: int
    retired_at: datetime | None
    retired_reason: str
    created_at: datetime
    media: list[tuple[str, str, int | None, int | None]] | None


def rows(workflow: Workflow, *, team: bool) -> Iterator[Row]:
    """For those outside the team only such as need no more answers."""
    return (Row(*row) for row in pages(PAGE, {"workflow": workflow.pk, "team": team}))


def columns(workflow: Workflow, *, team: bool, site: str | None = None) -> list[Column[Row]]:
    """site: before addresses on this site; None: as it is known today."""

    def shown(row: Row) -> str:
        return _json({key: value for key, value in row.metadata.items() if team or not key.startswith("#")})

    return [
        Column(
            "subject_id",
            "The subject's number on this site",
            lambda r: r.id,
            type="int",
            ucd="meta.id;meta.main",
        ),
        Column("project_id", "The project's", lambda r: workflow.project_id, type="int"),
        Column("workflow_id", "The workflow's", lambda r: workflow.pk, type="int"),
        Column("subject_set_id", "Its subject set's", lambda r: r.subject_set, type="int"),
        Column("metadata", "JSON: what is told about it", shown),
        Column(
            "locations", "JSON: the addresses of its files by number", lambda r: _json(_locations(r, site))
        ),
        Column(
            "classifications_count", "Volunteers whose answers on it count", lambda r: r.answered, type="int"
        ),
        Column(
            "retired_at",
            "Since when it needs no more answers",
            lambda r: r.retired_at and moment(r.retired_at),
        ),
        Column("retirement_reason", "Why", lambda r: r.retired_reason),
        Column("created_at", "When it came in", lambda r: moment(r.created_at)),
        Column("updated_at", "The same: what was changed since is not dated", lambda r: moment(r.created_at)),
        Column("external_id", "The team's own name for it", lambda r: r.external_id, ucd="meta.id"),
        Column("subject_set", "The short name of its subject set", lambda r: r.set_slug),
        Column("attributes", "JSON: what the catalogue knows of it", lambda r: _json(r.attributes)),
        Column(
            "width_px", "Of its first file", lambda r: r.media and r.media[0][2], unit="pixels", type="int"
        ),
        Column(
            "height_px", "Of its first file", lambda r: r.media and r.media[0][3], unit="pixels", type="int"
        ),
    ]


def _locations(row: Row, site: str | None) -> dict[str, str]:
    return {str(at): absolute(media_url(path), site) for at, (_, path, *_) in enumerate(row.media or [])}


def absolute(address: str, site: str | None = None) -> str:
    """With the site's own name where it is known (SITE_URL)."""
    return address if "://" in address else f"{settings.SITE_URL if site is None else site}{address}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
