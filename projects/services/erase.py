"""Delete a person: what names them goes, what they answered stays (docs/decisions/0021-what-deleting-takes-away.md)."""

import uuid

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from projects.exceptions import VoorwerpError
from projects.models import (
    Block,
    Collection,
    Cursor,
    Favourite,
    Grant,
    LaneCursor,
    Look,
    Project,
    ProjectMember,
    Sitting,
    Volunteer,
)
from projects.services.leases import release_holder


class LastOwner(VoorwerpError):
    code = "last_owner"
    status = 409


@transaction.atomic
def erase(person: Volunteer | None, account: int | None) -> None:
    """Without a way back. `person`: who stands for all aliases; `account`: the id of the user, None without one.

    Every alias gets a new random public id, so that no cookie leads to it any more. Favourites, collections, looks,
    exams sat, qualifications, places in ring and lanes, and leases are deleted, the text of an appeal and the name for
    credit are emptied. The answers, their discounts and the consents that allowed them stay, of volunteers whom nothing
    names. Safe to repeat. Raises LastOwner, and changes nothing, for the only owner of a project.
    """
    if account is not None:
        _check_projects(account)
    if person is not None:
        _forget(person)
    if account is not None:
        get_user_model().objects.filter(pk=account).delete()


def _check_projects(account: int) -> None:
    owners = ProjectMember.objects.filter(role=ProjectMember.Role.OWNER)
    own = owners.filter(user_id=account).values("project_id")
    shared = owners.exclude(user_id=account).values("project_id")
    left = Project.objects.filter(pk__in=own).exclude(pk__in=shared).first()
    if left is not None:
        raise LastOwner(
            _("You are the only owner of %(project)s: make somebody else an owner first.")
            % {"project": left.title}
        )


def _forget(person: Volunteer) -> None:
    everybody = Volunteer.objects.select_for_update().of_person(person.pk)
    aliases = list(everybody.order_by("pk"))
    for model in (Favourite, Collection, Look, Sitting, Grant):
        model._default_manager.filter(volunteer__in=aliases).delete()
    Block.objects.filter(volunteer__in=aliases).update(appeal="")
    for alias in aliases:
        release_holder(alias.public_id)
        for places in (Cursor, LaneCursor):
            places._default_manager.filter(holder=alias.public_id).delete()
        alias.public_id, alias.account, alias.credit_name = uuid.uuid4(), None, ""
        alias.save(update_fields=["public_id", "account", "credit_name"])
