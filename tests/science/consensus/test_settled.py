"""Items that have settled are left out of most rounds of EM, and the end is the same."""

from dataclasses import replace

import numpy as np
import pytest

from mining.science.consensus import dawid_skene, method, passes
from mining.science.consensus.dawid_skene import DawidSkene, DawidSkenePooled
from mining.science.consensus.layered import DawidSkeneLayered
from mining.science.simulate import make_crowd, make_subjects, make_votes

CROWD = make_crowd(150, seed=8)
SUBJECTS = make_subjects(400, seed=8, prior=(0.6, 0.3, 0.1))
VOTES = make_votes(CROWD, SUBJECTS, seed=8, per_item=60)


@pytest.fixture
def gone_over(monkeypatch):
    """As if the table were large; the votes that each round goes over."""
    seen, em_pass = [], passes.em_pass

    def seeing(table, *rest):
        seen.append(len(table.cell))
        return em_pass(table, *rest)

    monkeypatch.setattr(passes, "em_pass", seeing)
    monkeypatch.setattr(dawid_skene, "LARGE", 0)
    return seen


@pytest.mark.parametrize("model", [DawidSkene, DawidSkenePooled, DawidSkeneLayered])
def test_the_same_fixed_point_is_found_in_a_fraction_of_the_work(model, gone_over, monkeypatch):
    """Also with known answers, and with votes that teach nothing or weigh less."""
    rng = np.random.default_rng(8)
    votes = replace(VOTES, learned=rng.random(len(VOTES)) < 0.9, weights=rng.choice([0.5, 1.0], 150))
    gold = np.where(rng.random(400) < 0.05, SUBJECTS.truth, -1).astype(np.int32)
    sharp = {"tolerance": 1e-11, "max_iter": 5000}
    some = model(**sharp).fit(votes, gold)
    work = sum(gone_over) / (len(votes) * some.n_iter_)
    monkeypatch.setattr(dawid_skene, "LARGE", len(votes) + 1)
    gone_over.clear()
    every = model(**sharp).fit(votes, gold)
    assert gone_over == [len(votes)] * every.n_iter_
    assert work < 0.5
    np.testing.assert_allclose(some.probabilities_, every.probabilities_, atol=1e-8)
    np.testing.assert_allclose(some.counts_, every.counts_, atol=1e-6)
    np.testing.assert_allclose(some.confusion_, every.confusion_, atol=1e-8)
    np.testing.assert_array_equal(some.labels_, every.labels_)
    assert some.counts_.min() >= 0
    assert some.converged_


def test_a_round_over_all_items_ends_it(gone_over):
    """So where it ends the next whole round moves items by less than the tolerance, as without leaving any out."""
    found = method("dawid-skene-pooled").fit(VOTES)
    assert found.converged_
    assert gone_over[0] == gone_over[-1] == len(VOTES)
    assert min(gone_over) < 0.25 * len(VOTES)
    following = method("dawid-skene-pooled", max_iter=1).starting_from(found.probabilities_).fit(VOTES)
    moved = np.abs(following.probabilities_ - found.probabilities_).max(axis=1).mean()
    assert moved < found.tolerance


def test_it_is_the_same_to_the_bit_each_time(gone_over):
    one, other = (method("dawid-skene-pooled").fit(VOTES) for _ in range(2))
    assert (one.probabilities_ == other.probabilities_).all()
    assert (one.counts_ == other.counts_).all()
