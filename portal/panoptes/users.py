"""users: the caller alone. Who else has an account is nobody's business."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet

from portal.panoptes.resource import Call, Resource, moment


class Users(Resource):
    name = "users"
    filters = frozenset({"login"})

    def rows(self, call: Call, asked: Mapping[str, str]) -> QuerySet[Any]:
        own = get_user_model()._default_manager.filter(pk=call.user.pk)
        return own.filter(username__in=asked["login"].split(",")) if "login" in asked else own

    def show(self, call: Call, row: AbstractBaseUser) -> dict[str, Any]:
        return {
            "id": str(row.pk),
            "login": row.get_username(),
            "display_name": row.get_username(),
            "created_at": moment(getattr(row, "date_joined", None)),
            "links": {},
        }
