"""Which subjects are compared with which, and which of two stands on the left. Pure, by names and a seed."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
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
    met: Counter[str] = Counter()
    partners: dict[str, set[str]] = {name: set() for name in names}
    chosen: list[Pair] = []
    noise = {name: draw.random() for name in sorted(names)}
    while len(chosen) < number:
        one = min(
            (name for name in noise if len(partners[name]) < len(names) - 1),
            key=lambda name: (met[name], noise[name]),
        )
        other = min(
            (name for name in noise if name != one and name not in partners[one]),
            key=lambda name: (met[name], draw.random()),
        )
        chosen.append((one, other))
        met.update((one, other))
        partners[one].add(other)
        partners[other].add(one)
        noise[one], noise[other] = draw.random(), draw.random()
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
