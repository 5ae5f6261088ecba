"""Collections: subjects of one project that a volunteer has put together."""

from django.db import transaction
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import Collection, CollectionItem, Project, Subject, Volunteer

MOST = 200
"""Collections of one person."""

MOST_ITEMS = 5000


@transaction.atomic
def create_collection(volunteer: Volunteer, project: Project, title: str) -> Collection:
    """Raises Invalid without a title, or where the person has MOST already."""
    title = _title(title)
    Volunteer.objects.select_for_update().get(pk=volunteer.pk)  # two tabs must not both be the last
    if Collection.objects.filter(volunteer=volunteer).count() >= MOST:
        raise Invalid(_("You have %(n)s collections: delete one before you make another.") % {"n": MOST})
    return Collection.objects.create(volunteer=volunteer, project=project, title=title)


def describe_collection(collection: Collection, *, title: str, description: str, is_public: bool) -> None:
    """Raises Invalid, and changes nothing, where it is too long or has no title."""
    most = Collection._meta.get_field("description").max_length or 0
    if len(description) > most:
        raise Invalid(_("The description is longer than %(most)s characters: shorten it.") % {"most": most})
    collection.title, collection.description, collection.is_public = (
        _title(title),
        description.strip(),
        is_public,
    )
    collection.save(update_fields=["title", "description", "is_public"])


def collect(collection: Collection, subject: Subject) -> bool:
    """False where it was in it already. Raises Invalid for a subject of another project and where it is full."""
    if subject.project_id != collection.project_id:
        raise Invalid(_("A collection holds pictures of one project: choose one of this project."))
    if collection.items.count() >= MOST_ITEMS:
        raise Invalid(_("This collection is full: begin another."))
    return CollectionItem.objects.get_or_create(collection=collection, subject=subject)[1]


def _title(text: str) -> str:
    title = " ".join(text.split())
    most = Collection._meta.get_field("title").max_length or 0
    if not title:
        raise Invalid(_("Give the collection a title."))
    if len(title) > most:
        raise Invalid(_("The title is longer than %(most)s characters: shorten it.") % {"most": most})
    return title
