"""Who has which qualification: granted and revoked as dated records. Exams grant in exams.py, skill in mining."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import Grant, ProjectMember, Qualification, Volunteer

DECLARED = (Qualification.Kind.LANGUAGE, Qualification.Kind.REGION, Qualification.Kind.ADULT)
"""What one says of oneself and the team believes."""


@transaction.atomic
def grant(qualification: Qualification, volunteer: Volunteer, evidence: dict[str, Any]) -> Grant:
    """From now on the person has it. Safe to repeat: the grant that stands is given again."""
    made, _is_new = Grant.objects.get_or_create(
        qualification=qualification,
        volunteer_id=volunteer.person_id,
        revoked_at=None,
        defaults={"at": timezone.now(), "evidence": evidence},
    )
    return made


@transaction.atomic
def revoke(qualification: Qualification, volunteer: Volunteer) -> bool:
    """From now on the person has it no more; the record that they had stays. False where they had not."""
    rows = Grant.objects.filter(
        qualification=qualification, volunteer_id=volunteer.person_id, revoked_at=None
    )
    return rows.update(revoked_at=timezone.now()) > 0


def declare(qualification: Qualification, volunteer: Volunteer) -> Grant:
    """The person says so themselves. Raises Invalid for a kind that can't be had by saying so."""
    if qualification.kind not in DECLARED:
        raise Invalid(_("This can't be had by saying so: the project's page tells how it is come by."))
    return grant(qualification, volunteer, {"declared": True})


def take_back(qualification: Qualification, volunteer: Volunteer) -> bool:
    """The person says so no more. Raises Invalid for what they did not say themselves."""
    if qualification.kind not in DECLARED:
        raise Invalid(_("This was not had by saying so, and is not given back so."))
    return revoke(qualification, volunteer)


@transaction.atomic
def follow_roles(project_id: int) -> int:
    """Qualifications by role are with those who have the role now; returns how many grants changed.

    A member who has never answered has no volunteer yet, and gets it with the next round after.
    """
    changed = 0
    for qualification in Qualification.objects.filter(project=project_id, kind=Qualification.Kind.ROLE):
        members = ProjectMember.objects.filter(project=project_id, role=qualification.rule.get("role", ""))
        wanted = Volunteer.objects.filter(account__in=members.values("user"))
        standing = Grant.objects.filter(qualification=qualification, revoked_at=None)
        changed += standing.exclude(volunteer__in=wanted).update(revoked_at=timezone.now())
        for volunteer in wanted.exclude(pk__in=standing.values("volunteer")):
            grant(qualification, volunteer, {"role": qualification.rule["role"]})
            changed += 1
    return changed
