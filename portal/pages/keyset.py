"""Pages of a long list by the last row that was seen: as fast at the end as at the start, and steady while it grows."""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest


@dataclass(frozen=True)
class Page:
    """after: of the next page, for the address; empty at the end. later: whether pages come before this one."""

    rows: list[Any]
    after: str
    later: bool


def page(rows: QuerySet[Any], column: str, tie: str, *, down: bool, after: str, size: int) -> Page:
    """Rows in the order of (column, tie), both numbers and neither of them empty; `down`: largest first.

    after: VALUE~TIE of the last row seen; what is not of this form begins at the start.
    """
    seen = _parsed(after)
    if seen is not None:
        past = "lt" if down else "gt"
        value, number = seen
        rows = rows.filter(**{f"{column}__{past}e": value}).filter(
            Q(**{f"{column}__{past}": value}) | Q(**{f"{tie}__{past}": number})
        )
    sign = "-" if down else ""
    found = list(rows.order_by(sign + column, sign + tie)[: size + 1])
    more = len(found) > size
    return Page(found[:size], _token(found[size - 1], column, tie) if more else "", seen is not None)


def kept_of(request: HttpRequest) -> str:
    """What the address of another page of the list keeps of this one's: all but the place."""
    kept = request.GET.copy()
    kept.pop("after", None)
    return kept.urlencode()


def _token(row: Model, column: str, tie: str) -> str:
    return f"{getattr(row, column)!r}~{getattr(row, tie)}"


def _parsed(after: str) -> tuple[float, int] | None:
    value, _tilde, number = after.partition("~")
    try:
        seen = float(value), int(number)
    except ValueError:
        return None
    return seen if isfinite(seen[0]) and abs(seen[1]) < 2**63 else None
