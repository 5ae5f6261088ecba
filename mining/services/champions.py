"""Which version speaks for a question: promote, roll back, read its weights."""

import sys
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from mining.models import AttributeRun, ModelVersion, Promotion
from mining.services.attribute_runs import ask
from projects.models import Workflow

if TYPE_CHECKING:
    from mining.science.classifiers import Classifier

FORM = 1
"""Of artefacts: other numbers are not read."""
State = ModelVersion.State


class ArtefactError(ValueError):
    """A version's weights can't be believed; the message says why."""


def champion(workflow: Workflow, path: str) -> ModelVersion | None:
    return ModelVersion.objects.filter(workflow=workflow, task=path, state=State.CHAMPION).first()


def put_in_place(version: ModelVersion, user: AbstractBaseUser | None = None) -> None:
    """It speaks from now on, and the one before is retired; a dated row. One transaction."""
    with transaction.atomic():
        Workflow.objects.select_for_update(no_key=True).get(pk=version.workflow_id)
        ModelVersion.objects.filter(
            workflow=version.workflow_id, task=version.task, state=State.CHAMPION
        ).update(state=State.RETIRED)
        ModelVersion.objects.filter(pk=version.pk).update(state=State.CHAMPION)
        Promotion.objects.create(version=version, by_id=user.pk if user else None)
    version.state = State.CHAMPION


def roll_back(version: ModelVersion, user: AbstractBaseUser | None = None) -> AttributeRun:
    """To a version that was once champion, at once; a run lets it tell of what has come since.

    ValueError for one that the gate refused, or that speaks already."""
    if version.state != State.RETIRED:
        raise ValueError(f"version {version.pk} is {version.state}")
    put_in_place(version, user)
    return ask(
        version.workflow, AttributeRun.Kind.CLASSIFIERS, task=version.task,
        parameters={"version": version.pk, "cuts": True, "priors": True}, user=user,
    )  # fmt: skip


def folder_of(workflow_id: int) -> Path:
    """In the backup, see portal/backup/folders.py."""
    return Path(settings.VAR_DIR) / "artefacts" / "classifiers" / str(workflow_id)


def store(version: ModelVersion, made: "Classifier") -> str:
    """Its weights, with all that is needed to do it again. Returns the artefact's name."""
    from mining.science.artefacts import write  # noqa: PLC0415 - arrays

    arrays, told = made.state()
    manifest: dict[str, Any] = {
        "form": FORM, "workflow": version.workflow_id, "task": version.task, "sources": version.sources,
        "position": version.position, "data_hash": version.data_hash, "seed": version.seed,
        "code_version": version.code_version, "parent": version.parent.artefact if version.parent else None,
        "metrics": version.metrics, "classifier": told,
        "versions": {"python": sys.version.split()[0]} | {n: installed(n) for n in ("numpy", "scipy", "safetensors")},
    }  # fmt: skip
    return write(folder_of(version.workflow_id), arrays, manifest)


def load(version: ModelVersion) -> "Classifier":
    """Only where every byte is as it was written. ArtefactError."""
    from mining.science import artefacts  # noqa: PLC0415 - arrays
    from mining.science.classifiers import Classifier  # noqa: PLC0415 - the same

    try:
        arrays, manifest = artefacts.read(folder_of(version.workflow_id), version.artefact)
    except artefacts.ArtefactError as error:
        raise ArtefactError(str(error)) from error
    if manifest["form"] != FORM:
        raise ArtefactError(f"the artefact of version {version.pk} has form {manifest['form']}, not {FORM}")
    return Classifier.of_state(arrays, manifest["classifier"])
