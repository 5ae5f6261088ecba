"""Loads a bundle into the database."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from django.db import transaction

from projects.bundles.errors import BundleError
from projects.bundles.load_triage import load_policies, load_triage
from projects.bundles.media import store_picture, stored_pictures, text_picture, with_pictures
from projects.bundles.pairs import load_pairs, read_pairs
from projects.bundles.read import read_bundle
from projects.bundles.schema import Bundle, SubjectRow, WorkflowFile
from projects.bundles.subjects import read_subjects
from projects.exceptions import Invalid
from projects.models import (
    CatalogueAttribute,
    Project,
    ProjectPage,
    Qualification,
    SubjectSet,
    TutorialStep,
    Workflow,
)
from projects.services.gold_file import read_gold, store_gold
from projects.services.import_subjects import NewSubject, import_subjects
from projects.services.lanes import alter_lane, make_lane
from projects.services.publish_workflow import publish_workflow

GOLD = "gold.csv"


def load_bundle(folder: Path, made: Path) -> Project:
    """The project of this folder as the folder says, all or nothing. Raises BundleError.

    made: where subjects.csv, pairs.csv and the pictures are; those of pages and tutorial are in either folder. Known by
    slug: a second load of the same folder changes nothing.
    Texts, pages, tutorial and attributes become the folder's; sets, workflows, lanes and subjects that the folder no
    longer has stay, since answers may hang on them. A changed workflow or policy is published as a new version.
    """
    bundle = read_bundle(folder)
    subjects, pairs = read_subjects(made, bundle.project), read_pairs(made)
    new = _new_subjects(bundle, subjects, made)
    with transaction.atomic():
        project = _load_texts(bundle, folder, made)
        sets = _load_sets(project, bundle)
        workflows = _load_workflows(project, bundle, sets)
        load_policies(project, bundle)
        _load_tutorial(project, bundle, folder, made, workflows)
        try:
            for slug, rows in new.items():
                import_subjects(sets[slug], rows)
        except Invalid as error:
            raise BundleError("subjects.csv", str(error)) from None
        load_pairs(pairs, sets)
        for entry in bundle.workflows:
            publish_workflow(workflows[entry.slug], _definition(entry, bundle, (folder, made)))
            _load_lanes(workflows[entry.slug], entry)
        _load_gold(made, workflows)
        for entry in bundle.workflows:
            load_triage(workflows[entry.slug], entry)
    return project


def _new_subjects(bundle: Bundle, subjects: list[SubjectRow], made: Path) -> dict[str, list[NewSubject]]:
    """By set; the pictures are copied here, before the transaction."""
    by_set: dict[str, list[NewSubject]] = defaultdict(list)
    for row in subjects:
        place = f"subjects.csv, {row.external_id}"
        files = zip(row.files, row.alts, strict=True)
        media = [store_picture(made / file, bundle.project.slug, alt, place) for file, alt in files]
        by_set[row.subject_set].append(NewSubject(row.external_id, media, row.metadata, row.attributes))
    return by_set


def _load_texts(bundle: Bundle, folder: Path, made: Path) -> Project:
    fields = bundle.project.model_dump(exclude={"slug", "sets", "attributes", "qualifications", "regions"})
    project, _ = Project.objects.update_or_create(slug=bundle.project.slug, defaults=fields)
    project.pages.all().delete()
    for page in bundle.pages:
        body = with_pictures(page.body, bundle.project.slug, (folder, made), f"page {page.slug}")
        ProjectPage.objects.create(project=project, **page.model_dump(exclude={"body"}), body=body)
    for entry in bundle.project.qualifications:  # those that the folder no longer has stay: people have them
        Qualification.objects.update_or_create(
            project=project, slug=entry.slug, defaults=entry.model_dump(exclude={"slug"})
        )
    project.attributes.all().delete()
    CatalogueAttribute.objects.bulk_create(
        [
            CatalogueAttribute(project=project, position=position, **entry.model_dump())
            for position, entry in enumerate(bundle.project.attributes)
        ]
    )
    return project


def _load_sets(project: Project, bundle: Bundle) -> dict[str, SubjectSet]:
    return {
        entry.slug: SubjectSet.objects.update_or_create(
            project=project, slug=entry.slug, defaults={"title": entry.title}
        )[0]
        for entry in bundle.project.sets
    }


def _load_workflows(project: Project, bundle: Bundle, sets: dict[str, SubjectSet]) -> dict[str, Workflow]:
    found = {}
    for entry in bundle.workflows:
        fields = entry.model_dump(include={"title", "tagline", "position", "requires"})
        fields["subject_set"] = sets[entry.subject_set]
        found[entry.slug], _ = Workflow.objects.update_or_create(
            project=project, slug=entry.slug, defaults=fields
        )
    return found


def _load_lanes(workflow: Workflow, entry: WorkflowFile) -> None:
    """Those that the folder no longer has stay: subjects stand in them."""
    for lane in entry.lanes:
        fields = lane.model_dump(exclude={"slug"})
        stands = workflow.lanes.filter(slug=lane.slug).first()
        try:
            if stands is None:
                make_lane(workflow=workflow, slug=lane.slug, **fields)
            else:
                alter_lane(stands, **fields)
        except Invalid as error:
            raise BundleError(f"workflows/{entry.slug}.yaml", f"lane {lane.slug}: {error}") from None


def _load_tutorial(
    project: Project, bundle: Bundle, folder: Path, made: Path, workflows: dict[str, Workflow]
) -> None:
    project.tutorial_steps.all().delete()
    for position, step in enumerate(bundle.tutorial):
        image = ""
        if step.image:
            place = f"tutorial.yaml, step {position + 1}"
            image = text_picture(step.image, project.slug, step.title, (folder, made), place)
        TutorialStep.objects.create(
            project=project,
            workflow=workflows[step.workflow] if step.workflow else None,
            position=position,
            title=step.title,
            body=step.text,
            image=image,
        )


def _load_gold(made: Path, workflows: dict[str, Workflow]) -> None:
    """The known answers of gold.csv, where the made folder has one."""
    path = made / GOLD
    if not path.exists():
        return
    try:
        for workflow in workflows.values():
            workflow.refresh_from_db()
        store_gold(read_gold(path.read_bytes(), workflows), expert="bundle")
    except Invalid as error:
        raise BundleError(GOLD, str(error)) from None


def _definition(entry: WorkflowFile, bundle: Bundle, folders: tuple[Path, ...]) -> dict[str, Any]:
    """As stored: what the file says, with the drawings of the icons that its answers name, and choices' pictures."""
    icons = {name: bundle.icons[name] for name in sorted(entry.icon_names())}
    definition = entry.definition.model_dump(mode="json", exclude_unset=True) | {"icons": icons}
    return stored_pictures(definition, bundle.project.slug, folders, f"workflows/{entry.slug}.yaml")
