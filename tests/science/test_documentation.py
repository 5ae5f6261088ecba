"""docs/science.md says what the code does, as far as that can be looked up."""

import re
from pathlib import Path

from mining.science import confusion, merit
from mining.science.consensus import DEFAULT, METHODS
from tests.science.consensus.test_real_data import MEASURED

TEXT = (Path(__file__).parents[2] / "docs" / "science.md").read_text()


def rows(pattern: str) -> dict[str, str]:
    return dict(re.findall(pattern, TEXT, re.MULTILINE))


def test_every_method_is_described_and_the_default_named():
    described = rows(r"^\| `([a-z-]+)` \| (.+) \|$")
    assert list(described) == list(METHODS)
    assert [name for name, text in described.items() if text.startswith("the default")] == [DEFAULT]


def test_constants_are_those_of_the_code():
    written = {name: float(value) for name, value in rows(r"^\| `([A-Z_]+)` \| ([\d.]+) \|").items()}
    names = ("STRENGTH", "CROWD_VOTES", "CROWD_RIGHT", "CLASS_ITEMS")
    assert written == {name: getattr(confusion, name) for name in names} | {"SKILL_VOTES": merit.SKILL_VOTES}


def test_accuracies_are_those_that_the_tests_hold():
    cells = rows(r"^\| (\w+) \([\d,]+(?: with truth)?, \d+\) \| (.+) \|$")
    written = {name: tuple(float(n.strip(" *")) for n in row.split("|")) for name, row in cells.items()}
    assert written == MEASURED
    mean = tuple(round(sum(column) / len(MEASURED), 3) for column in zip(*MEASURED.values(), strict=True))
    assert rows(r"^\| (mean) \| (.+) \|$")["mean"].replace("*", "") == " | ".join(
        f"{n:.3f}"[1:] for n in mean
    )
