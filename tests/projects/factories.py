"""Boring, fixed rows for tests."""

import uuid
from typing import Any

from django.db import connection

from projects.models import Project, Workflow
from projects.services import NewMedia, NewSubject, Submission, import_subjects, publish_workflow
from projects.services.volunteers import CONSENT_VERSION, Pass

TREE: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "single",
            "question": "What is it?",
            "answers": [
                {"key": "smooth", "label": "Smooth", "next": None},
                {"key": "features", "label": "Features", "next": "T1"},
                {"key": "artifact", "label": "Star or artifact", "next": None},
            ],
        },
        "T1": {
            "kind": "multiple",
            "question": "What do you see?",
            "required": False,
            "answers": [{"key": "bar", "label": "Bar"}, {"key": "arms", "label": "Arms"}],
        },
    },
    "retirement": ["any", ["gte", ["votes"], 3], ["first", "T0", "artifact", 2]],
}
SMOOTH = [{"task": "T0", "value": "smooth"}]
ARTIFACT = [{"task": "T0", "value": "artifact"}]
ARMS = [{"task": "T0", "value": "features"}, {"task": "T1", "value": ["arms"]}]


NAMED = """
WITH numbered AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS number FROM projects_subject WHERE project_id = %(project)s
), pictures AS (
    UPDATE projects_media m SET path = %(slug)s || '/s' || number || '.png' FROM numbered n WHERE m.subject_id = n.id
)
UPDATE projects_subject s SET external_id = 's' || number FROM numbered n WHERE s.id = n.id
"""


def make_workflow(
    subjects: int = 4, *, slug: str = "zoo", definition: dict[str, Any] | None = None, **project: Any
) -> Workflow:
    """A live public project with one workflow and some subjects, named s0, s1, ... in the order of their random ids."""
    options = {"title": "Zoo", "state": "live", "is_public": True} | project
    made = Project.objects.create(slug=slug, **options)
    subject_set = made.subject_sets.create(slug="all", title="All")
    workflow = Workflow.objects.create(project=made, slug="shapes", title="Shapes", subject_set=subject_set)
    publish_workflow(workflow, definition or TREE)
    import_subjects(
        subject_set,
        [
            NewSubject(f"n{i}", [NewMedia("n.png", "image/png", 64, 64)], {"field": "A", "#secret": "x"})
            for i in range(subjects)
        ],
    )
    with connection.cursor() as cursor:
        cursor.execute(NAMED, {"project": made.pk, "slug": slug})
    return workflow


def make_pass() -> Pass:
    return Pass(uuid.uuid4(), CONSENT_VERSION, 1_700_000_000)


def submission(workflow: Workflow, subject_id: int, annotations: Any = None, **more: Any) -> Submission:
    workflow.refresh_from_db()
    assert workflow.published_id is not None
    return Submission(
        uuid=more.pop("id", None) or uuid.uuid4(),
        version_id=workflow.published_id,
        subject_id=subject_id,
        annotations=annotations or SMOOTH,
        **more,
    )
