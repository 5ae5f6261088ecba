"""Attributes made of two: ratios, differences, products of all pairs, and each times the redshift.

Many of them say what their parts say, so with them significance is cheap: look at `redundancy` and at what they add.
A value that is not finite (a ratio to zero) is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from mining.science.attributes.columns import AttributesError, AttributeTable, Note, Numbers
from mining.science.confusion import Array

MOST = 20_000
PAIRS: dict[str, tuple[str, Callable[[Array, Array], Array]]] = {
    "ratios": ("{} / {}", np.divide),
    "differences": ("{} - {}", np.subtract),
    "products": ("{} * {}", np.multiply),
}


def derive(
    table: AttributeTable, kinds: Sequence[str] = (), redshift: Numbers | None = None
) -> AttributeTable:
    """The table with derived columns after its own; kinds are keys of `PAIRS`. What turns out constant or without
    values is left out."""
    unknown = [kind for kind in kinds if kind not in PAIRS]
    if unknown:
        raise AttributesError(f"no derived attributes {', '.join(unknown)} (there are {', '.join(PAIRS)})")
    numbers = [column for column in table.columns if isinstance(column, Numbers)]
    n = len(kinds) * len(numbers) * (len(numbers) - 1) // 2 + (len(numbers) if redshift is not None else 0)
    if n > MOST:
        raise AttributesError(
            f"{n:,} derived attributes of {len(numbers):,} are more than {MOST:,}: leave columns out"
        )
    made: list[Numbers] = []
    for kind in kinds:
        name, work = PAIRS[kind]
        made += [
            _made(name.format(a.name, b.name), work, a.values, b.values) for a, b in combinations(numbers, 2)
        ]
    if redshift is not None:
        times = [column for column in numbers if column.name != redshift.name]
        made += [_made(f"{a.name} * {redshift.name}", np.multiply, a.values, redshift.values) for a in times]
    names, kept, left = set(table.names), [], list(table.left_out)
    for column in made:
        present = column.values[~np.isnan(column.values)]
        if column.name in names:
            continue
        if not len(present) or present.min() == present.max():
            left.append(
                Note(
                    "constant" if len(present) else "all_missing",
                    column.name,
                    {"missing": len(column.values)},
                )
            )
        else:
            kept.append(column)
            names.add(column.name)
    return replace(table, columns=(*table.columns, *kept), left_out=tuple(left))


def _made(name: str, work: Callable[[Array, Array], Array], a: Array, b: Array) -> Numbers:
    with np.errstate(all="ignore"):
        values = work(a, b)
    return Numbers(name, np.where(np.isfinite(values), values, np.nan))
