"""The annotations about one subject as they are stored: the way through the tasks, marks inside the
picture, words as they stand in the text."""

from typing import Any

from projects.models import Media, Subject
from projects.tasks.definition import Annotation, WorkflowDefinition


def answer_about(subject_id: int, definition: WorkflowDefinition, annotations: Any) -> list[Annotation]:
    """Raises Invalid, naming the task. One query, where the definition asks for marks, one where it asks for words."""
    stored = definition.walk(annotations)
    if definition.draws:
        picture = Media.objects.filter(subject_id=subject_id).order_by("position").first()
        if picture is not None:
            definition.check_inside(stored, picture.width, picture.height)
    if definition.reads:
        metadata = Subject.objects.values_list("metadata", flat=True).get(pk=subject_id)
        definition.check_text(stored, metadata)
    return stored
