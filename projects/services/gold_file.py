"""Known answers from a CSV file: a row a subject. All or nothing; a mistake is named by its line.

external_id    the subject, as the project calls it (needed)
workflow       slug; needed where the file is not for one workflow alone
T0, T1, ...    one column a task: an answer's key, keys with commas between, or a text; empty where the way through
               the tasks does not come by, or nothing was chosen
annotations    instead of them: JSON, as a classification has it
use            check (as when empty), training or exam
secret         yes or no: whether a hidden check never tells; yes when empty
right_message, wrong_message    said in a training
expert         who says so; empty: whoever brings the file
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import GoldSubject, Subject, Use, Workflow
from projects.services.gold import Known, enter_gold, standing_gold
from projects.services.versions import get_version
from projects.tasks.definition import Annotation, WorkflowDefinition

OWN = {
    "external_id",
    "workflow",
    "annotations",
    "use",
    "secret",
    "expert",
    "right_message",
    "wrong_message",
}
USES = {"": Use.CHECK, "check": Use.CHECK, "training": Use.TRAINING, "exam": Use.EXAM}
YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True)
class GoldRow:
    line: int
    workflow: Workflow
    external_id: str
    annotations: list[Annotation]
    known: Known
    expert: str


def read_gold(
    data: bytes, workflows: Mapping[str, Workflow], *, only: Workflow | None = None
) -> list[GoldRow]:
    """The rows of a file, checked against the published versions. `only`: whose they are where none is named.

    Raises Invalid with the line and the reason.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            _("The file is not UTF-8 (byte %(n)d): save it as UTF-8.") % {"n": error.start}
        ) from None
    if "\x00" in text:
        raise Invalid(_("The file is not a CSV file: it has NUL characters."))
    table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = list(table.fieldnames or [])
        _check_header(columns)
        rows = [_row(cells, table.line_num, columns, workflows, only) for cells in table]
    except csv.Error as error:
        raise _at(table.line_num, str(error)) from None
    if not rows:
        raise Invalid(_("There is no row in the file below its header."))
    seen: dict[tuple[int, str, str], int] = {}
    for row in rows:
        key = (row.workflow.pk, row.external_id, row.expert)
        if key in seen:
            raise _at(
                row.line, _("%(id)s stands in line %(n)d already.") % {"id": row.external_id, "n": seen[key]}
            )
        seen[key] = row.line
    return rows


@transaction.atomic
def store_gold(rows: Sequence[GoldRow], *, expert: str) -> int:
    """Enter them; `expert` says what the file does not. Returns how many were new: the same file again adds nothing.

    Raises Invalid with the line, and nothing is stored.
    """
    stored = 0
    for row in rows:
        who = row.expert or expert
        subject = Subject.objects.filter(
            project_id=row.workflow.project_id, external_id=row.external_id
        ).first()
        if subject is None:
            raise _at(row.line, _("there is no subject %(id)s in this project.") % {"id": row.external_id})
        if _stands(row, subject.pk, who):
            continue
        try:
            enter_gold(
                workflow=row.workflow,
                subject_id=subject.pk,
                annotations=row.annotations,
                expert=who,
                known=row.known,
            )
        except Invalid as error:
            raise _at(row.line, str(error)) from None
        stored += 1
    return stored


def _stands(row: GoldRow, subject: int, expert: str) -> bool:
    """Whether this is known already, word for word, and used so."""
    answers = standing_gold(row.workflow.pk, [subject]).get(subject, [])
    same = any(each.expert == expert and each.annotations == row.annotations for each in answers)
    used = GoldSubject.objects.filter(workflow=row.workflow, subject=subject, **vars(row.known))
    return same and used.exists()


def _check_header(columns: list[str]) -> None:
    if "external_id" not in columns:
        raise Invalid(_("The column external_id is missing."))
    for column in columns:
        if columns.count(column) > 1:
            raise Invalid(_("The column %(name)s is there twice.") % {"name": column})


def _row(
    cells: dict[str, Any],
    line: int,
    columns: list[str],
    workflows: Mapping[str, Workflow],
    only: Workflow | None,
) -> GoldRow:
    if None in cells or None in cells.values():
        raise _at(line, _("it has more or fewer cells than the header."))
    cells = {name: text.strip() for name, text in cells.items()}
    if not cells["external_id"]:
        raise _at(line, _("external_id is empty."))
    workflow = workflows.get(cells.get("workflow", "")) if cells.get("workflow") else only
    if workflow is None or workflow.published_id is None or (only is not None and workflow != only):
        raise _at(
            line, _("there is no published workflow %(name)s here.") % {"name": cells.get("workflow", "")}
        )
    definition = get_version(workflow.published_id).definition
    try:
        annotations = definition.walk(_annotations(cells, columns, definition))
    except (Invalid, ValueError) as error:
        raise _at(line, str(error)) from None
    use, secret = cells.get("use", "").lower(), cells.get("secret", "").lower() or "yes"
    if use not in USES:
        raise _at(line, _("use is check, training or exam, not %(word)s.") % {"word": use})
    if secret not in YES:
        raise _at(line, _("secret is yes or no, not %(word)s.") % {"word": secret})
    told = {name: cells.get(name, "") for name in ("right_message", "wrong_message")}
    if any(len(text) > 500 for text in (*told.values(), cells.get("expert", ""))):
        raise _at(line, _("a message or a name is longer than 500 characters."))
    known = Known(use=USES[use], secret=YES[secret] and USES[use] == Use.CHECK, **told)
    return GoldRow(line, workflow, cells["external_id"], annotations, known, cells.get("expert", "")[:160])


def _annotations(cells: dict[str, str], columns: list[str], definition: WorkflowDefinition) -> Any:
    """From the column `annotations`, or task by task along the way that the cells themselves lead."""
    if cells.get("annotations"):
        return json.loads(cells["annotations"])
    unknown = [name for name in columns if name not in OWN and name not in definition.tasks]
    filled = [name for name in columns if name in definition.tasks and cells[name]]
    if any(cells[name] for name in unknown):
        raise Invalid(_("%(name)s is no task of this workflow.") % {"name": unknown[0]})
    found: list[Annotation] = []
    expected: str | None = definition.first_task
    while expected is not None:
        task = definition.tasks[expected]
        task = task.given({each["task"]: each["value"] for each in found})
        value = task.validate_value(task.from_cell(cells.get(expected, "")))
        found.append({"task": expected, "value": value})
        expected = task.next_task(value)
    beside = set(filled) - {annotation["task"] for annotation in found}
    if beside:
        raise Invalid(_("%(name)s is not on the way through the tasks.") % {"name": min(beside)})
    return found


def _at(line: int, reason: str) -> Invalid:
    return Invalid(_("Line %(line)d: %(reason)s") % {"line": line, "reason": reason})
