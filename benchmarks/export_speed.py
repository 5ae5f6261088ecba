"""How fast do answers go out? `python -m benchmarks.export_speed [--small 20000] [--large 500000]`: classifications.

Each classification answers two questions, so the flat table has two rows of it. Prints, for the small and the large
set, rows a second by the clock and by the processor of our process (a busy machine changes that one little), the time
to the first piece, and by how much memory grows; beside it, in the same run, what the standard csv writer takes for
the same cells out of memory, and what PostgreSQL takes to send the stored answers as they are (COPY): the limits.
"""

import argparse
import csv
import io
import os
import time
from typing import Any

from benchmarks.site import stage

INSIDE = "EXPORT_SPEED_INSIDE"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", type=int, default=20_000)
    parser.add_argument("--large", type=int, default=500_000)
    given = parser.parse_args()
    if os.environ.get(INSIDE):
        inside([given.small, given.large])
        return
    with stage() as here:
        here.environment[INSIDE] = "1"
        sizes = ["--small", str(given.small), "--large", str(given.large)]
        print(here.run("-m", "benchmarks.export_speed", *sizes), end="")


def inside(sizes: list[int]) -> None:
    """On the stage's database."""
    import django

    django.setup()
    from django.db import transaction

    from projects.models import Workflow
    from tests.projects.exports.bulk import ANSWERS, make_big_workflow

    for classifications in sizes:
        with transaction.atomic():
            pk = make_big_workflow(classifications // ANSWERS, slug=f"zoo-{classifications}").pk
        workflow = Workflow.objects.select_related("project").get(pk=pk)
        for table in ("annotations", "votes", "classifications"):
            measure(table, workflow, classifications)
        limits(workflow)


def measure(table: str, workflow: Any, classifications: int) -> None:
    import psutil

    from projects.exports.files import pieces

    process = psutil.Process()
    for _ in zip(range(2), pieces(table, workflow, team=True), strict=False):
        pass  # loads what is loaded once
    before = most = process.memory_info().rss
    began, cpu, first, lines = time.perf_counter(), time.process_time(), 0.0, -1
    for piece in pieces(table, workflow, team=True):
        first = first or time.perf_counter() - began
        lines += piece.count("\n")
        most = max(most, process.memory_info().rss)
    clock, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(
        f"{classifications:,} classifications, {table}: {lines:,} rows in {clock:.2f} s ({lines / clock:,.0f}/s), "
        f"{cpu:.2f} s of our processor ({lines / cpu:,.0f}/s); first piece after {first * 1000:.0f} ms, "
        f"memory +{(most - before) / 1e6:.0f} MB to {most / 1e6:.0f} MB",
        flush=True,
    )


def limits(workflow: Any) -> None:
    """The csv writer alone, and COPY alone."""
    from itertools import islice

    from django.db import connection

    from projects.exports.stream import csv_pieces
    from projects.exports.tables import TABLES

    table = TABLES["annotations"]
    getters = [column.of for column in table.columns(workflow, team=True)]
    some = list(islice(table.rows(workflow, team=True), 40_000))
    cells = [["" if (value := of(row)) is None else str(value) for of in getters] for row in some]
    cpu = time.process_time()
    csv.writer(io.StringIO(), lineterminator="\n").writerows(cells)
    plain = len(cells) / (time.process_time() - cpu)
    cpu = time.process_time()
    for _ in csv_pieces(table.columns(workflow, team=True), some):
        pass
    ours = len(cells) / (time.process_time() - cpu)
    began = time.perf_counter()
    sent = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"COPY (SELECT * FROM projects_classification WHERE workflow_id = {workflow.pk}) TO STDOUT (FORMAT csv)"
        ) as copy,
    ):
        for block in copy:
            sent += bytes(block).count(b"\n")
    print(
        f"the standard csv writer alone, cells in memory: {plain:,.0f} rows/s of processor; ours with its cells "
        f"{ours:,.0f} ({plain / ours:.1f} times slower); COPY of the stored answers: "
        f"{sent / (time.perf_counter() - began):,.0f} rows/s by the clock",
        flush=True,
    )


if __name__ == "__main__":
    main()
