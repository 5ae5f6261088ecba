"""Run as a process of its own on a migrated database: does it still work? JSON on the last line of its output."""

import json
import uuid

import django

django.setup()

from django.db import connection  # noqa: E402

from mining.services.follow import follow  # noqa: E402
from mining.services.rebuild import rebuild_online  # noqa: E402
from projects.models import LedgerEntry, Retirement, Workflow, WorkflowCounter  # noqa: E402
from projects.services import Submission, next_subjects, record_classification  # noqa: E402
from projects.services.rebuild import rebuild_workflow  # noqa: E402
from projects.services.volunteers import CONSENT_VERSION, Pass  # noqa: E402


def rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def counters() -> list[list[object]]:
    found = WorkflowCounter.objects.order_by("workflow__slug").values_list(
        "workflow__slug", "position", "answers", "subjects", "retired"
    )
    return [list(row) for row in found]


def differences() -> list[str]:
    return [str(d) for w in Workflow.objects.all() for d in (*rebuild_workflow(w), *rebuild_online(w))]


def classify(slug: str, people: int) -> int:
    """New volunteers take what they are given and answer it; returns how many answers were stored."""
    workflow = Workflow.objects.get(slug=slug)
    stored = 0
    for _ in range(people):
        held = Pass(uuid.uuid4(), CONSENT_VERSION, 1_700_000_000)
        batch = next_subjects(workflow_id=workflow.pk, holder=held.public_id, tab=uuid.uuid4(), n=5)
        for subject in batch.subjects:
            answer = [{"task": "T0", "value": "smooth"}]
            submission = Submission(uuid.uuid4(), workflow.published_id, subject.id, answer)
            stored += record_classification(submission, held).counted == "yes"
    return stored


if __name__ == "__main__":
    found: dict[str, object] = {"rows": rows(), "counters": counters(), "differences": differences()}
    found["stored"] = classify("shapes", 4)
    for workflow in Workflow.objects.all():
        follow(workflow.pk)
    found["retired"] = Retirement.objects.filter(retired=True).count()
    found["after"] = counters()
    found["differences_after"] = differences()
    places = LedgerEntry.objects.filter(workflow__slug="shapes").order_by("position")
    found["positions"] = list(places.values_list("position", flat=True))
    print(json.dumps(found))
