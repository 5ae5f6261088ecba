"""A backup taken while people answer, put into an empty place: nothing is missing and nothing is at odds."""

import asyncio
import hashlib
import json
import random
import stat
import tarfile
import threading
import time
import uuid
from pathlib import Path

import pytest
from django.db import connection

from benchmarks.client import Client
from mining.services.follow import follow
from portal.embedded import Places
from projects.exports.releases.make import make_release
from projects.exports.waiting import run_waiting
from projects.models import Release, Workflow
from projects.services.volunteers import CONSENT_VERSION
from tests.portal.backup.conftest import backup, beside, embedded

pytestmark = pytest.mark.long
PEOPLE = 6


class Crowd(threading.Thread):
    """Volunteers who answer over HTTP until told to stop; `acknowledged` grows as answers are."""

    def __init__(self, address: str, workflow: Workflow) -> None:
        super().__init__()
        self.address = address
        self.workflow_id = workflow.pk
        self.version = workflow.published_id
        self.acknowledged: list[str] = []
        self.over = threading.Event()

    def run(self) -> None:
        asyncio.run(self._all())

    async def _all(self) -> None:
        await asyncio.gather(*(self._person(number) for number in range(PEOPLE)))

    async def _person(self, number: int) -> None:
        """One after the other, each a newcomer who answers ten subjects."""
        chance = random.Random(number)
        while not self.over.is_set():
            client = Client(self.address)
            await client.get("/accounts/login/")
            assert (await client.post("/api/v1/consent", {"version": CONSENT_VERSION})).status == 204
            for subject in chance.sample(self.subjects, 10):
                value = chance.choice(["smooth", "smooth", "features", "artifact"])
                name = str(uuid.uuid4())
                body = {"id": name, "workflow_version": self.version, "subject": subject}
                body["annotations"] = [{"task": "T0", "value": value}]
                if value == "features":
                    body["annotations"].append({"task": "T1", "value": ["bar"]})
                answer = await client.post("/api/v1/classifications", body)
                assert answer.status in (200, 201), answer.body
                self.acknowledged.append(name)
            await client.finish()

    subjects: list[int] = []


class Follower(threading.Thread):
    """Mining, reading along."""

    def __init__(self, workflow_id: int) -> None:
        super().__init__()
        self.workflow_id = workflow_id
        self.over = threading.Event()

    def run(self) -> None:
        try:
            while not self.over.wait(0.05):
                follow(self.workflow_id)
        finally:
            connection.close()


def sha256_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def released(workflow: Workflow) -> Release:
    """Made while they answer, of what is finished by then."""
    made = make_release(workflow.project, title="Zoo", description="", licence="CC0-1.0", creators=["Team"])
    run_waiting(made.export)
    made.refresh_from_db()
    return made


def until(count: int, crowd: Crowd) -> None:
    last = time.monotonic() + 60
    while len(crowd.acknowledged) < count:
        assert crowd.is_alive()
        assert time.monotonic() < last
        time.sleep(0.02)


def test_backup_under_load_restores_to_a_consistent_site(
    live_site: str,
    workflow: Workflow,
    here: dict[str, str],
    site_folder: Path,
    tmp_path: Path,
    empty_place: Path,
) -> None:
    workflow.refresh_from_db()
    crowd, follower = Crowd(live_site, workflow), Follower(workflow.pk)
    crowd.subjects = list(workflow.subject_set.subjects.values_list("pk", flat=True))
    archive = tmp_path / "site.tar"
    crowd.start()
    follower.start()
    try:
        until(60, crowd)
        before = set(crowd.acknowledged)
        release = released(workflow)
        made = backup("make", archive, where=here)
        after = len(crowd.acknowledged)
        until(after + 10, crowd)
    finally:
        crowd.over.set()
        follower.over.set()
        crowd.join()
        follower.join()
    assert made.returncode == 0, made.stderr
    assert after > len(before)  # they went on answering all the while
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [archive]  # nothing left beside it
    with tarfile.open(archive) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
        assert tar.getnames()[-1] == "files.sha256"
        assert not [name for name in tar.getnames() if name.endswith(".part")]

    place = embedded(empty_place)
    restored = backup("restore", archive, where=place)
    assert restored.returncode == 0, restored.stderr
    looked = beside(place, "tests/portal/backup/look.py")
    assert looked.returncode == 0, looked.stderr
    found = json.loads(looked.stdout.splitlines()[-1])

    assert found["rows"] == manifest["rows"]
    assert len(found["rows"]) > 30
    assert before <= set(found["uuids"])
    assert set(found["uuids"]) <= set(crowd.acknowledged)
    (ledger,) = found["ledgers"]
    assert ledger["gap_free"]
    assert ledger["each_answer_has_its_entry"]
    assert ledger["position"] == ledger["entries"] == manifest["positions"][str(workflow.pk)]
    assert found["differences"] == []
    (built,) = found["releases"]
    assert built == {
        "sha256": release.export.sha256, "again": release.export.sha256, "differ": [], "rows": release.files[0]["rows"]
    }  # fmt: skip
    assert built["rows"] > 0
    assert (empty_place / "private" / "releases" / "one.zip").read_bytes() == b"a release"
    wanted = sha256_of(site_folder / "media")
    del wanted["zoo/late.png.part"]
    assert sha256_of(empty_place / "media") == wanted
    assert len(wanted) == 40
    assert not Places(empty_place).postgres_socket.exists()  # what it started, it stopped
