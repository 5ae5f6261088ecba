"""What is no backup of ours, or not a whole one, is refused before anything is touched."""

import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from portal.backup import BackupError
from portal.backup.restore import open_archive
from tests.portal.backup.conftest import asked, backup, changed, embedded

TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


def refused(path: Path) -> str:
    """Why."""
    with pytest.raises(BackupError) as caught:
        open_archive(path)
    return str(caught.value)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.9])
def test_cut_short(archive: Path, share: float) -> None:
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(len(whole) * share)])
    assert "is cut short or is no backup" in refused(archive)


def test_cut_short_between_two_files(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        end = tar.getmember("media/zoo/s9.png").offset
    archive.write_bytes(archive.read_bytes()[:end])
    assert "is cut short or is no backup" in refused(archive)


@pytest.mark.parametrize("name", ["database.dump", "media/zoo/s7.png", "manifest.json", "files.sha256"])
def test_one_bit_turned(archive: Path, name: str) -> None:
    with tarfile.open(archive) as tar:
        entry = tar.getmember(name)
    content = bytearray(archive.read_bytes())
    content[entry.offset_data + entry.size // 2] ^= 1
    archive.write_bytes(content)
    assert "is damaged" in refused(archive)


@pytest.mark.parametrize("name", ["../evil", "media/../../evil", "/tmp/evil", "etc/passwd"])
def test_a_file_that_no_backup_holds(archive: Path, name: str) -> None:
    with tarfile.open(archive, "a") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = 1
        tar.addfile(entry, BytesIO(b"x"))
    assert "which is in no backup of Voorwerp" in refused(archive)


def test_a_link(archive: Path) -> None:
    with tarfile.open(archive, "a") as tar:
        entry = tarfile.TarInfo("media/link")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(entry)
    assert "which is in no backup of Voorwerp" in refused(archive)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"version": "99.0"}, "made by Voorwerp 99.0, newer than this one"),
        ({"migrations": ["projects.0001_record", "projects.9999_dreamt"]}, "projects.9999_dreamt"),
        ({"format": 2}, "has form 2, which a newer Voorwerp"),
        ({"surprise": 1}, "no backup of Voorwerp"),
    ],
)
def test_of_a_newer_version(archive: Path, tmp_path: Path, said: dict[str, object], why: str) -> None:
    assert why in refused(changed(archive, tmp_path / "changed.tar", **said))


def test_of_a_newer_postgresql(archive: Path, elsewhere: dict[str, str], tmp_path: Path) -> None:
    done = backup("restore", changed(archive, tmp_path / "new.tar", postgres=99), where=elsewhere)
    assert (done.returncode, "is of PostgreSQL 99, this server is 18" in done.stderr) == (1, True), (
        done.stderr
    )
    assert asked(elsewhere, TABLES) == [(0,)]


def test_no_file_or_a_file_of_another_kind(tmp_path: Path) -> None:
    assert "There is no file" in refused(tmp_path / "none.tar")
    (tmp_path / "text.tar").write_text("no archive\n" * 200)
    assert "is cut short or is no backup" in refused(tmp_path / "text.tar")


def test_what_is_refused_touches_nothing(archive: Path, elsewhere: dict[str, str]) -> None:
    with tarfile.open(archive) as tar:
        last = tar.getmember("files.sha256")
    archive.write_bytes(archive.read_bytes()[: last.offset_data + last.size - 1])
    done = backup("restore", archive, where={**elsewhere, "FORCE": "1"})
    assert (done.returncode, done.stdout) == (1, "")
    assert "is cut short" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(Path(elsewhere["VOORWERP_VAR"]).iterdir()) == []
    assert asked(elsewhere, TABLES) == [(0,)]


def test_a_backup_never_replaces_a_file(archive: Path, here: dict[str, str]) -> None:
    before = archive.read_bytes()
    done = backup("make", archive, where=here)
    assert (done.returncode, "is there already" in done.stderr) == (1, True)
    assert archive.read_bytes() == before


def test_where_no_site_is_there_is_nothing_to_back_up(
    elsewhere: dict[str, str], empty_place: Path, tmp_path: Path
) -> None:
    done = backup("make", tmp_path / "none.tar", where=elsewhere)
    assert (done.returncode, "nothing to back up" in done.stderr) == (1, True)
    done = backup("make", tmp_path / "none.tar", where=embedded(empty_place))
    assert (done.returncode, "nothing to back up" in done.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []
    assert list(empty_place.iterdir()) == []


def test_a_restore_wants_a_name(here: dict[str, str]) -> None:
    done = backup("restore", "", where=here)
    assert (done.returncode, "Name the archive" in done.stderr) == (2, True)
