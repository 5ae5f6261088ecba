"""Reads subjects.csv of a made folder: one row a file; rows with the same external_id make one subject."""

import csv
import math
from collections.abc import Sequence
from pathlib import Path

from projects.bundles.errors import BundleError
from projects.bundles.schema import ProjectFile, SubjectRow

NAME = "subjects.csv"
COLUMNS = ("external_id", "subject_set", "file", "alt")


def read_subjects(folder: Path, project: ProjectFile) -> list[SubjectRow]:
    """The subjects in the order of their first rows, checked against the project's sets and attributes.

    meta:KEY and attr:KEY are taken from a subject's first row; an empty cell means not known and is left out.
    """
    path = folder / NAME
    if not path.exists():
        raise BundleError(NAME, "the file is missing: has the maker run?")
    subjects: dict[str, SubjectRow] = {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        table = csv.DictReader(file, strict=True)
        try:
            _check_header(table.fieldnames or [], project)
            for row in table:
                _add(subjects, row, folder, project, f"{NAME}, line {table.line_num}")
        except UnicodeDecodeError as error:
            raise BundleError(NAME, f"the file is not UTF-8 (byte {error.start} of a block)") from None
        except csv.Error as error:
            raise BundleError(f"{NAME}, line {table.line_num}", f"this is not CSV ({error})") from None
    if not subjects:
        raise BundleError(NAME, "there is no subject in it")
    return list(subjects.values())


def _check_header(columns: Sequence[str], project: ProjectFile) -> None:
    known = {f"attr:{entry.key}" for entry in project.attributes}
    for column in COLUMNS:
        if column not in columns:
            raise BundleError(NAME, f"the column {column} is missing")
    for column in columns:
        if columns.count(column) > 1:
            raise BundleError(NAME, f"the column {column} is there twice")
        if column.startswith("attr:") and column not in known:
            raise BundleError(NAME, f"{column} is not among the attributes of project.yaml")
        if column not in COLUMNS and not column.startswith(("attr:", "meta:")):
            raise BundleError(NAME, f"the column {column} is unknown: write meta:{column} or attr:{column}")


def _add(
    subjects: dict[str, SubjectRow],
    row: dict[str, str | None],
    folder: Path,
    project: ProjectFile,
    place: str,
) -> None:
    if None in row or None in row.values():
        raise BundleError(place, "it has more or fewer cells than the header")
    cells = {key: value or "" for key, value in row.items()}
    name, subject_set, file, alt = (cells[column] for column in COLUMNS)
    if not name:
        raise BundleError(place, "external_id is empty")
    if subject_set not in [entry.slug for entry in project.sets]:
        raise BundleError(place, f"subject_set {subject_set} is not a set of project.yaml")
    inside = folder.resolve() in (folder / file).resolve().parents
    if not inside or not (folder / file).is_file():
        raise BundleError(place, f"there is no file {file} in the made folder")
    if name in subjects:
        if subjects[name].subject_set != subject_set:
            raise BundleError(place, f"{name} is in two sets")
        if file in subjects[name].files:
            raise BundleError(place, f"{name} has the file {file} twice")
        subjects[name].files.append(file)
        subjects[name].alts.append(alt)
        return
    subjects[name] = SubjectRow(
        external_id=name,
        subject_set=subject_set,
        files=[file],
        alts=[alt],
        metadata={
            key.removeprefix("meta:"): text for key, text in cells.items() if key.startswith("meta:") and text
        },
        attributes=_attributes(cells, project, place),
    )


def _attributes(cells: dict[str, str], project: ProjectFile, place: str) -> dict[str, float | str]:
    found: dict[str, float | str] = {}
    for entry in project.attributes:
        text = cells.get(f"attr:{entry.key}", "")
        if not text:
            continue
        found[entry.key] = _number(text, entry.key, place) if entry.kind == "number" else text
    return found


def _number(text: str, key: str, place: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise BundleError(place, f"{key} is not a number: {text}") from None
    if not math.isfinite(number):
        raise BundleError(place, f"{key} is not a finite number: {text}")
    return number
