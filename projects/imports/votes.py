"""Crowd labels in: a CSV of item, worker, label becomes a project with one question, and its votes the record.

Subjects and volunteers are known by (source, name), the workflow by its source. Nothing is served of it: the workflow
is finished, and each subject with a vote is retired.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.imports import bulk
from projects.imports.crowd import Crowd, read_crowd
from projects.imports.csvfile import File
from projects.imports.keys import key_of
from projects.imports.runs import Run
from projects.imports.workflows import ensure_workflow
from projects.models import (
    CatalogueAttribute,
    Project,
    Workflow,
    WorkflowVersion,
)
from projects.models.subject import random_id
from projects.tasks.definition import parse_definition

KIND = "votes"
"""The workflow's external id."""

TRUTH = "#truth"
"""The subject's hidden metadata with the true answer's key, as in mining/services/simulated_truth.py."""

ITEMS = """
CREATE TEMPORARY TABLE imported_items (id bigint, external_id text, metadata jsonb, attributes jsonb) ON COMMIT DROP
"""
SUBJECTS = """
INSERT INTO projects_subject AS s (id, project_id, subject_set_id, source, external_id, metadata, attributes,
                                   created_at)
SELECT id, %(project)s, %(set)s, %(source)s, external_id, metadata, attributes, now() FROM imported_items
    ON CONFLICT (project_id, source, external_id) DO UPDATE
   SET metadata = s.metadata || excluded.metadata, attributes = s.attributes || excluded.attributes
 WHERE NOT (s.metadata @> excluded.metadata AND s.attributes @> excluded.attributes)
"""
KNOWN_SUBJECTS = """
SELECT external_id, id FROM projects_subject WHERE project_id = %(project)s AND source = %(source)s FOR KEY SHARE
"""
VOLUNTEERS = """
INSERT INTO projects_volunteer (public_id, simulated, source, external_id, created_at)
SELECT gen_random_uuid(), false, %(source)s, name, now() FROM unnest(%(names)s::text[]) name
    ON CONFLICT DO NOTHING
"""
KNOWN_VOLUNTEERS = """
SELECT external_id, id FROM projects_volunteer WHERE source = %(source)s AND external_id <> '' FOR KEY SHARE
"""
KEEP_TRUTH = """
UPDATE projects_subject s SET metadata = s.metadata || jsonb_build_object(%(name)s::text, t.key)
  FROM unnest(%(subjects)s::bigint[], %(keys)s::text[]) t (id, key)
 WHERE s.id = t.id AND s.metadata->>%(name)s IS DISTINCT FROM t.key
"""


def import_votes(
    run: Run, labels: File, truth: File | None = None, items: File | None = None, *, encoding: str = "utf-8"
) -> dict[str, int]:
    """Everything of the files, or nothing: one transaction. Returns the counts of the run's report.

    Raises Invalid with file, line and reason. A second import of the same file under the same source adds nothing.
    """
    crowd = read_crowd(labels, truth, items, encoding=encoding, told=run.reading)
    with transaction.atomic():
        run.wait_for_turn()
        counts = store_crowd(run, crowd)
        run.finish(counts, rows=len(crowd), sha256=labels.sha256())
    return counts


def store_crowd(run: Run, crowd: Crowd) -> dict[str, int]:
    """Inside a transaction."""
    project = Project.objects.select_for_update(no_key=True).get(pk=run.record.project_id)
    source = run.record.source
    workflow, keys = _workflow(project, source, crowd)
    with bulk.quickly():
        subjects, made = _subjects(project, workflow, source, crowd)
        volunteers, met = _volunteers(source, crowd)
        votes = bulk.Votes(
            crowd,
            np.array([subjects[item] for item in crowd.items], dtype=np.int64),
            np.array([volunteers[worker] for worker in crowd.workers], dtype=np.int64),
            keys,
        )
        counts = bulk.store(workflow, votes, lambda rows: run.storing(rows, len(crowd)))
    by_label = dict(zip(crowd.labels, keys, strict=True))
    keep_truth(workflow, {subjects[item]: by_label[label] for item, label in crowd.truth.items()})
    return {"rows": len(crowd), "known": len(crowd) - counts["added"], **counts} | {
        "subjects": made,
        "volunteers": met,
        "truth": len(crowd.truth),
    }


def keep_truth(workflow: Workflow, truth: Mapping[int, str]) -> None:
    """Subject id to the true answer's key: kept beside the subject, where only the team sees it.

    It is no gold answer: gold teaches, and takes its subject's votes out of the count. Here the votes are counted as
    they were cast, and the truth is there to measure by.
    """
    values: dict[str, Any] = {"name": TRUTH, "subjects": list(truth), "keys": list(truth.values())}
    with connection.cursor() as cursor:
        cursor.execute(KEEP_TRUTH, values)


def _workflow(project: Project, source: str, crowd: Crowd) -> tuple[Workflow, list[str]]:
    """Finished, with a version that has all labels; and their keys. A label keeps the key of earlier files."""
    workflow = ensure_workflow(project, source, KIND, _("Crowd labels"))
    answers: list[dict[str, str]] = []
    if workflow.published is not None:
        answers = list(workflow.published.definition["tasks"][bulk.TASK]["answers"])
    keys = {answer["label"]: answer["key"] for answer in answers}
    for label in sorted(set(crowd.labels) - keys.keys(), key=_by_number):
        keys[label] = key_of(label, keys.values())
        answers.append({"key": keys[label], "label": label})
    if workflow.published is None or len(answers) > len(
        workflow.published.definition["tasks"][bulk.TASK]["answers"]
    ):
        _publish(workflow, answers)
    return workflow, [keys[label] for label in crowd.labels]


def _by_number(label: str) -> tuple[float, str]:
    """Numbers by their size, then the others."""
    try:
        number = float(label)
    except ValueError:
        number = math.inf
    return (math.inf if math.isnan(number) else number), label


def _publish(workflow: Workflow, answers: list[dict[str, str]]) -> None:
    definition: dict[str, Any] = {
        "inferred": True,
        "first_task": bulk.TASK,
        "tasks": {bulk.TASK: {"kind": "single", "question": _("Which label?"), "answers": answers}},
        "retirement": ["gte", ["votes"], 1],
    }
    try:
        parse_definition(definition)
    except Invalid as error:
        raise Invalid(
            _("The labels of all files of this source: %(reason)s") % {"reason": error.message}
        ) from None
    major = 1 + (workflow.published.major if workflow.published else 0)
    workflow.published = WorkflowVersion.objects.create(
        workflow=workflow, major=major, definition=definition, inferred=True
    )
    workflow.save(update_fields=["published"])


def _subjects(project: Project, workflow: Workflow, source: str, crowd: Crowd) -> tuple[dict[str, int], int]:
    """Name to id of every item, the rows made or locked; and how many were made."""
    values: dict[str, Any] = {"project": project.pk, "set": workflow.subject_set_id, "source": source}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_SUBJECTS, values)
        known = dict(cursor.fetchall())
        ids = {item: known.get(item) or random_id() for item in crowd.items}
        cursor.execute(ITEMS)
        with cursor.copy("COPY imported_items FROM STDIN") as copy:
            for item, number in sorted(ids.items(), key=lambda each: each[1]):
                if item in crowd.known:
                    metadata, attributes = crowd.known[item]
                    copy.write_row((number, item, json.dumps(metadata), json.dumps(attributes)))
                elif item not in known:
                    copy.write_row((number, item, "{}", "{}"))
        cursor.execute(SUBJECTS, values)
        cursor.execute("DROP TABLE imported_items")
    described = set(project.attributes.values_list("key", flat=True))
    CatalogueAttribute.objects.bulk_create(
        CatalogueAttribute(project=project, key=name, label=name[:1].upper() + name[1:], position=position)
        for position, name in enumerate(crowd.numbers, start=len(described))
        if name not in described
    )
    return ids, len(ids.keys() - known.keys())


def _volunteers(source: str, crowd: Crowd) -> tuple[dict[str, int], int]:
    """Name to id of every worker, the rows made or locked; and how many were made."""
    values: dict[str, Any] = {"source": source}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_VOLUNTEERS, values)
        known = dict(cursor.fetchall())
        names = [worker for worker in crowd.workers if worker not in known]
        if names:
            cursor.execute(VOLUNTEERS, values | {"names": names})
            cursor.execute(KNOWN_VOLUNTEERS, values)
            known = dict(cursor.fetchall())
    return known, len(names)
