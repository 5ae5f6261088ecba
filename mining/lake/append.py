"""Bring a workflow's lake up to the record: mend what is damaged, append what is new, put small partitions together."""

import logging
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from mining.lake import form
from mining.lake.flatten import flatten
from mining.lake.history import fingerprint, generation_of, standing
from mining.lake.manifest import (
    Manifest,
    Partition,
    aside,
    fault,
    folder_of,
    held,
    keep,
    sha256_of,
    store,
    sweep,
)
from projects.models import WorkflowCounter

logger = logging.getLogger(__name__)

PIECE = 100_000
"""Entries that are read from the database at a time, and written as one partition."""

MOST = 4_000_000
"""Rows of a partition that small ones are put together to."""


@dataclass(frozen=True)
class Appended:
    """entries: of the ledger, written now; mended: partitions made again; position: what the lake reaches."""

    entries: int = 0
    mended: int = 0
    position: int = 0
    said: str = ""


def append(workflow_id: int, *, whole: bool = False, piece: int = PIECE) -> Appended:
    """Up to the end of the record. `whole`: read every file, else look at their sizes only.

    The manifest is written after each piece: who is killed loses the piece that was being written, no more. Safe to
    repeat; of two at once the second does nothing. A disk that is full, or any other error of the file system, is
    logged and leaves the lake as it was: `said` has the sentence.
    """
    folder = folder_of(workflow_id)
    try:
        with held(folder) as alone:
            if not alone:
                return Appended(said=f"Another process writes to {folder}.")
            return _append(folder, workflow_id, whole, piece)
    except OSError as error:
        said = f"The lake of workflow {workflow_id} can't be written ({error.strerror or error}): it stays as it is."
        logger.error("%s Runs read the rest from the database.", said)
        return Appended(said=said)


def _append(folder: Path, workflow_id: int, whole: bool, piece: int) -> Appended:
    generation = generation_of(workflow_id)
    manifest = standing(workflow_id)
    sweep(folder, manifest)
    manifest, mended = _mend(folder, replace(manifest, generation=generation), whole)
    end = WorkflowCounter.objects.values_list("position", flat=True).get(pk=workflow_id)
    began = manifest.position
    while manifest.position < end:
        upto = min(manifest.position + piece, end)
        made = _write(
            folder, workflow_id, manifest.position, upto, flatten(workflow_id, manifest.position, upto)
        )
        manifest = replace(manifest, partitions=(*manifest.partitions, made))
        store(folder, manifest)
        manifest = _compact(folder, manifest)
    return Appended(end - began, mended, manifest.position)


def _mend(folder: Path, manifest: Manifest, whole: bool) -> tuple[Manifest, int]:
    """Each partition whose file is not as the manifest says is made again from the database."""
    mended = 0
    for at, partition in enumerate(manifest.partitions):
        reason = fault(folder, partition, whole=whole)
        if reason is None:
            continue
        logger.warning("%s of the lake %s: it is made again from the database.", partition.name, reason)
        rows = [
            flatten(manifest.workflow, after, min(after + PIECE, partition.to))
            for after in range(partition.after, partition.to, PIECE)
        ]
        made = _write(folder, manifest.workflow, partition.after, partition.to, pa.concat_tables(rows))
        parts = list(manifest.partitions)
        parts[at] = made
        manifest, mended = replace(manifest, partitions=tuple(parts)), mended + 1
        store(folder, manifest)
    return manifest, mended


def _compact(folder: Path, manifest: Manifest) -> Manifest:
    """Neighbours are put together as long as the last is at least half as large as the one before: so there are as
    many small partitions as the number of rows has digits, and a row is written again as often."""
    parts = list(manifest.partitions)
    while len(parts) > 1:
        before, last = parts[-2:]
        if before.rows > 2 * last.rows or before.rows + last.rows > MOST:
            break
        if any(fault(folder, each, whole=True) for each in (before, last)):
            break  # mended at the next turn
        together = pa.concat_tables([form.read(folder / each.name) for each in (before, last)])
        made = _write(folder, manifest.workflow, before.after, last.to, together.unify_dictionaries())
        parts[-2:] = [made]
        store(folder, replace(manifest, partitions=tuple(parts)))
    return replace(manifest, partitions=tuple(parts))


def _write(folder: Path, workflow_id: int, after: int, to: int, table: pa.Table) -> Partition:
    with aside(folder) as path:
        form.write(path, table)
        sha256 = sha256_of(path)
        size = path.stat().st_size
        made = Partition(after, to, table.num_rows, size, sha256, fingerprint(workflow_id, to))
        keep(path, folder / made.name)
    return made
