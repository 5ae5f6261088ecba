"""A dry run on real answers in the order of their time says what then happens: whales_sas, where it is here."""

import csv

import pytest

from projects.models import Classification, SubjectState, Workflow
from projects.services import record_classification
from projects.services.foresee import foresee
from projects.services.volunteers import Pass
from tests.load.size import size
from tests.projects.factories import make_pass, make_workflow, submission
from tests.science.real import labels_file

pytestmark = [pytest.mark.django_db, pytest.mark.soak]
RULE = ["any", ["gte", ["votes"], 8], ["all", ["gte", ["asked", "T0"], 3], ["gte", ["agreement", "T0"], 0.8]]]


def record(workflow: Workflow, rows: list[tuple[str, str, str]], people: dict[str, Pass]) -> None:
    subjects = workflow.project.subjects.order_by("pk").values_list("pk", flat=True)
    ids = dict(zip(dict.fromkeys(item for item, _worker, _label in rows), subjects, strict=True))
    for item, worker, label in rows:
        record_classification(
            submission(workflow, ids[item], [{"task": "T0", "value": label}]), people[worker]
        )


def test_what_it_predicts_of_whales_is_what_then_happens() -> None:
    with labels_file("whales_sas").open() as file:
        read = list(csv.DictReader(file))[: size(120, 36_131)]
    first: dict[tuple[str, str], str] = {}
    for row in read:  # of a person's repeats the first counts
        first.setdefault((row["item"], row["worker"]), row["label"])
    rows = [(item, worker, label) for (item, worker), label in first.items()]
    labels = sorted({label for _item, _worker, label in rows})
    task = {
        "kind": "single",
        "question": "A whale?",
        "answers": [{"key": key, "label": key} for key in labels],
    }
    definition = {"first_task": "T0", "tasks": {"T0": task}, "retirement": ["gte", ["votes"], 10_000]}
    items = len({item for item, _worker, _label in rows})
    people = {worker: make_pass() for _item, worker, _label in rows}
    past = make_workflow(items, slug="past", definition=definition)
    record(past, rows, people)
    found = foresee(past, RULE)
    again = make_workflow(items, slug="again", definition={**definition, "retirement": RULE})
    record(again, rows, people)
    states = SubjectState.objects.filter(workflow=again, retired_at__isnull=False)
    assert sorted(found.finished.elements()) == sorted(states.values_list("answered", flat=True))
    late = Classification.objects.filter(workflow=again).exclude(counted="yes").count()
    assert (found.answers, found.spared) == (len(rows), late)
    assert found.retired > 5
