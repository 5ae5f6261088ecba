"""Files that a worker writes: asked for on the page Data, cancelled, taken up again, fetched in parts, forgotten."""

import csv
import io
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pyarrow import parquet

from projects.beside import beside, lock
from projects.exceptions import Invalid
from projects.exports import tables, waiting, working
from projects.exports.stream import original
from projects.exports.waiting import ask, forget, opened, path_of, run_waiting, stop, storage, tend
from projects.models import Export, Look, Volunteer, Workflow
from projects.services import publish_workflow, record_classification
from tests.projects.exports.reading import table
from tests.projects.factories import ARMS, SMOOTH, TREE, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/projects/zoo/data/"


@pytest.fixture
def workflow(redis_client: object) -> Workflow:
    """s0 is finished with three answers, s1 is open with one; the data are public."""
    made = make_workflow(3, data_public=True)
    subjects = list(made.project.subjects.order_by("external_id").values_list("pk", flat=True))
    for _ in range(3):
        record_classification(submission(made, subjects[0], ARMS), make_pass())
    record_classification(submission(made, subjects[1], SMOOTH), make_pass())
    made.refresh_from_db()
    return made


def signed_in(workflow: Workflow, role: str | None) -> Client:
    user = get_user_model().objects.create_user(f"a-{role}")
    if role:
        workflow.project.members.create(user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


def wanted(client: Client, table: str = "votes", form: str = "parquet", workflow: str = "shapes") -> Export:
    answer = client.post(HERE + "files/", {"table": table, "form": form, "workflow": workflow})
    assert (answer.status_code, answer["Location"]) == (302, f"{HERE}#files")
    return Export.objects.latest("pk")


def whole(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def elsewhere(client: Client, address: str) -> str:
    """What a POST is answered in a thread, so over a connection of its own."""

    def post() -> str:
        try:
            return str(client.post(address, follow=True).content.decode())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(post).result()


def at(record: Export) -> str:
    return f"{HERE}files/{record.public_id}/"


def test_a_visitor_gets_the_finished_subjects_and_a_member_all_and_has_looked(workflow: Workflow) -> None:
    client, team = Client(), signed_in(workflow, "expert")
    record = wanted(client)
    page = client.get(HERE).content.decode()
    assert "zoo-shapes-votes.parquet" in page
    assert "waiting for the worker" in page
    assert client.get(at(record)).status_code == 404
    assert tend() == [record.pk]
    call_command("run_export", str(record.pk))
    record.refresh_from_db()
    assert (record.state, record.rows, record.tries) == ("done", 9, 1)
    assert (record.done <= 5, record.total) == (True, 5)
    seen = client.get(f"{HERE}state/?seen={record.pk}")
    assert seen["HX-Refresh"] == "true"
    answer = client.get(at(record))
    assert answer["Content-Disposition"] == 'attachment; filename="zoo-shapes-votes.parquet"'
    rows = parquet.read_table(io.BytesIO(whole(answer))).to_pylist()
    assert [(row["external_id"], row["task"], row["key"], row["value"]) for row in rows] == [
        ("s0", "T0", "features", 1.0), ("s0", "T1", "bar", 0.0), ("s0", "T1", "arms", 1.0)
    ] * 3  # fmt: skip
    assert Look.objects.count() == 0

    theirs = wanted(team)
    assert theirs.team
    run_waiting(theirs)
    assert client.get(at(theirs)).status_code == 404
    assert "Look" not in client.get(HERE).content.decode()
    assert str(theirs.public_id) not in client.get(HERE).content.decode()
    assert Look.objects.count() == 0
    assert len(parquet.read_table(io.BytesIO(whole(team.get(at(theirs)))))) == 10
    person = Volunteer.objects.get(account__username="a-expert")
    assert list(Look.objects.values_list("volunteer_id", "subject__external_id")) == [(person.pk, "s1")]


def test_a_download_goes_on_where_it_broke_off(workflow: Workflow) -> None:
    client = Client()
    record = wanted(client, "annotations", "csv")
    run_waiting(record)
    everything = whole(client.get(at(record)))
    size = len(everything)
    assert (record.size, size > 200) == (size, True)

    def part(range_: str, **more: str) -> tuple[int, bytes | None, str | None]:
        answer = client.get(at(record), headers={"Range": range_, **more})
        body = whole(answer) if answer.streaming else None
        return answer.status_code, body, answer.headers.get("Content-Range")

    assert part("bytes=0-99") == (206, everything[:100], f"bytes 0-99/{size}")
    assert part("bytes=100-") == (206, everything[100:], f"bytes 100-{size - 1}/{size}")
    assert part("bytes=-7") == (206, everything[-7:], f"bytes {size - 7}-{size - 1}/{size}")
    assert part(f"bytes={size - 1}-{size + 5}") == (
        206,
        everything[-1:],
        f"bytes {size - 1}-{size - 1}/{size}",
    )
    for past in (f"bytes={size}-", "bytes=-0"):
        assert part(past) == (416, None, f"bytes */{size}")
    for other in ("bytes=5-2", "bytes=0-1,3-4", "lines=1-2", "bytes=-"):
        assert part(other) == (200, everything, None)
    etag = client.get(at(record))["ETag"]
    assert part("bytes=0-9", **{"If-Range": etag})[0] == 206
    assert part("bytes=0-9", **{"If-Range": '"another"'})[:2] == (200, everything)
    head = client.head(at(record))
    assert (head.status_code, head["Content-Length"], whole(head)) == (200, str(size), b"")


def test_the_same_file_is_written_once_until_the_record_goes_on(workflow: Workflow) -> None:
    client = Client()
    first = wanted(client)
    assert wanted(client) == first
    run_waiting(first)
    assert wanted(client) == first
    assert wanted(client, form="csv") != first
    subject = workflow.project.subjects.get(external_id="s1").pk
    record_classification(submission(workflow, subject), make_pass())
    again = wanted(client)
    assert (again != first, again.state) == (True, "waiting")


def test_cancelled_while_it_is_written_it_leaves_nothing(
    workflow: Workflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(workflow, None)
    record = wanted(client)
    stranger = signed_in(workflow, "tester")  # of the team, so they may
    assert Client().post(at(record) + "cancel/").status_code == 404
    monkeypatch.setattr(working, "REST", -1)
    monkeypatch.setattr(working, "LOOK", 1)
    votes = tables.TABLES["votes"]

    def rows(*args: Any, **more: Any) -> Iterator[Any]:
        for place, row in enumerate(votes.rows(*args, **more)):
            if place == 2:
                told = elsewhere(stranger, at(record) + "cancel/")
                assert "Cancelled: zoo-shapes-votes.parquet is not written." in told
            yield row

    monkeypatch.setitem(
        tables.TABLES, "votes", tables.Table("votes", rows, votes.columns, position=tables.first)
    )
    run_waiting(record)
    assert (record.state, storage().exists(path_of(record))) == ("cancelled", False)
    assert client.get(at(record)).status_code == 404
    assert not stop(record)
    assert tend() == []


def test_who_was_killed_is_taken_up_again_three_times(workflow: Workflow, settings: Any) -> None:
    record = wanted(Client())
    left = waiting.folder_of(record) / "half"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"of a killed process")
    Export.objects.update(state="running", tries=1, rows=3)
    with beside() as other:
        assert lock(other, working.LOCK, record.pk)
        assert tend() == []  # its process lives
        run_waiting(record)
        assert record.state == "running"
    assert tend() == [record.pk]
    record.refresh_from_db()
    run_waiting(record)
    assert (record.state, record.tries, left.parent.exists()) == ("done", 2, False)
    Export.objects.update(state="running", tries=3)
    assert tend() == []
    record.refresh_from_db()
    assert (record.state, record.message) == ("failed", "It broke off 3 times. Ask for it again.")
    assert "It broke off 3 times." in Client().get(HERE).content.decode()


def test_what_there_is_not_is_refused_with_a_sentence(workflow: Workflow) -> None:
    client = Client()
    for given, sentence in [
        ({"table": "votes", "form": "fits"}, "There is no table votes as fits."),
        ({"table": "nothing", "form": "csv"}, "There is no table nothing as csv."),
        ({"table": "marks", "form": "coco"}, "asks for no marks"),
        ({"table": "merits", "form": "csv"}, "has no table merits for you now"),
    ]:
        told = client.post(HERE + "files/", {"workflow": "shapes", **given}, follow=True).content.decode()
        assert sentence in told
    with pytest.raises(Invalid, match="Say of which workflow"):
        ask(workflow.project, table="catalogue", form="csv", team=True)
    workflow.project.data_public = False
    workflow.project.save()
    assert client.post(HERE + "files/", {"table": "votes", "form": "csv"}).status_code == 404
    assert client.get(HERE + "state/").status_code == 404
    assert Export.objects.count() == 0


def test_no_longer_public_no_longer_given(workflow: Workflow) -> None:
    record = wanted(Client())
    run_waiting(record)
    workflow.project.data_public = False
    workflow.project.save()
    assert Client().get(at(record)).status_code == 404
    assert Client().get(f"{HERE}files/{uuid.uuid4()}/").status_code == 404


def test_all_workflows_in_one_file_each_by_its_own_columns(workflow: Workflow) -> None:
    other = Workflow.objects.create(
        project=workflow.project, slug="second", title="Second", subject_set=workflow.subject_set
    )
    publish_workflow(other, TREE)
    for name in ("classifications", "workflows", "subjects"):
        record = ask(workflow.project, table=name, form="csv", team=True)
        run_waiting(record)
        with opened(record) as file:
            rows = list(csv.DictReader(io.TextIOWrapper(file, "utf-8", newline="")))
        apart = [*table(name, Workflow.objects.get(pk=other.pk)), *table(name, workflow)]
        assert rows == apart
        assert {row["workflow_id"] for row in apart} == (
            {str(workflow.pk)} if name == "classifications" else {str(workflow.pk), str(other.pk)}
        )


def test_files_are_forgotten_when_their_time_is_over(workflow: Workflow) -> None:
    record = wanted(Client())
    run_waiting(record)
    assert forget(timezone.now()) == 0
    assert forget(timezone.now() + timedelta(days=7, seconds=1)) == 1
    assert (storage().exists(path_of(record)), Export.objects.count()) == (False, 0)


def test_an_owner_gives_everybody_new_pseudonyms(workflow: Workflow) -> None:
    names = {row["user_name"] for row in table("votes", workflow)}
    assert signed_in(workflow, "scientist").post(HERE + "pseudonyms/").status_code == 404
    owner = signed_in(workflow, "owner")
    assert "Give everybody a new pseudonym" in owner.get(HERE).content.decode()
    owner.post(HERE + "pseudonyms/")
    workflow = Workflow.objects.get(pk=workflow.pk)
    again = {row["user_name"] for row in table("votes", workflow)}
    assert (len(names), len(again), names & again) == (4, 4, set())


def test_the_flat_table_has_a_row_an_annotation_and_no_json(workflow: Workflow) -> None:
    rows = table("annotations", workflow)
    assert [(row["external_id"], row["task"], row["kind"], row["key"], row["label"]) for row in rows][:3] == [
        ("s0", "T0", "single", "features", "Features"),
        ("s0", "T1", "multiple", "arms", "Arms"),
        ("s0", "T0", "single", "features", "Features"),
    ]
    assert len(rows) == 7
    assert not [cell for row in rows for cell in row.values() if original(cell).startswith(("{", "["))]
    assert {row["counted"] for row in rows} == {"yes"}
