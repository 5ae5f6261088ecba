"""docs/tasks.md: its example is published as it stands, and it names every field, kind, condition and quantity."""

import re

import yaml

from projects import conditions
from projects.bundles.schema import WorkflowFile
from projects.tasks import KINDS
from projects.tasks.base import Answer, Task
from projects.tasks.definition import WorkflowDefinition, parse_definition
from tests.docs.text import ROOT

TEXT = (ROOT / "docs" / "tasks.md").read_text()
EXAMPLE = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[0])
OWN = set(WorkflowFile.model_fields) - {"definition"}


def first_cells() -> list[str]:
    return [line.split("|")[1].strip(" `") for line in TEXT.splitlines() if line.startswith("| `")]


def test_the_example_parses_and_is_walked_as_described() -> None:
    assert OWN & set(EXAMPLE) == OWN
    definition = parse_definition({key: value for key, value in EXAMPLE.items() if key not in OWN})
    answers = [
        {"task": "T0", "value": "smooth"},
        {"task": "T1", "value": "round"},
        {"task": "T7", "value": ["ring"]},
    ]
    assert definition.walk(answers) == answers
    assert definition.walk([{"task": "T0", "value": "artifact"}]) == [{"task": "T0", "value": "artifact"}]
    assert conditions.vote_limit(definition.retirement) == 15


def test_every_field_is_described() -> None:
    fields = [*Task.model_fields, *(field for kind in KINDS.values() for field in kind.model_fields)]
    assert {*WorkflowDefinition.model_fields, *fields} == {
        cell for cell in first_cells() if re.match(r"^[a-z_]+$", cell)
    }
    assert {field for field in Answer.model_fields if f"`{field}`" not in TEXT} == set()


def test_every_kind_has_its_paragraph() -> None:
    assert re.findall(r"^\*\*(\w+)\*\*:", TEXT, re.MULTILINE) == list(KINDS)


def test_every_condition_and_quantity_is_in_the_tables() -> None:
    heads = {cell.strip("[]").split(",")[0] for cell in first_cells() if cell.startswith("[")}
    assert heads == {"any", "all", "not", "first", "votes", *conditions.COMPARISONS, *conditions.OF_A_TASK}


def test_conditions_do_what_the_table_says() -> None:
    """Each row of the table, filled in, on three answers `artifact` of which mining has seen none."""
    evidence = {"T0": {"asked": 3, "votes": {"artifact": 3}, "first": ["artifact"] * 3}}
    expected = {
        ("first", "T0", "artifact", 3): True,
        ("gte", ("asked", "T0"), 3): True,
        ("gt", ("asked", "T0"), 3): False,
        ("lte", ("votes",), 3): True,
        ("lt", ("votes",), 3): False,
        ("eq", ("agreement", "T0"), 1): True,
        ("gte", ("probability", "T0"), 0): None,
        ("gte", ("entropy", "T0"), 0): None,
        ("gte", ("effective_votes", "T0"), 0): None,
        ("gte", ("agreement", "T1"), 0): None,
        ("not", ("gte", ("probability", "T0"), 0)): None,
        ("any", ("gte", ("probability", "T0"), 0), ("gte", ("votes",), 3)): True,
        ("all", ("gte", ("probability", "T0"), 0), ("gte", ("votes",), 3)): None,
    }
    assert {rule: conditions.evaluate(as_list(rule), 3, evidence) for rule in expected} == expected


def as_list(rule: object) -> object:
    return [as_list(part) for part in rule] if isinstance(rule, tuple) else rule
