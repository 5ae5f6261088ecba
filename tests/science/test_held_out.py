"""Votes left out, and the compiled loops in chunks."""

import numpy as np
import pytest

from mining.science import held_out
from mining.science.consensus import kernels, method
from mining.science.consensus.dawid_skene import DawidSkenePooled
from mining.science.simulate import make_crowd, make_subjects, make_votes
from mining.science.votes import encode

CROWD = make_crowd(40, seed=1)
VOTES = make_votes(CROWD, make_subjects(200, seed=1, prior=[1 / 3] * 3), seed=1, per_item=8)


def candidates(*strengths):
    return {s: lambda s=s: DawidSkenePooled(strength=s, max_iter=5) for s in strengths}


def test_score_is_the_mean_log_chance_of_the_votes():
    votes = encode(["a", "a", "b"], ["v", "w", "v"], ["x", "x", "y"])
    fitted = method("majority").fit(votes)
    p, matrix = fitted.probabilities_, fitted.confusion_
    rows = zip(votes.item, votes.volunteer, votes.label, strict=True)
    chance = [p[i] @ matrix[v, :, label] for i, v, label in rows]
    assert held_out.score(fitted, votes) == pytest.approx(np.log(chance).mean())


def test_scores_do_not_depend_on_the_order_of_rows_and_prefer_the_better_model():
    order = np.random.default_rng(1).permutation(len(VOTES))
    columns = (VOTES.items[VOTES.item], VOTES.volunteers[VOTES.volunteer], VOTES.labels[VOTES.label])
    mixed = encode(*(column[order] for column in columns))
    one = held_out.scores(candidates(5.0, 1e6), VOTES)
    two = held_out.scores(candidates(5.0, 1e6), mixed)
    assert one == pytest.approx(two, abs=1e-9)
    assert one[5.0] > one[1e6]  # people differ
    assert held_out.best(one, 1.0) == 5.0


def test_where_nothing_can_be_left_out_the_default_is_taken():
    found = held_out.scores(candidates(2.0, 5.0), encode(["a", "b"], ["v", "w"], ["x", "y"]))
    assert all(np.isnan(value) for value in found.values())
    assert held_out.best(found, 5.0) == 5.0


def test_of_a_large_table_whole_items_are_looked_at(monkeypatch):
    monkeypatch.setattr(held_out, "MOST", 400)
    sample = held_out._sample(VOTES)
    assert 200 < len(sample) < 600
    tally = np.bincount(sample.item, minlength=200)
    assert set(tally.tolist()) == {0, 8}


@pytest.mark.parametrize("k", [2, 3])
def test_chunks_change_nothing_but_the_last_bits(monkeypatch, k):
    votes = make_votes(CROWD, make_subjects(300, seed=2, prior=[1 / k] * k), seed=2, per_item=8)
    whole = DawidSkenePooled(tolerance=1e-10).fit(votes)
    assert len(kernels.by_item(votes).chunks) == 2
    monkeypatch.setattr(kernels, "CHUNK_VOTES", 300)
    assert len(kernels.by_item(votes).chunks) > 5
    parts = DawidSkenePooled(tolerance=1e-10).fit(votes)
    np.testing.assert_allclose(parts.probabilities_, whole.probabilities_, atol=1e-9)
    np.testing.assert_allclose(parts.counts_, whole.counts_, atol=1e-8)
    again = DawidSkenePooled(tolerance=1e-10).fit(votes)
    np.testing.assert_array_equal(
        again.probabilities_, parts.probabilities_
    )  # to the bit, however threads run
