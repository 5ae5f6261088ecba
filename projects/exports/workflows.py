"""Every published version of a workflow, in the reference platform's 16 columns and ours behind. Oldest first."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection

from projects.exports.columns import Column
from projects.exports.platform_tasks import apart, in_platform_form
from projects.models import Workflow, WorkflowCounter, WorkflowVersion
from projects.models.workflow import EDITION
from projects.services import get_version

ANSWERED = """
SELECT v.id FROM projects_workflowversion v
 WHERE v.workflow_id = %s AND EXISTS (
   SELECT FROM projects_classification c
     JOIN projects_subjectstate s ON s.workflow_id = c.workflow_id AND s.subject_id = c.subject_id
    WHERE c.workflow_id = v.workflow_id AND c.version_id = v.id AND s.retired_at IS NOT NULL)
"""


class Row(NamedTuple):
    version: WorkflowVersion
    tasks: dict[str, Any]
    strings: dict[str, str]
    answers: int
    retired: int


def rows(workflow: Workflow, *, team: bool) -> Iterator[Row]:
    """For those outside the team the version of today, and those that answers on finished subjects name: an older one
    might tell what is answered on an open one."""
    counter = WorkflowCounter.objects.filter(workflow=workflow).first()
    answers, retired = (counter.answers, counter.retired) if counter else (0, 0)
    shown = None if team else {workflow.published_id, *_answered(workflow)}
    for version in workflow.versions.all():
        if shown is None or version.pk in shown:
            tasks, strings = apart(in_platform_form(get_version(version.pk).definition))
            yield Row(version, tasks, strings, answers, retired)


def _answered(workflow: Workflow) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED, [workflow.pk])
        return [pk for (pk,) in cursor.fetchall()]


def columns(workflow: Workflow, *, team: bool) -> list[Column[Row]]:
    def minor(row: Row) -> int:
        return row.version.minor % EDITION if row.version.inferred else row.version.minor

    def condition(row: Row) -> str:
        rule = row.version.definition["retirement"]
        return json.dumps({"criteria": "condition", "options": {"condition": rule}})

    return [
        Column("workflow_id", "The workflow's number on this site", lambda r: workflow.pk, type="int"),
        Column("display_name", "Its title", lambda r: workflow.title),
        Column("version", "Major number of the version", lambda r: r.version.major, type="int"),
        Column("active", "true while it is asked", lambda r: workflow.state == Workflow.State.ACTIVE),
        Column(
            "classifications_count", "Answers that count, of all versions", lambda r: r.answers, type="int"
        ),
        Column("pairwise", "Always false: pairs are subjects here", lambda r: False),
        Column("grouped", "Always false", lambda r: False),
        Column("prioritized", "Always false: lanes have priorities here", lambda r: False),
        Column("primary_language", "Always en", lambda r: "en"),
        Column("first_task", "Where everybody begins", lambda r: r.version.definition["first_task"]),
        Column("tutorial_subject_id", "Always empty", lambda r: None),
        Column(
            "retired_set_member_subjects_count",
            "Subjects that need no more answers",
            lambda r: r.retired,
            type="int",
        ),
        Column("tasks", "JSON: the tasks, in the reference platform's form", lambda r: _json(r.tasks)),
        Column("retirement", "JSON: when a subject has had enough answers", condition),
        Column("strings", "JSON: the texts of `tasks` by their names", lambda r: _json(r.strings)),
        Column("minor_version", "Minor number of the version", minor, type="int"),
        Column("workflow_slug", "The workflow's short name", lambda r: workflow.slug),
        Column(
            "published_at",
            "Since when the version is there, in UTC",
            lambda r: r.version.published_at,
            type="time",
        ),
        Column(
            "definition", "JSON: the version exactly as it stands here", lambda r: _json(r.version.definition)
        ),
    ]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
