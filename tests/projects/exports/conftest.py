"""A small zoo whose every cell is known."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from projects.models import CatalogueAttribute, Subject, Volunteer, Workflow
from projects.services import Conclusion, post_evidence, record_classification
from projects.services.volunteers import Pass, join_account
from tests.projects.factories import ARMS, SMOOTH, make_pass, make_workflow, submission


@dataclass
class Zoo:
    """s0: smooth, arms, arms (retired, weighed by mining). s1: smooth, smooth, arms (retired). s2: smooth (open).
    s3: nobody. The first volunteer has an account, the second has none, the third is simulated."""

    workflow: Workflow
    subjects: list[int]
    passes: list[Pass]

    def answer(self, subject: int, volunteer: int, annotations: Any, **more: Any) -> Any:
        sent = submission(self.workflow, self.subjects[subject], annotations, **more)
        return record_classification(sent, self.passes[volunteer])


@pytest.fixture
def zoo(db: None) -> Zoo:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the ledger is written at once, not at a commit
    workflow = make_workflow()
    CatalogueAttribute.objects.create(
        project=workflow.project, key="radius", label="Radius", unit="px", description="Half light."
    )
    Subject.objects.filter(external_id="s0").update(attributes={"radius": 2.5, "class": "=1+1"})
    made = Zoo(
        workflow,
        list(workflow.project.subjects.order_by("external_id").values_list("pk", flat=True)),
        [make_pass() for _ in range(3)],
    )
    for subject, answers in enumerate([(SMOOTH, ARMS, ARMS), (SMOOTH, SMOOTH, ARMS), (SMOOTH,)]):
        for volunteer, annotations in enumerate(answers):
            made.answer(subject, volunteer, annotations, metadata={"language": "en", "secret": "blue eyes"})
    ada = get_user_model().objects.create_user("ada.lovelace", "ada@example.org", "pw")
    join_account(made.passes[0].public_id, ada)
    Volunteer.objects.filter(public_id=made.passes[2].public_id).update(simulated=True)
    numbers: dict[str, Any] = {"entropy": 0.72, "effective_votes": 2.5, "certainty": None}
    post_evidence(
        workflow_id=workflow.pk,
        position=7,
        conclusions=[
            Conclusion(
                made.subjects[0], "T0", {"smooth": 0.2, "features": 0.8, "artifact": 0.0}, dispersion=0.9,
                asked=3, **numbers,
            ),
            Conclusion(made.subjects[0], "T1", {"bar": 0.25, "arms": 0.75}, dispersion=0.1, asked=2, **numbers),
        ],
    )  # fmt: skip
    workflow.refresh_from_db()
    return made
