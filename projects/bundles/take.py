"""An edited bundle, or one workflow's file of it, becomes the next edition of a draft: nothing is published."""

from functools import partial
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from projects.bundles.errors import BundleError
from projects.bundles.media import stored_pictures
from projects.bundles.read import read_bundle, read_workflow
from projects.bundles.schema import WorkflowFile
from projects.drafting import Definition
from projects.drafting.changes import changes
from projects.exceptions import Invalid
from projects.models import Draft, Project, Workflow
from projects.services.drafts import change_draft, draft_of

MOST_LETTERS = 2_000_000


def take_text(workflow: Workflow, text: str, *, edition: int, by: AbstractBaseUser | None) -> Draft:
    """A workflow's file in place of the draft; title, position and lanes in it are not read. Raises Invalid, with the
    line where YAML is broken, and Conflict as `change_draft` does."""
    name = f"{workflow.slug}.yaml"
    if len(text) > MOST_LETTERS:
        raise Invalid(f"{name}: it is longer than {MOST_LETTERS:,} letters.")
    try:
        entry = read_workflow(text, name)
    except BundleError as error:
        raise Invalid(f"{error}.") from None
    if entry.slug != workflow.slug:
        raise Invalid(f"{name}: this is the workflow {entry.slug}, and the page is about {workflow.slug}.")

    def step(definition: Definition) -> Definition:
        return definition_of(entry, definition.get("icons", {}))

    return change_draft(workflow, edition=edition, step=step, by=by)


@transaction.atomic
def take_bundle(folder: Path, *, by: AbstractBaseUser | None = None) -> dict[str, list[str]]:
    """The workflows of a folder as new editions of the drafts; workflow to what differs from the draft before. Texts,
    subjects and lanes of the folder are not read, pictures of choices are. All or nothing: raises BundleError."""
    bundle = read_bundle(folder)
    project = Project.objects.filter(slug=bundle.project.slug).first()
    if project is None:
        raise BundleError(
            "project.yaml", f"there is no project {bundle.project.slug} here: load it with --publish"
        )
    told = {}
    for entry in bundle.workflows:
        name = f"workflows/{entry.slug}.yaml"
        flow = project.workflows.select_related("published").filter(slug=entry.slug).first()
        if flow is None:
            raise BundleError(
                name, "the project has no such workflow: make it in the lab, or load with --publish"
            )
        flow.project = project
        before = draft_of(flow)
        try:
            taken = stored_pictures(definition_of(entry, bundle.icons), bundle.project.slug, (folder,), name)
            after = change_draft(flow, edition=before.edition, step=partial(_instead, taken), by=by)
        except Invalid as error:
            raise BundleError(name, str(error)) from None
        told[entry.slug] = changes(before.definition, after.definition)
    return told


def _instead(taken: Definition, _before: Definition) -> Definition:
    return taken


def definition_of(entry: WorkflowFile, icons: dict[str, str]) -> Definition:
    """As stored: what the file says, with the drawings of the icons that its answers name. Raises Invalid."""
    missing = entry.icon_names() - set(icons)
    if missing:
        raise Invalid(f"An answer names the icon {min(missing)}, of which there is no drawing here.")
    kept = {name: icons[name] for name in sorted(entry.icon_names())}
    return entry.definition.model_dump(mode="json", exclude_unset=True) | ({"icons": kept} if kept else {})
