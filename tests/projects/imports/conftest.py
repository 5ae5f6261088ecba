"""Imports through the command, as an operator runs them."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from projects.models import Import, Project
from projects.services.rebuild import rebuild_workflow
from tests.projects.exports.conftest import zoo

__all__ = ["zoo"]

TakeIn = Callable[..., str]


@pytest.fixture
def take_in(transactional_db: None) -> TakeIn:
    """Imports a file into the project `birds` (or another) and checks that a rebuild finds no difference; returns what
    was told. Imports open connections of their own, so the tests' data are committed."""

    def run(file: Path, project: str = "birds", **options: Any) -> str:
        told = io.StringIO()
        call_command("import_classifications", file, project=project, stdout=told, stderr=told, **options)
        for workflow in Project.objects.get(slug=project).workflows.all():
            assert rebuild_workflow(workflow) == []
        return told.getvalue()

    return run


@pytest.fixture
def newest() -> Callable[[], dict[str, Any]]:
    """The report of the last import."""
    return lambda: Import.objects.latest("pk").report
