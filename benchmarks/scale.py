"""Does the cost of next and submit grow with the site? `python -m benchmarks.scale [--subjects 1000000]`.

Generates workflows in the database, small (10,000 subjects) and large, with `--answers` classifications a subject, and
prints the CPU ms (this process and its PostgreSQL backend) of both verbs and the ratio large over small: for a
newcomer, a volunteer with a fifth of all answered (200,000 of a million), a workflow 99 % retired, one volunteer
with four tabs.
"""

import argparse
import os
import statistics
import time
import uuid
from collections.abc import Callable

from benchmarks.site import stage

FILL = """
INSERT INTO projects_subject (id, project_id, subject_set_id, external_id, metadata, attributes, created_at)
SELECT %(project)s * 1000000000::bigint + i, %(project)s, %(set)s, 'g' || i, '{}', '{}', now()
  FROM generate_series(1, %(subjects)s) i;
INSERT INTO projects_media (subject_id, position, path, mime, alt, sha256)
SELECT id, 0, 'g.png', 'image/png', '', '' FROM projects_subject WHERE project_id = %(project)s;
INSERT INTO projects_subjectstate (workflow_id, subject_id, shuffle, answered, leased, wanted, retired_at,
                                   retired_reason)
SELECT %(workflow)s, id, random(), least(%(answers)s, 5), 0, 40, NULL, ''
  FROM projects_subject WHERE project_id = %(project)s;
INSERT INTO projects_volunteer (public_id, simulated, created_at)
SELECT gen_random_uuid(), true, now() FROM generate_series(1, 1000);
SET session_replication_role = replica;
INSERT INTO projects_classification (uuid, workflow_id, version_id, subject_id, volunteer_id, annotations, metadata,
                                     received_at, counted, counted_reason, digest)
SELECT gen_random_uuid(), %(workflow)s, %(version)s, s.id, v.first + (s.id * 7 + a * 131) %% 1000,
       '[{"task": "T0", "value": "smooth"}]', '{}', now(), 'yes', '', ''
  FROM projects_subject s, generate_series(1, %(answers)s) a, (SELECT max(id) - 999 AS first FROM projects_volunteer) v
 WHERE s.project_id = %(project)s;
SET session_replication_role = origin;
INSERT INTO projects_answered (volunteer_id, workflow_id, subject_id, classification_id)
SELECT volunteer_id, workflow_id, subject_id, id FROM projects_classification WHERE workflow_id = %(workflow)s
    ON CONFLICT DO NOTHING;
INSERT INTO projects_ledgerentry (workflow_id, position, kind, record_id)
SELECT workflow_id, row_number() OVER (ORDER BY id), 'classification', id
  FROM projects_classification WHERE workflow_id = %(workflow)s;
INSERT INTO projects_evidence (workflow_id, subject_id, task, tallies)
SELECT %(workflow)s, id, 'T0', '{"asked": 5, "votes": {"smooth": 5}, "first": ["smooth"]}'
  FROM projects_subject WHERE project_id = %(project)s;
UPDATE projects_workflowcounter SET (position, answers, subjects, retired) = (%(subjects)s * %(answers)s,
    %(subjects)s * %(answers)s, %(subjects)s, 0)
 WHERE workflow_id = %(workflow)s;
"""
RETIRE = """
UPDATE projects_subjectstate SET retired_at = now() WHERE workflow_id = %(workflow)s AND random() < 0.99;
UPDATE projects_workflowcounter SET retired = (SELECT count(*) FROM projects_subjectstate
    WHERE workflow_id = %(workflow)s AND retired_at IS NOT NULL) WHERE workflow_id = %(workflow)s;
"""
VETERAN = """
INSERT INTO projects_answered (volunteer_id, workflow_id, subject_id, classification_id)
SELECT %(volunteer)s, %(workflow)s, subject_id, 0 FROM projects_subjectstate
 WHERE workflow_id = %(workflow)s AND shuffle < 0.2;
INSERT INTO projects_cursor (holder, workflow_id, at) VALUES (%(holder)s, %(workflow)s, 0.2);
"""


class Meter:
    """CPU ms of this process and of its database backend."""

    def __init__(self) -> None:
        from projects.services.statement import run

        ((pid,),) = run("SELECT pg_backend_pid()", {})
        self.backend = f"/proc/{pid}/schedstat"

    def now(self) -> float:
        with open(self.backend) as file:  # noqa: PTH123 (read twice a call: no objects)
            return int(file.read().split()[0]) / 1e6 + time.process_time() * 1000

    def cost(self, call: Callable[[], object]) -> float:
        before = self.now()
        call()
        return self.now() - before

    def medians(
        self, small: list[Callable[[], object]], large: list[Callable[[], object]]
    ) -> tuple[float, float]:
        """In turn, so that a machine whose speed drifts harms both alike."""
        pairs = [(self.cost(one), self.cost(other)) for one, other in zip(small, large, strict=False)]
        return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def execute(statements: str, values: dict[str, object]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in statements.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)


def make(slug: str, subjects: int, answers: int) -> int:
    """A workflow's id, filled by statements inside the database."""
    from tests.projects.factories import make_workflow

    definition = {
        "first_task": "T0",
        "tasks": {
            "T0": {
                "kind": "single",
                "question": "Which?",
                "answers": [{"key": key, "label": key} for key in ("smooth", "features", "artifact")],
            }
        },
        "retirement": ["gte", ["votes"], 40],
    }
    workflow = make_workflow(0, slug=slug, definition=definition)
    values = {
        "project": workflow.project_id,
        "set": workflow.subject_set_id,
        "workflow": workflow.pk,
        "version": workflow.published_id,
        "subjects": subjects,
        "answers": answers,
    }
    execute(FILL, values)
    execute("VACUUM ANALYZE", {})
    return workflow.pk


def cases(workflow_id: int, calls: int) -> dict[str, list[Callable[[], object]]]:
    """Calls to measure, by case; each is to be made once."""
    from projects.models import SubjectState, Workflow
    from projects.services import next_subjects, record_classification
    from projects.services.volunteers import Pass, make_volunteer
    from tests.projects.factories import make_pass, submission

    workflow = Workflow.objects.get(pk=workflow_id)
    newcomers, tabs, veteran = (
        [make_pass() for _ in range(calls)],
        [uuid.uuid4() for _ in range(4)],
        make_pass(),
    )
    for held in newcomers:
        make_volunteer(held)
    values = {"volunteer": make_volunteer(veteran).pk, "workflow": workflow_id, "holder": veteran.public_id}
    execute(VETERAN, values)
    execute("VACUUM ANALYZE projects_answered", {})

    def ask(held: Pass, tab: uuid.UUID) -> Callable[[], object]:
        return lambda: next_subjects(workflow_id=workflow_id, holder=held.public_id, tab=tab)

    def answer(held: Pass, subject: int) -> Callable[[], object]:
        sent = submission(workflow, subject)
        return lambda: record_classification(sent, held)

    still_open = SubjectState.objects.filter(
        workflow_id=workflow_id, retired_at__isnull=True, shuffle__gt=0.25
    )
    subjects = list(still_open.order_by("shuffle").values_list("subject_id", flat=True)[:calls])
    return {
        "next, newcomer": [ask(held, uuid.uuid4()) for held in newcomers],
        "next, veteran": [ask(veteran, uuid.uuid4()) for _ in range(calls)],
        "next, four tabs": [ask(newcomers[0], tabs[i % 4]) for i in range(calls)],
        "submit, newcomer": [answer(h, subject) for h, subject in zip(newcomers, subjects, strict=False)],
        "submit, veteran": [answer(veteran, subject) for subject in subjects],
    }


def compare(subjects: int, answers: int, calls: int) -> None:
    meter = Meter()
    workflows = [make(f"scale-{size}", size, answers) for size in (10_000, subjects)]
    for title in ("all open", "99 % retired"):
        if title != "all open":
            for workflow in workflows:
                execute(RETIRE, {"workflow": workflow})
        execute("VACUUM ANALYZE", {})
        execute("CHECKPOINT", {})
        for number in (
            30,
            calls if title == "all open" else min(calls, 60),
        ):  # first to warm up: plans, caches
            small, large = (cases(workflow, number) for workflow in workflows)
            costs = {name: meter.medians(small[name], large[name]) for name in small}
        print(f"\n{title:34} CPU ms at 10,000  at {subjects:,}  ratio")
        for name, (one, other) in costs.items():
            print(f"    {name:30} {one:14.3f}  {other:10.3f}  {other / one:6.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--subjects", type=int, default=1_000_000)
    parser.add_argument("--answers", type=int, default=5, help="classifications a subject")
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        import django

        django.setup()
        compare(arguments.subjects, arguments.answers, arguments.calls)
        return
    with stage() as here:
        here.environment["PYTHONUNBUFFERED"] = "1"
        os.environ.update(here.environment)
        print(here.run("-m", "benchmarks.scale", "--inside", "--subjects", str(arguments.subjects),
                       "--answers", str(arguments.answers), "--calls", str(arguments.calls)))  # fmt: skip


if __name__ == "__main__":
    main()
