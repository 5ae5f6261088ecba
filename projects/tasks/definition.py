"""A workflow's definition: a graph of tasks, checked when it is published and walked when an answer comes."""

from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializeAsAny,
    ValidationError,
    field_validator,
    model_validator,
)

from projects import conditions
from projects.exceptions import Invalid
from projects.tasks import KINDS
from projects.tasks.base import Task, VoteRows
from projects.tasks.fairness import Fairness
from projects.tasks.known import Checks, Exam, Training
from projects.tasks.raw import RAW, RawTask
from projects.tasks.viewer import Viewer

Annotation = dict[str, Any]
"""One task's answer: {"task": "T0", "value": ...}."""


class WorkflowDefinition(BaseModel):
    """The JSON of WorkflowVersion.definition."""

    model_config = ConfigDict(extra="forbid")

    first_task: str
    tasks: dict[str, SerializeAsAny[Task]] = Field(min_length=1, max_length=100)
    retirement: list[Any]
    viewer: Viewer = Viewer()
    glance: bool = True
    checks: Checks = Checks()
    training: Training | None = None
    exam: Exam | None = None
    fairness: Fairness = Fairness()
    redo_minutes: int = Field(15, ge=0, le=24 * 60, description="How long an answer may be corrected.")
    icons: dict[str, str] = Field(
        default_factory=dict, description="Icon name to SVG markup, checked by the loader."
    )
    inferred: bool = Field(
        False, description="Put together by an import from the answers that it found: not answered here."
    )

    @field_validator("tasks", mode="before")
    @classmethod
    def _by_kind(cls, value: Any) -> dict[str, Task]:
        if not isinstance(value, dict):
            raise ValueError("tasks are a mapping of name to task")
        return {name: _task(name, task) for name, task in value.items()}

    @model_validator(mode="after")
    def _is_a_graph_without_cycles(self) -> "WorkflowDefinition":
        if self.first_task not in self.tasks:
            raise ValueError(f"first_task {self.first_task} is not a task")
        for name, task in self.tasks.items():
            for follow in task.next_tasks():
                if follow not in self.tasks:
                    raise ValueError(f"{name} leads to {follow}, which is not a task")
            if task.kind == RAW and not self.inferred:
                raise ValueError(f"{name} has the kind raw, which is only for answers of an import")
        unreachable = set(self.tasks) - self._reachable(self.first_task, [])
        if unreachable and not self.inferred:
            raise ValueError(f"no answer leads to {', '.join(sorted(unreachable))}")
        conditions.check(self.retirement, self.answer_keys())
        self.fairness.check(self.answer_keys())
        return self

    def _reachable(self, name: str, above: list[str]) -> set[str]:
        if name in above:
            raise ValueError(f"the tasks go in a circle: {' > '.join([*above, name])}")
        found = {name}
        for follow in self.tasks[name].next_tasks():
            found |= self._reachable(follow, [*above, name])
        return found

    def answer_keys(self) -> dict[str, list[str]]:
        """Task name to its answers' keys; none where it is not answered by choosing."""
        return {name: task.keys for name, task in self.tasks.items()}

    def walk(self, annotations: Any) -> list[Annotation]:
        """The annotations as stored: exactly the tasks on the way through the graph, each value checked.

        Raises Invalid, naming the task.
        """
        if self.inferred:
            raise Invalid(
                "This version was put together by an import: publish one of your own to take answers."
            )
        if not isinstance(annotations, list):
            raise Invalid("annotations are a list of {task, value}.")
        stored: list[Annotation] = []
        expected: str | None = self.first_task
        for annotation in annotations:
            name, value = _parts(annotation)
            if expected is None:
                raise Invalid(f"The way through the tasks ends before {name}.", fields={"task": name})
            if name != expected:
                raise Invalid(f"The next task is {expected}, not {name}.", fields={"task": name})
            try:
                stored_value = self.tasks[name].validate_value(value)
            except ValueError as error:
                raise Invalid(f"{name}: {error}.", fields={"task": name}) from None
            stored.append({"task": name, "value": stored_value})
            expected = self.tasks[name].next_task(stored_value)
        if expected is not None:
            raise Invalid(f"{expected} is not answered.", fields={"task": expected})
        return stored

    def votes(self, annotations: list[Annotation]) -> list[tuple[str, VoteRows]]:
        """(task, vote rows) of stored annotations, in the order they were answered; what is raw has none."""
        rows = [(a["task"], self.tasks[a["task"]].votes(a["value"])) for a in annotations]
        return [each for each in rows if each[1]]


def parse_definition(data: Any) -> WorkflowDefinition:
    """The definition, or Invalid with the place and the reason."""
    try:
        return WorkflowDefinition.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        raise Invalid(f"{place}: {reason}" if place else reason) from None


def _task(name: str, data: Any) -> Task:
    if isinstance(data, Task):
        return data
    kind = data.get("kind") if isinstance(data, dict) else None
    model = RawTask if kind == RAW else KINDS.get(str(kind))
    if model is None:
        raise ValueError(f"{name} has the kind {kind!r}; known are {', '.join(KINDS)}")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join([name, *(str(part) for part in first["loc"])])
        raise ValueError(f"{place}: {first['msg'].removeprefix('Value error, ')}") from None


def _parts(annotation: Any) -> tuple[str, Any]:
    if not isinstance(annotation, dict) or set(annotation) != {"task", "value"}:
        raise Invalid("Each annotation is {task, value}.")
    if not isinstance(annotation["task"], str):
        raise Invalid("An annotation's task is its name.")
    return annotation["task"], annotation["value"]
