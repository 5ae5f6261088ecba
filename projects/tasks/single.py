"""single: choose one answer. Each answer may lead to a task of its own; else the task's own `next` holds."""

from typing import Literal

from projects.tasks.base import ChoosesOne


class SingleTask(ChoosesOne):
    kind: Literal["single"]
