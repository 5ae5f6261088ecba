"""A field that asks for one of a project's sets of subjects."""

from typing import Any

from projects.models import Project


def offer_sets(field: Any, project: Project) -> None:
    """The project's sets, the first one chosen; where there is but one, nobody is asked. field: a ModelChoiceField."""
    field.queryset = project.subject_sets.all()
    field.initial = field.queryset.first()
    if len(field.queryset) == 1:
        field.widget = field.hidden_widget()
