"""manage.py lake status|append|verify|rebuild: the votes as Parquet files, which batch runs read."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mining.frames import checks_frame, position_of, sheets, votes_frame
from mining.lake.append import append
from mining.lake.history import standing
from mining.lake.manifest import Damaged, fault, folder_of, load
from mining.lake.read import read_frames
from mining.lake.tend import remove
from projects.models import Workflow

NICENESS = 5
"""Of the process that the worker starts, which names a number: answers and their weighing go first."""


class Command(BaseCommand):
    help = (
        "The lake: votes as Parquet files, which batch runs read instead of the database. status: how far it reaches; "
        "append: mend it and bring it up to the record (the worker does so by itself); verify: read all of it and "
        "compare it with the database, row by row; rebuild: throw it away and make it anew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["status", "append", "verify", "rebuild"])
        parser.add_argument("project", nargs="?", help="Its slug; all projects without it.")
        parser.add_argument("--workflow", help="Slug of one workflow; all without it.")
        parser.add_argument(
            "--id", type=int, dest="number", help="The number of one workflow, instead of slugs."
        )

    def handle(self, *, action: str, **options: Any) -> None:
        workflows = self._chosen(**options)
        if options["number"] is not None:
            os.nice(NICENESS)
        wrong = [each for each in workflows if not getattr(self, f"_{action}")(each)]
        if wrong:
            raise CommandError(
                f"{len(wrong)} of {len(workflows)} lakes are not well; `lake append` mends them."
            )

    def _chosen(
        self,
        *,
        project: str | None,
        workflow: str | None,
        number: int | None,
        **options: Any,
    ) -> list[Workflow]:
        found = Workflow.objects.filter(published__isnull=False).select_related("project").order_by("pk")
        if number is not None:
            found = found.filter(pk=number)
        if project is not None:
            found = found.filter(project__slug=project)
        if workflow is not None:
            found = found.filter(slug=workflow)
        if not found:
            raise CommandError("There is no such published workflow.")
        return list(found)

    def _say(self, workflow: Workflow, text: str) -> None:
        self.stdout.write(f"{workflow.project.slug} {workflow.slug}: {text}")

    def _status(self, workflow: Workflow) -> bool:
        end = position_of(workflow.pk)
        try:
            there = load(folder_of(workflow.pk)) is not None
        except Damaged as damage:
            self._say(workflow, f"{damage}.")
            return False
        if not there:
            self._say(workflow, f"no lake yet; the record reaches position {end}.")
            return True
        lake = standing(workflow.pk)
        faults = [
            f"{p.name} {why}"
            for p in lake.partitions
            if (why := fault(folder_of(workflow.pk), p, whole=False))
        ]
        self._say(
            workflow,
            f"position {lake.position} of {end}, {lake.rows} rows in {len(lake.partitions)} partitions, "
            f"{lake.bytes / 1e6:.1f} MB in {folder_of(workflow.pk)}{''.join(f'; {each}' for each in faults)}.",
        )
        return not faults

    def _append(self, workflow: Workflow) -> bool:
        done = append(workflow.pk, whole=True)
        mended = f", {done.mended} partitions made again" if done.mended else ""
        self._say(
            workflow, done.said or f"{done.entries} entries appended, up to position {done.position}{mended}."
        )
        return not done.said

    def _rebuild(self, workflow: Workflow) -> bool:
        remove(workflow.pk)
        return self._append(workflow)

    def _verify(self, workflow: Workflow) -> bool:
        folder, lake = folder_of(workflow.pk), standing(workflow.pk)
        faults = [f"{p.name} {why}" for p in lake.partitions if (why := fault(folder, p, whole=True))]
        for each in faults:
            self._say(workflow, f"{each}.")
        if faults:
            return False
        found, at = read_frames(workflow.pk, lake.position), lake.position
        same = (
            found.votes.equals(votes_frame(workflow.pk, at))
            and found.checks.equals(checks_frame(workflow.pk, at))
            and found.sheets == sheets(workflow.pk, at)
        )
        said = (
            f"{found.votes.height} votes, the same as in the database"
            if same
            else "not what the database says"
        )
        self._say(workflow, f"up to position {at}: {said}.")
        return same
