"""Subjects that a program sends, as often as it likes: what is new comes in, what is known is brought up to date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import CatalogueAttribute, SubjectSet
from projects.services.import_subjects import NewSubject, import_subjects


@dataclass(frozen=True)
class Pushed:
    added: int
    known: int


@transaction.atomic
def push_subjects(subject_set: SubjectSet, new: Sequence[NewSubject]) -> Pushed:
    """All or nothing. Known ones (by name) get the metadata and attributes given here; their media stay.

    An attribute that the catalogue does not describe yet is described by its key, as a number or a category; raises
    Invalid for one that is the other, and as `import_subjects` does.
    """
    kinds = dict(CatalogueAttribute.objects.filter(project=subject_set.project_id).values_list("key", "kind"))
    described = len(kinds)
    for each in new:
        _learn(kinds, each.external_id, each.attributes)
    CatalogueAttribute.objects.bulk_create(
        CatalogueAttribute(
            project_id=subject_set.project_id, key=key, label=key, kind=kind, position=described + at
        )
        for at, (key, kind) in enumerate(list(kinds.items())[described:])
    )
    added = import_subjects(subject_set, new)
    return Pushed(added, len(new) - added)


def _learn(kinds: dict[str, str], name: str, attributes: Mapping[str, Any]) -> None:
    for key, value in attributes.items():
        is_text = isinstance(value, str)
        kind = CatalogueAttribute.Kind.CATEGORY if is_text else CatalogueAttribute.Kind.NUMBER
        if kinds.setdefault(key, str(kind)) != kind:
            raise Invalid(
                _("%(name)s: the attribute %(key)s is a %(kind)s in this project's catalogue.")
                % {"name": name[:80], "key": key, "kind": kinds[key]}
            )
