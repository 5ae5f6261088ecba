"""pairs.csv of a made folder: a row a pair of subjects, columns subject_set, left, right and perhaps meta:KEY."""

import csv
from pathlib import Path

from projects.bundles.errors import BundleError
from projects.exceptions import Invalid
from projects.models import Project, Subject, SubjectSet
from projects.pairing import Pair
from projects.services.make_pairs import make_pairs

NAME = "pairs.csv"
COLUMNS = ("subject_set", "left", "right")
Rows = dict[str, dict[Pair, dict[str, str]]]
"""Set to its pairs with their metadata."""


def read_pairs(folder: Path) -> Rows:
    """Empty where there is no such file. Raises BundleError."""
    path = folder / NAME
    if not path.exists():
        return {}
    found: Rows = {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        table = csv.DictReader(file, strict=True)
        others = [name for name in table.fieldnames or [] if name not in COLUMNS]
        if not set(COLUMNS) <= set(table.fieldnames or []) or not all(n.startswith("meta:") for n in others):
            raise BundleError(NAME, f"its columns are {', '.join(COLUMNS)} and such as meta:KEY")
        for row in table:
            if None in row or None in row.values():
                raise BundleError(
                    f"{NAME}, line {table.line_num}", "it has more or fewer cells than the header"
                )
            told = {name.removeprefix("meta:"): row[name] for name in others if row[name]}
            found.setdefault(row["subject_set"], {})[row["left"], row["right"]] = told
    return found


def load_pairs(rows: Rows, sets: dict[str, SubjectSet]) -> None:
    """After the subjects that they are made of. Raises BundleError."""
    for slug, pairs in rows.items():
        if slug not in sets:
            raise BundleError(NAME, f"subject_set {slug} is not a set of project.yaml")
        try:
            make_pairs(sets[slug], list(pairs), pairs)
        except Invalid as error:
            raise BundleError(NAME, str(error)) from None


def pair_rows(project: Project) -> list[list[str]]:
    """The file's rows, its header first; empty where the project has no pair."""
    pairs = Subject.objects.filter(project=project, source="", members__isnull=False).distinct()
    found = list(
        pairs.select_related("subject_set").prefetch_related("members__member").order_by("external_id")
    )
    keys = sorted({key for pair in found for key in pair.metadata})
    rows = [
        [
            pair.subject_set.slug,
            *(each.member.external_id for each in pair.members.all()),
            *(str(pair.metadata.get(key, "")) for key in keys),
        ]
        for pair in found
    ]
    return [[*COLUMNS, *(f"meta:{key}" for key in keys)], *rows] if rows else []
