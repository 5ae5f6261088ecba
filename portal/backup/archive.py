"""The archive: a plain tar with the database's dump, the files, the manifest, and last the checksums of all of them.

`files.sha256` has the form of `sha256sum`, so an archive can also be checked with `tar -xf` and
`sha256sum --check files.sha256`. It comes last: whatever cuts an archive short cuts that off.
"""

import hashlib
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO

from portal.backup import BackupError
from portal.backup.folders import UNFINISHED
from portal.backup.manifest import Manifest, parse

DUMP = "database.dump"
MANIFEST = "manifest.json"
SUMS = "files.sha256"
FOLDERS = ("media", "artefacts", "releases")
_LINE = re.compile(r"^([0-9a-f]{64})  (.+)$")
_CHUNK = 1 << 20  # bytes
_CUT_SHORT = "{} is cut short or is no backup: copy it again, or take an earlier one."


class _Hashing:
    """A file being read, and the hash of what was read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.sha256.update(data)
        return data


class Writer:
    def __init__(self, file: IO[bytes]) -> None:
        self.tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed in finish
        self.sums: list[str] = []

    def add(self, name: str, path: Path) -> None:
        """`name` inside the archive. The file is read once; it must not shrink meanwhile."""
        if not name.isprintable():
            raise BackupError(f"The name of {path!r} holds characters that a list can't: rename the file.")
        with path.open("rb") as file:
            self._put(self.tar.gettarinfo(arcname=name, fileobj=file), file)

    def add_text(self, name: str, text: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = len(text)
        self._put(entry, BytesIO(text))

    def _put(self, entry: tarfile.TarInfo, file: IO[bytes]) -> None:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.type = tarfile.REGTYPE  # a file with two names on the disk is two files here
        hashing = _Hashing(file)
        self.tar.addfile(entry, hashing)
        self.sums.append(f"{hashing.sha256.hexdigest()}  {entry.name}")

    def finish(self) -> None:
        self.add_text(SUMS, "".join(f"{line}\n" for line in self.sums).encode())
        self.tar.close()


def _allowed(name: str) -> bool:
    parts = PurePosixPath(name).parts
    if name in (DUMP, MANIFEST, SUMS):
        return True
    return len(parts) > 1 and parts[0] in FOLDERS and ".." not in parts


@contextmanager
def reading(path: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """(name, content) of each file, in the archive's order, to be read within the block.

    Raises BackupError, also from within the block: what no backup of ours holds, a file that ends too early.
    """
    try:
        with tarfile.open(path, "r:") as tar:
            yield _entries(path, tar)
    except FileNotFoundError:
        raise BackupError(f"There is no file {path}.") from None
    except (tarfile.TarError, EOFError):
        raise BackupError(_CUT_SHORT.format(path)) from None


def _entries(path: Path, tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() else None
        if content is None or not _allowed(entry.name):
            raise BackupError(f"{path} holds {entry.name!r}, which is in no backup of Voorwerp.")
        yield entry.name, content


@dataclass(frozen=True)
class Checked:
    """An archive that was read to its end and is what its checksums say."""

    path: Path
    manifest: Manifest
    sums: dict[str, str]  # name to SHA-256


def check(path: Path) -> Checked:
    """Read all of it and compare every checksum. Raises BackupError."""
    found: dict[str, str] = {}
    stated: dict[str, str] | None = None
    manifest = b""
    with reading(path) as entries:
        for name, content in entries:
            if name == SUMS:
                stated = _parse_sums(content.read())
                continue
            if name in found:
                raise BackupError(f"{path} holds {name} twice: it is no backup of Voorwerp.")
            hashing = _Hashing(content)
            while data := hashing.read(_CHUNK):
                if name == MANIFEST:
                    manifest += data
            found[name] = hashing.sha256.hexdigest()
    if stated is None or not {DUMP, MANIFEST} <= found.keys():
        raise BackupError(_CUT_SHORT.format(path))
    wrong = sorted(name for name in found.keys() | stated.keys() if found.get(name) != stated.get(name))
    if wrong:
        shown = ", ".join(wrong[:3]) + (f" and {len(wrong) - 3} more" if len(wrong) > 3 else "")
        raise BackupError(f"{path} is damaged: {shown} is not what its checksum says. Take an earlier one.")
    return Checked(path, parse(manifest), stated)


def _parse_sums(text: bytes) -> dict[str, str]:
    lines = [_LINE.match(line) for line in text.decode(errors="replace").splitlines()]
    return {line[2]: line[1] for line in lines if line}


def copy(content: IO[bytes], target: Path) -> None:
    """Write it to `target`, which is there as a whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(target.name + UNFINISHED)
    with half.open("wb") as file:
        while data := content.read(_CHUNK):
            file.write(data)
    half.replace(target)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
