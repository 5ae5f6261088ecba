"""Regions, policies and their versions, and by which policy a workflow decides."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from projects.exceptions import Conflict, Invalid
from projects.models import Policy, PolicyVersion, Project, Region, Triage, Verdict, Workflow
from projects.services.versions import get_version
from projects.triage.policy import PolicyText, content_of, parse_policy

FREE = (Verdict.OK, Verdict.ERROR)
"""Verdicts that break no rule, so that they cite none."""


def put_region(project: Project, *, slug: str, title: str, countries: Sequence[str] = ()) -> Region:
    """The region of this slug as told; made where there is none. Raises Invalid for what is no code of a country."""
    codes = sorted({each.strip().upper() for each in countries if each.strip()})
    for code in codes:
        if len(code) != 2 or not code.isascii() or not code.isalpha():
            raise Invalid(
                _("%(code)s is no code of a country: write two letters, such as DE.") % {"code": code[:20]}
            )
    if not title.strip():
        raise Invalid(_("A region has a title."))
    fields = {"title": title.strip()[:120], "countries": codes}
    return Region.objects.update_or_create(project=project, slug=slug, defaults=fields)[0]


def regions_of(project_id: int) -> dict[str, Region]:
    return {region.slug: region for region in Region.objects.filter(project=project_id)}


def get_region(project_id: int, slug: str) -> Region | None:
    """None for "" (everywhere). Raises Invalid, and says which there are, for one that the project has not."""
    if not slug:
        return None
    known = regions_of(project_id)
    if slug not in known:
        raise Invalid(
            _("The project has no region %(slug)s; it has: %(all)s.")
            % {"slug": slug[:60], "all": ", ".join(known) or _("none")}
        )
    return known[slug]


@transaction.atomic
def publish_policy(
    project: Project,
    *,
    content: Any,
    slug: str = "",
    title: str = "",
    note: str = "",
    seen: int | None = None,
    by: AbstractBaseUser | None = None,
) -> PolicyVersion:
    """The next version of the policy of this slug, made where there is none; the same content again is no new version.

    seen: the number of the version that was edited (0: none). Raises Conflict where another has come since, and Invalid
    for content that is no policy and for regions that the project has not.
    """
    text = parse_policy(content)
    slug = slug or _free_slug(project, title)
    for region in sorted(text.regions()):
        get_region(project.pk, region)
    policy, _made = Policy.objects.get_or_create(
        project=project, slug=slug, defaults={"title": title.strip()[:120] or slug}
    )
    Policy.objects.select_for_update().get(pk=policy.pk)
    stands = policy.versions.first()
    if seen is not None and seen != (stands.number if stands else 0):
        raise Conflict
    if title.strip() and title.strip() != policy.title:
        policy.title = title.strip()[:120]
        policy.save(update_fields=["title"])
    stored = content_of(text)
    if stands is not None and stands.content == stored:
        return stands
    return PolicyVersion.objects.create(
        policy=policy,
        number=stands.number + 1 if stands else 1,
        content=stored,
        note=note.strip()[:300],
        by_id=by.pk if by else None,
    )


def set_triage(workflow: Workflow, *, policy: Policy, task: str, verdicts: Mapping[str, str]) -> Triage:
    """From now on the workflow decides by this policy: what people answer to `task` is a verdict.

    verdicts: answer key to verdict. Raises Invalid for a question that is not answered by choosing one answer, for
    answers that it has not, and for what is no verdict. An answer that is left out decides nothing.
    """
    if workflow.published_id is None:
        raise Invalid(_("Publish the workflow first: what its answers are, decides."))
    asked = get_version(workflow.published_id).definition.tasks.get(task)
    if asked is None or asked.kind != "single":
        raise Invalid(_("%(task)s is no question of one answer of this workflow.") % {"task": task})
    for key, verdict in verdicts.items():
        if key not in asked.keys:
            raise Invalid(_("%(key)s is not an answer of %(task)s.") % {"key": key, "task": task})
        check_verdict(verdict)
    if not verdicts:
        raise Invalid(_("Say which verdict at least one answer is."))
    fields = {"policy": policy, "task": task, "verdicts": dict(verdicts)}
    return Triage.objects.update_or_create(workflow=workflow, defaults=fields)[0]


def check_verdict(verdict: str) -> None:
    if verdict not in Verdict.values:
        raise Invalid(
            _("%(verdict)s is no verdict: choose one of %(all)s.")
            % {"verdict": str(verdict)[:40], "all": ", ".join(Verdict.values)}
        )


def current_version(workflow_id: int) -> PolicyVersion | None:
    """By which the workflow decides now; None where it has no policy."""
    return (
        PolicyVersion.objects.filter(policy__triages=workflow_id)
        .select_related("policy")
        .order_by("-number")
        .first()
    )


def check_category(version: int | None, category: str) -> None:
    """Raises Invalid unless the category is empty or of this version."""
    if not category:
        return
    if version is None:
        raise Invalid(_("This workflow has no policy, so there is no category to cite."))
    if policy_text(version).find(category) is None:
        policy = Policy.objects.get(versions=version)
        raise Invalid(
            _("The policy %(policy)s has no category %(key)s.")
            % {"policy": policy.title, "key": category[:63]}
        )


def check_cites(version: int | None, verdict: str, category: str) -> None:
    """Raises Invalid where a verdict against an item cites no category although the version has some."""
    if verdict not in FREE and not category and version is not None and policy_text(version).categories:
        raise Invalid(_("Say which category of the policy it is: this verdict cites one."))


def slug_of(region: Region | None) -> str:
    """As `get_region` takes it: empty for everywhere."""
    return region.slug if region else ""


@lru_cache(maxsize=64)
def policy_text(version_id: int) -> PolicyText:
    """A version's content, read; versions never change."""
    return parse_policy(PolicyVersion.objects.get(pk=version_id).content)


def _free_slug(project: Project, title: str) -> str:
    wanted = slugify(title)[:40] or "policy"
    taken = set(Policy.objects.filter(project=project).values_list("slug", flat=True))
    return next(slug for slug in (wanted, *(f"{wanted}-{n}" for n in range(2, 10_000))) if slug not in taken)
