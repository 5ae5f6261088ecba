"""Cuts of bands: the promise holds though many cuts are tried, also where the model is far from calibrated."""

import numpy as np
import pytest

from mining.science.bands import candidates, choose_cut, lower_bound, needed
from mining.science.confusion import Array

REPEATS, WANTED = 200, 0.95


def drawn(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Scores that claim too much: of those at 0.95 only 0.91 are right."""
    scores = rng.beta(3, 0.7, n)
    return scores, (rng.random(n) < 0.2 + 0.8 * scores**2.2).astype(float)


def test_the_promise_is_kept_in_95_of_100_repeats_and_the_point_estimate_does_not_keep_it() -> None:
    rng = np.random.default_rng(11)
    scores, right = drawn(rng, 400_000)
    order = np.argsort(-scores)
    ranked = scores[order]
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)

    def true_precision(threshold: float) -> float:
        return float(precision[np.searchsorted(-ranked, -threshold, side="right") - 1])

    kept, made, shares, naive = 0, 0, [], 0
    for _ in range(REPEATS):
        others, _unknown = drawn(rng, 1000)
        judging, verdict = drawn(rng, 1500)
        thresholds = candidates(others, len(judging), WANTED)
        cut = choose_cut(judging, verdict, thresholds, WANTED)
        if cut.threshold is not None:
            made += 1
            kept += true_precision(cut.threshold) >= WANTED
            shares.append(float((scores >= cut.threshold).mean()))
        reached = [t for t in thresholds if verdict[judging >= t].mean() >= WANTED]
        naive += bool(reached) and true_precision(min(reached)) >= WANTED
    assert made >= 0.8 * REPEATS  # it decides something, too
    assert made - kept <= 0.05 * REPEATS
    assert kept >= 0.95 * made
    assert np.mean(shares) > 0.2  # of 0.34 that could be
    assert naive < 0.8 * REPEATS


def test_the_bound_is_clopper_and_pearsons_and_all_hits_need_their_number() -> None:
    # 59 of 59: 0.05 ** (1 / 59); 0 hits: nothing
    assert lower_bound(np.array([59.0, 0.0]), np.array([59.0, 5.0])) == pytest.approx([0.05 ** (1 / 59), 0.0])
    assert (needed(0.95), needed(0.99)) == (59, 299)


def test_the_walk_ends_at_the_first_that_fails_though_a_later_one_would_pass() -> None:
    scores = np.repeat([0.9, 0.8, 0.7], [60, 60, 400])
    right = np.r_[np.ones(60), np.zeros(20), np.ones(440)]
    cut = choose_cut(scores, right, [0.9, 0.8, 0.7], 0.95)
    assert (cut.threshold, [each.of for each in cut.tried]) == (0.9, [60, 120])
    assert choose_cut(scores, right, [0.7], 0.95).threshold is None  # 500 of 520: 0.943
    assert choose_cut(scores, right, [0.7], 0.94).threshold == 0.7


def test_no_cut_says_why() -> None:
    none = choose_cut(np.empty(0), np.empty(0), candidates(np.empty(0), 0, 0.95), 0.95)
    assert (none.threshold, none.why) == (None, "few")
    one = choose_cut(np.full(300, 0.9), np.tile([1.0, 1.0, 0.0], 100), [0.9], 0.95)
    assert (one.threshold, one.why) == (None, "low")
    assert one.best is not None
    assert (one.best.hits, one.best.of) == (200, 300)
