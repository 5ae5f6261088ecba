"""Projects made and described in the site, with their workflows, pages and tutorial."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import (
    Project,
    ProjectMember,
    ProjectPage,
    Qualification,
    SubjectSet,
    TutorialStep,
    Workflow,
)

MOST_OWN = 20
"""Projects that one account owns; staff make as many as they like."""
MOST_WORKFLOWS = 50
MOST_PAGES = 50
MOST_STEPS = 30
KEPT_SLUGS = frozenset({"new"})
"""Words that are addresses of the lab."""

DESCRIPTION = ("title", "tagline", "description", "accent", "source", "data_public")
"""What a team writes of its project; its state and who may see it: launch.py."""


@transaction.atomic
def make_project(*, by: AbstractBaseUser, slug: str, title: str, tagline: str = "") -> Project:
    """A private draft that `by` owns, with an empty set of subjects. Raises Invalid for a slug that is taken, for an
    account that owns MOST_OWN, and where the site leaves that to its staff."""
    if not settings.NEW_PROJECTS and not getattr(by, "is_staff", False):
        raise Invalid(_("On this site only the staff makes new projects: ask them."))
    get_user_model().objects.select_for_update().get(pk=by.pk)  # two clicks come one after the other
    owned = ProjectMember.objects.filter(user_id=by.pk, role=ProjectMember.Role.OWNER).count()
    if owned >= MOST_OWN and not getattr(by, "is_staff", False):
        raise Invalid(
            _("You own %(n)d projects, which is the most: ask the site's staff for more.") % {"n": owned}
        )
    if slug in KEPT_SLUGS or Project.objects.filter(slug=slug).exists():
        raise Invalid(_("The address %(slug)s is taken: choose another.") % {"slug": slug})
    try:
        with transaction.atomic():
            project = Project.objects.create(slug=slug, title=title.strip(), tagline=tagline.strip())
    except IntegrityError:
        raise Invalid(_("The address %(slug)s is taken: choose another.") % {"slug": slug}) from None
    ProjectMember.objects.create(project=project, user_id=by.pk, role=ProjectMember.Role.OWNER)
    SubjectSet.objects.create(project=project, slug="all", title=_("All subjects"))
    return project


@transaction.atomic
def describe_project(project: Project, **fields: Any) -> None:
    """Some of DESCRIPTION, as the caller's form has checked them."""
    for name, value in fields.items():
        if name not in DESCRIPTION:
            raise ValueError(name)
        setattr(project, name, value)
    project.save(update_fields=list(fields))


@transaction.atomic
def make_workflow(project: Project, *, title: str, subject_set: SubjectSet, tagline: str = "") -> Workflow:
    """One that asks nothing yet. Its address is made of the title. Raises Invalid."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if project.workflows.count() >= MOST_WORKFLOWS:
        raise Invalid(_("A project has at most %(n)d workflows.") % {"n": MOST_WORKFLOWS})
    if subject_set.project_id != project.pk:
        raise Invalid(_("This subject set belongs to another project."))
    if project.workflows.filter(title=title.strip()).exists():  # a second click
        raise Invalid(
            _("There is a workflow %(title)s already: choose another name.") % {"title": title.strip()}
        )
    taken = set(project.workflows.values_list("slug", flat=True))
    return Workflow.objects.create(
        project=project,
        slug=free_slug(title, taken, "workflow"),
        title=title.strip(),
        tagline=tagline.strip(),
        position=project.workflows.count(),
        subject_set=subject_set,
    )


def describe_workflow(
    workflow: Workflow, *, title: str, tagline: str, state: str, requires: Sequence[str]
) -> None:
    """What is in no version, and holds at once. requires: slugs of the project's qualifications. Raises Invalid."""
    known = set(Qualification.objects.filter(project=workflow.project_id).values_list("slug", flat=True))
    if unknown := sorted(set(requires) - known):
        raise Invalid(_("The project has no qualification %(slug)s.") % {"slug": unknown[0]})
    workflow.title, workflow.tagline, workflow.state = title.strip(), tagline.strip(), state
    workflow.requires = sorted(set(requires))
    workflow.save(update_fields=["title", "tagline", "state", "requires"])


def make_exam_qualification(workflow: Workflow) -> Qualification:
    """What a pass of the workflow's exam grants, made where there is none."""
    slug = f"{workflow.slug[:45]}-exam"
    made, _is_new = Qualification.objects.get_or_create(
        project_id=workflow.project_id,
        slug=slug,
        defaults={
            "title": _("%(title)s: exam") % {"title": workflow.title[:100]},
            "kind": Qualification.Kind.EXAM,
            "rule": {"workflow": workflow.slug},
        },
    )
    return made


@transaction.atomic
def put_page(
    project: Project, page: ProjectPage | None, *, title: str, body: str, position: int = 0
) -> ProjectPage:
    """A page's text, or a new page, whose address is made of its title. Raises Invalid."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if page is None:
        if project.pages.filter(title=title.strip()).exists():
            raise Invalid(
                _("There is a page %(title)s already: choose another title.") % {"title": title.strip()}
            )
        taken = set(project.pages.values_list("slug", flat=True))
        if len(taken) >= MOST_PAGES:
            raise Invalid(_("A project has at most %(n)d pages.") % {"n": MOST_PAGES})
        page = ProjectPage(project=project, slug=free_slug(title, taken, "page"))
    page.title, page.body, page.position = title.strip(), body, position
    page.save()
    return page


def remove_page(page: ProjectPage) -> None:
    """For good: what it said is not kept."""
    page.delete()


@transaction.atomic
def put_tutorial(project: Project, steps: list[tuple[str, str]]) -> None:
    """The project's steps (title, text) in this order; pictures of those whose title stays are kept. Steps of one
    workflow alone are not touched. Raises Invalid."""
    if len(steps) > MOST_STEPS:
        raise Invalid(_("A tutorial has at most %(n)d steps.") % {"n": MOST_STEPS})
    stands = TutorialStep.objects.select_for_update().filter(project=project, workflow=None)
    images = dict(stands.values_list("title", "image"))
    stands.delete()
    TutorialStep.objects.bulk_create(
        TutorialStep(project=project, position=at, title=title, body=body, image=images.get(title, ""))
        for at, (title, body) in enumerate(steps)
    )


def free_slug(title: str, taken: set[str], fallback: str) -> str:
    slug = slugify(title)[:40].strip("-") or fallback
    return next(
        each for n in range(1, len(taken) + 2) if (each := f"{slug}-{n}" if n > 1 else slug) not in taken
    )
