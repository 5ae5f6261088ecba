"""The forms in which a table is written into a file, one module each. Some load what a web process must not: they are
imported where a worker writes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.exports.columns import Column
from projects.models import Workflow

Cells = tuple[Any, ...]


@dataclass(frozen=True)
class Content:
    """What is written: rows as they come from a table, and its columns. workflow: in a file of several the first."""

    title: str
    description: str
    columns: Sequence[Column[Any]]
    rows: Iterator[Any]
    workflow: Workflow

    def cells(self) -> Iterator[Cells]:
        getters = [column.of for column in self.columns]
        return (tuple(of(row) for of in getters) for row in self.rows)


@dataclass(frozen=True)
class Form:
    """name: to people. what: for whom it is."""

    name: str
    suffix: str
    mime: str
    what: str | Promise

    def writer(self, form: str) -> Callable[[Path, Content], None]:
        """write(file, content). Raises Invalid where the form can't hold it."""
        write: Callable[[Path, Content], None] = import_module(f"projects.exports.forms.{form}").write
        return write


FORMS: dict[str, Form] = {
    "csv": Form("CSV", "csv", "text/csv; charset=utf-8", _("spreadsheets, and everything else")),
    "parquet": Form("Parquet", "parquet", "application/vnd.apache.parquet", _("pandas, polars, DuckDB")),
    "ecsv": Form("ECSV", "ecsv", "text/x-ecsv; charset=utf-8", _("astropy: text with types and units")),
    "fits": Form("FITS", "fits", "application/fits", _("TOPCAT, astropy")),
    "votable": Form(
        "VOTable", "vot", "application/x-votable+xml", _("TOPCAT, Aladin, the Virtual Observatory")
    ),
    "coco": Form("COCO", "json", "application/json", _("training of detectors")),
    "ds9": Form("DS9 regions", "zip", "application/zip", _("SAOImage DS9: a file a subject")),
    "release": Form("Zip", "zip", "application/zip", _("all tables, to be cited")),
}
"""By the name of its module here; a release is built by projects/exports/releases."""
