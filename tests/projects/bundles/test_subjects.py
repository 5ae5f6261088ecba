"""Reading subjects.csv."""

from pathlib import Path

import pytest

from projects.bundles.errors import BundleError
from projects.bundles.read import read_bundle
from projects.bundles.subjects import read_subjects
from tests.projects.bundles.conftest import replace


def test_rows_of_one_id_make_one_subject_and_empty_cells_are_left_out(folder: Path) -> None:
    first, second = read_subjects(folder, read_bundle(folder).project)
    assert (first.external_id, first.files, first.metadata) == ("b1", ["b1.png"], {"Field": "north"})
    assert first.attributes == {"mass": 1.5, "colour": "red"}
    assert (second.files, second.alts) == (["b2.png", "b2-side.png"], ["A bean", "The same from the side"])
    assert (second.metadata, second.attributes) == ({}, {"colour": "white"})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("external_id,", "id,", "subjects.csv: the column external_id is missing"),
        ("attr:mass", "attr:weight", "subjects.csv: attr:weight is not among the attributes"),
        ("meta:Field", "Field", "subjects.csv: the column Field is unknown: write meta:Field or attr:Field"),
        ("attr:colour", "attr:mass", "subjects.csv: the column attr:mass is there twice"),
        ("b1,all,b1.png", ",all,b1.png", "subjects.csv, line 2: external_id is empty"),
        ("b1,all,", "b1,some,", "subjects.csv, line 2: subject_set some is not a set"),
        ("b1.png", "b9.png", "subjects.csv, line 2: there is no file b9.png"),
        ("b1.png", "../beans/b1.png/../../../x", "subjects.csv, line 2: there is no file ../"),
        ("1.5", "heavy", "subjects.csv, line 2: mass is not a number: heavy"),
        ("1.5", "nan", "subjects.csv, line 2: mass is not a finite number: nan"),
        (",red", "", "subjects.csv, line 2: it has more or fewer cells"),
        (",red", ",red,2", "subjects.csv, line 2: it has more or fewer cells"),
        ("b2-side.png", "b2.png", "subjects.csv, line 4: b2 has the file b2.png twice"),
    ],
)
def test_mistake_is_refused_with_line_and_reason(folder: Path, old: str, new: str, message: str) -> None:
    replace(folder, "subjects.csv", old, new)
    with pytest.raises(BundleError) as refused:
        read_subjects(folder, read_bundle(folder).project)
    assert str(refused.value).startswith(message)


def test_missing_or_empty_file_is_refused(folder: Path) -> None:
    project = read_bundle(folder).project
    (folder / "subjects.csv").write_text("external_id,subject_set,file,alt\n")
    with pytest.raises(BundleError, match="there is no subject in it"):
        read_subjects(folder, project)
    (folder / "subjects.csv").unlink()
    with pytest.raises(BundleError, match="the file is missing"):
        read_subjects(folder, project)


def test_file_outside_the_folder_is_refused(folder: Path) -> None:
    (folder.parent / "secret.png").write_bytes((folder / "b1.png").read_bytes())
    replace(folder, "subjects.csv", "b1.png", "../secret.png")
    with pytest.raises(BundleError, match=r"line 2: there is no file \.\./secret\.png in the made folder"):
        read_subjects(folder, read_bundle(folder).project)
