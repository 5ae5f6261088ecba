"""Run as a process of its own on a restored place: what is there, as JSON on the last line of its output."""

import hashlib
import json
import tempfile
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402

from mining.services.rebuild import rebuild_online  # noqa: E402
from projects.exports.releases.build import rebuild  # noqa: E402
from projects.models import Classification, LedgerEntry, Release, Workflow  # noqa: E402
from projects.services.rebuild import rebuild_workflow  # noqa: E402

MADE_LATER = ("django_session",)


def rows() -> dict[str, int]:
    counts = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return {table: count for table, count in counts.items() if table not in MADE_LATER}


def ledger(workflow: Workflow) -> dict[str, object]:
    places = list(
        LedgerEntry.objects.filter(workflow=workflow).order_by("position").values_list("position", flat=True)
    )
    kinds = LedgerEntry.objects.filter(workflow=workflow, kind="classification")
    stored = set(Classification.objects.filter(workflow=workflow).values_list("pk", flat=True))
    return {
        "gap_free": places == list(range(1, len(places) + 1)),
        "entries": len(places),
        "position": workflow.counter.position,
        "answers": workflow.counter.answers,
        "each_answer_has_its_entry": set(kinds.values_list("record_id", flat=True)) == stored,
    }


def built_again(release: Release) -> dict[str, object]:
    """Its checksum, that of its file built here, and what differs."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "again.zip"
        differ = rebuild(release, target)
        again = hashlib.sha256(target.read_bytes()).hexdigest()
    return {
        "sha256": release.export.sha256,
        "again": again,
        "differ": differ,
        "rows": release.files[0]["rows"],
    }


if __name__ == "__main__":
    found = {
        "releases": [built_again(release) for release in Release.objects.select_related("project", "export")],
        "rows": rows(),
        "uuids": [str(one) for one in Classification.objects.values_list("uuid", flat=True)],
        "ledgers": [ledger(workflow) for workflow in Workflow.objects.all()],
        "differences": [
            str(one) for workflow in Workflow.objects.all()
            for one in (*rebuild_workflow(workflow), *rebuild_online(workflow))
        ],
    }  # fmt: skip
    print(json.dumps(found))
