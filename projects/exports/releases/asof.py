"""A workflow as its record had it at a position: which subjects were finished, which answers counted, who was who.

Nothing is asked that changes without an entry in the ledger, but what describes a subject (name, metadata, attributes,
files) and a person's public id; both are taken as they stand. Into temporary tables, which end with the transaction.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from projects.as_of import DISCOUNTED, PERSONS
from projects.exports.pages import pages
from projects.models import Project, Workflow

MAKE = f"""
DROP TABLE IF EXISTS asof_subject, asof_answer;
CREATE TEMPORARY TABLE asof_subject ON COMMIT DROP AS
  SELECT subject_id, at, reason FROM (
    SELECT DISTINCT ON (r.subject_id) r.subject_id, r.at, r.reason, r.retired
      FROM projects_ledgerentry l JOIN projects_retirement r ON r.id = l.record_id
     WHERE l.workflow_id = %(workflow)s AND l.kind = 'retirement' AND l.position <= %(position)s
     ORDER BY r.subject_id, l.position DESC) newest
   WHERE retired;
CREATE UNIQUE INDEX ON asof_subject (subject_id);
CREATE TEMPORARY TABLE asof_answer ON COMMIT DROP AS
  SELECT l.position, c.id, c.subject_id, c.version_id, coalesce(j.person_id, c.volunteer_id) AS person_id
    FROM projects_ledgerentry l
    JOIN projects_classification c ON c.id = l.record_id
    JOIN asof_subject s ON s.subject_id = c.subject_id
    LEFT JOIN {DISCOUNTED} d ON d.classification_id = c.id
    LEFT JOIN {PERSONS} j ON j.volunteer_id = c.volunteer_id
   WHERE l.workflow_id = %(workflow)s AND l.kind = 'classification' AND l.position <= %(position)s
     AND d.classification_id IS NULL AND c.counted = 'yes';
CREATE UNIQUE INDEX ON asof_answer (position);
CREATE INDEX ON asof_answer (subject_id);
ANALYZE asof_subject; ANALYZE asof_answer;
"""  # noqa: S608 (of constants)
ANSWERS = """
SELECT a.position, a.version_id, c.annotations::text, v.public_id, v.simulated, c.id, a.subject_id, u.external_id,
       c.received_at, c.started_at, c.finished_at
  FROM asof_answer a JOIN projects_classification c ON c.id = a.id JOIN projects_volunteer v ON v.id = a.person_id
  JOIN projects_subject u ON u.id = a.subject_id
 WHERE a.position > %(after)s ORDER BY a.position LIMIT %(size)s
"""
SUBJECTS = """
SELECT s.subject_id, u.external_id, u.metadata::json, u.attributes::json, s.at, s.reason, u.subject_set_id, t.slug,
       u.created_at,
       (SELECT json_agg(json_build_array(m.mime, m.path, m.width, m.height) ORDER BY m.position)
          FROM projects_media m WHERE m.subject_id = u.id),
       (SELECT json_agg(json_build_array(a.version_id, c.annotations, v.simulated) ORDER BY a.position)
          FROM asof_answer a JOIN projects_classification c ON c.id = a.id
          JOIN projects_volunteer v ON v.id = c.volunteer_id
         WHERE a.subject_id = s.subject_id)
  FROM asof_subject s JOIN projects_subject u ON u.id = s.subject_id
  JOIN projects_subjectset t ON t.id = u.subject_set_id
 WHERE s.subject_id > %(after)s ORDER BY s.subject_id LIMIT %(size)s
"""
PEOPLE = """
SELECT DISTINCT v.credit_name FROM asof_answer a JOIN projects_volunteer v ON v.id = a.person_id
 WHERE v.credit_name <> '' AND NOT v.simulated
"""


@dataclass(frozen=True)
class AsOf:
    """Of one workflow; `tables` was called. key: of pseudonyms."""

    workflow: Workflow
    position: int
    run: int | None
    published: int
    key: str

    @property
    def project(self) -> Project:
        return self.workflow.project

    def tables(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(MAKE, {"workflow": self.workflow.pk, "position": self.position})

    def answers(self) -> Iterator[tuple[Any, ...]]:
        return pages(ANSWERS, {})

    def subjects(self) -> Iterator[tuple[Any, ...]]:
        return pages(SUBJECTS, {})

    def shown(self) -> list[int]:
        """The versions that may be told of: that of then, and those that the answers name. Another might tell what is
        answered on an open subject (projects/exports/workflows.py)."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT version_id FROM asof_answer")
            return sorted({self.published, *(version for (version,) in cursor.fetchall())})

    def counts(self) -> tuple[int, int]:
        """(answers, subjects)"""
        with connection.cursor() as cursor:
            cursor.execute("SELECT (SELECT count(*) FROM asof_answer), (SELECT count(*) FROM asof_subject)")
            answers, subjects = cursor.fetchone()
        return answers, subjects

    def credits(self) -> list[str]:
        """Names of those who wished to be named and whose answers are in it."""
        with connection.cursor() as cursor:
            cursor.execute(PEOPLE)
            return [name for (name,) in cursor.fetchall()]
