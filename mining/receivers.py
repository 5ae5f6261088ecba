"""An answer was recorded: tell the worker, soon but not for each, and never at the cost of the request.

A thread of its own sends the messages: at once for the first answer, then at most one for each workflow in `REST`
seconds, the last one always. If the broker is away, they are dropped and beat's tick finds the work.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from django.dispatch import receiver

from projects.signals import classification_recorded

logger = logging.getLogger(__name__)

REST = 0.25  # seconds
QUIET = 30.0  # seconds between two complaints about a broker that is away


def send_follow(workflow_id: int) -> None:
    from mining.jobs import follow_workflow  # noqa: PLC0415 - Celery is loaded when it is first needed

    follow_workflow.apply_async([workflow_id], expires=60, retry=False)


class Messenger:
    """Workflows that have news, and the thread that tells of them."""

    def __init__(self, send: Callable[[int], None] = send_follow, rest: float = REST) -> None:
        self._send = send
        self._rest = rest
        self._news: set[int] = set()
        self._changed = threading.Condition()
        self._complained = -QUIET
        threading.Thread(target=self._run, name="mining-messenger", daemon=True).start()

    def tell(self, workflow_id: int) -> None:
        """From any thread; returns at once."""
        with self._changed:
            self._news.add(workflow_id)
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._news)
                news, self._news = self._news, set()
            for workflow_id in sorted(news):
                self._try_to_send(workflow_id)
            time.sleep(self._rest)

    def _try_to_send(self, workflow_id: int) -> None:
        try:
            self._send(workflow_id)
        except Exception as error:
            now = time.monotonic()
            if now - self._complained >= QUIET:
                self._complained = now
                logger.warning("No message to the workers (%s); the tick will find the work.", error)


_messenger: tuple[int, Messenger] | None = None
_making = threading.Lock()


def messenger() -> Messenger:
    """This process's; a forked process inherits the object but not its thread, so it makes its own."""
    global _messenger
    with _making:
        if _messenger is None or _messenger[0] != os.getpid():
            _messenger = (os.getpid(), Messenger())
        return _messenger[1]


@receiver(classification_recorded, dispatch_uid="mining-follow")
def follow_soon(sender: Any, workflow_id: int, **news: Any) -> None:
    messenger().tell(workflow_id)
