"""Read an export as a researcher would."""

import csv
import io

from projects.exports.files import pieces
from projects.models import Workflow


def table(name: str, workflow: Workflow, *, team: bool = True) -> list[dict[str, str]]:
    return read("".join(pieces(name, workflow, team=team)))


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))
