"""Rows of a small export, to be written into files and spoilt."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from projects.imports.parsed import COLUMNS

METADATA = {
    "started_at": "2024-02-23T16:17:02.000Z",
    "finished_at": "2024-02-23T16:17:41.000Z",
    "user_agent": "Mozilla/5.0",
    "session": "abc",
    "user_language": "el",
    "viewport": {"width": 390, "height": 800},
}


def row(number: int, **changes: Any) -> dict[str, str]:
    """One that is whole: volunteer u{number} answers T0 of subject 100 with Yes. JSON columns may be given as data."""
    values: dict[str, Any] = {
        "classification_id": str(number),
        "user_name": f"u{number}",
        "user_id": str(1000 + number),
        "user_ip": "e9009ae9e9d62b105346",
        "workflow_id": "7",
        "workflow_name": "Is it a bird?",
        "workflow_version": "3.14",
        "created_at": "2024-02-23 16:17:42 UTC",
        "gold_standard": "",
        "expert": "",
        "metadata": METADATA,
        "annotations": [{"task": "T0", "task_label": "A bird?", "value": "Yes"}],
        "subject_data": {"100": {"retired": None, "Filename": "a.jpg", "#truth": "bird", "!RA": "11.2"}},
        "subject_ids": "100",
    }
    values |= changes
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in values.items()
    }


def text(*rows: dict[str, str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def answer(value: Any, task: str = "T0", **more: Any) -> list[dict[str, Any]]:
    return [{"task": task, "task_label": "A bird?", "value": value, **more}]


def write(folder: Path, *rows: dict[str, str], name: str = "export.csv") -> Path:
    path = folder / name
    path.write_text(text(*rows), encoding="utf-8", newline="")
    return path
