"""The one door to browsers: hints that a project, or what one person is told, has changed, sent over the channel layer.

A hint carries no data; the page fetches that by HTTP. So a lost, late or doubled hint harms nothing, and a failure
here never reaches the request that caused it: it is logged and counted.
"""

import asyncio
import atexit
import contextlib
import logging
import os
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from channels.layers import get_channel_layer

from portal import metrics

logger = logging.getLogger(__name__)

REST = 0.25  # seconds between two hints of one project, or to one person, from one process


@dataclass(frozen=True)
class Person:
    """An account, to whom something is told."""

    id: int


About = int | Person
"""A project's id, or a person."""

Send = Callable[[Any], Awaitable[None]]


def group_name(project_id: int) -> str:
    return f"project-{project_id}"


def person_group(user_id: int) -> str:
    return f"person-{user_id}"


async def send_hint(about: About) -> None:
    layer = get_channel_layer()
    if isinstance(about, Person):
        await layer.group_send(person_group(about.id), {"type": "person.changed"})
    else:
        await layer.group_send(group_name(about), {"type": "project.changed", "id": about})


class Publisher:
    """A daemon thread with one event loop, so that callers wait for nothing and Redis connections are kept.

    Throttled by project and person, leading and trailing edge: the first change goes out at once; those within the
    next `rest` seconds become one more hint when it is over.
    """

    def __init__(self, send: Send = send_hint, rest: float = REST) -> None:
        self.failures = 0
        self._send = send
        self._rest = rest
        self._resting: set[About] = set()
        self._again: set[About] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="live-publisher", daemon=True)
        self._thread.start()

    def project_changed(self, project_id: int) -> None:
        """From any thread; returns at once."""
        self._loop.call_soon_threadsafe(self._take, project_id)

    def person_changed(self, user_id: int) -> None:
        """The same."""
        self._loop.call_soon_threadsafe(self._take, Person(user_id))

    def stop(self) -> None:
        """Waits for the thread's end; hints that still rest are dropped."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    # The rest runs in the publisher's own thread only, so it needs no lock.

    def _run(self) -> None:
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _take(self, about: About) -> None:
        if about in self._resting:
            self._again.add(about)
        else:
            self._resting.add(about)
            self._loop.create_task(self._serve(about))

    async def _serve(self, about: About) -> None:
        while True:
            self._again.discard(about)
            try:
                await self._send(about)
            except Exception:
                self.failures += 1
                metrics.hints_failed.inc()
                logger.warning("A live hint for %s was not sent.", about, exc_info=True)
            await asyncio.sleep(self._rest)
            if about not in self._again:
                break
        self._resting.discard(about)


_publisher: tuple[int, Publisher] | None = None
_making = threading.Lock()


def publisher() -> Publisher:
    """This process's publisher. A forked worker inherits the object but not its thread, so it makes its own."""
    global _publisher
    with _making:
        if _publisher is None or _publisher[0] != os.getpid():
            _publisher = (os.getpid(), Publisher())
            atexit.register(_at_exit, _publisher[1])
        return _publisher[1]


def _at_exit(running: Publisher) -> None:
    """A command that ends while its thread still works would be aborted by the interpreter."""
    with contextlib.suppress(RuntimeError):  # it has been stopped
        running.stop()


def project_changed(project_id: int) -> None:
    """Tell every open page of the project that there is news. Never raises, never waits."""
    try:
        publisher().project_changed(project_id)
    except Exception:
        logger.exception("No live hints from this process.")


def person_changed(user_id: int) -> None:
    """Tell every open page of one person that there is something new for them. Never raises, never waits."""
    try:
        publisher().person_changed(user_id)
    except Exception:
        logger.exception("No live hints from this process.")
