"""The one door to browsers: throttled on both edges, silent about failures."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from portal.live import publish
from portal.live.publish import Publisher

REST = 0.2


class Sent:
    """Takes the place of the channel layer; remembers when each hint went out, seconds from its making."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.hints: list[tuple[int, float]] = []
        self.fails = False

    async def __call__(self, project_id: int) -> None:
        if self.fails:
            raise ConnectionError("Redis is away")
        self.hints.append((project_id, time.monotonic() - self.began))


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def publisher(sent: Sent) -> Iterator[Publisher]:
    made = Publisher(send=sent, rest=REST)
    yield made
    made.stop()


def wait(until: object, patience: float = 3.0) -> None:
    end = time.monotonic() + patience
    while not until() and time.monotonic() < end:  # type: ignore[operator]
        time.sleep(0.01)
    assert until()  # type: ignore[operator]


def test_first_change_goes_out_at_once(publisher: Publisher, sent: Sent) -> None:
    publisher.project_changed(1)
    wait(lambda: sent.hints)
    assert sent.hints[0][0] == 1
    assert sent.hints[0][1] < REST


def test_a_burst_becomes_two_hints(publisher: Publisher, sent: Sent) -> None:
    publisher.project_changed(1)
    wait(lambda: sent.hints)
    for _ in range(500):
        publisher.project_changed(1)
    time.sleep(3.5 * REST)
    assert len(sent.hints) == 2
    assert sent.hints[1][1] - sent.hints[0][1] == pytest.approx(REST, abs=0.15)


def test_a_stream_is_held_to_its_rate_and_its_end_is_told(publisher: Publisher, sent: Sent) -> None:
    last = 0.0
    while time.monotonic() - sent.began < 5 * REST:
        publisher.project_changed(1)
        last = time.monotonic() - sent.began
        time.sleep(0.005)
    time.sleep(2 * REST)
    assert len(sent.hints) <= 7
    assert sent.hints[-1][1] >= last


def test_projects_do_not_wait_for_each_other(publisher: Publisher, sent: Sent) -> None:
    publisher.project_changed(1)
    publisher.project_changed(2)
    wait(lambda: len(sent.hints) == 2)
    assert {project for project, _ in sent.hints} == {1, 2}
    assert sent.hints[1][1] < REST


def test_a_failure_is_counted_and_the_next_hint_goes_out(publisher: Publisher, sent: Sent) -> None:
    sent.fails = True
    publisher.project_changed(1)
    wait(lambda: publisher.failures == 1)
    sent.fails = False
    publisher.project_changed(1)
    wait(lambda: sent.hints)
    assert publisher.failures == 1


def test_project_changed_never_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Publisher:
        raise RuntimeError("no threads left")

    monkeypatch.setattr(publish, "publisher", broken)
    publish.project_changed(1)


def test_publisher_is_one_a_process() -> None:
    assert publish.publisher() is publish.publisher()


def test_signals_of_the_record_reach_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    from projects.signals import classification_recorded, evidence_posted, subject_retired

    told: list[int] = []
    monkeypatch.setattr(publish, "project_changed", told.append)
    classification_recorded.send(sender=None, workflow_id=1, subject_id=2, project_id=7)
    subject_retired.send(sender=None, workflow_id=1, subject_id=2, project_id=8)
    evidence_posted.send(sender=None, workflow_id=1, project_id=9)
    assert told == [7, 8, 9]


def test_send_hint_carries_no_data(redis_client: object) -> None:
    async def listen() -> dict[str, object]:
        from channels.layers import get_channel_layer

        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add("project-5", channel)
        await publish.send_hint(5)
        received = await asyncio.wait_for(layer.receive(channel), 3)
        await layer.flush()
        return received

    assert asyncio.run(listen()) == {"type": "project.changed", "id": 5}
