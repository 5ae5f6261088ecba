"""A zip of pictures becomes subjects: named, described, told from what is here; what would harm is refused whole."""

import io
import stat
import struct
import zipfile
import zlib
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from projects.imports import archive
from projects.imports.waiting import accept, path_of, run_waiting
from projects.models import CatalogueAttribute, Import, Media, Project, Subject, SubjectState
from tests.portal.pages.lab_hands import packed, picture
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project() -> Project:
    return make_workflow(0, slug="rings").project


def take(project: Project, content: bytes) -> Import:
    user, _ = User.objects.get_or_create(username="ann")
    record = accept(
        project,
        ContentFile(content, "pictures.zip"),
        source="",
        options={"subject_set": "all"},
        user=user,
        kind=Import.Kind.PICTURES,
    )
    run_waiting(record)
    return record


def names() -> list[str]:
    return sorted(Subject.objects.values_list("external_id", flat=True))


def test_pictures_without_a_table_are_called_as_their_files(project: Project) -> None:
    files = {"in/a.png": picture(1), "in/b.JPG": picture(2, "JPEG"), "other/a.png": picture(3), "notes.txt": b"x",
             "__MACOSX/in/._a.png": b"x", "same.png": picture(1)}  # fmt: skip
    record = take(project, packed(files))
    assert (record.state, record.report["counts"]) == (
        "done",
        {"pictures": 4, "subjects": 3, "described": 0, "twice": 1, "left_out": 2, "broken": 0},
    )
    assert names() == ["b", "in/a.png", "other/a.png"]
    assert SubjectState.objects.count() == 3  # in the workflow's queue at once
    media = Media.objects.get(subject__external_id="b")
    assert (media.mime, media.width, media.height, media.path[:8]) == ("image/jpeg", 8, 6, "rings/b.")
    with storages["default"].open(media.path) as file:
        assert file.read() == files["in/b.JPG"]
    assert not storages["private"].exists(path_of(record))
    again = take(project, packed({**files, "new.png": picture(9)}))
    assert (again.report["counts"]["subjects"], again.report["counts"]["twice"]) == (1, 4)
    other = take(project, packed({"b.png": picture(77)}))
    assert (
        other.report["error"] == "b is a subject already, with another picture: give the file another name."
    )


def test_a_table_names_describes_and_joins(project: Project) -> None:
    header, first = "file;external_id;alt;attr:radius;attr:band;field;#note", "1.png;A;Left;3.5;r;north;x"
    table = f"{header}\n{first}\n2.png;A;Right;;;;\n3.png;;;4;g;;\n"
    files = {"1.png": picture(1), "2.png": picture(2), "3.png": picture(3), "4.png": picture(4)}
    record = take(project, packed({**files, "t.csv": table.encode()}))
    assert record.report["counts"] == {
        "pictures": 4, "subjects": 2, "described": 0, "twice": 0, "left_out": 1, "broken": 0,
    }  # fmt: skip
    a = Subject.objects.get(external_id="A")
    assert (a.metadata, a.attributes) == ({"field": "north", "#note": "x"}, {"radius": 3.5, "band": "r"})
    assert [(media.position, media.alt) for media in a.media.all()] == [(0, "Left"), (1, "Right")]
    assert list(CatalogueAttribute.objects.values_list("key", "kind")) == [
        ("radius", "number"),
        ("band", "category"),
    ]
    later = take(project, packed({**files, "t.csv": b"file,external_id,attr:radius\n3.png,3,9\n"}))
    assert later.report["counts"]["described"] == 1
    assert Subject.objects.get(external_id="3").attributes == {"radius": 9.0}
    wrong = take(project, packed({**files, "t.csv": b"file,attr:radius\n4.png,big\n"}))
    assert wrong.report["error"] == "Line 2 of the table: radius is a number, and big is none."
    assert names() == ["3", "A"]


def huge(side: int) -> bytes:
    """A PNG whose header speaks of so many pixels on a side; nothing of them is there."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"x"))
        + chunk(b"IEND", b"")
    )


def test_pictures_that_cannot_be_shown_are_named_and_the_others_come_in(project: Project) -> None:
    files = {
        "good.png": picture(1),
        "cut.png": picture(2)[:50],
        "text.png": b"<svg/>",
        "huge.png": huge(20_000),
        "large.png": huge(8000),
    }
    record = take(project, packed(files))
    assert sorted(reason for _line, reason in record.report["broken"]) == [
        "cut.png: it is cut off or damaged",
        "huge.png: it has too many pixels; 50 million are the most",
        "large.png: it has 8000 by 8000 pixels; 50 million are the most",
        "text.png: it is no picture (PNG, JPEG, WebP or GIF)",
    ]
    assert names() == ["good"]
    assert (
        "None of its pictures could be read: text.png"
        in take(project, packed({"text.png": b"x"})).report["error"]
    )


def link() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as whole:
        entry = zipfile.ZipInfo("a.png")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        whole.writestr(entry, "/etc/passwd")
    return made.getvalue()


def locked() -> bytes:
    made = bytearray(packed({"a.png": picture(1)}))
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


ONE = picture(1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda: b"no zip", "This is no zip archive, or it is cut off"),
        (lambda: packed({"a.png": ONE})[:-30], "This is no zip archive, or it is cut off"),
        (
            lambda: packed({"../../a.png": ONE}),
            "The file ../../a.png would lie outside of the archive's folder",
        ),
        (lambda: packed({"/a.png": ONE}), "The file /a.png would lie outside"),
        (lambda: packed({"..\\a.png": ONE}), "The file ..\\a.png would lie outside"),
        (link, "a.png is a link, not a file"),
        (locked, "a.png is locked by a password"),
        (lambda: packed({"a.png": bytes(26 * 1024**2)}), "a.png is larger than 25 MB"),
        (lambda: packed({f"{n}.txt": b"" for n in range(6)}), "It holds 6 files, and 5 are the most"),
        (lambda: packed({f"{n}.bin": bytes(400_000) for n in range(3)}), "Unpacked it would be larger"),
        (lambda: packed({"a.txt": b"x"}), "There is no picture in it"),
        (lambda: packed({"a.png": ONE, "t.csv": b"name\na.png\n"}), "t.csv has no column called file"),
        (lambda: packed({"a.png": ONE, "t.csv": b"file,file\na.png,x\n"}), "t.csv has the column file twice"),
        (
            lambda: packed({"a.png": ONE, "t.csv": b"file\nb.png\n"}),
            "Line 2 of the table names b.png, which is no",
        ),
        (
            lambda: packed({"a.png": ONE, "t.csv": b"file,alt\na.png\n"}),
            "Line 2 of the table has more or fewer cells",
        ),
        (
            lambda: packed({"a.png": ONE, "t.csv": b"file\na.png\na.png\n"}),
            "Line 3 of the table: a is there twice",
        ),
        (
            lambda: packed({"a.png": ONE, "t.csv": b"file,alt\na.png,\xff\n"}),
            "t.csv is not in UTF-8 (byte 15)",
        ),
        (lambda: packed({"a.png": ONE, "t.csv": b'file\n"a.png\n'}), "t.csv, line 2 is no CSV"),
        (lambda: packed({"a.png": ONE, "t.csv": b"file\na.png\n", "u.csv": b""}), "There are several tables"),
    ],
)
def test_what_would_harm_or_is_doubtful_is_refused_whole(
    project: Project, monkeypatch: pytest.MonkeyPatch, settings: Any, content: Any, sentence: str
) -> None:
    made = content()
    if b"0.txt" in made:
        monkeypatch.setattr(archive, "MOST_FILES", 5)
    if b"0.bin" in made:
        settings.IMPORT_MAX_BYTES = 100_000
    record = take(project, made)
    assert (record.state, sentence in record.report["error"]) == ("failed", True), record.report
    assert (Subject.objects.count(), Media.objects.count(), CatalogueAttribute.objects.count()) == (0, 0, 0)


def tables() -> dict[str, bytes]:
    """The same table in each form whose columns have types."""
    import polars
    from astropy.table import Table

    made = Table(
        {"file": ["1.png", "2.png"], "radius": [3.5, float("nan")], "number": [7, 8], "field": ["north", ""]}
    )
    made["radius"].unit, made["radius"].description = "arcsec", "Half light"
    found = {}
    for name, form in (("t.vot", "votable"), ("t.fits", "fits")):
        held = io.BytesIO()
        made.write(held, format=form)
        found[name] = held.getvalue()
    held = io.BytesIO()
    polars.DataFrame({name: list(made[name].tolist()) for name in made.colnames}).write_parquet(held)
    return {**found, "t.parquet": held.getvalue()}


def test_a_table_with_types_brings_numbers_as_attributes_with_their_units() -> None:
    for name, content in tables().items():
        project = make_workflow(0, slug=name.replace(".", "-")).project
        record = take(project, packed({"1.png": picture(1), "2.png": picture(2), name: content}))
        assert record.report.get("error") is None
        rows = project.subjects.order_by("external_id").values_list("external_id", "metadata", "attributes")
        assert list(rows) == [
            ("1", {"field": "north"}, {"radius": 3.5, "number": 7.0}),
            ("2", {}, {"number": 8.0}),
        ]
        unit = "" if name == "t.parquet" else "arcsec"
        assert list(project.attributes.values_list("key", "kind", "unit")) == [
            ("radius", "number", unit),
            ("number", "number", ""),
        ]
    broken = take(project, packed({"1.png": picture(1), "t.parquet": b"PAR1nonsense"}))
    assert "t.parquet can't be read" in broken.report["error"]
