"""Makes the dump of a version that `test_upgrade.py` migrates: run it in a clone that stands at that version.

    git clone . /tmp/previous && cd /tmp/previous && git checkout 549f667 && ln -s THIS/.venv .venv
    VOORWERP_VAR=/tmp/previous/var PYTHONPATH=. .venv/bin/python -m portal.embedded run -- \
        .venv/bin/python THIS/tests/upgrade/make_dump.py THIS/tests/upgrade/549f667.sql

So it may use only what that version knows. Writes NAME.sql (schema and rows) and NAME.json (what it holds).
"""

import json
import re
import subprocess
import sys
import uuid
from pathlib import Path

import django
from django.core.management import call_command

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection  # noqa: E402

from mining.services.follow import follow  # noqa: E402
from mining.services.mine import mine  # noqa: E402
from mining.services.rebuild import rebuild_online  # noqa: E402
from portal.embedded import Places, default_var, postgres  # noqa: E402
from projects.models import (  # noqa: E402
    Classification,
    Favourite,
    Project,
    Retirement,
    SubjectState,
    Volunteer,
    Workflow,
    WorkflowCounter,
)
from projects.services import (  # noqa: E402
    NewMedia,
    NewSubject,
    Submission,
    import_subjects,
    next_subjects,
    publish_workflow,
    record_classification,
)
from projects.services.discount import discount  # noqa: E402
from projects.services.look_at_answers import look_at_answers  # noqa: E402
from projects.services.rebuild import rebuild_workflow  # noqa: E402
from projects.services.volunteers import CONSENT_VERSION, Pass, join_account  # noqa: E402

DEFINITION = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "single",
            "question": "What is it?",
            "answers": [
                {"key": "smooth", "label": "Smooth", "next": None},
                {"key": "features", "label": "Features", "next": "T1"},
            ],
        },
        "T1": {
            "kind": "multiple",
            "question": "What do you see?",
            "required": False,
            "answers": [{"key": "bar", "label": "Bar"}, {"key": "arms", "label": "Arms"}],
        },
    },
    "retirement": ["gte", ["votes"], 4],
}
NAMES = uuid.UUID(int=0x564F4F5257455250)


def a_pass(number: int) -> Pass:
    return Pass(uuid.uuid5(NAMES, f"person {number}"), CONSENT_VERSION, 1_700_000_000)


def answer(workflow: Workflow, subject: int, person: int, value: str, marks: list[str]) -> None:
    annotations = [{"task": "T0", "value": value}]
    if value == "features":
        annotations.append({"task": "T1", "value": marks})
    name = uuid.uuid5(NAMES, f"{workflow.slug} {subject} {person}")
    record_classification(
        Submission(name, workflow.published_id, subject, annotations, metadata={"language": "en"}),
        a_pass(person),
    )


def fill() -> None:
    """Every table of the record gets a row; every kind of ledger entry that the version knows is there."""
    user = get_user_model().objects.create_user("ada", "ada@example.org", "a password of the dump")
    project = Project.objects.create(slug="zoo", title="Zoo", state="live", is_public=True)
    project.members.create(user=user, role="owner")
    project.pages.create(slug="about", title="About", body="Of a zoo.")
    project.tutorial_steps.create(title="Look", body="Closely.")
    project.attributes.create(key="mag", label="Magnitude", unit="mag")
    subjects = project.subject_sets.create(slug="all", title="All")
    import_subjects(
        subjects,
        [
            NewSubject(f"s{i}", [NewMedia(f"zoo/s{i}.png", "image/png", 64, 64)], {"field": "A"}, {"mag": i})
            for i in range(12)
        ],
    )
    shapes = Workflow.objects.create(project=project, slug="shapes", title="Shapes", subject_set=subjects)
    bars = Workflow.objects.create(project=project, slug="bars", title="Bars", subject_set=subjects)
    for workflow in (shapes, bars):
        publish_workflow(workflow, DEFINITION)
        workflow.refresh_from_db()
    ids = list(subjects.subjects.order_by("pk").values_list("pk", flat=True))
    for number, subject in enumerate(ids[:8]):
        for person in {0: range(4), 1: range(4), 2: range(2, 6)}.get(number, range(2)):
            value = "features" if (number + person) % 3 == 0 else "smooth"
            answer(shapes, subject, person, value, ["bar"] if person % 2 else [])
    for subject in ids[:3]:
        answer(bars, subject, 0, "smooth", [])
    follow(shapes.pk)
    # A retired subject comes back: one of its answers counts no more. Then somebody else answers it.
    discount(Classification.objects.filter(workflow=shapes, subject=ids[1]).first(), "spam")
    # Who has looked at others' answers is withheld.
    person = Volunteer.objects.get(public_id=a_pass(2).public_id)
    look_at_answers(shapes.pk, person)
    # Two of them sign in as one person: both have answered the first subjects.
    join_account(a_pass(0).public_id, user)
    join_account(a_pass(1).public_id, user)
    answer(shapes, ids[9], 1, "smooth", [])
    Favourite.objects.create(volunteer=person, subject_id=ids[0])
    follow(shapes.pk)
    mine(shapes)
    answer(shapes, ids[10], 3, "features", ["arms"])  # mining is behind by one
    next_subjects(workflow_id=bars.pk, holder=a_pass(5).public_id, tab=uuid.uuid5(NAMES, "tab"), n=2)


def rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def dump() -> str:
    places = Places(default_var())
    done = subprocess.run(
        [
            postgres.binaries() / "pg_dump", "-h", places.run, "-U", postgres.NAME, "--no-owner", "--no-privileges",
            "--rows-per-insert=200", postgres.NAME,
        ],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    lines = [
        line for line in done.stdout.splitlines() if line and not re.match(r"--|\\|SET transaction", line)
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    call_command("migrate", verbosity=0)
    fill()
    differences = [d for w in Workflow.objects.all() for d in (*rebuild_workflow(w), *rebuild_online(w))]
    assert differences == [], differences
    assert Retirement.objects.filter(retired=False).exists()
    assert SubjectState.objects.filter(retired_at__isnull=False).count() == 1
    held = rows()
    empty = sorted(table for table, number in held.items() if table.startswith("projects_") and not number)
    counters = WorkflowCounter.objects.order_by("workflow__slug").values_list(
        "workflow__slug", "position", "answers", "subjects", "retired"
    )
    target.write_text(dump(), encoding="utf-8")
    said = {"rows": {t: n for t, n in sorted(held.items()) if n}, "counters": [list(row) for row in counters]}
    target.with_suffix(".json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    print(f"{target}: {target.stat().st_size:,} bytes; empty tables of the record: {empty}")
