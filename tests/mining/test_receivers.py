"""News of an answer becomes few messages, and a broker that is away costs the answer nothing."""

import threading
import time

import pytest

from mining import receivers
from mining.receivers import Messenger
from projects.models import Classification
from tests.mining.helpers import Crowd
from tests.projects.factories import SMOOTH, make_workflow


class Sent:
    def __init__(self) -> None:
        self.ids: list[int] = []
        self.at: list[float] = []

    def __call__(self, workflow_id: int) -> None:
        self.ids.append(workflow_id)
        self.at.append(time.monotonic())

    def wait_for(self, n: int) -> None:
        until = time.monotonic() + 5
        while len(self.ids) < n and time.monotonic() < until:
            time.sleep(0.005)
        assert len(self.ids) == n


def test_the_first_goes_out_at_once_and_the_rest_as_one_at_the_end():
    sent = Sent()
    messenger = Messenger(sent, rest=0.3)
    start = time.monotonic()
    messenger.tell(1)
    sent.wait_for(1)
    assert sent.at[0] - start < 0.15
    for _ in range(50):
        messenger.tell(1)
    sent.wait_for(2)
    assert sent.at[1] - sent.at[0] >= 0.29
    time.sleep(0.4)
    assert sent.ids == [1, 1]


def test_workflows_do_not_hide_one_another():
    sent = Sent()
    messenger = Messenger(sent, rest=0.05)
    messenger.tell(1)
    messenger.tell(2)
    messenger.tell(2)
    until = time.monotonic() + 5
    while set(sent.ids) != {1, 2} and time.monotonic() < until:
        time.sleep(0.005)
    assert set(sent.ids) == {1, 2}


def test_a_failed_message_is_logged_once_and_the_next_one_is_tried(caplog):
    tried = Sent()

    def away(workflow_id: int) -> None:
        tried(workflow_id)
        raise ConnectionError("no broker")

    messenger = Messenger(away, rest=0.01)
    for n in range(1, 4):
        messenger.tell(n)
        tried.wait_for(n)
    time.sleep(0.05)
    assert [r.message for r in caplog.records if r.name == "mining.receivers"] == [
        "No message to the workers (no broker); the tick will find the work."
    ]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_hangs_neither_breaks_nor_slows_an_answer(monkeypatch):
    release = threading.Event()
    asked = threading.Event()

    def hang(workflow_id: int) -> None:
        asked.set()
        release.wait(20)

    monkeypatch.setattr(receivers, "messenger", lambda: hanging)
    hanging = Messenger(hang)
    workflow = make_workflow(3)
    crowd = Crowd(workflow, 1)
    crowd.answer(0, 0, SMOOTH)
    assert asked.wait(5)  # the thread hangs from here on
    start = time.monotonic()
    crowd.answer(0, 1, SMOOTH)
    crowd.answer(0, 2, SMOOTH)
    assert time.monotonic() - start < 2
    assert Classification.objects.count() == 3
    release.set()
