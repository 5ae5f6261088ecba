"""A raw classification export into a project: read twice, stored in one transaction.

The first reading checks every row and learns the tasks; the second stores. So a file that is refused has written
nothing, the versions know all answers before the first is stored, and memory does not grow with the file but for the
ids of its rows. A new import of the same file adds nothing.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.imports.answers import Answers, Target
from projects.imports.csvfile import File, rows
from projects.imports.parsed import COLUMNS, Broken, Parsed, parse
from projects.imports.recount import Marks, recount
from projects.imports.retired import Retired, retired_of
from projects.imports.runs import Run
from projects.imports.seen import WorkflowSeen
from projects.imports.workflows import ensure_versions, ensure_workflow, stand_for
from projects.models import Project
from projects.services import get_version
from projects.tasks.raw import RAW

BATCH = 1000  # rows
BATCH_SIZE = 20_000_000  # characters
MOST_ROWS = 5_000_000
MANY = 500
"""From so many new rows on the planner is told at once."""


@dataclass(frozen=True)
class Options:
    """strict: one broken row refuses the file. written: tasks, as WORKFLOW.TASK, that were answered by writing,
    although their answers look chosen."""

    strict: bool = False
    encoding: str = "utf-8"
    written: Sequence[str] = ()


@dataclass
class FirstReading:
    """What the file holds. broken: lines with the reason; they are passed over when the rows are stored."""

    now: datetime
    rows: int = 0
    workflows: dict[str, WorkflowSeen] = field(default_factory=dict)
    broken: list[tuple[int, str]] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def take(self, line: int, cells: list[str]) -> None:
        try:
            row = parse(cells, self.now)
            first = self.lines.setdefault(row.id, line)
            if first != line:
                raise Broken(f"classification_id {row.id} is given twice, first on line {first}")
        except Broken as error:
            self.broken.append((line, str(error)))
            return
        self.workflows.setdefault(row.workflow, WorkflowSeen()).take(row)


def import_classifications(run: Run, file: File, options: Options) -> None:
    """Raises Invalid for a file that is refused, Cancelled. What came of it stands in the run's report."""
    seen = _first_reading(run, file, options)
    sha256 = file.sha256()
    _say_written(seen, options.written)
    with transaction.atomic():
        run.wait_for_turn()
        marks = Marks()
        answers = Answers(
            run.record.project, run.record.source, _targets(run.record.project, run.record.source, seen)
        )
        retired = _store(run, file, options, seen, answers)
        retirements = sum(
            recount(t.workflow, marks, retired.get(t.workflow.pk, {}), answers.counted[t.workflow.pk])
            for t in answers.targets.values()
        )
        for target in answers.targets.values():
            stand_for(target.workflow)
        run.finish(
            _counts(answers, retirements, seen),
            rows=seen.rows,
            sha256=sha256,
            broken=seen.broken,
            notes=_notes(answers, seen),
            tasks=_tasks(answers, seen),
        )
    if answers.counts["added"] >= MANY:
        with connection.cursor() as cursor:
            cursor.execute(
                "ANALYZE projects_subject, projects_subjectstate, projects_classification, projects_evidence"
            )


def _first_reading(run: Run, file: File, options: Options) -> FirstReading:
    seen = FirstReading(timezone.now())
    with file.open() as opened:
        for row in rows(opened, COLUMNS, options.encoding):
            seen.rows += 1
            if seen.rows > MOST_ROWS:
                most = {"most": f"{MOST_ROWS:,}"}
                raise Invalid(_("The file has more than %(most)s rows. Import it in parts.") % most)
            if row.broken:
                seen.broken.append((row.line, row.broken))
            else:
                seen.take(row.line, row.cells)
            if seen.rows % 200 == 0:
                run.reading(seen.rows)
    if options.strict and seen.broken:
        run.tell_broken(seen.broken)
        line, reason = seen.broken[0]
        said = {"n": len(seen.broken), "line": line, "reason": reason}
        raise Invalid(
            _("%(n)s rows are broken, first line %(line)s: %(reason)s. Nothing was stored, as strict asks.")
            % said
        )
    return seen


def _say_written(seen: FirstReading, written: Sequence[str]) -> None:
    for name in written:
        workflow, _dot, task = name.partition(".")
        found = seen.workflows.get(workflow)
        of_task = [v.tasks[task] for v in found.versions.values() if task in v.tasks] if found else []
        if not of_task:
            raise Invalid(
                _("The file has no task %(name)s; write WORKFLOW_ID.TASK, such as 4870.T1.") % {"name": name}
            )
        for each in of_task:
            each.kinds.add("text")


def _targets(project: Project, source: str, seen: FirstReading) -> dict[str, Target]:
    targets = {}
    for external_id, of_workflow in seen.workflows.items():
        workflow = ensure_workflow(project, source, external_id, of_workflow.name)
        targets[external_id] = Target(workflow, ensure_versions(workflow, of_workflow))
    return targets


def _store(
    run: Run, file: File, options: Options, seen: FirstReading, answers: Answers
) -> dict[int, dict[int, Retired]]:
    """All rows that are not broken; returns what they say of retirements, by workflow and subject."""
    retired: dict[int, dict[int, Retired]] = {}
    done = 0
    for batch in _batches(file, options, seen):
        answers.take(batch)
        for row in batch:
            told = retired_of(row, seen.now)
            if told is not None:
                of_workflow = retired.setdefault(answers.targets[row.workflow].workflow.pk, {})
                if (subject := answers.subjects.get(row.subjects[0])) is not None:
                    of_workflow[subject] = told
        done += len(batch)
        run.storing(done, seen.rows)
    return retired


def _batches(file: File, options: Options, seen: FirstReading) -> Iterator[list[Parsed]]:
    broken = {line for line, _reason in seen.broken}
    batch: list[Parsed] = []
    size = 0
    with file.open() as opened:
        for row in rows(opened, COLUMNS, options.encoding):
            if row.line in broken:
                continue
            batch.append(parse(row.cells, seen.now))
            size += sum(len(cell) for cell in row.cells)
            if len(batch) >= BATCH or size >= BATCH_SIZE:
                yield batch
                batch, size = [], 0
    if batch:
        yield batch


def _counts(answers: Answers, retirements: int, seen: FirstReading) -> dict[str, int]:
    """In the words of report.py."""
    counts = answers.counts
    return {
        "rows": seen.rows,
        "added": counts["added"],
        "known": counts["known"],
        "changed": counts["changed"],
        "broken": len(seen.broken),
        "counted": counts["yes"],
        "repeats": counts["repeat"],
        "late": counts["late"],
        "withheld": counts["withheld"] - counts["gold"],
        "superseded": counts["superseded"],
        "gold": counts["gold"],
        "subjects": answers.subjects.made,
        "pairs": answers.subjects.pairs,
        "without_media": answers.subjects.made,
        "retired": retirements,
        "volunteers": answers.volunteers.made,
        "workflows": len(answers.targets),
        "versions": sum(len(target.versions) for target in answers.targets.values()),
        "raw": sum(n for *_place, kind, n in _tasks(answers, seen) if kind == RAW),
    }


def _tasks(answers: Answers, seen: FirstReading) -> list[list[Any]]:
    """[workflow id, task, kind, answers] of the file, by workflow."""
    found: Counter[tuple[str, str, str]] = Counter()
    for external_id, target in answers.targets.items():
        for number, of_version in seen.workflows[external_id].versions.items():
            definition = get_version(target.versions[number].pk).definition
            for name, of_task in of_version.tasks.items():
                found[external_id, name, definition.tasks[name].kind] += of_task.answers
    return [[*place, n] for place, n in found.items()]


def _notes(answers: Answers, seen: FirstReading) -> list[str]:
    notes = []
    if seen.rows and not answers.counts["added"]:
        notes.append(_("Nothing was added: every row that is whole was here already."))
    if answers.counts["changed"]:
        notes.append(_("Rows that were here already and say something else now were left as they are."))
    return notes
