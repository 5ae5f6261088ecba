"""What looking for unfair volunteers costs, beside one fit: `python -m benchmarks.fairness_speed [VOTES]` (default
1,000,000).

20 votes an item of 10,000 volunteers whose activity is log-normal, as on a real site. Printed: CPU seconds of each rule
on one question, of a fit of dawid-skene-pooled to the same table, their ratio, and the memory at the peak.
"""

import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from mining.science.consensus.dawid_skene import DawidSkenePooled
from mining.science.fairness import copies, out_of_character, predict, same_answer
from mining.science.votes import Votes
from projects.tasks.fairness import Fairness

VOLUNTEERS, PER_ITEM, CLASSES = 10_000, 20, 3


def main() -> None:
    votes = table(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    rules = Fairness()

    def numbers(rule: str) -> dict[str, Any]:
        return getattr(rules, rule).model_dump(exclude={"weight"}) | {"alarms": rules.alarms}

    DawidSkenePooled(max_iter=1).fit(votes)  # compiles
    fit = timed("one fit of dawid-skene-pooled", lambda: DawidSkenePooled().fit(votes))
    predicted = predict(votes)
    total = timed("what was to be expected", lambda: predict(votes))
    total += timed("always the same answer", lambda: same_answer(votes, predicted, **numbers("same_answer")))
    total += timed("copies", lambda: copies(votes, predicted, **numbers("copies")))
    total += timed(
        "out of character", lambda: out_of_character(votes, predicted, **numbers("out_of_character"))
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    size = f"{len(votes):,} votes, {VOLUNTEERS:,} volunteers"
    print(f"{size}: {total:.1f} s CPU, {total / fit:.1f} x a fit; peak {peak:.1f} GB")


def table(n: int) -> Votes:
    """Right in .7, whoever it is; nobody votes twice on an item."""
    rng = np.random.default_rng(1)
    items = n // PER_ITEM
    chance = rng.lognormal(0, 1.5, VOLUNTEERS)
    chosen = rng.choice(VOLUNTEERS, (items, 2 * PER_ITEM), p=chance / chance.sum())
    item, volunteer = np.repeat(np.arange(items), 2 * PER_ITEM), chosen.reshape(-1)
    _, first = np.unique(item * VOLUNTEERS + volunteer, return_index=True)
    rows = np.sort(rng.permutation(first)[: items * PER_ITEM])
    item, volunteer = item[rows], volunteer[rows]
    truth = rng.integers(0, CLASSES, items)[item]
    label = np.where(rng.random(len(item)) < 0.7, truth, rng.integers(0, CLASSES, len(item)))
    names = [np.arange(size).astype(str) for size in (items, VOLUNTEERS, CLASSES)]
    return Votes(*(codes.astype(np.int32) for codes in (item, volunteer, label)), *names)


def timed(what: str, do: Callable[[], object]) -> float:
    start = time.process_time()
    do()
    took = time.process_time() - start
    print(f"{what}: {took:.1f} s CPU")
    return took


if __name__ == "__main__":
    main()
