"""The manifest of a lake, and whether its files are as it says. Light: no arrays, no database."""

import fcntl
import hashlib
import json
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings

logger = logging.getLogger(__name__)

FILE = "manifest.json"
LEFT = 3600
"""Seconds for which a file that is no longer listed stays: a reader may be about to open it."""


class Damaged(ValueError):
    """The manifest can't be believed; the message says why."""


@dataclass(frozen=True)
class Partition:
    """Entries after `after`, up to and with `to`. end: a fingerprint of the record at `to` (mining/lake/history.py)."""

    after: int
    to: int
    rows: int
    bytes: int
    sha256: str
    end: str

    @property
    def name(self) -> str:
        return f"{self.after:012d}-{self.to:012d}-{self.sha256[:12]}.parquet"


@dataclass(frozen=True)
class Manifest:
    """generation: see mining/lake/history.py. Partitions lie in order and without gaps from position 0 on."""

    workflow: int
    form: int
    generation: str
    partitions: tuple[Partition, ...] = field(default=())

    @property
    def position(self) -> int:
        return self.partitions[-1].to if self.partitions else 0

    @property
    def rows(self) -> int:
        return sum(partition.rows for partition in self.partitions)

    @property
    def bytes(self) -> int:
        return sum(partition.bytes for partition in self.partitions)


def folder_of(workflow_id: int) -> Path:
    return Path(settings.LAKE_DIR) / str(workflow_id)


def load(folder: Path) -> Manifest | None:
    """None where there is none. Raises Damaged."""
    try:
        text = (folder / FILE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Damaged(f"{folder / FILE} can't be read ({error.strerror or error})") from error
    try:
        found = json.loads(text)
        sha256 = found.pop("sha256")
        right = sha256 == _sum(found)
        partitions = tuple(Partition(**each) for each in found.pop("partitions"))
        manifest = Manifest(**found, partitions=partitions)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Damaged(f"{folder / FILE} is no manifest") from error
    ends = [(0, 0), *((each.after, each.to) for each in partitions)]
    if not right or any(before[1] != after[0] or after[0] >= after[1] for before, after in pairwise(ends)):
        raise Damaged(f"{folder / FILE} was changed since it was written")
    return manifest


def store(folder: Path, manifest: Manifest) -> None:
    """Whole or not at all, and on the disk."""
    body = asdict(manifest)
    text = json.dumps(body | {"sha256": _sum(body)}, indent=1).encode()
    with aside(folder) as path:
        path.write_bytes(text)
        keep(path, folder / FILE)


def fault(folder: Path, partition: Partition, *, whole: bool) -> str | None:
    """What is wrong with its file, in words. `whole`: read it all, else compare its size only."""
    path = folder / partition.name
    try:
        size = path.stat().st_size
        if size != partition.bytes:
            return f"has {size} bytes instead of {partition.bytes}"
        if whole and sha256_of(path) != partition.sha256:
            return "was changed since it was written"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"can't be read ({error.strerror or error})"
    return None


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """A new file beside the others under a name that nobody reads; gone at the end, unless it was kept."""
    handle, name = tempfile.mkstemp(prefix=".new-", dir=folder)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def keep(path: Path, final: Path) -> None:
    """Give it its name once all of it is on the disk, so that nobody meets half of it, even after a power cut."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.chmod(0o640)
    path.rename(final)
    handle = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Whether this process alone may write here. A process that is killed lets go."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def sweep(folder: Path, manifest: Manifest, clock: Callable[[], float] = time.time) -> None:
    """Remove what killed appenders left, and files that no manifest has listed for a while. Under the lock."""
    listed = {partition.name for partition in manifest.partitions}
    for path in folder.iterdir():
        old = clock() - path.stat().st_mtime > LEFT
        unlisted = path.suffix in (".parquet", ".damaged") and path.name not in listed
        if path.name.startswith(".new-") or (unlisted and old):
            path.unlink(missing_ok=True)


def _sum(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
