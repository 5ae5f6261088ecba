"""One of very many options: who knows is found, and what they know."""

import numpy as np
import pytest

from mining.science.consensus.options import OptionCrowd, shares
from mining.science.votes import VotesError


def world(items: int = 300, people: int = 60, options: int = 800, votes: int = 5, seed: int = 3):
    """Truth at random; who does not know takes one of a few popular options more often."""
    rng = np.random.default_rng(seed)
    truth, knows = rng.integers(options, size=items), rng.beta(3, 2, people)
    popular = rng.dirichlet(np.full(options, 0.05))
    item = np.repeat(np.arange(items, dtype=np.int32), votes)
    volunteer = np.concatenate([rng.permutation(people)[:votes] for _ in range(items)]).astype(np.int32)
    guess = rng.choice(options, len(item), p=popular)
    option = np.where(rng.random(len(item)) < knows[volunteer], truth[item], guess).astype(np.int32)
    return truth, knows, item, volunteer, option


def test_it_beats_plain_counts_and_knows_who_knows() -> None:
    truth, knows, item, volunteer, option = world()
    found = OptionCrowd(options=800).fit(item, volunteer, option)
    assert found.converged
    best = {}
    for at in np.argsort(found.p, kind="stable"):
        best[int(found.item[at])] = (int(found.option[at]), float(found.p[at]))
    right = np.array([best[i][0] == truth[i] for i in range(len(truth))])
    plain = [int(shares([str(each) for each in option[item == i]]).key) for i in range(len(truth))]
    assert right.mean() > np.mean(plain == truth) + 0.03
    assert np.mean([p for _, p in best.values()]) == pytest.approx(right.mean(), abs=0.03)
    assert np.abs(found.knows - knows).mean() < 0.08
    assert np.bincount(found.item, found.p) == pytest.approx(np.ones(len(truth)))


def test_edges() -> None:
    one = np.zeros(1, dtype=np.int32)
    assert OptionCrowd(options=5).fit(one, one, one).p.tolist() == [1.0]
    with pytest.raises(VotesError, match="no votes"):
        OptionCrowd(options=5).fit(one[:0], one[:0], one[:0])


def test_plain_counts() -> None:
    found = shares(["b", "a", "b", "c"])
    assert found.key == "b"
    assert found.shares == [("b", 0.5), ("a", 0.25), ("c", 0.25)]
    assert found.dispersion == pytest.approx(1.0397207708399179 / 1.3862943611198906)
    assert shares(["b", "a"])[0] == "a"
    assert shares(["b", "a"]).dispersion == 1.0
    assert shares(["b"]).dispersion == 0.0
    assert shares(["a", "c", "b", "b"]) == found
