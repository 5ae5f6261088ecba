"""Information gain of every attribute of a table about what was said: the ranking, with everything to judge it by.

`gains` does it all; each number's meaning stands at `Gain`. Cost: a sort a column, a walk along it for the exact
split, and a walk for every 32 permutations or bootstrap draws. How many of these are made, where nothing is asked
for, depends on the size of the table alone (`turns`), so that a small table is judged finely and a large one in
minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mining.science.attributes import bootstrap, kernels
from mining.science.attributes.bins import cumulated, equal_frequency, mdl
from mining.science.attributes.columns import (
    AttributesError,
    AttributeTable,
    Categories,
    Column,
    Note,
    Numbers,
)
from mining.science.attributes.labels import Labels
from mining.science.attributes.noise import drawn_gains
from mining.science.attributes.permutation import Judged, Null, judge, movable, permute
from mining.science.attributes.splits import Prepared, best_split, counts_by_level, over, prepare
from mining.science.attributes.told import left_out
from mining.science.coding import Codes
from mining.science.confusion import Array
from mining.science.uncertainty import entropy_bits

PERMUTATIONS, BOOTSTRAPS = (99, 999), (50, 200)  # the fewest and the most that are made unasked
WALKS = 1e9  # values times permutations that are worth waiting for unasked: 5 to 20 s of CPU
FEW_ROWS = 20
CELLS = 600_000_000  # values of all attributes that fit in memory with their order, about 10 GB
LEAST_MISSING = 5  # rows without a value that make *is missing* worth looking at, and with one
IS_MISSING = "{} is missing"


@dataclass(frozen=True)
class Gain:
    """One attribute.

    gain_bits : of the exact best binary split, over the rows where the attribute is present
    share     : of the entropy of the classes in these rows, 0 to 1
    threshold : where numbers are cut; levels: those on the right side, of categories
    corrected_bits : of up to 10 equal-frequency bins (or all levels), without its bias; may be negative
    mdl_bits, mdl_cuts : of the MDL partition
    low, high : 95 % interval of gain_bits; NaN without bootstrap
    p, p_family, q : by permutation, see `permutation`; NaN without
    chance, level : bits gained by permuted labels: on average, and where an attribute stands out of the family
    noise_low, noise_high : 95 % of the gains on classes drawn from the shares; NaN where the labels are classes
    present, missing : labelled rows with and without a value
    """

    attribute: str
    kind: str  # number, category, or missing (whether another attribute is)
    gain_bits: float
    share: float
    threshold: float | None
    levels: tuple[str, ...] | None
    cut: str
    corrected_bits: float
    bins: int
    mdl_bits: float
    mdl_cuts: tuple[float, ...]
    present: int
    missing: int
    low: float = np.nan
    high: float = np.nan
    p: float = np.nan
    p_family: float = np.nan
    q: float = np.nan
    chance: float = np.nan
    level: float = np.nan
    noise_low: float = np.nan
    noise_high: float = np.nan


@dataclass(frozen=True)
class Gains:
    """The attributes, those that gain most first, and what was left out.

    entropy: of the classes over all labelled rows, in bits
    max_null: bits above which the best of all attributes lies in 5 % of permutations; NaN without
    """

    rows: tuple[Gain, ...]
    classes: tuple[str, ...]
    entropy: float
    n_rows: int
    n_unlabelled: int
    permutations: int
    bootstraps: int
    max_null: float
    left_out: tuple[Note, ...]
    warnings: tuple[Note, ...]


@dataclass(frozen=True)
class Measured:
    """What is measured of each of A columns alone, whichever others there are: so columns may be measured in different
    places, with the same seed, and put side by side.

    null: gains under B permutations [B, A]; drawn: of n bootstrap draws [n, A]; noise: of draws of the classes, or None
    """

    found: list[Gain]
    null: Null
    drawn: Array
    noise: Array | None


def measure(
    columns: Sequence[Column],
    labels: Labels,
    *,
    permutations: int,
    bootstraps: int,
    noise_draws: int,
    groups: Codes | None,
    seed: int,
    progress: Callable[[str, int, int], None] | None = None,
) -> Measured:
    def tell(what: str, of: int) -> Callable[[int], None]:
        return lambda done: progress(what, done, of) if progress is not None else None

    squares = kernels.x_log_x(len(labels))
    prepared = over(columns, prepare)
    noisy = noise_draws > 0 and labels.shares is not None
    return Measured(
        found=over(prepared, lambda one: _one(one, labels, squares)),
        null=permute(
            prepared, labels, squares, n=permutations, seed=seed, groups=groups,
            progress=tell("permutations", permutations),
        ),
        drawn=bootstrap.draws(
            prepared, labels, n=bootstraps, seed=seed, groups=groups, progress=tell("bootstrap", bootstraps)
        ),
        noise=drawn_gains(prepared, labels, squares, n=noise_draws, seed=seed) if noisy else None,
    )  # fmt: skip


def gains(
    table: AttributeTable,
    labels: Labels,
    *,
    permutations: int | None = None,
    bootstraps: int | None = None,
    noise_draws: int = 0,
    groups: Codes | None = None,
    is_missing: bool = True,
    seed: int = 0,
    progress: Callable[[str, int, int], None] | None = None,
    measured: Callable[..., Measured] | None = None,
) -> Gains:
    """Rank the columns of a table. `groups` int32 [N]: rows whose labels are permuted, and drawn again, together;
    rows with -1 are left out. `progress` hears (what, done, of how many). `measured` does what `measure` does, in
    another place (mining/cluster.py)."""
    table, labels, groups, n_ungrouped = _labelled(table, labels, groups)
    columns = [*table.columns, *(missing_flags(table) if is_missing else ())]
    if not columns:
        raise AttributesError("no attribute is left to look at" + why(table.left_out))
    if len(columns) * len(labels) > CELLS:
        raise AttributesError(
            f"{len(columns):,} attributes of {len(labels):,} rows do not fit in memory: leave columns out or draw rows"
        )
    warnings = list(table.warnings) + _about(labels, groups, n_ungrouped)
    cells = sum(int(np.count_nonzero(~column.missing)) for column in columns)
    n_permutations = turns(PERMUTATIONS, cells) if permutations is None else permutations
    n_bootstraps = turns(BOOTSTRAPS, cells) if bootstraps is None else bootstraps
    got = (measured or measure)(
        columns, labels, permutations=n_permutations, bootstraps=n_bootstraps, noise_draws=noise_draws, groups=groups,
        seed=seed, progress=progress,
    )  # fmt: skip
    found, null = got.found, got.null
    observed = np.array([row.gain_bits for row in found])
    judged = judge(observed, null)
    if n_permutations and len(columns) / (1 + n_permutations) > 0.05:
        facts = {"least": min(len(columns) / (1 + n_permutations), 1.0), "needed": 20 * len(columns)}
        warnings.append(Note("coarse_q", "", {"permutations": n_permutations, **facts}))
    noise = None if got.noise is None else _between(got.noise)
    rows = _judged(
        found, judged, bootstrap.interval(observed, got.drawn), noise, np.log2(len(labels.classes))
    )
    return Gains(
        rows=tuple(sorted(rows, key=lambda row: -row.gain_bits)),
        classes=labels.classes,
        entropy=labels.entropy,
        n_rows=len(labels),
        n_unlabelled=labels.n_missing,
        permutations=n_permutations,
        bootstraps=n_bootstraps,
        max_null=float(np.quantile(null.gains.max(axis=1), 0.95)) if n_permutations else np.nan,
        left_out=table.left_out,
        warnings=tuple(warnings),
    )


def why(notes: Sequence[Note]) -> str:
    """The end of a sentence that says that no attribute is left."""
    lines = left_out(notes)
    return f": {'; '.join(lines)}" if lines else " beside the label"


def turns(bounds: tuple[int, int], cells: int) -> int:
    """How many permutations or draws are worth waiting for on so many values."""
    least, most = bounds
    return int(np.clip(WALKS / max(cells, 1), least, most))


def missing_flags(table: AttributeTable) -> tuple[Column, ...]:
    """*Is missing* of each column in which at least `LEAST_MISSING` rows are and as many are not. Columns that miss
    the same rows share one, under the name of the first."""
    seen: dict[bytes, str] = {}
    flags: list[Column] = []
    for column in table.columns:
        missing = column.missing
        if LEAST_MISSING <= missing.sum() <= len(missing) - LEAST_MISSING:
            pattern = np.packbits(missing).tobytes()
            if pattern not in seen:
                seen[pattern] = column.name
                flags.append(Numbers(IS_MISSING.format(column.name), missing.astype(np.float64)))
    return tuple(flags)


def labelled(table: AttributeTable, labels: Labels) -> AttributeTable:
    """The table at the labelled rows."""
    if labels.n_rows != table.n:
        raise AttributesError(f"{labels.n_rows} labels for a table of {table.n} rows")
    return table if len(labels) == table.n else table.take(labels.rows)


def _labelled(
    table: AttributeTable, labels: Labels, groups: Codes | None
) -> tuple[AttributeTable, Labels, Codes | None, int]:
    table = labelled(table, labels)
    if groups is None:
        return table, labels, None, 0
    of_rows = groups[labels.rows]
    kept = np.flatnonzero(of_rows >= 0)
    dropped = len(of_rows) - len(kept)
    if dropped:
        labels = replace(
            labels,
            rows=labels.rows[kept],
            codes=None if labels.codes is None else labels.codes[kept],
            shares=None if labels.shares is None else labels.shares[kept],
        )
        table = table.take(kept)
    _, compact = np.unique(of_rows[kept], return_inverse=True)
    return table, labels, compact.astype(np.int32), dropped


def _about(labels: Labels, groups: Codes | None, n_ungrouped: int) -> list[Note]:
    notes = []
    if len(labels) < FEW_ROWS:
        notes.append(Note("few_rows", "", {"rows": len(labels)}))
    if groups is None:
        return notes
    if n_ungrouped:
        notes.append(Note("ungrouped", "", {"rows": n_ungrouped}))
    differ, n = movable(labels, groups)
    if not differ:
        raise AttributesError(
            f"in none of the {n} groups do labels differ, so nothing can be permuted: choose larger groups or none"
        )
    notes.append(Note("groups", "", {"differ": differ, "groups": n}))
    return notes


def _one(prepared: Prepared, labels: Labels, table: np.typing.NDArray[np.float64]) -> Gain:
    column = prepared.column
    cut = best_split(prepared, labels, table)
    numbers = isinstance(column, Numbers)
    sums = cumulated(prepared, labels) if numbers else None
    binned, parts = equal_frequency(prepared, labels, sums), mdl(prepared, labels, sums)
    classes = sums[-1] if sums is not None else counts_by_level(prepared, labels).sum(axis=0)
    entropy = float(entropy_bits(classes / classes.sum())) if classes.sum() > 0 else 0.0
    kind = "category" if isinstance(column, Categories) else "number"
    return Gain(
        attribute=column.name,
        kind="missing" if column.name.endswith(IS_MISSING.format("")) and kind == "number" else kind,
        gain_bits=cut.gain,
        share=cut.gain / entropy if entropy > 0 else 0.0,
        threshold=cut.threshold,
        levels=cut.levels,
        cut=cut.text,
        corrected_bits=binned.corrected,
        bins=binned.bins,
        mdl_bits=parts.bits,
        mdl_cuts=parts.cuts,
        present=len(prepared),
        missing=len(labels) - len(prepared),
    )


def _between(drawn: Array) -> bootstrap.Interval:
    """95 % of the gains on classes drawn from the shares [n, A]."""
    low, high = np.quantile(drawn, (bootstrap.TAIL, 1 - bootstrap.TAIL), axis=0)
    return bootstrap.Interval(low, high)


def _judged(
    found: Sequence[Gain],
    judged: Judged,
    between: bootstrap.Interval,
    noise: bootstrap.Interval | None,
    most_bits: float,
) -> list[Gain]:
    return [
        replace(
            row,
            low=float(between.low[at]),
            high=float(np.minimum(between.high[at], most_bits)),
            p=float(judged.p[at]),
            p_family=float(judged.p_family[at]),
            q=float(judged.q[at]),
            chance=float(judged.chance[at]),
            level=float(judged.level[at]),
            noise_low=np.nan if noise is None else float(noise.low[at]),
            noise_high=np.nan if noise is None else float(noise.high[at]),
        )
        for at, row in enumerate(found)
    ]
