"""Catching up in large pieces: the same state to the bit, of an imported crowd, and only one process at it."""

import random

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from mining.services import catch_up as module
from mining.services.catch_up import catch_up
from mining.services.follow import LOCK, follow
from mining.services.rebuild import forget, rebuild_online
from projects.models import Workflow
from projects.services.rebuild import rebuild_workflow
from tests.mining.helpers import dump, evidence_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def imported(tmp_path) -> Workflow:
    draw = random.Random(5)
    path = tmp_path / "labels.csv"
    rows = [f"i{draw.randrange(60)},w{draw.randrange(12)},{draw.choice('abc')}\n" for _ in range(700)]
    path.write_text("item,worker,label\n" + "".join(rows))
    call_command("import_votes", path, "--project", "crowd", verbosity=0)
    return Workflow.objects.get()


def test_large_pieces_leave_the_same_state(imported, monkeypatch):
    assert follow(imported.pk, batch=7) == 760
    by_small_pieces, evidence = dump(imported), evidence_of(imported)
    forget(imported.pk)
    batches = []
    monkeypatch.setattr(module, "follow", lambda pk, batch: batches.append(batch) or follow(pk, batch=batch))
    assert catch_up(imported.pk) == 760
    assert batches == [module.WHOLE]
    assert dump(imported) == by_small_pieces
    assert evidence_of(imported) == evidence
    assert rebuild_online(imported) == []
    assert rebuild_workflow(imported) == []


def test_an_open_workflow_is_taken_in_smaller_pieces(imported, monkeypatch):
    Workflow.objects.update(state=Workflow.State.ACTIVE)
    batches = []
    monkeypatch.setattr(module, "follow", lambda pk, batch: batches.append(batch) or 0)
    catch_up(imported.pk)
    assert batches == [module.OPEN]


def test_one_process_at_a_time(imported):
    with psycopg.connect(connection.connection.info.dsn) as other:
        other.execute("SELECT pg_advisory_lock(%s, 0)", [LOCK])
        assert catch_up(imported.pk) == 0
        other.execute("SELECT pg_advisory_unlock(%s, 0)", [LOCK])  # its end alone is noticed a little later
    assert catch_up(imported.pk) == 760
    assert catch_up(imported.pk) == 0
