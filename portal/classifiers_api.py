"""Classifiers under /api/v1: the versions of a workflow, and a door for those that were trained elsewhere. By the same
rules as their pages: owners, scientists and experts read, owners and scientists write; who reads of open subjects has
looked."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from drf_spectacular.utils import extend_schema
from pydantic import Field, StringConstraints, model_validator
from rest_framework.request import Request
from rest_framework.response import Response

from mining.ballots import task_of
from mining.models import ModelVersion, Prediction
from mining.services.outside import Said, post_predictions, register
from mining.services.outside_judged import Judged, judged, most_said
from portal.pages.looks import keep_looks
from projects.api.bodies import read_body
from projects.api.changes import Change
from projects.api.once import KEY, once
from projects.api.paging import Query, after, page, parameters, read_query
from projects.api.places import May, somebody, workflow_at
from projects.api.resources import Resource
from projects.api.shapes import Page, Shape
from projects.exceptions import NotFound
from projects.models import Evidence, SubjectState
from projects.permissions import may_enter_gold, may_mine
from projects.services.volunteers import join_account, volunteer_of

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000)]
Chance = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class OutsideBody(Change):
    """What was trained elsewhere. It can't be changed: a version that says something else is another."""

    task: str = Field(
        max_length=130, description="Of the question: T0, or T1:ring of one choice.", examples=["T0"]
    )
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)] = Field(
        description="Your own, with its number.", examples=["zoobot-rings 3.1"]
    )
    description: Annotated[Text, StringConstraints(min_length=1)] = Field(
        description="What it is and how it was trained, for who judges it.",
        examples=["ConvNeXT, fine-tuned on the finished subjects."],
    )
    data: Text = Field(
        "",
        description="What it learnt from.",
        examples=["Release 2, all but the subjects open on 1 November."],
    )
    code: Text = Field(
        "", description="Where code and weights are.", examples=["https://example.org/rings at 4f1c2d"]
    )


class PredictionLine(Change):
    """Of one subject, by `subject` or by `name`."""

    subject: int | None = Field(None, ge=1, lt=2**53)
    name: str = Field("", max_length=200, description="Its team's name for it.", examples=["hudf-00017"])
    probabilities: dict[Annotated[str, StringConstraints(max_length=100)], Chance] = Field(
        max_length=1000,
        description="Of each answer key, that most people will give it; they come to 1.",
        examples=[{"smooth": 0.9, "features": 0.1}],
    )

    @model_validator(mode="after")
    def _one_subject(self) -> "PredictionLine":
        if (self.subject is None) == (self.name == ""):
            raise ValueError("say which subject, either by its id in `subject` or by its name in `name`")
        return self


class PredictionsBody(Change):
    predictions: list[PredictionLine] = Field(min_length=1, max_length=1000)


class ClassifierShape(Shape):
    id: int
    task: str = Field(examples=["T0"])
    answers: list[str] = Field(examples=[["smooth", "features"]])
    state: str = Field(
        description="champion: it speaks for its question; retired: it did; refused: by the gate; outside: it was "
        "trained elsewhere, and never speaks.",
        examples=["outside"],
    )
    name: str = Field(description="Of one that was trained outside; else empty.")
    description: str
    data: str
    code: str
    position: int = Field(description="How far the workflow's record went when it was made.")
    made_at: datetime

    @classmethod
    def of(cls, version: ModelVersion) -> "ClassifierShape":
        told = getattr(version, "outside", None)
        words = {key: getattr(told, key, "") for key in ("description", "data", "code")}
        names = ("id", "task", "answers", "state", "name", "position", "made_at")
        return cls(**words, **{name: getattr(version, name) for name in names})


class ScoreShape(Shape):
    subjects: int
    agreed: int = Field(description="Of these: its leading answer is the one that most people gave.")
    loss: float = Field(
        description="Minus the log of the chance that it gave that answer, in nats, on average."
    )


class JudgedShape(Shape):
    """Judged on what it said before a subject had an answer, against people's when that subject was finished."""

    said: int
    early: int = Field(description="Said before the subject had an answer.")
    alone: ScoreShape | None = Field(description="Null: no such subject is finished yet.")
    champion: int | None = Field(
        description="Null: there is none, or it told of too few of the same subjects."
    )
    both: ScoreShape | None = Field(
        description="This version, on the subjects of which the champion told too."
    )
    champions: ScoreShape | None = Field(description="The champion, on the same.")
    difference: list[float] | None = Field(
        description="Of the loss, this one's less the champion's: mean, and its 95 % interval. Below 0 it is better.",
        examples=[[-0.12, -0.2, -0.04]],
    )

    @classmethod
    def of(cls, found: Judged) -> "JudgedShape":
        return cls.model_validate(asdict(found) | {"difference": found.difference and list(found.difference)})


class OneClassifierShape(ClassifierShape):
    judged: JudgedShape | None = Field(description="Of one that was trained outside.")


class PostedShape(Shape):
    added: int
    known: int = Field(description="Of which the version had said the same before.")


class PredictionShape(Shape):
    subject: int
    name: str = Field(examples=["hudf-00017"])
    probabilities: dict[str, float] = Field(examples=[{"smooth": 0.9, "features": 0.1}])
    early: bool | None = Field(description="Posted before the subject had an answer; null: it was told here.")
    posted_at: datetime | None
    state: str = Field(description="open or retired.", examples=["retired"])
    answer: str | None = Field(
        description="What most people said; null while it is open, and where two answers have as many votes.",
        examples=["smooth"],
    )


class PredictionQuery(Query):
    subject: int = Field(0, ge=0, lt=2**53, description="This one alone.")


class Classifiers(Resource):
    """The versions of a workflow's classifiers. For owners, scientists and experts."""

    @extend_schema(parameters=parameters(Query), responses=Page[ClassifierShape])
    def get(self, request: Request, workflow_id: int) -> Response:
        asked = read_query(request, Query)
        workflow = workflow_at(request, workflow_id, may_enter_gold)
        found = ModelVersion.objects.filter(workflow=workflow, pk__gt=after(request, asked))
        rows = list(found.select_related("outside").order_by("pk")[: asked.limit + 1])
        return page(request, asked, rows, lambda row: row.pk, ClassifierShape.of).respond()

    @extend_schema(request=OutsideBody, responses={201: ClassifierShape}, parameters=[KEY])
    @once
    def post(self, request: Request, workflow_id: int) -> Response:
        """Register one that was trained elsewhere, so that it can post what it says. It is kept beside the others and
        judged by people's later answers; it never takes the champion's place and weighs in nothing, since nobody can
        know here what it learnt from. The same again gives the one that is there. For owners and scientists."""
        body = read_body(request, OutsideBody)
        workflow = workflow_at(request, workflow_id, may_mine)
        made = register(workflow, **body.model_dump(), by=somebody(request))
        return ClassifierShape.of(made).respond(201)


class OneClassifier(Resource):
    """One version. Of one that was trained outside: how good it was."""

    @extend_schema(responses=OneClassifierShape)
    def get(self, request: Request, workflow_id: int, number: int) -> Response:
        version = version_at(request, workflow_id, number, may_enter_gold)
        found = JudgedShape.of(judged(version)) if version.state == ModelVersion.State.OUTSIDE else None
        return OneClassifierShape(**ClassifierShape.of(version).model_dump(), judged=found).respond()


class Predictions(Resource):
    """What a version says of subjects, and what became of it. Open ones are among them: whoever is shown one has
    looked, and a later answer of theirs on it is withheld."""

    @extend_schema(parameters=parameters(PredictionQuery), responses=Page[PredictionShape])
    def get(self, request: Request, workflow_id: int, number: int) -> Response:
        asked = read_query(request, PredictionQuery)
        version = version_at(request, workflow_id, number, may_enter_gold)
        found = version.predictions.filter(subject__gt=after(request, asked))
        if asked.subject:
            found = found.filter(subject=asked.subject)
        rows = list(found.select_related("subject").order_by("subject_id")[: asked.limit + 1])
        shown = [row.subject_id for row in rows[: asked.limit]]
        keep_looks(request._request, version.workflow_id, shown)
        became = _became(version, shown)
        made = page(
            request, asked, rows, lambda row: row.subject_id, lambda row: _shape(version, row, became)
        )
        return made.respond()

    @extend_schema(request=PredictionsBody, responses={200: PostedShape}, parameters=[KEY])
    @once
    def post(self, request: Request, workflow_id: int, number: int) -> Response:
        """What one that was trained outside says of up to 1,000 subjects; all or nothing, with each line that can't be
        taken in `fields`. What was said of a subject stands. Who posts has looked at those that are open. For owners
        and scientists."""
        body = read_body(request, PredictionsBody)
        version = version_at(request, workflow_id, number, may_mine)
        said = [Said(each.subject, each.name, each.probabilities) for each in body.predictions]
        person = volunteer_of(request._request) or join_account(None, somebody(request))
        posted = post_predictions(version, said, person)
        return PostedShape(added=posted.added, known=posted.known).respond()


def version_at(request: Request, workflow_id: int, number: int, may: May) -> ModelVersion:
    workflow = workflow_at(request, workflow_id, may)
    found = ModelVersion.objects.select_related("workflow__project", "outside")
    version = found.filter(workflow=workflow, pk=number).first()
    if version is None:
        raise NotFound
    return version


def _became(version: ModelVersion, subjects: list[int]) -> dict[int, str | None]:
    """Of those that are finished, what most people said."""
    finished = SubjectState.objects.filter(
        workflow=version.workflow_id, subject__in=subjects, retired_at__isnull=False
    )
    found: dict[int, str | None] = dict.fromkeys(finished.values_list("subject_id", flat=True))
    said = Evidence.objects.filter(
        workflow=version.workflow_id, task=task_of(version.task), subject__in=list(found)
    )
    for subject, tallies in said.values_list("subject_id", "tallies"):
        at = most_said(tallies, version.task, version.answers)
        found[subject] = None if at is None else version.answers[at]
    return found


def _shape(version: ModelVersion, row: Prediction, became: dict[int, Any]) -> PredictionShape:
    return PredictionShape(
        subject=row.subject_id,
        name=row.subject.external_id,
        probabilities=dict(zip(version.answers, row.probabilities, strict=True)),
        early=row.early,
        posted_at=row.posted_at,
        state="retired" if row.subject_id in became else "open",
        answer=became.get(row.subject_id),
    )
