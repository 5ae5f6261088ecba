"""Classifications of a file into the record, batch by batch: which count, which are repeats, which are gold."""

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from projects.imports.copying import copy_rows
from projects.imports.gold import GOLD, keep_gold
from projects.imports.parsed import Parsed
from projects.imports.stored import annotations
from projects.imports.subjects import Subjects, Volunteers, subject_key
from projects.models import Classification, Project, Workflow, WorkflowVersion
from projects.services import get_version

NAMESPACE = uuid.UUID("6c0ba4d2-93a3-5d1f-8a51-5c1f0c9f2f0e")
COUNTED = Classification.Counted
AS_TOLD = {COUNTED.LATE, COUNTED.WITHHELD, COUNTED.SUPERSEDED}
"""What our own exports say of an answer that did not count where it was given, and does not count here."""

ANSWERED_BEFORE = """
SELECT k.person, k.workflow, k.subject, bool_or(c.counted = 'yes')
  FROM unnest(%(person)s::bigint[], %(workflow)s::bigint[], %(subject)s::bigint[]) AS k (person, workflow, subject)
  JOIN projects_classification c ON c.workflow_id = k.workflow AND c.subject_id = k.subject
  JOIN projects_volunteer v ON v.id = c.volunteer_id AND coalesce(v.joined_to_id, v.id) = k.person
 GROUP BY 1, 2, 3
"""

Place = tuple[int, int, int]
"""(person, workflow, subject)"""


@dataclass
class Target:
    """A workflow of the file, and its versions by number."""

    workflow: Workflow
    versions: dict[tuple[int, int], WorkflowVersion]


@dataclass
class Answers:
    """Puts rows into the record. What comes of it is counted here; tallies and the ledger follow in recount.py."""

    project: Project
    source: str
    targets: dict[str, Target]
    subjects: Subjects = field(init=False)
    volunteers: Volunteers = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)
    counted: Counter[int] = field(default_factory=Counter)
    """New answers that count, by workflow."""

    _before: dict[Place, bool] = field(default_factory=dict)
    """Who has answered what so far, and whether an answer of theirs counts."""

    def __post_init__(self) -> None:
        self.subjects = Subjects(self.project, self.source)
        self.volunteers = Volunteers(self.source)

    def take(self, rows: Sequence[Parsed]) -> None:
        """One batch, in the order of the file. Those that are here already are passed over."""
        there = {
            each.uuid: bytes(each.digest)
            for each in Classification.objects.filter(uuid__in=[self._uuid(row) for row in rows]).only(
                "uuid", "digest"
            )
        }
        for row in rows:
            if (digest := there.get(self._uuid(row))) is not None:
                self.counts["known"] += 1
                self.counts["changed"] += digest != digest_of(row)
        new = [row for row in rows if self._uuid(row) not in there]
        self.subjects.ensure((row, self.targets[row.workflow].workflow.subject_set) for row in new)
        self.volunteers.ensure(new)
        self._remember(new)
        made = [self._classification(row) for row in new]
        self.counts["added"] += copy_rows(Classification, made)
        self.counts["gold"] += keep_gold(
            [(c, row) for c, row in zip(made, new, strict=True) if c.counted_reason == GOLD]
        )

    def _uuid(self, row: Parsed) -> uuid.UUID:
        """By the project's number, not its slug, which the team may change."""
        return uuid.uuid5(NAMESPACE, f"{self.project.pk}/{self.source}/{row.id}")

    def _place(self, row: Parsed) -> Place:
        target = self.targets[row.workflow]
        return self.volunteers[row.volunteer][1], target.workflow.pk, self.subjects[subject_key(row)]

    def _remember(self, rows: Sequence[Parsed]) -> None:
        """Who has answered which of these subjects before this import; of those that it made itself nobody has."""
        places = {self._place(row): None for row in rows}
        old = [place for place in places if place not in self._before and not self.subjects.is_new(place[2])]
        if not old:
            return
        people, workflows, subjects = (list(column) for column in zip(*old, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(ANSWERED_BEFORE, {"person": people, "workflow": workflows, "subject": subjects})
            self._before |= {
                (person, flow, subject): counts for person, flow, subject, counts in cursor.fetchall()
            }

    def _classification(self, row: Parsed) -> Classification:
        place = self._place(row)
        counted, reason = _counted(row, self._before.get(place))
        self._before[place] = self._before.get(place, False) or counted == COUNTED.YES
        self.counts[counted] += 1
        self.counted[place[1]] += counted == COUNTED.YES
        version = self.targets[row.workflow].versions[row.version]
        return Classification(
            uuid=self._uuid(row),
            workflow_id=place[1],
            version=version,
            subject_id=place[2],
            volunteer_id=self.volunteers[row.volunteer][0],
            annotations=annotations(get_version(version.pk).definition, row.annotations),
            metadata=row.metadata | {"source_id": row.id},
            started_at=row.started_at,
            finished_at=row.finished_at,
            received_at=row.at,
            counted=counted,
            counted_reason=reason[:40],
            digest=digest_of(row),
        )


def _counted(row: Parsed, counts_before: bool | None) -> tuple[str, str]:
    """counts_before: whether an earlier answer of this person on the subject counts; None: there is none.

    What our own export says of an answer stands, but that never two of one person count.
    """
    if row.gold:
        return COUNTED.WITHHELD, GOLD
    if row.counted in AS_TOLD:
        return row.counted, row.counted_reason
    if row.counted == "discounted":
        return COUNTED.WITHHELD, f"discounted: {row.counted_reason}"
    told_to_count = row.counted == COUNTED.YES
    if counts_before or row.counted == COUNTED.REPEAT or (counts_before is not None and not told_to_count):
        return COUNTED.REPEAT, ""
    return COUNTED.YES, ""


def digest_of(row: Parsed) -> bytes:
    """Of what was answered: tells a row that is here already from one that has changed at its source."""
    body: list[Any] = [row.workflow, row.version, row.subjects, row.at.isoformat()]
    body += [[each.task, each.value, each.key] for each in row.annotations]
    return hashlib.blake2b(json.dumps(body, sort_keys=True).encode(), digest_size=16).digest()
