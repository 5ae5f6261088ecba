"""A workflow's definition while it is made: steps that change it, its rule as rows, what differs, how it is drawn.

Pure: a definition in, another out, never changed in place. A draft's tasks are each whole (its kind has checked them);
the graph between them may not be yet, which projects/services/publish_check.py tells in sentences.
"""

from typing import Any

Definition = dict[str, Any]
"""The JSON of a version's or a draft's definition."""
