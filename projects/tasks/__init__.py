"""The kinds of task, one module each: the definition's schema, validate() and votes().

The registry is this explicit dict; the browser's twin is static/classify/tasks/index.js.
"""

from projects.tasks.base import Task
from projects.tasks.multiple import MultipleTask
from projects.tasks.single import SingleTask
from projects.tasks.text import TextTask

KINDS: dict[str, type[Task]] = {
    "single": SingleTask,
    "multiple": MultipleTask,
    "text": TextTask,
}

__all__ = ["KINDS", "Task"]
