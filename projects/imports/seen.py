"""What a file's answers show of the tasks that they answer: gathered row by row, in bounded memory. Pure."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from projects.imports.keys import KEY_PATTERN
from projects.imports.marks import ToolsSeen, read_marks
from projects.imports.parsed import Given, Parsed
from projects.imports.picks import pick_of
from projects.imports.sightings import SurveySeen, read_sightings
from projects.imports.spans import read_spans
from projects.tasks.dropdown import MOST_OPTIONS
from projects.tasks.highlighter import MOST_LABELS
from projects.tasks.number import FAR
from projects.tasks.survey import MOST_SURVEYED
from projects.tasks.tags import TAGS, are_tags

MOST_CHOICES = 60
"""A task offers so many at most (projects/tasks/base.py); a question with more different answers is none of choice."""

LONGEST_LABEL = 200
LONGEST_TEXT = 10_000
MOST_WAYS = 5_000
FEW = 8
"""So many answers it takes to tell writing from choosing by how they differ."""


Identity = tuple[bool, str]
"""What was chosen: (True, our own key), where the file has it; else (False, its text)."""


@dataclass
class TaskSeen:
    """The answers to one task of one version. choices: to the text of each."""

    question: str = ""
    answers: int = 0
    nothing: int = 0
    texts: int = 0
    lists: int = 0
    empty_lists: int = 0
    others: int = 0
    picks: int = 0
    numbers: int = 0
    least: float = math.inf
    most: float = -math.inf
    choices: dict[Identity, str] = field(default_factory=dict)
    too_many: bool = False
    long: bool = False
    broken_lines: bool = False
    kinds: set[str] = field(default_factory=set)
    place: float = 0.0
    marks: int = 0
    drawn: ToolsSeen = field(default_factory=ToolsSeen)
    spans: int = 0
    sightings: int = 0
    surveyed: SurveySeen = field(default_factory=SurveySeen)

    def take(self, given: Given, place: int) -> None:
        self.question = self.question or given.question
        self.answers += 1
        self.place += place
        if given.kind:
            self.kinds.add(given.kind)
        value, pick = given.value, pick_of(given.value)
        if value is None or value == "" or (pick and not pick.label):
            self.nothing += 1
        elif pick:
            self.picks += 1
            self._choose([pick.label], [pick.key], MOST_OPTIONS)
        elif isinstance(value, str):
            self.texts += 1
            self.broken_lines = self.broken_lines or "\n" in value.strip()
            self._choose([value], [given.key])
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            self.others += given.kind == TAGS and not are_tags(value)
            self.lists += bool(value)
            self.empty_lists += not value
            self._choose(value, given.key if isinstance(given.key, list) else [])
        elif (spans := read_spans(value)) is not None:
            self.spans += 1
            self._choose([span.label for span in spans], [span.key for span in spans], MOST_LABELS)
        elif (sightings := read_sightings(value)) is not None:
            self.sightings += 1
            self.surveyed.take(sightings)
            self._choose([each.label for each in sightings], [each.key for each in sightings], MOST_SURVEYED)
        elif (marks := read_marks(value)) is not None:
            self.marks += 1
            self.drawn.take(marks)
        elif is_number(value):
            self.numbers += 1
            self.least, self.most = min(self.least, value), max(self.most, value)
        else:
            self.others += 1

    def _choose(self, labels: list[str], keys: list[object], most: int = MOST_CHOICES) -> None:
        if any(len(label) > LONGEST_TEXT for label in labels):
            self.others += 1
        self.long = self.long or any(len(label) > LONGEST_LABEL or not label.strip() for label in labels)
        for identity, label in identities(labels, keys):
            if identity not in self.choices:
                self.too_many = self.too_many or len(self.choices) >= most
                if not self.too_many and not self.long:
                    self.choices[identity] = label

    def join(self, other: "TaskSeen") -> "TaskSeen":
        """Both together, such as of two versions."""
        most = MOST_OPTIONS if self.picks or other.picks else MOST_CHOICES
        most = MOST_SURVEYED if self.sightings or other.sightings else most
        choices = {**self.choices, **{k: v for k, v in other.choices.items() if k not in self.choices}}
        return TaskSeen(
            self.question or other.question,
            self.answers + other.answers,
            self.nothing + other.nothing,
            self.texts + other.texts,
            self.lists + other.lists,
            self.empty_lists + other.empty_lists,
            self.others + other.others,
            self.picks + other.picks,
            self.numbers + other.numbers,
            min(self.least, other.least),
            max(self.most, other.most),
            choices,
            self.too_many or other.too_many or len(choices) > most,
            self.long or other.long,
            self.broken_lines or other.broken_lines,
            self.kinds | other.kinds,
            self.place + other.place,
            self.marks + other.marks,
            self.drawn.join(other.drawn),
            self.spans + other.spans,
            self.sightings + other.sightings,
            self.surveyed.join(other.surveyed),
        )


def is_number(value: object) -> bool:
    """One that a task of kind number may have (projects/tasks/number.py)."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -FAR <= value <= FAR


def identities(labels: list[str], keys: list[object]) -> Iterator[tuple[Identity, str]]:
    """(identity, text) of each choice made."""
    known = keys if len(keys) == len(labels) else [None] * len(labels)
    for label, key in zip(labels, known, strict=True):
        has_key = isinstance(key, str) and KEY_PATTERN.fullmatch(key) is not None
        yield (has_key, str(key) if has_key else label), label


Step = tuple[str, Identity | None, tuple[str, ...]]
"""(task, the one choice made or None, the tasks answered after it)"""


@dataclass
class VersionSeen:
    rows: int = 0
    tasks: dict[str, TaskSeen] = field(default_factory=dict)
    steps: Counter[Step] = field(default_factory=Counter)
    repeated: set[str] = field(default_factory=set)
    """Tasks that one classification answered more than once, as it happens on the marks of a drawing."""

    def take(self, row: Parsed) -> None:
        self.rows += 1
        names = [given.task for given in row.annotations]
        for place, given in enumerate(row.annotations):
            self.tasks.setdefault(given.task, TaskSeen()).take(given, place)
            if names.count(given.task) > 1:
                self.repeated.add(given.task)
            if len(self.steps) < MOST_WAYS:
                self.steps[given.task, _chosen(given), tuple(names[place + 1 :])] += 1


def _chosen(given: Given) -> Identity | None:
    pick = pick_of(given.value)
    if pick and pick.label:
        return next(identities([pick.label], [pick.key]))[0]
    if not isinstance(given.value, str) or len(given.value) > LONGEST_LABEL:
        return None
    return next(identities([given.value], [given.key]))[0]


@dataclass
class WorkflowSeen:
    name: str = ""
    versions: dict[tuple[int, int], VersionSeen] = field(default_factory=dict)

    def take(self, row: Parsed) -> None:
        self.name = row.workflow_name or self.name
        self.versions.setdefault(row.version, VersionSeen()).take(row)
