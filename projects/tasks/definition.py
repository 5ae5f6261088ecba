"""A workflow's definition: a graph of tasks, checked when it is published and walked when an answer comes."""

from collections.abc import Callable, Mapping
from itertools import pairwise
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
from projects.tasks.dropdown import DropdownTask
from projects.tasks.fairness import Fairness
from projects.tasks.known import Checks, Exam, Training
from projects.tasks.raw import RAW, RawTask
from projects.tasks.viewer import Viewer

MOST_TOGETHER = 10
"""Tasks on one screen."""

Annotation = dict[str, Any]
"""One task's answer: {"task": "T0", "value": ...}."""


class WorkflowDefinition(BaseModel):
    """The JSON of WorkflowVersion.definition."""

    model_config = ConfigDict(extra="forbid")

    first_task: str
    tasks: dict[str, SerializeAsAny[Task]] = Field(min_length=1, max_length=100)
    retirement: list[Any]
    combinations: list[list[str]] = Field(
        [], max_length=50, description="Tasks that stand on one screen, in their order."
    )
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
        for quantity, name in conditions.quantities(self.retirement):
            if quantity in ("probability", "entropy") and not self.tasks[name].keys:
                raise ValueError(
                    f"there is no {quantity} of {name}, which has too many answers: write [agreement, {name}]"
                )
        self._shown_as_asked()
        for name, task in self.tasks.items():
            if isinstance(task, DropdownTask) and task.depends_on is not None:
                self._comes_after(name, task, task.depends_on)
        for names in self.combinations:
            self._stand_together(names)
        return self

    def _shown_as_asked(self) -> None:
        compares = any(task.compares for task in self.tasks.values())
        if compares and self.viewer.kind != "pair" and not self.inferred:
            raise ValueError("what is compared is shown as a pair: write viewer: {kind: pair}")

    def _stand_together(self, names: list[str]) -> None:
        """Each leads to the next whatever is answered, and nothing else does: so all of a screen are asked, or none."""
        if not 2 <= len(names) <= MOST_TOGETHER:
            raise ValueError(f"a combination has from 2 to {MOST_TOGETHER} tasks")
        for name in names:
            if name not in self.tasks:
                raise ValueError(f"a combination has {name}, which is not a task")
            if sum(each.count(name) for each in self.combinations) > 1:
                raise ValueError(f"{name} stands in the combinations twice")
        for name, follow in pairwise(names):
            task = self.tasks[name]
            if {way[1] for way in task.ways()} | {task.next} != {follow}:
                raise ValueError(
                    f"{name} must lead to {follow}, whatever is answered: they are on one screen"
                )
            others = [other for other, task in self.tasks.items() if follow in task.next_tasks()]
            if others != [name] or follow == self.first_task:
                raise ValueError(f"only {name} may lead to {follow}: they are on one screen")

    def _comes_after(self, name: str, task: DropdownTask, above: str) -> None:
        """Every way to the task goes through the one that it depends on."""
        if above not in self.tasks or above == name:
            raise ValueError(f"{name} depends on {above}, which is no other task")
        if self.tasks[above].kind not in ("single", "dropdown"):
            raise ValueError(f"{name} depends on {above}, of which not one answer is chosen")
        if self.first_task != above and name in self._reachable(self.first_task, [], closed=above):
            raise ValueError(
                f"{name} depends on {above}, and there is a way to it that does not go through {above}"
            )
        unknown = {key for option in task.answers for key in option.of} - set(self.tasks[above].answer_keys)
        if unknown:
            raise ValueError(f"{name} has answers of {min(unknown)}, which is no answer of {above}")

    def _reachable(self, name: str, above: list[str], closed: str | None = None) -> set[str]:
        """From a task on; nothing leads through the one that is closed."""
        if name in above:
            raise ValueError(f"the tasks go in a circle: {' > '.join([*above, name])}")
        found = {name}
        for follow in self.tasks[name].next_tasks() - {closed}:
            found |= self._reachable(follow, [*above, name], closed)
        return found

    def answer_keys(self) -> dict[str, list[str]]:
        """Task name to its answers' keys; none where it is not answered by choosing."""
        return {name: task.answer_keys for name, task in self.tasks.items()}

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
                answers = {each["task"]: each["value"] for each in stored}
                stored_value = self.tasks[name].given(answers).validate_value(value)
            except ValueError as error:
                raise Invalid(f"{name}: {error}.", fields={"task": name}) from None
            stored.append({"task": name, "value": stored_value})
            expected = self.tasks[name].next_task(stored_value)
        if expected is not None:
            raise Invalid(f"{expected} is not answered.", fields={"task": expected})
        return stored

    def check_inside(self, annotations: list[Annotation], width: int | None, height: int | None) -> None:
        """Raises Invalid, naming the task, where a stored value does not fit the picture that it is about."""
        self._check(annotations, lambda task, value: task.check_inside(value, width, height))

    def check_text(self, annotations: list[Annotation], metadata: Mapping[str, Any]) -> None:
        """Raises Invalid, naming the task, where a stored value does not fit the subject's text that it is about."""
        self._check(annotations, lambda task, value: task.check_text(value, metadata))

    def _check(self, annotations: list[Annotation], check: Callable[[Task, Any], None]) -> None:
        for annotation in annotations:
            name = annotation["task"]
            try:
                check(self.tasks[name], annotation["value"])
            except ValueError as error:
                raise Invalid(f"{name}: {error}.", fields={"task": name}) from None

    @property
    def draws(self) -> bool:
        """Whether there are answers that must lie in the picture."""
        return any(task.as_drawing() for task in self.tasks.values())

    @property
    def reads(self) -> bool:
        """Whether there are answers about a text of the subject's own."""
        return any(task.reads for task in self.tasks.values())

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


def parse_task(name: str, data: Any) -> Task:
    """One task of that name, or Invalid with the place and the reason; where it leads is not looked at."""
    try:
        return _task(name, data)
    except ValueError as error:
        raise Invalid(str(error)) from None


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
