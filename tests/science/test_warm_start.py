"""Numbering of ids; EM that starts from an earlier solution."""

import numpy as np
import pytest

from mining.science.consensus.dawid_skene import DawidSkenePooled
from mining.science.held_out import rows_of
from mining.science.numbering import FIRST_SIZE, Numbering
from mining.science.simulate import make_crowd, make_subjects, make_votes
from mining.science.votes import VotesError


@pytest.fixture(scope="module")
def votes():
    crowd = make_crowd(80, seed=4)
    return make_votes(crowd, make_subjects(300, seed=4, prior=(0.5, 0.3, 0.2)), seed=4, per_item=12)


def test_numbers_of_any_size_get_codes_in_order_of_appearance():
    rng = np.random.default_rng(5)
    ids = rng.choice(rng.integers(-(2**63), 2**63 - 1, 20 * FIRST_SIZE), 90_000)
    numbering = Numbering()
    codes = np.concatenate([numbering.codes(piece) for piece in np.array_split(ids, 7)])
    names, first, inverse = np.unique(ids, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    np.testing.assert_array_equal(codes, rank[inverse])
    np.testing.assert_array_equal(numbering.names[codes], ids)
    assert len(numbering) == len(names)
    np.testing.assert_array_equal(Numbering(numbering.names).codes(ids), codes)
    with pytest.raises(KeyError):
        Numbering(names[:5]).codes(names[5:6])


def test_from_an_earlier_solution_to_the_same_fixed_point_in_fewer_rounds(votes):
    """Fitted to the first nine tenths of the votes, then on with all of them. (The plain method has many fixed points
    here, and ends in another.)"""
    method = DawidSkenePooled
    sharp = {"tolerance": 1e-9}
    early = np.arange(len(votes)) < 0.9 * len(votes)
    before = method(**sharp).fit(rows_of(votes, early))
    cold = method(**sharp).fit(votes)
    warm = method(**sharp).starting_from(before.probabilities_).fit(votes)
    np.testing.assert_allclose(warm.probabilities_, cold.probabilities_, atol=1e-6)
    assert warm.n_iter_ < cold.n_iter_
    again = method(**sharp).starting_from(cold.probabilities_).fit(votes)
    assert again.n_iter_ <= 2
    gold = np.full(votes.shape[0], -1, dtype=np.int32)
    gold[:20] = 1
    assert (method().starting_from(cold.probabilities_).fit(votes, gold).labels_[:20] == 1).all()
    with pytest.raises(VotesError, match="the start is a table of"):
        method().starting_from(cold.probabilities_[1:]).fit(votes)
