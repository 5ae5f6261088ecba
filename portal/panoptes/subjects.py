"""subjects: announced with the pictures that will be sent, each to an address of its own. For the project's team."""

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.panoptes.errors import Refused
from portal.panoptes.resource import LARGEST, Body, Call, Resource, moment, object_of, project_of, whole
from projects.models import Announced, Subject
from projects.models.subject import media_url
from projects.permissions import may_edit
from projects.services.announce import Location, announce_subject, withdraw
from projects.services.describe_subject import describe_subject
from projects.services.subject_sets import delete_subject

MEDIA = "voorwerp.panoptes.media"
"""The salt of the addresses to which pictures are sent: what they open is written in portal/panoptes/media.py."""

Row = Subject | Announced


class Subjects(Resource):
    name = "subjects"
    filters = frozenset({"project_id", "subject_set_id", "workflow_id", "media_missing"})

    def rows(self, call: Call, asked: Mapping[str, str]) -> QuerySet[Any]:
        """media_missing=true: those announced of which a picture has not arrived, or that are in no set."""
        own = call.own_projects()
        if asked.get("media_missing") == "true":
            found: QuerySet[Any] = Announced.objects.filter(project__in=own).order_by("pk")
        else:
            found = Subject.objects.filter(project__in=own).prefetch_related("media").order_by("pk")
        if "project_id" in asked:
            found = found.filter(project=whole(asked["project_id"], "project_id"))
        if "subject_set_id" in asked:
            found = found.filter(subject_set=whole(asked["subject_set_id"], "subject_set_id"))
        if "workflow_id" in asked:
            found = found.filter(Q(subject_set__workflows=whole(asked["workflow_id"], "workflow_id")))
        return found

    def find(self, call: Call, pk: int) -> Row:
        own = call.own_projects()
        for model in (Subject, Announced):
            row = model._default_manager.filter(project__in=own, pk=min(pk, LARGEST)).first()
            if isinstance(row, (Subject, Announced)):
                return row
        raise self.lost(pk)

    def show(self, call: Call, row: Row) -> dict[str, Any]:
        """A picture that has not arrived has no address."""
        if isinstance(row, Announced):
            media = [(each["mime"], each["path"]) for each in row.media]
            sets = []
            missing = row.missing
        else:
            media = [(each.mime, each.path) for each in row.media.all()]
            sets = [str(row.subject_set_id)]
            missing = []
        created = row.at if isinstance(row, Announced) else row.created_at
        return {
            "id": str(row.pk),
            "external_id": row.external_id,
            "metadata": row.metadata,
            "locations": [{mime: call.absolute(media_url(path)) if path else None} for mime, path in media],
            "media_missing": missing,
            "created_at": moment(created),
            "href": f"/subjects/{row.pk}",
            "links": {"project": str(row.project_id), "subject_sets": sets},
        }

    def show_new(self, call: Call, row: Announced) -> dict[str, Any]:
        """With the addresses to which the pictures are to be sent, in their order."""
        shown = self.show(call, row)
        for at in row.missing:
            signed = signing.dumps([row.pk, at, row.media[at]["mime"]], salt=MEDIA)
            address = call.absolute(reverse("panoptes:media", args=[signed]))
            shown["locations"][at] = {row.media[at]["mime"]: address}
        return shown

    def kept(self, row: Row) -> Any:
        return row.metadata

    def create(self, call: Call, body: Body) -> Announced:
        project = project_of(call, body)
        call.require(may_edit, project.pk)
        return announce_subject(
            project, locations=_locations(body), metadata=object_of(body, "metadata"), by=call.user
        )

    def change(self, call: Call, row: Row, body: Body) -> Row:
        call.require(may_edit, row.project_id)
        if "locations" in body and body["locations"] != self.show(call, row)["locations"]:
            raise Refused(
                422, _("A subject's pictures never change, since answers are about them: make a new subject.")
            )
        if "metadata" in body:
            describe_subject(row, object_of(body, "metadata"))
        return row

    def delete(self, call: Call, row: Row) -> None:
        call.require(may_edit, row.project_id)
        if isinstance(row, Announced):
            withdraw(row)
        else:
            delete_subject(row)


def _locations(body: Body) -> list[Location]:
    """A type says that the file will be sent; an object of type to address, that it lies there. Raises Refused."""
    given = body.get("locations")
    found = []
    for each in given if isinstance(given, list) else [None]:
        if isinstance(each, str):
            found.append(Location(each))
        elif (
            isinstance(each, dict)
            and len(each) == 1
            and isinstance(address := next(iter(each.values())), str)
        ):
            found.append(Location(str(next(iter(each))), address))
        else:
            raise Refused(422, _("locations: send a list of types, or of objects of type to address."))
    return found
