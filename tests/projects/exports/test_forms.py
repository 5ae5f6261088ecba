"""Every form, read back by its own reader, is what the database holds: names that are awkward anywhere among it."""

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from projects.exports.columns import Column
from projects.exports.forms import FORMS, Content
from projects.exports.forms.fits import different
from projects.exports.stream import original
from projects.exports.tables import TABLES
from projects.models import CatalogueAttribute, Media, Subject, Workflow
from projects.services import Conclusion, post_evidence, record_classification
from tests.projects.factories import SMOOTH, make_pass, make_workflow, submission

NAMES = [
    'a, "quoted"\nname',
    "=SUM(A1)",
    "🌌 \u03b1\\n",
    "\u202eright to left\u202c",
    "<b>&amp;]]></b>\r\nx",
    "#no comment",
]
GAIA = 5853498713190525696
TOOLS = [
    ("spot", "point", {"x": 10.5, "y": 20.0}),
    ("way", "line", {"x1": 0.0, "y1": 0.0, "x2": 30.0, "y2": 40.0}),
    ("box", "rectangle", {"x": 10.0, "y": 10.0, "width": 20.0, "height": 30.0}),
    ("turned", "rotated_rectangle", {"x_center": 50.0, "y_center": 60.0, "width": 20.0, "height": 10.0, "angle": 30.0}),
    ("crater", "circle", {"x_center": 100.0, "y_center": 80.0, "r": 20.0}),
    ("galaxy", "ellipse", {"x_center": 100.0, "y_center": 80.0, "rx": 30.0, "ry": 10.0, "angle": 45.0}),
    ("field", "polygon", {"points": [[10.0, 10.0], [60.25, 10.0], [60.25, 50.0]]}),
    ("river", "segmented_line", {"points": [[1.0, 2.0], [3.0, 4.0], [5.0, 4.0]]}),
    ("edge", "freehand", {"points": [[10.0, 10.0], [20.0, 10.0], [20.0, 20.0], [10.0, 20.0]]}),
]  # fmt: skip
DRAW: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "drawing",
            "question": "What do you see?",
            "tools": [
                {"key": key, "label": f"The {key} {{x}}", "shape": shape, "color": "sky"}
                for key, shape, _ in TOOLS
            ],
        }
    },
    "retirement": ["gte", ["votes"], 1],
}


@dataclass
class Written:
    """A table as it was read from the database, and the files of it."""

    columns: list[Column[Any]]
    rows: list[Any]
    files: dict[str, Path]

    def cells(self) -> list[tuple[Any, ...]]:
        return [tuple(column.of(row) for column in self.columns) for row in self.rows]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def write(table: str, workflow: Workflow, folder: Path) -> Written:
    found = TABLES[table]
    columns, rows = list(found.columns(workflow, team=True)), list(found.rows(workflow, team=True))
    files = {}
    for form in found.forms:
        files[form] = folder / f"{table}.{FORMS[form].suffix}"
        content = Content("A <title>", "About & it", columns, iter(rows), workflow)
        FORMS[form].writer(form)(files[form], content)
    return Written(columns, rows, files)


@pytest.fixture(scope="module")
def written(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Written]]:
    """All forms of a catalogue of awkward names and of marks of every shape; the database is as before."""
    folder = tmp_path_factory.mktemp("forms")
    with django_db_blocker.unblock():
        with transaction.atomic():
            found = {
                "catalogue": write("catalogue", awkward(), folder),
                "marks": write("marks", drawn(), folder),
            }
            transaction.set_rollback(True)
        yield found


def awkward() -> Workflow:
    workflow = make_workflow(len(NAMES))
    for key, unit, kind in [
        ("ra", "deg", "number"),
        ("Dec", "deg", "number"),
        ("gaia", "", "number"),
        ("class", "", "category"),
    ]:
        CatalogueAttribute.objects.create(
            project=workflow.project, key=key, label=key.title(), unit=unit, kind=kind, description='ä, "b"'
        )
    for number, subject in enumerate(workflow.project.subjects.order_by("external_id")):
        attributes = {"ra": 10.0 + number / 7, "Dec": -number, "gaia": GAIA + number, "class": NAMES[-number]}
        known = {
            "metadata": {"field": NAMES[number], "Field": None, "#secret": 1.5},
            "attributes": attributes,
        }
        if number == 3:
            known["attributes"] = {"class": "", "ra": None}
        Subject.objects.filter(pk=subject.pk).update(external_id=NAMES[number], **known)
        if number < 2:
            record_classification(submission(workflow, subject.pk, SMOOTH), make_pass())
    workflow.refresh_from_db()
    return workflow


def drawn() -> Workflow:
    workflow = make_workflow(2, slug="moon", definition=DRAW)
    first, second = workflow.project.subjects.order_by("external_id")
    Media.objects.filter(subject=first).update(width=200, height=120)
    Media.objects.filter(subject=second).update(width=None, height=None)
    Subject.objects.filter(pk=first.pk).update(external_id="a/b 🌌")
    things = [
        {"tool": key, "mark": mark, "drew": 2, "p": 0.875, "error": 1.25, "details": []}
        for key, _, mark in TOOLS
    ]
    for subject, some in ((first, things), (second, things[:1])):
        answer = [{"tool": key, "frame": 0, **mark, "details": []} for key, _, mark in TOOLS]
        sent = submission(workflow, subject.pk, [{"task": "T0", "value": answer}])
        record_classification(sent, make_pass())
        value = {"marks": some, "asked": 2, "counts": {}}
        post_evidence(
            workflow_id=workflow.pk,
            position=1,
            conclusions=[Conclusion(subject.pk, "T0", None, None, 0.5, 2.0, None, 2, value)],
        )
    workflow.refresh_from_db()
    return workflow


def test_parquet_holds_the_same_with_types_units_and_words(written: dict[str, Written]) -> None:
    from pyarrow import parquet

    for table in written.values():
        read = parquet.read_table(table.files["parquet"])
        assert read.column_names == table.names
        assert [tuple(row.values()) for row in read.to_pylist()] == [
            typed(table, row) for row in table.cells()
        ]
        assert read.schema.metadata[b"title"] == b"A <title>"
    read = parquet.read_table(written["catalogue"].files["parquet"])
    field = read.schema.field("attr_ra")
    assert (str(field.type), field.metadata[b"unit"], field.metadata[b"ucd"]) == (
        "double",
        b"deg",
        b"pos.eq.ra",
    )
    assert str(read.schema.field("attr_gaia").type) == "int64"
    assert str(read.schema.field("retired_at").type) == "timestamp[us, tz=UTC]"


def typed(table: Written, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """What is a whole number among floats is one; what is neither text nor number is told as text."""
    found = []
    for column, cell in zip(table.columns, row, strict=True):
        if isinstance(cell, bool):
            cell = "true" if cell else "false"
        elif column.type == "text" and cell is not None and not isinstance(cell, str):
            cell = repr(cell)
        found.append(cell)
    return tuple(found)


def astropy_rows(path: Path, form: str, table: Written) -> tuple[Any, list[tuple[Any, ...]]]:
    from astropy.table import Table

    read = Table.read(path, format=form)
    rows = []
    for row in read:
        cells: list[Any] = []
        for cell in row:
            if cell is np.ma.masked or (isinstance(cell, float) and np.isnan(cell)):
                cells.append(None)
            else:
                cells.append(cell.item() if isinstance(cell, np.generic) else cell)
        rows.append(tuple(cells))
    return read, rows


def alike(table: Written, change: Any = lambda text: text) -> list[tuple[Any, ...]]:
    """The database's rows as a form shows them that knows no difference between an empty text and none."""
    found = []
    for row in table.cells():
        cells: list[Any] = []
        for cell in typed(table, row):
            if isinstance(cell, datetime):
                cell = cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
            cells.append((change(cell) if isinstance(cell, str) else cell) if cell != "" else None)
        found.append(tuple(cells))
    return found


def no_empty(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [tuple(None if cell == "" else cell for cell in row) for row in rows]


def test_ecsv_holds_the_same_with_units_and_descriptions(written: dict[str, Written]) -> None:
    table = written["catalogue"]
    read, rows = astropy_rows(table.files["ecsv"], "ascii.ecsv", table)
    assert read.colnames == table.names
    # astropy's reader takes \r\n in a cell as a line's end
    assert no_empty(rows) == alike(table, lambda text: text.replace("\r\n", "\n"))
    assert (str(read["attr_ra"].unit), read["attr_ra"].info.meta["ucd"]) == ("deg", "pos.eq.ra")
    assert read["attr_ra"].description == 'Ra. ä, "b"'
    assert read.meta["title"] == "A <title>"


def test_votable_holds_the_same_with_ucds(written: dict[str, Written]) -> None:
    from astropy.io.votable import parse, validate

    table = written["catalogue"]
    _, rows = astropy_rows(table.files["votable"], "votable", table)
    assert no_empty(rows) == alike(table)
    file = parse(table.files["votable"], verify="exception")
    fields = {field.name: field for field in file.get_first_table().fields}
    assert list(fields) == table.names
    assert (fields["attr_ra"].ucd, str(fields["attr_ra"].unit)) == ("pos.eq.ra", "deg")
    assert fields["subject_id"].ucd == "meta.id;meta.main"
    assert fields["attr_ra"].description == 'Ra. ä, "b"'
    told = table.files["votable"].parent / "told.txt"
    with told.open("w") as out:
        assert validate(str(table.files["votable"]), out, xmllint=False), told.read_text()


def test_fits_holds_the_same_in_ascii(written: dict[str, Written]) -> None:
    from astropy.io import fits

    table = written["catalogue"]
    read, rows = astropy_rows(table.files["fits"], "fits", table)
    assert "meta_field_2" in read.colnames  # Field is before it, which readers take for the same name
    assert len({name.lower() for name in read.colnames}) == len(table.names)
    back = [
        tuple(cell.encode().decode("unicode_escape") if isinstance(cell, str) else cell for cell in row)
        for row in rows
    ]
    assert no_empty(back) == alike(table)
    assert str(read["attr_ra"].unit) == "deg"
    with fits.open(table.files["fits"]) as file:
        file.verify("exception")
        header, at = file[1].header, table.names.index("attr_ra") + 1
        assert (header[f"TTYPE{at}"], header[f"TUCD{at}"]) == ("attr_ra", "pos.eq.ra")
    assert different(["a", "A", "a_2", "ä"]) == ["a", "A_2", "a_2_2", "\\xe4"]


def test_csv_is_neutral_to_spreadsheets_and_comes_back(written: dict[str, Written]) -> None:
    for table in written.values():
        with table.files["csv"].open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        assert header == table.names
        dangerous = [cell for row in rows for cell in row if re.match(r"[=@\t\r]|[+-](?![\d.])", cell)]
        assert dangerous == []
        names = [original(row[1]) for row in rows]
        assert names == [row[1] for row in table.cells()]
    assert "'=SUM(A1)" in written["catalogue"].files["csv"].read_text()


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # its own, on numpy 2
def test_coco_is_read_and_its_areas_are_those_of_the_shapes(written: dict[str, Written]) -> None:
    from pycocotools.coco import COCO

    coco = COCO(str(written["marks"].files["coco"]))
    names = {each["id"]: each["key"] for each in coco.loadCats(coco.getCatIds())}
    assert [coco.cats[1]["supercategory"], coco.cats[1]["keypoints"]] == ["T0", ["place"]]
    subject = next(row.row.subject_id for row in written["marks"].rows if row.number == 2)  # with all marks
    found = {names[each["category_id"]]: each for each in coco.loadAnns(coco.getAnnIds(imgIds=[subject]))}
    assert {key for key, _, _ in TOOLS} == set(found)
    assert {key: round(each["area"], 1) for key, each in found.items()} == {
        "spot": 0, "way": 0, "box": 600, "turned": 200, "crater": 1254.6, "galaxy": 941.0, "field": 1005.0,
        "river": 0, "edge": 100,
    }  # fmt: skip
    assert found["way"]["keypoints"] == [0, 0, 2, 30, 40, 2]
    assert found["crater"]["bbox"] == pytest.approx([80, 60, 40, 40])
    assert (found["box"]["score"], found["box"]["attributes"]["drew"]) == (0.875, 2)
    masks = {key: coco.annToMask(found[key]).sum() for key in ("box", "turned", "crater", "galaxy")}
    for key, pixels in masks.items():
        assert pixels == pytest.approx(found[key]["area"], rel=0.06)


# The grammar of DS9's region files as its reference manual has it, of the shapes that we write.
REGION = re.compile(
    r"(?P<shape>point|line|circle|ellipse|box|polygon|segment)\((?P<numbers>-?[\d.]+(?:,-?[\d.]+)+)\)"
    r" # color=(?P<color>#[0-9a-f]{6}) text=\{(?P<text>[^{}]*)\}(?: tag=\{[^{}]*\})+"
)


def test_ds9_regions_are_in_its_image_coordinates(written: dict[str, Written]) -> None:
    with zipfile.ZipFile(written["marks"].files["ds9"]) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    (name,) = [name for name in texts if name.startswith("a_b__-")]
    version, system, *lines = texts.pop(name).splitlines()
    assert (version, system) == ("# Region file format: DS9 version 4.1", "image")
    found = [REGION.fullmatch(line) for line in lines]
    assert all(found), lines
    told = [
        (each["shape"], [float(number) for number in each["numbers"].split(",")]) for each in found if each
    ]
    assert told == [
        ("point", [11.0, 100.5]),
        ("line", [0.5, 120.5, 30.5, 80.5]),
        ("box", [20.5, 95.5, 20, 30, 0]),
        ("box", [50.5, 60.5, 20, 10, 330]),
        ("circle", [100.5, 40.5, 20]),
        ("ellipse", [100.5, 40.5, 30, 10, 315]),
        ("polygon", [10.5, 110.5, 60.75, 110.5, 60.75, 70.5]),
        ("segment", [1.5, 118.5, 3.5, 116.5, 5.5, 116.5]),
        ("polygon", [10.5, 110.5, 20.5, 110.5, 20.5, 100.5, 10.5, 100.5]),
    ]
    assert "text={The spot x p=0.88 2/2}" in lines[0]
    (other,) = texts.values()
    assert "height of the picture is not known" in other
    assert "point(" not in other


def test_json_of_coco_is_one_document(written: dict[str, Written]) -> None:
    """Also where nothing was drawn."""
    found = json.loads(written["marks"].files["coco"].read_text())
    assert len(found["annotations"]) == len(written["marks"].rows) == len(TOOLS) + 1
    assert {each.get("width") for each in found["images"]} == {200, None}
