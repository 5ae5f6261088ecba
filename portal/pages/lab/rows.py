"""Rows of a form that grow, shrink and change places without a script: each button sends the form and gets it back.

A row's fields are sent as lists, `row-label`, `row-key`, ..., the n-th of each being of the n-th row.
"""

from collections.abc import Sequence

from django.http import QueryDict

MOST = 2000
"""Rows; what is sent beyond is not read."""


class Rows:
    """rows: name to text, of each. do: what was asked: save, more, up:N, down:N, out:N, with N from 0 on."""

    def __init__(self, rows: Sequence[dict[str, str]], do: str = "") -> None:
        self.rows = [dict(row) for row in rows]
        self.do = do

    @classmethod
    def read(cls, sent: QueryDict, names: Sequence[str]) -> "Rows":
        """As they were sent, with what `do` asks done to them."""
        lists = {name: sent.getlist(f"row-{name}") for name in names}
        most = min(MOST, max((len(each) for each in lists.values()), default=0))
        rows = [
            {name: each[at].strip() if at < len(each) else "" for name, each in lists.items()}
            for at in range(most)
        ]
        found = cls(rows, sent.get("do", "save"))
        found._do()
        return found

    @property
    def saves(self) -> bool:
        return self.do == "save"

    def filled(self) -> list[dict[str, str]]:
        """Those in which something is written."""
        return [row for row in self.rows if any(row.values())]

    def at_least(self, n: int) -> None:
        names = list(self.rows[0]) if self.rows else []
        self.rows += [dict.fromkeys(names, "") for _ in range(n - len(self.rows))]

    def _do(self) -> None:
        what, _colon, number = self.do.partition(":")
        at = int(number) if number.isdecimal() and len(number) < 6 else -1
        rows = self.rows
        if what == "more":
            rows.append({})
        elif what == "out" and 0 <= at < len(rows):
            rows.pop(at)
        elif what == "up" and 0 < at < len(rows):
            rows[at - 1], rows[at] = rows[at], rows[at - 1]
        elif what == "down" and 0 <= at < len(rows) - 1:
            rows[at], rows[at + 1] = rows[at + 1], rows[at]
