"""Which lakes want work. Light: manifests and counters only."""

import logging
import shutil
from pathlib import Path

from django.conf import settings

from mining.lake.manifest import FILE, Damaged, folder_of, load
from projects.models import Workflow, WorkflowCounter

logger = logging.getLogger(__name__)

LEAST = 1000
"""Entries from which it is worth a partition; as long as there are fewer, runs read them from the database."""


def workflows_to_append() -> list[int]:
    """Those whose record is far ahead of their lake, or behind it. Lakes of workflows that are no more are removed."""
    found = []
    positions = dict(WorkflowCounter.objects.order_by("workflow_id").values_list("workflow_id", "position"))
    for workflow_id, position in positions.items():
        try:
            manifest = load(folder_of(workflow_id))
        except Damaged:
            found.append(workflow_id)
            continue
        reached = manifest.position if manifest else 0
        if position - reached >= LEAST or reached > position:
            found.append(workflow_id)
    _remove_orphans(set(positions))
    return found


def remove(workflow_id: int) -> None:
    """Throw the lake away; runs read the database until it is made again. The manifest goes first."""
    folder = folder_of(workflow_id)
    (folder / FILE).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _remove_orphans(workflows: set[int]) -> None:
    lakes = Path(settings.LAKE_DIR)
    names = [path.name for path in lakes.iterdir()] if lakes.is_dir() else []
    for name in names:
        if (
            name.isdecimal()
            and int(name) not in workflows
            and not Workflow.objects.filter(pk=int(name)).exists()
        ):
            logger.info("The lake of workflow %s is removed: the workflow is no more.", name)
            remove(int(name))
