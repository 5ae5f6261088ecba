"""What a test asks of the database of a site in other processes: `python -m tests.load.inside make|account ...`.

`make SUBJECTS VOTES` makes a workflow that retires by VOTES votes and prints its id and its project's.
`account WORKFLOW` prints what is stored and whether it agrees with the record, as JSON.
"""

import json
import sys
from collections import Counter
from typing import Any

import django


def make(subjects: int, votes: int) -> dict[str, Any]:
    from tests.projects.factories import make_workflow

    answers = [{"key": key, "label": key} for key in ("smooth", "features", "artifact")]
    definition = {
        "first_task": "T0",
        "tasks": {"T0": {"kind": "single", "question": "Which?", "answers": answers}},
        "retirement": ["gte", ["votes"], votes],
    }
    workflow = make_workflow(subjects, definition=definition)
    return {"workflow": workflow.pk, "project": workflow.project_id}


def account(workflow_id: int) -> dict[str, Any]:
    """Classifications, ledger and counters as they are; what rebuilding finds wrong; whether the mining state is, bit
    for bit, the one that the record gives."""
    from django.db import transaction

    from mining.services.follow import follow
    from mining.services.lag import lag_of
    from mining.services.rebuild import forget, rebuild_online
    from projects.models import Answered, Classification, LedgerEntry, SubjectState, Workflow, WorkflowCounter
    from projects.services.rebuild import rebuild_workflow
    from tests.mining.helpers import dump, evidence_of

    workflow = Workflow.objects.get(pk=workflow_id)
    counter = WorkflowCounter.objects.get(pk=workflow_id)
    rows = Classification.objects.filter(workflow=workflow).values_list(
        "uuid", "volunteer_id", "subject_id", "counted"
    )
    kinds = Counter(LedgerEntry.objects.filter(workflow=workflow).values_list("kind", flat=True))
    ledger = (
        LedgerEntry.objects.filter(workflow=workflow).order_by("position").values_list("position", flat=True)
    )
    told: dict[str, Any] = {
        "classifications": [[str(uuid), *rest] for uuid, *rest in rows],
        "answered": Answered.objects.filter(workflow=workflow).count(),
        "positions": list(ledger),
        "kinds": dict(kinds),
        "answers": counter.answers,
        "position": counter.position,
        "most answers": max(
            SubjectState.objects.filter(workflow=workflow).values_list("answered", flat=True)
        ),
        "lag": lag_of(workflow_id),
        "wrong counts": [str(each) for each in rebuild_workflow(workflow)],
    }
    live = dump(workflow), evidence_of(workflow)
    told["wrong state"] = [str(each) for each in rebuild_online(workflow)]
    with transaction.atomic():  # so that the lock stays with us: the site's own worker would follow as well
        forget(workflow_id)
        follow(workflow_id)
        told["same bits"] = (dump(workflow), evidence_of(workflow)) == live
    return told


if __name__ == "__main__":
    django.setup()
    verb = {"make": make, "account": account}[sys.argv[1]]
    print(json.dumps(verb(*(int(word) for word in sys.argv[2:]))))
