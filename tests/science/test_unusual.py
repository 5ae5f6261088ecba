"""Signals of the unusual: surprise in bits, by rank and by the binomial tail; planted subjects are found."""

import numpy as np
import pytest

from mining.science.unusual import contradicting, divided, odd_answers, tail


def test_tail_counts_those_as_high_or_higher() -> None:
    assert tail(np.array([1.0, 4.0, 2.0, 4.0, np.nan])).tolist() == pytest.approx(
        [0, 1, np.log2(4 / 3), 1, 0]
    )
    assert tail(np.array([np.nan])).tolist() == [0.0]
    assert divided(np.array([0.0, 0.0, 0.5, 0.9])).tolist() == [0.0, 0.0, 1.0, 2.0]


def test_odd_answers_at_the_crowds_own_rate() -> None:
    """One odd answer in 1,000: five of ten are more than 30 bits, one of ten is chance; none is none."""
    odd, asked = np.array([5, 1, 0] + [0] * 500), np.array([10, 10, 10] + [10] * 500)
    bits = odd_answers(odd, asked)
    rate = 6.5 / 5031
    exact = -np.log2(sum(252 * rate**5 * (1 - rate) ** 5 if k == 5 else 0 for k in range(11)))
    assert bits[0] == pytest.approx(exact, abs=0.01)
    assert bits[1] == pytest.approx(-np.log2(1 - (1 - rate) ** 10), abs=1e-9)
    assert set(bits[2:]) == {0.0}
    assert odd_answers(np.array([0]), np.array([0])).tolist() == [0.0]


def test_an_attribute_that_contradicts_the_answer() -> None:
    """Two answers with sizes about 0 and 10. The planted one is called *small* and measures 10; another is far off, but
    on the far side; a third is unsure."""
    rng = np.random.default_rng(5)
    values = np.concatenate([rng.normal(0, 1, 100), rng.normal(10, 1, 100), [10.0, -9.0, 10.0]])
    small = np.concatenate([np.full(100, 0.95), np.full(100, 0.05), [0.95, 0.95, 0.6]])
    bits, like = contradicting(values, np.column_stack([small, 1 - small]))
    assert bits.argmax() == 200
    assert bits[200] == pytest.approx(np.log2(102), abs=0.01)
    assert like[200] == 1
    assert (bits[201], bits[202]) == (0.0, 0.0)
    few = contradicting(values[:5], np.column_stack([small, 1 - small])[:5])[0]
    assert few.tolist() == [0.0] * 5
