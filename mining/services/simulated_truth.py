"""What a simulated crowd takes for the truth, from a sample's crowd.yaml, in one of three forms a task.

    WORKFLOW: {TASK: [{answer: KEY, when: {ATTRIBUTE: [least, below], ...}}, ...]}
    WORKFLOW: {TASK: {from: "#truth", wear: "#wear"}}
    WORKFLOW: {TASK: {attribute: ATTRIBUTE, times: 100}}

Rules over catalogue attributes: the first that fits gives the answer of a task of kind single (the last one has no
`when`); of a multiple task every rule that fits is a choice, of tags a tag. An open end is null.

From: the subject's hidden metadata under that key (# in front: never shown) is the truth. Of a single task it is the
answer's key, of a multiple task keys and of tags the tags with commas between, of a text task the text, of a drawing or
a transcription {"width", "height", "marks"} as JSON, of a highlighter {"text", "spans"}, of a survey {choice: answers}
as JSON. wear, for text alone, names the metadata that say how worn each letter of it is: a digit each, 0 as new to 9
gone.

Attribute: of a number task, the truth is that catalogue attribute, times a factor.

A task without an entry gets a truth drawn by chance, a task of text, number, drawing, tags or survey none.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from mining.science.simulate.classifications import DRAWN, TrueAnswer
from projects import samples

SEVERAL = ("multiple", "tags")
"""Kinds whose truth is a list."""

AS_JSON = (*DRAWN, "highlighter", "survey")
"""Kinds whose truth is written as JSON."""

SAMPLES = Path(samples.__file__).parent
Attributes = Mapping[str, Any]
Metadata = Mapping[str, Any]
Table = dict[str, list[TrueAnswer]]
"""Task to the true answer of each subject, in the subjects' order: a key, a text, a number, for a multiple task a list
of keys; None where nothing is known."""
WearTable = dict[str, list[list[float] | None]]
"""Text task to the wear of each letter of each subject's truth, 0 as new to 1 gone; None where it is not known."""


class Rule(BaseModel):
    model_config = ConfigDict(extra="forbid")

    answer: str
    when: dict[str, tuple[float | None, float | None]] = {}

    def fits(self, attributes: Attributes) -> bool:
        """A subject of which an attribute is not known fits no rule that asks for it."""
        for key, (least, below) in self.when.items():
            value = attributes.get(key)
            if not isinstance(value, (int, float)):
                return False
            if (least is not None and value < least) or (below is not None and value >= below):
                return False
        return True


class FromMetadata(BaseModel):
    model_config = ConfigDict(extra="forbid")

    key: str = Field(alias="from", pattern="^#.+")
    wear: str | None = Field(None, pattern="^#.+")


class FromAttribute(BaseModel):
    model_config = ConfigDict(extra="forbid")

    attribute: str
    times: float = 1.0

    def of(self, attributes: Attributes) -> float | None:
        value = attributes.get(self.attribute)
        return value * self.times if isinstance(value, (int, float)) else None


TaskRules = Sequence[Rule] | FromMetadata | FromAttribute
Rules = dict[str, dict[str, list[Rule] | FromMetadata | FromAttribute]]


def rules_of(slug: str) -> Rules:
    """The rules of the sample project with this slug, by workflow and task; empty where there are none."""
    for path in sorted(SAMPLES.glob("*/crowd.yaml")):
        project = yaml.safe_load((path.parent / "project.yaml").read_text(encoding="utf-8"))
        if project["slug"] == slug:
            return TypeAdapter(Rules).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    return {}


def truth_table(
    definition: Mapping[str, Any],
    rules: Mapping[str, TaskRules],
    subjects: Sequence[Attributes],
    seed: int,
    *,
    metadata: Sequence[Metadata] = (),
) -> Table:
    """The true answer of every task for every subject, also of tasks off the subject's way through the tree.

    metadata: of each subject, needed where a task's truth is read from there.
    """
    rng = np.random.default_rng([seed, len(subjects)])
    table: Table = {}
    for task, body in definition["tasks"].items():
        keys = [answer["key"] for answer in body.get("answers", ())] if body["kind"] != "survey" else []
        multiple = body["kind"] in SEVERAL
        of_task = rules.get(task)
        if isinstance(of_task, FromMetadata):
            table[task] = [_by_metadata(of_task, found, body["kind"]) for found in metadata]
        elif isinstance(of_task, FromAttribute):
            table[task] = [of_task.of(attributes) for attributes in subjects]
        elif of_task is not None:
            table[task] = [_by_rule(of_task, attributes, multiple) for attributes in subjects]
        else:
            table[task] = [_by_chance(rng, keys, multiple) for _ in subjects]
    return table


def wear_table(rules: Mapping[str, TaskRules], metadata: Sequence[Metadata]) -> WearTable:
    """The wear of the letters of each text whose rule says where it stands."""
    return {
        task: [_digits(found.get(of_task.wear)) for found in metadata]
        for task, of_task in rules.items()
        if isinstance(of_task, FromMetadata) and of_task.wear is not None
    }


def _digits(text: str | None) -> list[float] | None:
    return None if text is None else [int(digit) / 9 for digit in text]


def _by_metadata(rule: FromMetadata, metadata: Metadata, kind: str) -> TrueAnswer:
    text: str | None = metadata.get(rule.key)
    if text is not None and kind in AS_JSON:
        truth: dict[str, Any] = json.loads(text)
        return truth
    if text is None or kind not in SEVERAL:
        return text
    return [key.strip() for key in text.split(",") if key.strip()]


def _by_rule(rules: Sequence[Rule], attributes: Attributes, multiple: bool) -> str | list[str]:
    fitting = [rule.answer for rule in rules if rule.fits(attributes)]
    return fitting if multiple else fitting[0]


def _by_chance(rng: np.random.Generator, keys: list[str], multiple: bool) -> str | list[str] | None:
    """Any answer is as likely as another; of a multiple task each choice is there in one case of ten."""
    if multiple:
        return [key for key in keys if rng.random() < 0.1]
    return keys[int(rng.integers(len(keys)))] if keys else None
