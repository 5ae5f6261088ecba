"""What the API answers, as pydantic models: they make both the JSON and the machine-readable schema."""

import uuid
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from rest_framework.response import Response

from projects.exports.catalogue import Row
from projects.exports.finding import Finding
from projects.models import (
    Appeal,
    Delivery,
    Lane,
    Project,
    Subject,
    SubjectSet,
    Webhook,
    Workflow,
    WorkflowVersion,
)

Item = TypeVar("Item")


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")

    def respond(self, status: int = 200, **headers: str) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Response(self.model_dump(mode="json"), status=status, headers=named)


class Page(Shape, Generic[Item]):
    """Some of a list."""

    items: list[Item]
    next: str | None = Field(description="The address of what comes after; null at the end.")

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """A name that a component of the schema may have."""
        return f"{getattr(params[0], '__name__', 'Any')}Page"


class Progress(Shape):
    answers: int
    subjects: int
    retired: int


class ProjectShape(Shape):
    slug: str = Field(examples=["deep-field"])
    title: str = Field(examples=["Deep field"])
    tagline: str
    description: str = Field(description="Markdown.")
    source: str = Field(description="Where its pictures come from.")
    accent: str = Field(examples=["#3b6fd4"])
    state: str = Field(description="draft, live, paused or finished.", examples=["live"])
    is_public: bool
    data_public: bool
    created_at: datetime

    @classmethod
    def of(cls, project: Project) -> "ProjectShape":
        return cls(**{name: getattr(project, name) for name in cls.model_fields})


class WorkflowShape(Shape):
    id: int
    slug: str = Field(examples=["shapes"])
    title: str
    tagline: str
    state: str = Field(description="active, paused or finished.", examples=["active"])
    subject_set: str = Field(description="The slug of the set that it asks about.", examples=["all"])
    version: int | None = Field(
        description="The published version, which answers name; null: none is published."
    )
    version_number: str | None = Field(examples=["1.0"])
    progress: Progress

    @classmethod
    def of(cls, workflow: Workflow) -> "WorkflowShape":
        counter = getattr(workflow, "counter", None)
        published = workflow.published
        return cls(
            id=workflow.pk,
            slug=workflow.slug,
            title=workflow.title,
            tagline=workflow.tagline,
            state=workflow.state,
            subject_set=workflow.subject_set.slug,
            version=workflow.published_id,
            version_number=published.number if published else None,
            progress=Progress(
                **{name: getattr(counter, name, 0) for name in ("answers", "subjects", "retired")}
            ),
        )


class VersionShape(Shape):
    id: int
    number: str = Field(examples=["1.0"])
    inferred: bool = Field(description="Put together by an import from the answers that it found.")
    published_at: datetime
    definition: dict[str, Any]

    @classmethod
    def of(cls, version: WorkflowVersion) -> "VersionShape":
        return cls(
            id=version.pk,
            number=version.number,
            inferred=version.inferred,
            published_at=version.published_at,
            definition=version.definition,
        )


class SetShape(Shape):
    slug: str = Field(examples=["all"])
    title: str
    subjects: int

    @classmethod
    def of(cls, subject_set: SubjectSet) -> "SetShape":
        return cls(slug=subject_set.slug, title=subject_set.title, subjects=getattr(subject_set, "number", 0))


class MediaShape(Shape):
    url: str = Field(examples=["/media/zoo/s0.png"])
    mime: str = Field(examples=["image/png"])
    width: int | None
    height: int | None
    alt: str


class StateShape(Shape):
    workflow: int
    state: str = Field(description="open or retired.", examples=["open"])
    retired_at: datetime | None
    reason: str


class SubjectShape(Shape):
    id: int = Field(description="Below 2 to the power 53.")
    name: str = Field(description="The team's own name for it (external_id).", examples=["hudf-00017"])
    subject_set: str
    metadata: dict[str, Any] = Field(description="Keys with # are for the team alone.")
    attributes: dict[str, Any] = Field(description="What the catalogue knows of it.")
    media: list[MediaShape]
    workflows: list[StateShape]
    created_at: datetime

    @classmethod
    def of(cls, subject: Subject, states: list[StateShape], *, team: bool) -> "SubjectShape":
        return cls(
            id=subject.pk,
            name=subject.external_id,
            subject_set=subject.subject_set.slug,
            metadata=subject.metadata if team else subject.public_metadata,
            attributes=subject.attributes,
            media=[
                MediaShape(url=each.url, mime=each.mime, width=each.width, height=each.height, alt=each.alt)
                for each in subject.media.all()
            ],
            workflows=states,
            created_at=subject.created_at,
        )


class TaskConsensus(Shape):
    asked: int = Field(description="How many counted classifications came to the task.")
    votes: dict[str, int] = Field(description="Plain counts, by answer key.")
    answer: str | None = Field(description="The leading answer's key.", examples=["smooth"])
    probability: float | None = Field(description="Of that answer; null until mining has weighed it.")
    certainty: float | None = Field(description="Calibrated probability; null where it is not calibrated.")
    dispersion: float | None = Field(description="0: all agree, 1: uniform.")
    value: dict[str, Any] | None = Field(
        description="Where the consensus is no key: a text, a number, shapes."
    )
    run: int | None = Field(description="The batch run that says so; null: the votes as they came.")
    position: int | None = Field(description="How far in the workflow's record mining had read.")

    @classmethod
    def of(cls, found: Finding) -> "TaskConsensus":
        return cls(
            asked=found.asked,
            votes=found.votes,
            answer=found.lead.label if found.lead else None,
            probability=found.lead.probability if found.lead else None,
            certainty=found.certainty,
            dispersion=found.dispersion,
            value=found.value,
            run=found.run,
            position=found.position,
        )


class ConsensusShape(Shape):
    subject: int
    name: str
    answered: int = Field(description="Volunteers whose answers on it count.")
    retired_at: datetime | None = Field(description="Null: it is open, and the team alone is told this.")
    retired_reason: str
    path: str = Field(
        description="The leading answers from the first question on.", examples=["T0.features>T1.arms"]
    )
    tasks: dict[str, TaskConsensus]

    @classmethod
    def of(cls, row: Row) -> "ConsensusShape":
        return cls(
            subject=row.subject_id,
            name=row.external_id,
            answered=row.answered,
            retired_at=row.retired_at,
            retired_reason=row.retired_reason,
            path=row.path,
            tasks={name: TaskConsensus.of(found) for name, found in row.findings.items()},
        )


class WebhookShape(Shape):
    id: uuid.UUID
    address: str = Field(examples=["https://example.org/voorwerp"])
    kinds: list[str] = Field(examples=[["retired"]])
    state: str = Field(description="on, paused, or off: switched off by the site, `message` says why.")
    message: str
    renewed_at: datetime | None = Field(description="When the secret was changed; null: never.")
    at: datetime

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookShape":
        names = ("address", "kinds", "state", "message", "renewed_at", "at")
        return cls(id=webhook.public_id, **{name: getattr(webhook, name) for name in names})


class MadeWebhook(WebhookShape):
    secret: str = Field(description="With which messages are signed. Shown this once.")


class SecretShape(Shape):
    secret: str = Field(
        description="Shown this once. For a day messages are signed with the one before, too."
    )


class DeliveryShape(Shape):
    id: uuid.UUID
    webhook_id: str = Field(
        description="As in the message's header; the same for each try.", examples=["msg_0f"]
    )
    test: bool
    events: int = Field(description="How many it was made of; what is past when it is sent is left out.")
    state: str = Field(description="waiting, done, failed, or empty: all of it was past.")
    tries: int
    made_at: datetime
    sent_at: datetime | None = Field(description="The last try.")
    next_at: datetime | None = Field(description="The next try, where there is one.")
    status: int | None = Field(description="Of the answer; null: none came.")
    seconds: float | None
    answer: str = Field(description="How it began, or why none came.")

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryShape":
        names = ("state", "tries", "made_at", "sent_at", "status", "seconds", "answer")
        return cls(
            id=delivery.public_id,
            webhook_id=f"msg_{delivery.public_id.hex}",
            test=delivery.is_test,
            events=len(delivery.events),
            next_at=delivery.next_at if delivery.state == Delivery.State.WAITING else None,
            **{name: getattr(delivery, name) for name in names},
        )


class VoteShape(Shape):
    """One row of (classification, subject, volunteer, version, task, kind, key, value, at)."""

    classification: int
    subject: int
    volunteer: str = Field(description="A pseudonym, the same in all of the project's data.")
    version: int
    task: str = Field(examples=["T0"])
    kind: str = Field(examples=["single"])
    key: str = Field(description="The answer's stable key; `none`: asked, and left empty.")
    value: Any
    at: datetime


class OwnAnswer(Shape):
    """Nothing says whether it counted or what its subject was for."""

    id: uuid.UUID
    workflow: int
    workflow_version: int
    subject: int
    annotations: list[dict[str, Any]]
    received_at: datetime


class DraftShape(Shape):
    edition: int = Field(description="Each save is another; 0: nobody has changed it here.")
    definition: dict[str, Any]


class LaneShape(Shape):
    slug: str
    title: str
    priority: int = Field(description="The greater is served first.")
    source: str = Field(description="team or matching.")
    requires: list[str]
    closed_at: datetime | None

    @classmethod
    def of(cls, lane: Lane) -> "LaneShape":
        return cls(**{name: getattr(lane, name) for name in cls.model_fields})


class Changed(Shape):
    changed: int = Field(description="How many were not so before.")


class AppealShape(Shape):
    id: int
    subject: int
    verdict: str = Field(description="Of the decision against which it is.", examples=["prohibited"])
    at: datetime
    outcome: str = Field(description="upheld or overturned; empty while it waits.")
    reason: str = Field(description="Why, once it is judged.")

    @classmethod
    def of(cls, appeal: Appeal) -> "AppealShape":
        told = {name: getattr(appeal, name) for name in ("id", "at", "outcome", "reason")}
        return cls(subject=appeal.subject_id, verdict=appeal.decision.verdict, **told)


class UploadShape(Shape):
    media: str = Field(description="Names the picture in subjects of this project.")
    mime: str
    width: int
    height: int


class PushedShape(Shape):
    added: int
    known: int = Field(description="Those that the project had, and that were brought up to date.")
