"""Votes left out, and the compiled loops in chunks."""

from dataclasses import replace

import numpy as np
import pytest

from mining.science import held_out, sorting
from mining.science.confusion import crowd_matrix
from mining.science.consensus import kernels, tuned
from mining.science.consensus.dawid_skene import DawidSkenePooled
from mining.science.held_out import rows_of
from mining.science.simulate import make_crowd, make_subjects, make_votes
from mining.science.votes import encode

CROWD = make_crowd(40, seed=1)
SUBJECTS = make_subjects(200, seed=1, prior=[1 / 3] * 3)
VOTES = make_votes(CROWD, SUBJECTS, seed=1, per_item=8)


def columns(votes):
    return votes.items[votes.item], votes.volunteers[votes.volunteer], votes.labels[votes.label]


def test_score_is_the_mean_log_chance_of_each_vote_given_the_others():
    """Against the equations written out, vote by vote."""
    votes = rows_of(VOTES, VOTES.item < 12)
    votes = replace(votes, learned=np.arange(len(votes)) % 7 > 0)
    gold = np.where(np.arange(200) < 2, SUBJECTS.truth, -1).astype(np.int32)
    done = DawidSkenePooled(strength=3.0).fit(votes, gold)
    pull = 3.0 * crowd_matrix(done.counts_.sum(axis=0))
    chances = []
    for i in range(12):
        rows = np.flatnonzero(votes.item == i)
        q = np.log(done.prior_) if gold[i] < 0 else np.log(np.where(np.arange(3) == gold[i], 1.0, 1e-300))
        told = []
        for row in rows:
            counts = done.counts_[votes.volunteer[row]].copy()
            if votes.learned[row]:
                counts[:, votes.label[row]] -= done.probabilities_[i]
            told.append(((counts + pull) / (counts.sum(axis=1, keepdims=True) + 3.0))[:, votes.label[row]])
        for at, own in enumerate(told):
            others = np.exp(q + sum(np.log(each) for n, each in enumerate(told) if n != at))
            chances.append(others @ own / others.sum())
    assert held_out.score(done, votes, gold) == pytest.approx(np.log(chances).mean(), abs=1e-9)


def test_where_people_differ_a_weak_pull_predicts_better_than_one_matrix_for_all():
    weak, strong = (held_out.score(DawidSkenePooled(strength=s).fit(VOTES), VOTES) for s in (5.0, 1e6))
    assert weak > strong


def test_where_no_vote_has_others_the_default_is_taken():
    votes = encode(["a", "b"], ["v", "w"], ["x", "y"])
    assert np.isnan(held_out.score(DawidSkenePooled().fit(votes), votes))
    assert held_out.best({2.0: float("nan"), 5.0: float("nan")}, 5.0) == 5.0
    assert held_out.best({2.0: -1.0, 5.0: float("nan"), 7.0: -0.5, 9.0: -0.5}, 5.0) == 7.0


def test_of_a_large_table_whole_items_are_looked_at_whatever_they_are_called():
    some = held_out.sample(VOTES, 400)
    assert 200 < len(some) < 600
    assert set(np.bincount(some.item, minlength=200).tolist()) == {0, 8}
    order = np.random.default_rng(1).permutation(len(VOTES))
    other = held_out.sample(encode(*(column[order] for column in columns(VOTES))), 400)
    assert set(other.items[other.item]) == set(some.items[some.item])
    same_five = encode(np.repeat(np.arange(100), 5), np.tile(np.arange(5), 100), ["x"] * 500)
    assert len(held_out.sample(same_five, 100)) == 100


def test_the_strength_of_a_large_table_is_chosen_as_if_the_sample_were_all(monkeypatch):
    rows = np.isin(VOTES.item, held_out.sample(VOTES, 400).item)
    alone = encode(*(column[rows] for column in columns(VOTES)), labels=VOTES.labels.tolist())
    known = np.where(np.arange(200) % 3 == 0, VOTES.tallies().argmax(axis=1), -1).astype(np.int32)
    place = {item: at for at, item in enumerate(VOTES.items.tolist())}
    theirs = known[[place[item] for item in alone.items.tolist()]]
    monkeypatch.setattr(tuned, "MOST", 800)
    of_part = tuned.DawidSkeneTuned().fit(VOTES, known).scores_
    monkeypatch.setattr(tuned, "MOST", 2000)
    assert of_part == pytest.approx(tuned.DawidSkeneTuned().fit(alone, theirs).scores_, abs=1e-9)


@pytest.mark.parametrize("k", [2, 3])
def test_chunks_change_nothing_but_the_last_bits(monkeypatch, k):
    votes = make_votes(CROWD, make_subjects(300, seed=2, prior=[1 / k] * k), seed=2, per_item=8)
    whole = DawidSkenePooled(tolerance=1e-10).fit(votes)
    assert len(votes.by_item.chunks(40, k)) == 2
    monkeypatch.setattr(sorting, "CHUNK_VOTES", 300)
    assert len(votes.by_item.chunks(40, k)) > 5
    parts = DawidSkenePooled(tolerance=1e-10).fit(votes)
    np.testing.assert_allclose(parts.probabilities_, whole.probabilities_, atol=1e-9)
    np.testing.assert_allclose(parts.counts_, whole.counts_, atol=1e-8)
    again = DawidSkenePooled(tolerance=1e-10).fit(votes)
    np.testing.assert_array_equal(
        again.probabilities_, parts.probabilities_
    )  # to the bit, however threads run


def test_loops_for_one_number_of_classes_give_the_same_bits(monkeypatch):
    votes = make_votes(CROWD, make_subjects(300, seed=2, prior=[1 / 3] * 3), seed=2, per_item=8)
    slow = DawidSkenePooled().fit(votes)
    monkeypatch.setattr(kernels, "LARGE", 0)
    fast = DawidSkenePooled().fit(votes)
    np.testing.assert_array_equal(fast.probabilities_, slow.probabilities_)
    np.testing.assert_array_equal(fast.counts_, slow.counts_)
