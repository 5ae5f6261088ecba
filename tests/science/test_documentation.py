"""docs/science.md says what the code does, as far as that can be looked up."""

import re
from pathlib import Path

import pytest

from mining.science import confusion, merit
from mining.science.consensus import DEFAULT, METHODS
from tests.science.consensus.test_real_data import MEASURED, MEASURED_METHODS

TEXT = (Path(__file__).parents[2] / "docs" / "science.md").read_text()


def rows(pattern: str, text: str = TEXT) -> dict[str, str]:
    return dict(re.findall(pattern, text, re.MULTILINE))


def test_every_method_is_described_and_the_default_named():
    consensus = TEXT.split("\n## Consensus\n")[1].split("\n## ")[0]  # other sections name other things
    described = rows(r"^\| `([a-z-]+)` \| (.+) \|$", consensus)
    assert list(described) == list(METHODS)
    assert [name for name, text in described.items() if text.startswith("the default")] == [DEFAULT]


def test_constants_are_those_of_the_code():
    written = {name: float(value) for name, value in rows(r"^\| `([A-Z_]+)` \| ([\d.]+) \|").items()}
    names = ("STRENGTH", "CROWD_VOTES", "CROWD_RIGHT", "CLASS_ITEMS")
    merits = ("SKILL_VOTES", "OWN_VOTES", "WORTH")
    assert written == {name: getattr(confusion, name) for name in names} | {
        name: getattr(merit, name) for name in merits
    }


def test_accuracies_are_those_that_the_tests_hold():
    """The rows of our methods in the table of accuracy, column by column."""
    table = TEXT.split("<!-- accuracy:")[1].split("<!-- accuracy ends -->")[0]
    header, *lines = [
        line.strip("| ") for line in table.splitlines() if line.startswith("|") and "---" not in line
    ]
    names = [cell.split(" (")[0] for cell in header.split(" | ")[1:-2]]
    written = {}
    for line in lines:
        method, *cells = line.replace("*", "").split(" | ")
        if method not in METHODS:  # a peer, of which a cell may say why it is empty
            continue
        written[method] = {name: float(cell.split(" ")[0]) for name, cell in zip(names, cells, strict=False)}
    for name, held in MEASURED.items():
        for method, value in zip(MEASURED_METHODS, held, strict=True):
            assert written[method][name] == pytest.approx(value, abs=0.0031), (method, name)
