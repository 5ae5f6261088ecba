"""Catalogue tables of four forms onto subjects: by id, by position, extended, replaced; what is refused, and how."""

import gzip
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy import units
from astropy.table import MaskedColumn, Table
from django.core.management import CommandError, call_command

from projects.exceptions import Invalid
from projects.imports.tables import table as sizes
from projects.models import CatalogueAttribute, Import, Project, Subject
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def zoo(redis_client: object) -> Project:
    """s0 to s3."""
    return make_workflow(4).project


@pytest.fixture
def take(zoo: Project, tmp_path: Path) -> Any:
    """Takes a table in: a text, bytes, or an astropy table with its form; gives what was told."""

    def run(data: Any, name: str = "t.csv", **options: Any) -> str:
        path = tmp_path / name
        if isinstance(data, Table):
            form = {".fits": "fits", ".xml": "votable", ".ecsv": "ascii.ecsv"}[path.suffix]
            data.write(path, format=form, overwrite=True)
        else:
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        told = io.StringIO()
        call_command("import_catalogue", path, project="zoo", stdout=told, **{"id_column": "id"} | options)
        return told.getvalue()

    return run


def known() -> dict[str, dict[str, Any]]:
    return dict(Subject.objects.order_by("external_id").values_list("external_id", "attributes"))


def measured() -> Table:
    made = Table({"id": ["s0", "s1", "s2"], "name": ["spiral", "", "round"]})
    made["mag"] = MaskedColumn([17.5, -9999.0, 0], mask=[False, False, True], unit=units.mag, description="r")
    made["flux"] = np.ones((3, 2))
    made["objid"] = np.array([2**60 + 1, 2**60 + 3, 2**60 + 5])
    return made


@pytest.mark.parametrize("name", ["t.ecsv", "t.fits", "t.xml"])
def test_numbers_categories_units_and_what_is_left_out(take: Any, zoo: Project, name: str) -> None:
    told = take(measured(), name, sentinel=["-9999"])
    assert known() == {
        "s0": {"name": "spiral", "mag": 17.5},
        "s1": {"mag": -9999.0},
        "s2": {"name": "round"},
        "s3": {},
    }
    mag = zoo.attributes.get(key="mag")
    assert (mag.unit, mag.description, mag.kind, mag.sentinels) == ("mag", "r", "number", [-9999.0])
    assert (zoo.attributes.get(key="name").kind, zoo.attributes.count()) == ("category", 2)
    report = Import.objects.get().report
    assert dict(report["left_out"]) == {
        "flux": "each of its cells holds several values",
        "objid": "its numbers are too long to be kept exactly: ids, not measurements",
    }
    assert {name: report["counts"][name] for name in ("rows", "joined", "missed", "unjoined")} == {
        "rows": 3, "joined": 3, "missed": 0, "unjoined": 1,
    }  # fmt: skip
    assert "left out: flux: each of its cells holds several values" in told


def test_csv_gzipped_with_names_that_are_no_categories(take: Any) -> None:
    rows = "".join(f"n{n};{n};word{n}\n" for n in range(300))
    take(gzip.compress(f"id;x;text\ns0;-1.5e3;a\ns3;;b\n{rows}".encode()), passing=True)
    assert known() == {"s0": {"x": -1500.0}, "s1": {}, "s2": {}, "s3": {}}
    report = Import.objects.get().report
    assert report["left_out"] == [["text", "302 different texts (such as “a”); a category has at most 200"]]
    assert (report["counts"]["missed"], report["counts"]["rows"]) == (300, 302)


def test_extend_adds_and_replace_takes_away_first(take: Any, zoo: Project) -> None:
    take("id,x,y\ns0,1,1\ns1,2,1\n")
    take("id,x,z\ns1,2,5\ns2,3,\n")
    assert known() == {"s0": {"x": 1, "y": 1}, "s1": {"x": 2, "y": 1, "z": 5}, "s2": {"x": 3}, "s3": {}}
    with pytest.raises(
        CommandError, match=r"Line 3, column x: the file says 4.0, subject s2 has 3.0 already"
    ):
        take("id,x\ns1,2\ns2,4\n")
    take("id,x\ns2,4\n", replace=True)
    assert known() == {"s0": {"y": 1}, "s1": {"y": 1, "z": 5}, "s2": {"x": 4}, "s3": {}}
    with pytest.raises(CommandError, match="numbers on one side and texts on the other"):
        take("id,x\ns1,wide\n")
    take(Table({"id": ["s2"], "x": [4.0] * units.arcsec}), "t.ecsv")
    assert zoo.attributes.get(key="x").unit == "arcsec"
    take(Table({"id": ["s2"], "x": [4.0] * units.Unit("arcsec")}), "t.fits")
    with pytest.raises(CommandError, match="Column x has the unit km in the file and arcsec here"):
        take(Table({"id": ["s3"], "x": [4.0] * units.km}), "t.ecsv")


def test_on_the_sky_one_to_one_with_ties_and_misses(take: Any, zoo: Project) -> None:
    """s0 lies across 0 degrees from its row; s1 has two rows, the nearer is its; s2 two equally near; s3 none."""
    for name, ra, dec in (("s0", 359.9999, 0), ("s1", 10, 60), ("s2", 20, -5), ("s3", 30, 5)):
        zoo.subjects.filter(external_id=name).update(attributes={"ra": ra}, metadata={"#dec": str(dec)})
    arc = 1 / 3600
    rows = [
        (0.0001, 0, 1),
        (10 + 2 * arc, 60, 2),
        (10, 60 + 1.5 * arc, 3),
        (20, -5 + arc, 4),
        (20, -5 - arc, 5),
    ]
    rows += [(30, 5.1, 6), (200, 0, 7)]
    text = "RA,DEC,x\n" + "".join(f"{ra:.9f},{dec:.9f},{x}\n" for ra, dec, x in rows) + ",,8\n"
    take(text, id_column="", ra="RA", dec="DEC", radius=2)
    assert {name: found.get("x") for name, found in known().items()} == {
        "s0": 1,
        "s1": 2,
        "s2": None,
        "s3": None,
    }
    counts = Import.objects.get().report["counts"]
    assert {name: counts[name] for name in ("joined", "tied", "beside", "missed", "unplaced", "unjoined")} == {
        "joined": 2, "tied": 2, "beside": 1, "missed": 2, "unplaced": 1, "unjoined": 2,
    }  # fmt: skip


HUGE = b"".join(
    card.encode().ljust(80)
    for card in (
        "XTENSION= 'BINTABLE'", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 8", "NAXIS2  = 900000000000", "PCOUNT  = 0",
        "GCOUNT  = 1", "TFIELDS = 1", "TFORM1  = 'D'", "END",
    )
).ljust(2880)  # fmt: skip
PRIMARY = b"".join(c.encode().ljust(80) for c in ("SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 0", "END")).ljust(
    2880
)
FOREIGN = b'<?xml version="1.0"?><VOTABLE><RESOURCE><TABLE><FIELD name="id" datatype="char"/><DATA><BINARY><STREAM href="file:///etc/passwd"/></BINARY></DATA></TABLE></RESOURCE></VOTABLE>'
REFUSED = {
    "joins to nothing": (b"id,x\ns0,1\nnoone,2\n", {}, "Line 3, column id: no subject of the project is named noone"),
    "joins twice": (b"id,x\ns0,1\ns1,1\ns0,2\n", {}, "Line 4, column id: s0 is given twice, first at: Line 2"),
    "no id": (b"id,x\n,1\n", {}, "Line 2, column id: there is no id"),
    "joins nowhere": (b"id,x\nno,1\n", {"passing": True}, "No row of the table joins to a subject"),
    "infinite": (b"id,x\ns0,1\ns1,-inf\n", {}, "Line 3, column x: an infinite value"),
    "no such column": (b"name,x\ns0,1\n", {}, "Line 1 lacks id. It must name the columns id."),
    "named twice": (b"id,x,x\ns0,1,2\n", {}, "names the column x twice"),
    "5,000 columns": (
        f"id,{','.join(f'c{n}' for n in range(5000))}\n".encode(), {}, "5,001 columns; at most 2,000 can be taken",
    ),
    "a short row": (b"id,x\ns0\n", {}, "Line 2 has 1 cells, the header has 2"),
    "empty": (b"", {}, "The file is empty"),
    "no rows": (b"id,x\n", {}, "The table has no rows"),
    "only ids": (b"id,x\ns0,\n", {}, "No column can be taken: x: all its values are missing"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\xff\xfe\n", {}, "is not UTF-8"),
    "a page": (b"<!DOCTYPE html><html></html>", {}, "XML or HTML, but no VOTable"),
    "a FITS bomb": (PRIMARY + HUGE, {}, "Extension 1 of the FITS file claims 7,200,000,005,760 bytes"),
    "a header without end": (PRIMARY + b" " * 2880 * 3, {}, "The header of extension 1 of the FITS file has no end"),
    "no table in it": (PRIMARY, {}, "The FITS file holds no table"),
    "from elsewhere": (FOREIGN, {}, "refers to another file or defines entities"),
    "a sentinel": (b"id,x\ns0,1\n", {"sentinel": ["y=-1"]}, "declared for y, which is no column of numbers"),
    "no sentinel": (b"id,x\ns0,1\n", {"sentinel": ["x=many"]}, "x=many is no sentinel"),
    "two ways": (b"id,x\ns0,1\n", {"ra": "x", "dec": "x"}, "Say either the column of ids"),
    "no place on the sky": (
        b"r,d,x\n10,95,1\n", {"id_column": "", "ra": "r", "dec": "d"}, "Line 2, column d: 95.0 is no position",
    ),
}  # fmt: skip


def test_a_refused_table_says_why_and_changes_nothing(take: Any, zoo: Project) -> None:
    zoo.subjects.update(attributes={"ra": 1.0, "dec": 1.0})
    otherwise = []
    for what, (data, options, sentence) in REFUSED.items():
        with pytest.raises(CommandError) as refused:
            take(data, **options)
        if sentence not in str(refused.value) or "Nothing was stored." not in str(refused.value):
            otherwise.append((what, str(refused.value)))
    assert otherwise == []
    assert set(map(str, known().values())) == {"{'ra': 1.0, 'dec': 1.0}"}
    assert CatalogueAttribute.objects.count() == 0
    assert set(Import.objects.values_list("state", flat=True)) == {"failed"}


def test_a_table_that_swells_ends_as_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "MEMORY", 64 << 20)
    with pytest.raises(Invalid, match="takes more than 64 MiB of memory"), sizes.bounded_memory():
        np.zeros(1 << 30)
    np.zeros(1 << 30)  # and afterwards it is as before
