"""Which subjects are compared: balanced, the same for the same seed, refused where there are not as many."""

from collections import Counter

import pytest

from projects.exceptions import Invalid
from projects.pairing import all_pairs, random_pairs

NAMES = [f"g{n:02d}" for n in range(20)]


def test_each_meets_each_once_and_stands_on_either_side_about_as_often() -> None:
    pairs = all_pairs(NAMES, seed=3)
    assert len({frozenset(pair) for pair in pairs}) == len(pairs) == 190
    left = Counter(one for one, _ in pairs)
    assert max(abs(left[name] - 9.5) for name in NAMES) <= 1.5
    assert pairs == all_pairs(NAMES[::-1], seed=3) != all_pairs(NAMES, seed=4)


def test_as_many_as_a_page_allows_are_drawn_without_looking_through_all_each_time() -> None:
    """By looking through all it would be a thousand million comparisons."""
    names = [f"g{n}" for n in range(20_000)]
    met = Counter(name for pair in random_pairs(names, 20_000, seed=1) for name in pair)
    assert set(met.values()) == {2}


@pytest.mark.parametrize("number", [1, 15, 40, 189, 190])
def test_drawn_pairs_are_different_and_all_members_come_as_often(number: int) -> None:
    pairs = random_pairs(NAMES, number, seed=1)
    assert len({frozenset(pair) for pair in pairs}) == len(pairs) == number
    met = Counter(name for pair in pairs for name in pair)
    assert max(met[name] for name in NAMES) - min(met[name] for name in NAMES) <= 2
    assert pairs == random_pairs(NAMES[::-1], number, seed=1)


def test_what_cannot_be_drawn_is_told() -> None:
    with pytest.raises(Invalid, match="Of 20 subjects from 1 to 190 pairs can be drawn, not 191"):
        random_pairs(NAMES, 191)
    with pytest.raises(Invalid, match="from 1 to 0 pairs"):
        random_pairs(["a"], 1)
    with pytest.raises(Invalid, match="Each with each of 300 would be 44850 pairs"):
        all_pairs([str(n) for n in range(300)])
