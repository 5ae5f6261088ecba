"""Which subject comes next: never answered, never retired, never to more people than needed."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from projects.exceptions import NotFound, Paused, Private, WorkflowFinished
from projects.models import Cursor, Lease, SubjectState
from projects.services import next_subjects, reap_leases, record_classification, release_leases
from tests.projects.factories import ARTIFACT, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db(transaction=True)


def ask(workflow, held, n=1, tab=None, **more):
    return next_subjects(workflow_id=workflow.pk, holder=held.public_id, tab=tab or uuid.uuid4(), n=n, **more)


def ids(batch):
    return [subject.id for subject in batch.subjects]


def leased(workflow):
    return sum(SubjectState.objects.filter(workflow=workflow).values_list("leased", flat=True))


def test_a_batch_is_distinct_and_leased_for_ten_minutes():
    workflow = make_workflow(5)
    batch = ask(workflow, make_pass(), n=3)
    assert (batch.state, len(set(ids(batch)))) == ("open", 3)
    leases = Lease.objects.all()
    assert {lease.subject_id for lease in leases} == set(ids(batch))
    left = min(lease.expires_at for lease in leases) - timezone.now()
    assert timedelta(seconds=590) < left <= timedelta(seconds=600)
    assert leased(workflow) == 3


def test_what_is_handed_out_hides_the_teams_own_metadata():
    subject = ask(make_workflow(1), make_pass()).subjects[0]
    assert subject.metadata == {"field": "A"}
    assert subject.media == [
        {"path": "zoo/s0.png", "mime": "image/png", "width": 64, "height": 64, "alt": ""}
    ]


def test_a_volunteer_goes_once_round_whatever_the_start():
    workflow = make_workflow(7)
    held, seen = make_pass(), []
    Cursor.objects.create(holder=held.public_id, workflow=workflow, at=0.999)
    while (batch := ask(workflow, held, n=2)).state == "open":
        for subject in batch.subjects:
            seen.append(subject.id)
            record_classification(submission(workflow, subject.id), held)
    assert sorted(seen) == sorted(SubjectState.objects.values_list("subject_id", flat=True))
    assert batch.state == "finished_for_you"
    assert ask(workflow, make_pass()).state == "open"


def test_four_tabs_of_one_volunteer_never_get_the_same_subject():
    workflow = make_workflow(8)
    held = make_pass()
    handed = [subject for _ in range(4) for subject in ids(ask(workflow, held, n=2))]
    assert sorted(handed) == sorted(SubjectState.objects.values_list("subject_id", flat=True))
    assert ask(workflow, held).state == "all_leased"


def test_what_another_tab_holds_is_passed_over_on_the_next_round():
    workflow = make_workflow(2)
    held = make_pass()
    first = ids(ask(workflow, held))
    Cursor.objects.update(at=-1)
    second = ids(ask(workflow, held))
    assert sorted(first + second) == sorted(SubjectState.objects.values_list("subject_id", flat=True))


def test_no_more_people_than_a_subject_still_needs():
    workflow = make_workflow(1)
    people = [make_pass() for _ in range(4)]
    states = [ask(workflow, held).state for held in people]
    assert states == ["open", "open", "open", "all_leased"]
    assert 590 < ask(workflow, people[3]).retry_after <= 600


def test_an_expired_lease_comes_back_by_itself():
    workflow = make_workflow(1)
    for _ in range(3):
        ask(workflow, make_pass())
    Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ask(workflow, make_pass()).state == "open"
    assert leased(workflow) == Lease.objects.count() == 1


def test_reaping_takes_back_only_what_expired():
    workflow = make_workflow(4)
    held = make_pass()
    ask(workflow, held, n=2)
    Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    ask(workflow, make_pass(), n=2)
    assert reap_leases() == 2
    assert leased(workflow) == Lease.objects.count() == 2


def test_a_closing_tab_gives_its_leases_back():
    workflow = make_workflow(3)
    held, tab = make_pass(), uuid.uuid4()
    ask(workflow, held, n=1)
    ask(workflow, held, n=2, tab=tab)
    assert release_leases(workflow_id=workflow.pk, holder=held.public_id, tab=tab) == 2
    assert leased(workflow) == Lease.objects.count() == 1


def test_a_reloaded_tab_gets_its_own_leases_again():
    workflow = make_workflow(9)
    held, tab = make_pass(), uuid.uuid4()
    first = ids(ask(workflow, held, n=3, tab=tab))
    record_classification(submission(workflow, first[0]), held)
    again = ids(ask(workflow, held, n=3, tab=tab, resume=True))
    assert set(first[1:]) < set(again)
    assert first[0] not in again
    assert len(again) == 3


def test_what_was_answered_is_not_resumed_though_it_is_on_lease_again():
    """As when a newcomer's next subjects are chosen while their first answer makes them a volunteer."""
    workflow = make_workflow(1)
    held, tab = make_pass(), uuid.uuid4()
    (subject,) = ids(ask(workflow, held, tab=tab))
    lease = Lease.objects.get()
    record_classification(submission(workflow, subject), held)
    lease.save(force_insert=True)
    assert ids(ask(workflow, held, tab=tab, resume=True)) == []


def test_working_on_extends_the_tabs_leases():
    workflow = make_workflow(4)
    held, tab = make_pass(), uuid.uuid4()
    ask(workflow, held, n=2, tab=tab)
    Lease.objects.update(expires_at=timezone.now() + timedelta(seconds=5))
    assert ask(workflow, held, n=0, tab=tab).subjects == []
    assert min(Lease.objects.values_list("expires_at", flat=True)) > timezone.now() + timedelta(seconds=500)


def test_a_retired_subject_is_never_handed_out_and_the_end_is_said():
    workflow = make_workflow(2)
    one, two = SubjectState.objects.values_list("subject_id", flat=True)
    for _ in range(2):
        record_classification(submission(workflow, one, ARTIFACT), make_pass())
    assert ids(ask(workflow, make_pass(), n=5)) == [two]
    for _ in range(2):
        record_classification(submission(workflow, two, ARTIFACT), make_pass())
    assert ask(workflow, make_pass()).state == "workflow_finished"


def test_a_row_that_is_only_locked_is_waited_for_and_not_called_finished():
    """SKIP LOCKED alone would find nothing here."""
    workflow = make_workflow(1)
    locked, go, found = threading.Event(), threading.Event(), []

    def hold():
        with transaction.atomic():
            SubjectState.objects.select_for_update().get(workflow=workflow)
            locked.set()
            go.wait(5)
        connection.close()

    def pick():
        found.append(ask(workflow, make_pass()).state)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    locked.wait(5)
    picker = threading.Thread(target=pick)
    picker.start()
    picker.join(0.3)
    assert found == []
    go.set()
    picker.join(5)
    holder.join(5)
    assert found == ["open"]


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [("state", "paused", Paused), ("state", "finished", WorkflowFinished), ("is_public", False, Private)],
)
def test_a_closed_workflow_hands_out_nothing(field, value, error):
    workflow = make_workflow()
    target = workflow if field == "state" else workflow.project
    setattr(target, field, value)
    target.save()
    with pytest.raises(error):
        ask(workflow, make_pass())
    assert Lease.objects.count() == 0


def test_a_member_works_on_a_private_project():
    assert ask(make_workflow(is_public=False), make_pass(), member=True).state == "open"


def test_an_unknown_workflow_is_not_found():
    with pytest.raises(NotFound):
        next_subjects(workflow_id=987654, holder=uuid.uuid4(), tab=uuid.uuid4())
