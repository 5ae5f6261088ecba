"""How fast information gain is, as ratios: `python -m benchmarks.gain_speed [ROWS [COLUMNS [PERMUTATIONS]]]`.

Default 1,000,000 rows, 50 columns, 1,000 permutations. Printed: exact gain with bins of all columns beside
scikit-learn's mutual_info_classif on two of them (its time is that of the two, times columns over two);
permutations of one column beside as many sorts of it, which is what they would cost if each sorted anew. CPU and
wall seconds: on a busy machine read the CPU.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
from sklearn.feature_selection import mutual_info_classif

from mining.science.attributes import kernels
from mining.science.attributes.columns import AttributeTable, Numbers
from mining.science.attributes.gain import gains
from mining.science.attributes.labels import Labels
from mining.science.attributes.permutation import permute
from mining.science.attributes.splits import best_split, over, prepare

PEER_COLUMNS = 2


def main() -> None:
    rows, columns, permutations = (
        int(sys.argv[at]) if len(sys.argv) > at else most for at, most in ((1, 1_000_000), (2, 50), (3, 1000))
    )
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 2, rows).astype(np.uint8)
    labels = Labels(("a", "b"), np.arange(rows), rows, codes=codes)
    made = tuple(Numbers(f"x{at}", rng.normal(size=rows) + 0.02 * at * codes) for at in range(columns))
    small = AttributeTable(1000, made).take(np.arange(1000))
    some = Labels(("a", "b"), np.arange(1000), 1000, codes=codes[:1000])
    gains(small, some, permutations=32, bootstraps=0)  # compiled
    squares = kernels.x_log_x(rows)
    exact = timed(lambda: over(made, lambda column: best_split(prepare(column), labels, squares)))
    told(f"exact gain of {columns} columns of {rows:,} rows", exact)
    ours = timed(lambda: gains(AttributeTable(rows, made), labels, permutations=0, bootstraps=0))
    told("the same with bins and MDL", ours)
    peer = np.column_stack([column.values for column in made[-PEER_COLUMNS:]])
    theirs = timed(lambda: mutual_info_classif(peer, codes, random_state=0))
    scale = columns / PEER_COLUMNS
    told(
        f"mutual_info_classif of {PEER_COLUMNS} of them, times {scale:.0f}",
        (theirs[0] * scale, theirs[1] * scale),
    )
    print(f"ratio of CPU to the exact gain: {theirs[1] * scale / exact[1]:.0f}")
    one, table = prepare(made[0]), kernels.x_log_x(rows)
    walks = timed(lambda: permute([one], labels, table, n=permutations, seed=0))
    sort = timed(lambda: prepare(made[0]))
    told(f"{permutations:,} permutations of one column, shuffling included", walks)
    told(f"{permutations:,} sorts of it", (sort[0] * permutations, sort[1] * permutations))
    print(f"ratio of CPU: {sort[1] * permutations / walks[1]:.1f}")


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """(wall, CPU) seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def told(what: str, seconds: tuple[float, float]) -> None:
    print(f"{what}: {seconds[0]:.1f} s, {seconds[1]:.1f} s of CPU", flush=True)


if __name__ == "__main__":
    main()
