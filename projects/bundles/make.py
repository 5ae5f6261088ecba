"""Runs a sample's maker, once for each state of its folder."""

import hashlib
import shutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from django.conf import settings

STAMP = "made-from"  # file in the made folder: the digest of the sample's folder


def make_sample(folder: Path, progress: Callable[[str], None], *, again: bool = False) -> Path:
    """Where subjects.csv and the pictures of the sample are; makes them when they are missing or out of date.

    A sample without maker.py carries them itself. A maker that is stopped in the middle leaves nothing behind
    that would be taken for finished: it works beside the place and is moved there at the end.
    """
    if not (folder / "maker.py").exists():
        return folder
    made = Path(settings.VAR_DIR) / "samples" / folder.name
    stamp = _digest(folder)
    if not again and (made / STAMP).exists() and (made / STAMP).read_text() == stamp:
        return made
    working = made.with_name(f"{made.name}.part")
    shutil.rmtree(working, ignore_errors=True)
    working.mkdir(parents=True)
    import_module(f"projects.samples.{folder.name}.maker").make(working, progress)
    (working / STAMP).write_text(stamp)
    shutil.rmtree(made, ignore_errors=True)
    working.rename(made)
    return made


def _digest(folder: Path) -> str:
    """Of what the maker is made of: every Python file of the folder and what lies under data/, by name and content."""
    digest = hashlib.sha256()
    for path in sorted([*folder.rglob("*.py"), *(folder / "data").rglob("*.*")]):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
