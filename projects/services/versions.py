"""Published versions, kept in memory: they never change."""

from dataclasses import dataclass
from functools import lru_cache

from projects.exceptions import NotFound
from projects.models import WorkflowVersion
from projects.tasks.definition import WorkflowDefinition, parse_definition


@dataclass(frozen=True)
class Version:
    id: int
    workflow_id: int
    project_id: int
    number: str
    definition: WorkflowDefinition


@lru_cache(maxsize=256)
def get_version(version_id: int) -> Version:
    """Raises NotFound. Two queries the first time in a process, none after."""
    try:
        row = WorkflowVersion.objects.select_related("workflow").get(pk=version_id)
    except WorkflowVersion.DoesNotExist:
        raise NotFound("This workflow version does not exist.") from None
    return Version(
        row.pk, row.workflow_id, row.workflow.project_id, row.number, parse_definition(row.definition)
    )
