"""A workflow or a whole project once more, to be changed: what it asks and says, without subjects' answers."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from projects.models import (
    CatalogueAttribute,
    Draft,
    Project,
    ProjectPage,
    Qualification,
    TutorialStep,
    Workflow,
)
from projects.services.drafts import draft_of
from projects.services.make_project import make_project, make_workflow

TEXTS = ("description", "accent", "source")


@transaction.atomic
def copy_workflow(workflow: Workflow, *, by: AbstractBaseUser) -> Workflow:
    """In the same project, about the same subjects, its draft as the first edition; nothing is published. Raises
    Invalid where the project has as many as it may."""
    title = _("%(title)s, a copy") % {"title": workflow.title[:100]}
    made = make_workflow(
        workflow.project, title=title, subject_set=workflow.subject_set, tagline=workflow.tagline
    )
    _take_over(workflow, made, by)
    return made


@transaction.atomic
def copy_project(
    project: Project, *, by: AbstractBaseUser, slug: str, title: str, tagline: str = ""
) -> Project:
    """A private draft that `by` owns: texts, pages, tutorial, attributes, qualifications, sets without subjects, and
    each workflow's draft. Nobody of the team, no subject, no answer, no known answer, no lane. Raises Invalid as
    `make_project` does."""
    made = make_project(by=by, slug=slug, title=title, tagline=tagline)
    for name in TEXTS:
        setattr(made, name, getattr(project, name))
    made.save(update_fields=TEXTS)
    sets = {each.slug: each for each in made.subject_sets.all()}
    for old in project.subject_sets.all():
        if old.slug in sets:
            sets[old.slug].title = old.title
            sets[old.slug].save(update_fields=["title"])
        else:
            sets[old.slug] = made.subject_sets.create(slug=old.slug, title=old.title)
    flows = {}
    for flow in project.workflows.filter(source="").select_related("published", "subject_set"):
        flows[flow.pk] = Workflow.objects.create(
            project=made,
            slug=flow.slug,
            title=flow.title,
            tagline=flow.tagline,
            position=flow.position,
            subject_set=sets[flow.subject_set.slug],
        )
        _take_over(flow, flows[flow.pk], by)
    _texts(project, made, flows)
    return made


def _take_over(old: Workflow, new: Workflow, by: AbstractBaseUser) -> None:
    new.requires = old.requires
    new.save(update_fields=["requires"])
    Draft.objects.create(workflow=new, edition=1, definition=draft_of(old).definition, by_id=by.pk)


def _texts(old: Project, new: Project, flows: dict[int, Workflow]) -> None:
    ProjectPage.objects.bulk_create(
        ProjectPage(project=new, slug=page.slug, title=page.title, body=page.body, position=page.position)
        for page in old.pages.all()
    )
    TutorialStep.objects.bulk_create(
        TutorialStep(
            project=new,
            workflow=flows[step.workflow_id] if step.workflow_id else None,
            position=step.position,
            title=step.title,
            body=step.body,
            image=step.image,
        )
        for step in old.tutorial_steps.all()
        if step.workflow_id is None or step.workflow_id in flows
    )
    CatalogueAttribute.objects.bulk_create(
        CatalogueAttribute(
            project=new,
            key=each.key,
            label=each.label,
            unit=each.unit,
            description=each.description,
            kind=each.kind,
            sentinels=each.sentinels,
            position=each.position,
        )
        for each in old.attributes.all()
    )
    Qualification.objects.bulk_create(
        Qualification(project=new, slug=each.slug, title=each.title, kind=each.kind, rule=each.rule)
        for each in Qualification.objects.filter(project=old)
    )
