"""A workflow of any size, made inside the database: each subject with five answers, every other one retired."""

from django.db import connection

from projects.models import Workflow
from tests.projects.factories import make_workflow

ANSWERS = 5
STATEMENTS = """
SET LOCAL voorwerp.bulk = 'on';
INSERT INTO projects_subject (id, project_id, subject_set_id, external_id, metadata, attributes, created_at)
  SELECT {project} * 1000000000::bigint + i, {project}, {subject_set}, 'b' || i,
         jsonb_build_object('field', 'A' || i % 7),
         jsonb_build_object('radius', i / 7.0, 'class', 'faint'), now()
    FROM generate_series(1, {n}) i;
INSERT INTO projects_subjectstate (workflow_id, subject_id, shuffle, answered, leased, wanted, retired_at,
                                   retired_reason)
  SELECT {workflow}, id, random(), {answers}, 0, 5, CASE WHEN id % 2 = 0 THEN now() END, 'votes ≥ 5'
    FROM projects_subject WHERE project_id = {project};
INSERT INTO projects_evidence (workflow_id, subject_id, task, tallies, probabilities, entropy, dispersion,
                               effective_votes, asked, position)
  SELECT {workflow}, u.id, t.task, t.tallies::jsonb, t.probabilities::jsonb, 0.5, random(), 3.3, 5, 1
    FROM projects_subject u, (VALUES
      ('T0', '{{"asked": 5, "votes": {{"smooth": 2, "features": 3}}, "first": []}}',
             '{{"smooth": 0.3, "features": 0.69, "artifact": 0.01}}'),
      ('T1', '{{"asked": 3, "votes": {{"arms": 3}}, "first": []}}', '{{"bar": 0.1, "arms": 0.9}}')
    ) AS t (task, tallies, probabilities) WHERE u.project_id = {project};
INSERT INTO projects_volunteer (public_id, simulated, created_at)
  SELECT gen_random_uuid(), false, now() FROM generate_series(1, 1000);
INSERT INTO projects_classification (uuid, workflow_id, version_id, subject_id, volunteer_id, annotations, metadata,
                                     started_at, finished_at, received_at, counted, counted_reason, digest)
  SELECT gen_random_uuid(), {workflow}, {version}, u.id, v.first + (u.id * 5 + i) % 1000,
         '[{{"task": "T0", "value": "features"}}, {{"task": "T1", "value": ["arms"]}}]',
         '{{"language": "en", "viewport": {{"width": 1280, "height": 800}}}}', now(), now(), now(), 'yes', '', ''
    FROM projects_subject u, generate_series(1, {answers}) i, (SELECT min(id) AS first FROM projects_volunteer) v
   WHERE u.project_id = {project};
INSERT INTO projects_ledgerentry (workflow_id, position, kind, record_id)
  SELECT {workflow}, row_number() OVER (ORDER BY id), 'classification', id FROM projects_classification
   WHERE workflow_id = {workflow};
UPDATE projects_workflowcounter SET position = {n} * {answers}, answers = {n} * {answers}
 WHERE workflow_id = {workflow};
ANALYZE;
"""


def make_big_workflow(subjects: int, slug: str = "zoo") -> Workflow:
    workflow = make_workflow(0, slug=slug, data_public=True)
    workflow.refresh_from_db()
    values = {
        "project": workflow.project_id,
        "subject_set": workflow.subject_set_id,
        "workflow": workflow.pk,
        "version": workflow.published_id,
        "n": subjects,
        "answers": ANSWERS,
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS.format(**values))
    return workflow
