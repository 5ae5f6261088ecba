"""The published schemas say the same of a file as the models that read it."""

import io
import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml
from django.core.management import call_command

from projects.bundles.json_schema import schemas

SAMPLES = Path(__file__).resolve().parents[3] / "projects" / "samples"


def printed(name: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("bundle_schema", name, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_each_file_of_the_samples_is_what_its_schema_says() -> None:
    seen = []
    for name, pattern in {
        "project.yaml": "*/project.yaml", "workflow.yaml": "*/workflows/*.yaml", "tutorial.yaml": "*/tutorial.yaml",
        "policy.yaml": "*/policies/*.yaml",
    }.items():  # fmt: skip
        schema = jsonschema.Draft202012Validator(printed(name))
        for path in SAMPLES.glob(pattern):
            content = yaml.safe_load(path.read_text())
            content = {"slug": path.stem} | content if isinstance(content, dict) else content
            assert [
                f"{path}: {error.json_path} {error.message[:200]}" for error in schema.iter_errors(content)
            ] == []
            seen.append(name)
    assert set(seen) == set(schemas())


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"subjectset": "all"}, "$"),
        ({"tasks": {"T0": {"kind": "single", "question": "What?", "answer": []}}}, "$.tasks.T0"),
        ({"tasks": {"T0": {"kind": "guess", "question": "What?"}}}, "$.tasks.T0"),
        ({"redo_minutes": -1}, "$.redo_minutes"),
    ],
)
def test_a_misspelt_word_is_found(change: dict[str, Any], place: str) -> None:
    answers = [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}]
    good = {
        "slug": "shapes", "title": "Shapes", "subject_set": "all", "first_task": "T0",
        "retirement": ["gte", ["votes"], 3],
        "tasks": {"T0": {"kind": "single", "question": "What?", "answers": answers}},
    }  # fmt: skip
    schema = jsonschema.Draft202012Validator(schemas()["workflow.yaml"])
    assert list(schema.iter_errors(good)) == []
    assert [error.json_path for error in schema.iter_errors(good | change)] == [place]
