"""Which subjects are compared with which, and which of two stands on the left. Pure, by names and a seed."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import combinations

from django.utils.translation import gettext as _

from projects.exceptions import Invalid

MOST_PAIRS = 20_000
"""Made at once."""

Pair = tuple[str, str]
"""The team's names of the members, left and right."""


def all_pairs(names: Sequence[str], seed: int = 0) -> list[Pair]:
    """Each with each, once; which one stands on the left is drawn, so that each does about as often. Raises Invalid for
    more than MOST_PAIRS."""
    n = len(names) * (len(names) - 1) // 2
    if n > MOST_PAIRS:
        raise Invalid(
            _(
                "Each with each of %(members)d would be %(n)d pairs, and %(most)d are the most: draw some of them."
            )
            % {"members": len(names), "n": n, "most": MOST_PAIRS}
        )
    draw = random.Random(seed)  # noqa: S311 (no secret)
    pairs = list(combinations(sorted(names), 2))
    draw.shuffle(pairs)
    return _placed(pairs, draw)


def random_pairs(names: Sequence[str], number: int, seed: int = 0) -> list[Pair]:
    """So many different pairs, in which all members come about equally often. The same for the same names, number and
    seed. Raises Invalid where there are not as many."""
    most = len(names) * (len(names) - 1) // 2
    if not 1 <= number <= min(most, MOST_PAIRS):
        raise Invalid(
            _("Of %(members)d subjects from 1 to %(most)d pairs can be drawn, not %(n)d.")
            % {"members": len(names), "most": min(most, MOST_PAIRS), "n": number}
        )
    draw = random.Random(seed)  # noqa: S311 (no secret)
    partners: dict[str, set[str]] = {name: set() for name in names}
    chosen: list[Pair] = []
    # Who has met fewest comes first, of equals by a number drawn anew each time.
    waiting = [(0, draw.random(), name) for name in sorted(names)]
    heapify(waiting)
    while len(chosen) < number:
        times, _drawn, one = heappop(waiting)
        if len(partners[one]) == len(names) - 1:
            continue  # has met everybody
        known = []
        while (candidate := heappop(waiting))[2] in partners[one]:
            known.append(candidate)
        often, _drawn, other = candidate
        for each in (*known, (times + 1, draw.random(), one), (often + 1, draw.random(), other)):
            heappush(waiting, each)
        chosen.append((one, other))
        partners[one].add(other)
        partners[other].add(one)
    return _placed(chosen, draw)


def _placed(pairs: Iterable[Pair], draw: random.Random) -> list[Pair]:
    """Whoever stood more often on the left than on the right stands on the right; of equals it is drawn."""
    more: Counter[str] = Counter()  # times on the left less times on the right
    found = []
    for one, other in pairs:
        swap = more[one] > more[other] or (more[one] == more[other] and draw.random() < 0.5)
        left, right = (other, one) if swap else (one, other)
        more[left] += 1
        more[right] -= 1
        found.append((left, right))
    return found
