"""What a simulated crowd takes for the truth: rules over catalogue attributes, from a sample's crowd.yaml.

    WORKFLOW: {TASK: [{answer: KEY, when: {ATTRIBUTE: [least, below], ...}}, ...]}

The first rule that fits gives the answer of a task of kind single (the last one has no `when`); of a multiple task
every rule that fits is a choice. An open end is null. A project without such a file gets a truth drawn by chance.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from projects import samples

SAMPLES = Path(samples.__file__).parent
Attributes = Mapping[str, Any]
Table = dict[str, list[str | list[str]]]
"""Task to the true answer of each subject, in the subjects' order: a key, for a multiple task a list of keys."""


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


Rules = dict[str, dict[str, list[Rule]]]


def rules_of(slug: str) -> Rules:
    """The rules of the sample project with this slug, by workflow and task; empty where there are none."""
    for path in sorted(SAMPLES.glob("*/crowd.yaml")):
        project = yaml.safe_load((path.parent / "project.yaml").read_text(encoding="utf-8"))
        if project["slug"] == slug:
            return TypeAdapter(Rules).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    return {}


def truth_table(
    definition: Mapping[str, Any],
    rules: Mapping[str, Sequence[Rule]],
    subjects: Sequence[Attributes],
    seed: int,
) -> Table:
    """The true answer of every task for every subject, also of tasks off the subject's way through the tree."""
    rng = np.random.default_rng([seed, len(subjects)])
    table: Table = {}
    for task, body in definition["tasks"].items():
        keys = [answer["key"] for answer in body["answers"]]
        multiple = body["kind"] == "multiple"
        table[task] = [
            _by_rule(rules[task], attributes, multiple) if task in rules else _by_chance(rng, keys, multiple)
            for attributes in subjects
        ]
    return table


def _by_rule(rules: Sequence[Rule], attributes: Attributes, multiple: bool) -> str | list[str]:
    fitting = [rule.answer for rule in rules if rule.fits(attributes)]
    return fitting if multiple else fitting[0]


def _by_chance(rng: np.random.Generator, keys: list[str], multiple: bool) -> str | list[str]:
    """Any answer is as likely as another; of a multiple task each choice is there in one case of ten."""
    if multiple:
        return [key for key in keys if rng.random() < 0.1]
    return keys[int(rng.integers(len(keys)))]
