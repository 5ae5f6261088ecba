"""Arrays on disk that are checked when they are read: safetensors with a JSON manifest, never a pickle.

An artefact is a folder named by the hash of its content. It is written aside and given its name as a whole, so that a
killed process leaves nothing that counts.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

ARRAYS, MANIFEST = "arrays.safetensors", "manifest.json"


class ArtefactError(ValueError):
    """It is missing, damaged or half written; the message says which."""


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(folder: Path, arrays: dict[str, np.ndarray], manifest: dict[str, Any]) -> str:
    """Below `folder`; returns the name. The same content is written once. OSError: no room, no right."""
    body = save({name: np.ascontiguousarray(each) for name, each in sorted(arrays.items())})
    whole = manifest | {"arrays": hashlib.sha256(body).hexdigest()}
    text = json.dumps(whole, sort_keys=True, indent=1).encode()
    name = hashlib.sha256(text).hexdigest()
    if (folder / name).is_dir():
        return name
    folder.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(suffix=".part", dir=folder))
    try:
        for file, content in ((ARRAYS, body), (MANIFEST, text)):
            with (aside / file).open("wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
        aside.chmod(0o755)
        aside.rename(folder / name)
    except OSError:
        shutil.rmtree(aside, ignore_errors=True)
        if not (folder / name).is_dir():  # another process had the same to write
            raise
    return name


def read(folder: Path, name: str) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """(arrays, manifest), only where every byte is as it was written."""
    try:
        text = (folder / name / MANIFEST).read_bytes()
        body = (folder / name / ARRAYS).read_bytes()
    except OSError as error:
        raise ArtefactError(f"the artefact {name[:12]} can't be read ({error.strerror or error})") from error
    if hashlib.sha256(text).hexdigest() != name:
        raise ArtefactError(f"the manifest of the artefact {name[:12]} was changed")
    manifest: dict[str, Any] = json.loads(text)
    if hashlib.sha256(body).hexdigest() != manifest["arrays"]:
        raise ArtefactError(f"the arrays of the artefact {name[:12]} were changed")
    try:
        return load(body), manifest
    except SafetensorError as error:
        raise ArtefactError(f"the arrays of the artefact {name[:12]} can't be read: {error}") from error
