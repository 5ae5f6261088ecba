"""A table as its reader gives it: columns by name, not judged yet. What is too large to be one is refused here."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from projects.exceptions import Invalid

MOST_COLUMNS = 2000
MOST_ROWS = 2_000_000
MOST_CELLS = 20_000_000
MEMORY = 4 << 30  # bytes that reading a table may take


@dataclass(frozen=True)
class Cells:
    """One column. values: of numbers (missing: NaN), texts (missing: empty), or None where the column is `unfit`."""

    name: str
    values: NDArray[Any] | list[str] | None
    unit: str = ""
    description: str = ""
    unfit: str = ""
    missing: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Table:
    """where(row) names a row, counted from 0, as a person finds it in the file: *line 7* or *row 6*."""

    form: str
    columns: Sequence[Cells]
    rows: int
    where: Callable[[int], str]

    def __getitem__(self, name: str) -> Cells:
        for column in self.columns:
            if column.name == name:
                return column
        known = ", ".join(column.name for column in self.columns[:12])
        raise Invalid(
            _("The table has no column %(name)s. It has: %(known)s.") % {"name": name, "known": known}
        )


def check_size(rows: int, names: Sequence[str]) -> None:
    """Raises Invalid for what no catalogue of subjects is, and for a name that is there twice."""
    if len(names) > MOST_COLUMNS:
        said = {"n": f"{len(names):,}", "most": f"{MOST_COLUMNS:,}"}
        raise Invalid(_("The table has %(n)s columns; at most %(most)s can be taken. Select some.") % said)
    if rows > MOST_ROWS or rows * len(names) > MOST_CELLS:
        said = {"n": f"{rows:,}", "columns": f"{len(names):,}", "most": f"{MOST_CELLS:,}"}
        raise Invalid(
            _(
                "The table has %(n)s rows of %(columns)s columns; at most %(most)s cells can be taken. "
                "Keep the rows of your subjects and the columns that you need."
            )
            % said
        )
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise Invalid(_("The table names the column %(name)s twice.") % {"name": twice})
    if not names or not rows:
        raise Invalid(_("The table has no rows."))


@contextmanager
def bounded_memory() -> Iterator[None]:
    """A table that swells while it is read ends as a sentence, not as a machine without memory."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _address_space() + MEMORY
    try:
        if soft == resource.RLIM_INFINITY or limit < soft:
            resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
        yield
    except MemoryError:
        most = {"most": f"{MEMORY >> 20:,} MiB"}
        raise Invalid(
            _("Reading the table takes more than %(most)s of memory. Select rows or columns.") % most
        ) from None
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space() -> int:
    import psutil  # noqa: PLC0415 - only here

    return int(psutil.Process().memory_info().vms)
