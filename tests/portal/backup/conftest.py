"""A site on the tests' database, with files, that can be backed up; and empty places."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from portal.backup.archive import Writer
from projects.models import Workflow
from projects.services import record_classification
from tests.conftest import site_environment
from tests.projects.factories import make_pass, make_workflow, submission

ROOT = Path(__file__).resolve().parent.parent.parent.parent
OWN = ("DATABASE_URL", "REDIS_URL")


def backup(
    *arguments: str | Path, where: dict[str, str], answer: str = ""
) -> subprocess.CompletedProcess[str]:
    """`python -m portal.backup ...`, with no terminal."""
    return subprocess.run(
        [sys.executable, "-m", "portal.backup", *map(str, arguments)],
        cwd=ROOT,
        env=where,
        input=answer,
        capture_output=True,
        text=True,
        check=False,
    )


def embedded(var: Path) -> dict[str, str]:
    """The environment of a place with servers of its own."""
    plain = {key: value for key, value in os.environ.items() if key not in OWN}
    return {**plain, "VOORWERP_VAR": str(var), "DJANGO_SETTINGS_MODULE": "portal.settings"}


def beside(where: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """A Python command with the place's servers running."""
    return subprocess.run(
        [sys.executable, "-m", "portal.embedded", "run", "--", sys.executable, *command],
        cwd=ROOT,
        env={**where, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def folder() -> Iterator[Path]:
    """One that any system user can enter."""
    var = Path(tempfile.mkdtemp(prefix="voorwerp-place-", dir="/tmp"))
    var.chmod(0o755)
    yield var
    shutil.rmtree(var)


site_folder = pytest.fixture(folder, name="site_folder")
empty_place = pytest.fixture(folder, name="empty_place")


@pytest.fixture
def here(site_folder: Path) -> dict[str, str]:
    """The environment of the site: the tests' database, a data folder of its own (others write into the tests')."""
    return {**site_environment(), "VOORWERP_VAR": str(site_folder)}


@pytest.fixture
def workflow(transactional_db: None, site_folder: Path) -> Workflow:
    """Forty subjects with their files."""
    made = make_workflow(40)
    folder = site_folder / "media" / "zoo"
    folder.mkdir(parents=True)
    for number in range(40):
        (folder / f"s{number}.png").write_bytes(f"picture {number}".encode() * 100)
    kept = site_folder / "private" / "releases"
    kept.mkdir(parents=True)
    (kept / "one.zip").write_bytes(b"a release")
    (folder / "late.png.part").write_bytes(b"half a pic")
    return made


_archive: list[bytes] = []


@pytest.fixture
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A backup of a site of forty subjects with three answers; made once."""
    path = tmp_path / "site.tar"
    if not _archive:
        workflow = request.getfixturevalue("workflow")
        subject = workflow.subject_set.subjects.order_by("external_id").first().pk
        for _ in range(3):
            record_classification(submission(workflow, subject), make_pass())
        made = backup("make", path, where=request.getfixturevalue("here"))
        assert made.returncode == 0, made.stderr
        _archive.append(path.read_bytes())
    path.write_bytes(_archive[0])
    return path


@pytest.fixture
def elsewhere(transactional_db: None, here: dict[str, str], empty_place: Path) -> Iterator[dict[str, str]]:
    """Another, empty database on the tests' server, with a data folder of its own."""
    name = f"{connection.settings_dict['NAME']}_elsewhere"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    address = here["DATABASE_URL"].replace(f"/{connection.settings_dict['NAME']}?", f"/{name}?")
    assert name in address
    yield {**here, "DATABASE_URL": address, "VOORWERP_VAR": str(empty_place)}
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def changed(archive: Path, target: Path, **manifest: object) -> Path:
    """The same archive with other things said in its manifest, and checksums that fit."""
    with tarfile.open(archive) as tar, target.open("wb") as file:
        writer = Writer(file)
        for name in tar.getnames():
            content = tar.extractfile(name).read()
            if name == "manifest.json":
                content = json.dumps({**json.loads(content), **manifest}).encode()
            if name != "files.sha256":
                writer.add_text(name, content)
        writer.finish()
    return target


def asked(where: dict[str, str], query: str) -> list[tuple]:
    """What a query on the place's database finds."""
    with psycopg.connect(where["DATABASE_URL"]) as other:
        return other.execute(query).fetchall()
