"""raw: an answer of a kind that this site does not know, kept as it came in. Never asked here, and it gives no votes.

Only a definition that an import has put together (`inferred`) may hold such a task.
"""

from typing import Any, Literal

from projects.tasks.base import Task, VoteRows

RAW = "raw"


class RawTask(Task):
    kind: Literal["raw"]

    def validate_value(self, value: Any) -> Any:
        raise ValueError("a raw answer can't be given here")

    def votes(self, value: Any) -> VoteRows:
        return []
