"""What a run reads: the lake as far as it is right, the database for the rest."""

import logging
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import polars as pl
import pyarrow as pa

from mining.frames import Sheets
from mining.lake import form
from mining.lake.flatten import flatten
from mining.lake.history import standing
from mining.lake.manifest import Partition, fault, folder_of
from mining.lake.resolve import checks_of, sheets_of, votes_of

logger = logging.getLogger(__name__)

PIECE = 100_000  # entries


@dataclass(frozen=True)
class Frames:
    """What mining/frames.py gives for a position: `votes_frame`, `checks_frame`, `sheets`; to the row."""

    votes: pl.DataFrame
    checks: pl.DataFrame
    sheets: dict[str, Sheets]


def read_frames(workflow_id: int, position: int) -> Frames:
    """All that counts up to a ledger position. A partition that is not as it was written is put aside, with a line in
    the log, and read from the database; the next `append` makes it again."""
    rows = rows_upto(workflow_id, position)
    return Frames(votes_of(rows), checks_of(rows), sheets_of(rows))


def rows_upto(workflow_id: int, position: int) -> pl.DataFrame:
    """The rows of the lake's form up to a position, wherever they lie."""
    folder, come_to = folder_of(workflow_id), 0
    parts: list[pl.DataFrame] = []
    for partition in standing(workflow_id).partitions:
        if partition.after >= position:
            break
        part = _from_file(folder, partition)
        if part is None:
            parts += _from_database(workflow_id, partition.after, min(partition.to, position))
        else:
            parts.append(part.filter(pl.col("position") <= position) if partition.to > position else part)
        come_to = partition.to
    return pl.concat([*parts, *_from_database(workflow_id, come_to, position)])


def _from_file(folder: Path, partition: Partition) -> pl.DataFrame | None:
    path = folder / partition.name
    reason = fault(folder, partition, whole=True)
    if reason is None:
        try:
            return _frame(form.read(path))
        except OSError as error:  # removed since
            reason = f"can't be read ({error.strerror or error})"
    logger.warning("%s of the lake %s: its entries are read from the database.", partition.name, reason)
    try:
        path.rename(path.with_suffix(".damaged"))
    except OSError:
        pass  # missing, or not ours to move: the size or the sum tells the next appender as well
    return None


def _from_database(workflow_id: int, after: int, to: int) -> list[pl.DataFrame]:
    """At least one frame, if an empty one."""
    bounds = [*range(after, max(to, after), PIECE), max(to, after)]
    pieces = [_frame(flatten(workflow_id, low, high)) for low, high in pairwise(bounds)]
    return pieces or [_frame(flatten(workflow_id, 0, 0))]


def _frame(table: pa.Table) -> pl.DataFrame:
    return pl.DataFrame(table).with_columns(pl.col(form.CODED).cast(pl.Categorical))
