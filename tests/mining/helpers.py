"""A crowd that answers through the front door, and the online state as plain data."""

import uuid
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from mining.models import Reader
from mining.services import online_store
from projects.exceptions import AlreadyAnswered
from projects.models import Classification, Evidence, Subject, Volunteer, Workflow
from projects.services import discount, record_classification
from projects.services.volunteers import Pass, join_account
from tests.projects.factories import ARMS, ARTIFACT, SMOOTH, TREE, make_pass, make_workflow, submission

OPEN: dict[str, Any] = TREE | {"retirement": ["gte", ["votes"], 1000]}
"""The factories' tree, whose subjects stay open."""

BAR = [{"task": "T0", "value": "features"}, {"task": "T1", "value": ["bar"]}]
NOTHING = [{"task": "T0", "value": "features"}, {"task": "T1", "value": []}]


class Crowd:
    """Volunteers and subjects by number."""

    def __init__(self, workflow: Workflow, volunteers: int = 0, *, passes: list[Pass] | None = None) -> None:
        self.workflow = workflow
        self.passes = passes or [make_pass() for _ in range(volunteers)]
        self.subjects = list(
            Subject.objects.filter(subject_set=workflow.subject_set_id)
            .order_by("id")
            .values_list("id", flat=True)
        )
        self.accounts: dict[int, Any] = {}

    @property
    def ids(self) -> list[int]:
        known = dict(Volunteer.objects.values_list("public_id", "id"))
        return [known[held.public_id] for held in self.passes]

    def answer(self, volunteer: int, subject: int, annotations: Any) -> uuid.UUID:
        sent = submission(self.workflow, self.subjects[subject], annotations)
        return record_classification(sent, self.passes[volunteer]).uuid

    def join(self, volunteer: int, account_of: int | None = None) -> None:
        """Sign up, or in with the account of another."""
        if account_of is None:
            name = f"user-{self.passes[volunteer].public_id}"
            self.accounts[volunteer] = get_user_model().objects.create(username=name)
            held = self.passes[volunteer].public_id
            Volunteer.objects.get_or_create(public_id=held)
            join_account(held, self.accounts[volunteer])
        else:
            join_account(self.passes[volunteer].public_id, self.accounts[account_of])

    def random_step(self, rng: Any) -> None:
        """Mostly an answer, at times a discount or a joining."""
        dice = rng.random()
        if dice < 0.08:
            counted = Classification.objects.filter(counted="yes", discount__isnull=True).order_by("id")
            if counted:
                discount(rng.choice(list(counted)), "test")
        elif dice < 0.16:
            self.join(rng.randrange(2, len(self.passes)), account_of=rng.choice(sorted(self.accounts)))
        else:
            answer = rng.choice([SMOOTH, ARTIFACT, ARMS, BAR, NOTHING])
            try:
                self.answer(rng.randrange(len(self.passes)), rng.randrange(len(self.subjects)), answer)
            except AlreadyAnswered:
                pass


def dump(workflow: Workflow) -> dict[str, Any]:
    """The whole online state; floats compare by their bits."""
    state: dict[str, Any] = {}
    for model in online_store.STATE:
        rows = model.objects.filter(workflow=workflow).order_by("pk").values_list()
        state[model.__name__] = [tuple(_bits(value) for value in row) for row in rows]
    state["position"] = Reader.objects.get(pk=workflow.pk).position
    return state


def evidence_of(workflow: Workflow) -> list[Any]:
    """What mining has posted, but for the position at which it did."""
    fields = (
        "subject",
        "task",
        "probabilities",
        "value",
        "entropy",
        "dispersion",
        "effective_votes",
        "asked",
        "tallies",
    )
    rows = Evidence.objects.filter(workflow=workflow).order_by("pk").values_list(*fields)
    return [tuple(_bits(value) for value in row) for row in rows]


def _bits(value: Any) -> Any:
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, list):
        return [_bits(each) for each in value]
    if isinstance(value, dict):
        return {key: _bits(each) for key, each in value.items()}
    return value


def store_votes(votes: Any, labels: list[str], **project: Any) -> Workflow:
    """A vote table of mining.science as a workflow's record: one single-choice task, a subject an item, a volunteer
    a worker, a counted classification a vote, in its order. Past the front door, but through the ledger's triggers."""
    answers = [{"key": f"k{code}", "label": label, "next": None} for code, label in enumerate(labels)]
    definition = {
        "first_task": "T0",
        "tasks": {"T0": {"kind": "single", "question": "Which?", "answers": answers}},
        "retirement": ["gte", ["votes"], 10**6],
    }
    workflow = make_workflow(len(votes.items), definition=definition, **project)
    workflow.refresh_from_db()
    subjects = Crowd(workflow).subjects
    volunteers = Volunteer.objects.bulk_create(Volunteer() for _ in votes.volunteers)
    said = [(subjects[item], volunteers[volunteer], [{"task": "T0", "value": f"k{label}"}], {})
            for item, volunteer, label in zip(votes.item, votes.volunteer, votes.label, strict=True)]  # fmt: skip
    store_answers(workflow, said)
    return workflow


def store_answers(workflow: Workflow, said: list[tuple[int, Volunteer, Any, dict[str, Any]]]) -> None:
    """(subject, volunteer, annotations, metadata) as counted classifications, in their order. Past the front door, but
    through the ledger's triggers."""
    at = timezone.now()
    with transaction.atomic():
        Classification.objects.bulk_create(
            [
                Classification(
                    uuid=uuid.uuid4(),
                    workflow=workflow,
                    version_id=workflow.published_id,
                    subject_id=subject,
                    volunteer=volunteer,
                    annotations=annotations,
                    metadata=metadata,
                    received_at=at,
                    counted="yes",
                    digest=b"",
                )
                for subject, volunteer, annotations, metadata in said
            ],
            batch_size=1000,
        )
