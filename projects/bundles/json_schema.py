"""The files of a bundle as JSON Schema, for editors and other programs: made of the models that read them.

What lies between parts (that a way leads to a task that is there, that nothing runs in a circle) is in no schema;
`import_bundle` says it.
"""

from typing import Any

from pydantic import BaseModel, TypeAdapter

from projects.bundles.schema import PolicyFile, ProjectFile, Step, WorkflowFile
from projects.tasks import KINDS
from projects.tasks.definition import WorkflowDefinition
from projects.tasks.raw import RAW

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FROM_ELSEWHERE = ("icons", "inferred")
"""Of a definition, what no file says."""


def schemas() -> dict[str, dict[str, Any]]:
    """Name of the file (project.yaml, workflow.yaml, tutorial.yaml, policy.yaml) to its schema."""
    return {
        "project.yaml": _whole(ProjectFile.model_json_schema()),
        "workflow.yaml": _whole(_workflow()),
        "tutorial.yaml": _whole(TypeAdapter(list[Step]).json_schema()),
        "policy.yaml": _whole(_beside(PolicyFile, "content", {"additionalProperties": True})),
    }


def _whole(schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": DIALECT, **schema}


def _workflow() -> dict[str, Any]:
    """The definition's fields stand in the file beside the workflow's own; each task after its kind."""
    definition = WorkflowDefinition.model_json_schema()
    for name in FROM_ELSEWHERE:
        del definition["properties"][name]
    defs = definition["$defs"]
    tasks = []
    for kind, model in sorted(KINDS.items()):
        if kind == RAW:
            continue
        of_kind = model.model_json_schema(ref_template="#/$defs/{model}")
        defs |= of_kind.pop("$defs", {})
        of_kind["properties"]["kind"] = {"const": kind}
        of_kind["required"] = sorted({*of_kind.get("required", []), "kind"})
        defs[f"{kind} task"] = of_kind
        tasks.append({"$ref": f"#/$defs/{kind} task"})
    defs["Task"] = {"oneOf": tasks}  # also where a mark or a choice asks something of its own
    return _beside(WorkflowFile, "definition", definition)


def _beside(model: type[BaseModel], inner: str, content: dict[str, Any]) -> dict[str, Any]:
    """The model's schema with the fields of `inner` in place of it."""
    own = model.model_json_schema()
    del own["properties"][inner]
    required = [name for name in own["required"] if name != inner]
    return own | {
        "properties": own["properties"] | content.get("properties", {}),
        "required": [*required, *content.get("required", [])],
        "additionalProperties": content.get("additionalProperties", False),
        "$defs": own.get("$defs", {}) | content.get("$defs", {}),
    }
