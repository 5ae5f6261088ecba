"""What every method of the registry keeps to."""

from dataclasses import replace

import numpy as np
import pytest

from mining.science.consensus import DEFAULT, METHODS, method
from mining.science.consensus.base import Consensus
from mining.science.simulate import make_crowd, make_subjects, make_votes
from mining.science.votes import Votes, VotesError, encode

each_method = pytest.mark.parametrize("name", METHODS)

CROWD = make_crowd(40, seed=3)
SUBJECTS = make_subjects(120, seed=3, prior=(0.5, 0.3, 0.2))
VOTES = make_votes(CROWD, SUBJECTS, seed=3, per_item=7)
TIGHT = {"tolerance": 1e-10, "max_iter": 5000}
SETTLED = {"dawid-skene": TIGHT, "dawid-skene-pooled": TIGHT, "one-coin": TIGHT}  # run to the end
LEAST = {"swap": 0.85}  # reads no more votes than it needs


def fitted(name, votes, gold=None) -> Consensus:
    return method(name, **SETTLED.get(name, {})).fit(votes, gold)


def reordered(votes: Votes, order) -> Votes:
    return Votes(
        votes.item[order],
        votes.volunteer[order],
        votes.label[order],
        votes.items,
        votes.volunteers,
        votes.labels,
    )


def test_registry_names_its_methods_and_refuses_others():
    assert list(METHODS) == [
        "majority",
        "weighted",
        "dawid-skene",
        "dawid-skene-pooled",
        "dawid-skene-tuned",
        "one-coin",
        "swap",
    ]
    assert {name: method(name).name for name in METHODS} == {name: name for name in METHODS}
    assert DEFAULT in METHODS
    with pytest.raises(ValueError, match="no method 'magic'; known: majority, weighted, dawid-skene"):
        method("magic")


@each_method
def test_results_have_their_shapes_and_recover_the_truth(name):
    done = fitted(name, VOTES)
    assert done.labels_.shape == (120,)
    assert done.labels_.dtype == np.int32
    assert done.probabilities_.shape == (120, 3)
    assert done.counts_.shape == done.confusion_.shape == (40, 3, 3)
    np.testing.assert_allclose(done.probabilities_.sum(axis=1), 1.0)
    np.testing.assert_allclose(done.confusion_.sum(axis=2), 1.0)
    np.testing.assert_allclose(done.prior_.sum(), 1.0)
    np.testing.assert_allclose(done.counts_.sum(), len(VOTES))
    assert done.converged_
    assert (done.labels_ == SUBJECTS.truth).mean() > LEAST.get(name, 0.9)


@each_method
def test_parameters_are_stored_and_refit_forgets(name):
    made = method(name)
    before = made.get_params()
    made.fit(VOTES)
    made.fit(encode(["a"], ["v"], ["x"]))
    assert made.probabilities_.shape == (1, 1)
    assert made.get_params() == before


@each_method
def test_renaming_labels_renames_the_answers(name):
    renamed = np.array([2, 0, 1], dtype=np.int32)
    other = Votes(
        VOTES.item, VOTES.volunteer, renamed[VOTES.label], VOTES.items, VOTES.volunteers, VOTES.labels
    )
    a, b = fitted(name, VOTES), fitted(name, other)
    np.testing.assert_allclose(b.probabilities_[:, renamed], a.probabilities_, atol=1e-8)
    np.testing.assert_array_equal(b.labels_, renamed[a.labels_])


@each_method
def test_the_order_of_rows_does_not_matter(name):
    order = np.random.default_rng(1).permutation(len(VOTES))
    a, b = fitted(name, VOTES), fitted(name, reordered(VOTES, order))
    if a.ordered:
        assert 0.9 < (a.labels_ == b.labels_).mean() < 1
        return
    np.testing.assert_allclose(b.probabilities_, a.probabilities_, atol=1e-8)
    np.testing.assert_array_equal(b.labels_, a.labels_)


@each_method
def test_renaming_items_and_volunteers_changes_nothing(name):
    """Other names, and with them another order of rows where that does not matter; also in what is chosen."""
    rng = np.random.default_rng(2)
    order = np.arange(len(VOTES)) if method(name).ordered else rng.permutation(len(VOTES))
    items = np.array([f"{n:x}" for n in rng.permutation(10**6)[:120]])
    volunteers = np.array([f"person {n}" for n in rng.permutation(10**6)[:40]])
    other = encode(
        items[VOTES.item][order], volunteers[VOTES.volunteer][order], VOTES.labels[VOTES.label][order]
    )
    a, b = fitted(name, VOTES), fitted(name, other)
    here = [other.items.tolist().index(item) for item in items]
    np.testing.assert_allclose(b.probabilities_[here], a.probabilities_, atol=1e-8)
    np.testing.assert_array_equal(b.labels_[here], a.labels_)
    assert getattr(a, "strength_", None) == getattr(b, "strength_", None)


@each_method
def test_repeated_rows_count_once(name):
    item, worker, label = (
        VOTES.items[VOTES.item],
        VOTES.volunteers[VOTES.volunteer],
        VOTES.labels[VOTES.label],
    )
    once = encode(item, worker, label)
    twice = encode(*(np.concatenate([column, column[::-1]]) for column in (item, worker, label)))
    assert twice.n_dropped == len(VOTES)
    np.testing.assert_array_equal(fitted(name, twice).probabilities_, fitted(name, once).probabilities_)


@each_method
def test_an_item_with_one_vote_takes_it(name):
    item = [*VOTES.items[VOTES.item], "lonely"]
    worker = [*VOTES.volunteers[VOTES.volunteer], "volunteer0"]
    label = [*VOTES.labels[VOTES.label], "answer2"]
    votes = encode(item, worker, label)
    assert votes.labels[fitted(name, votes).labels_[votes.items == "lonely"]].tolist() == ["answer2"]


@each_method
def test_a_label_nobody_gave_is_no_answer(name):
    votes = Votes(
        VOTES.item,
        VOTES.volunteer,
        VOTES.label,
        VOTES.items,
        VOTES.volunteers,
        np.array(["a", "b", "c", "never"]),
    )
    done = fitted(name, votes)
    assert np.isfinite(done.probabilities_).all()
    assert (done.labels_ < 3).all()
    assert (done.labels_ == SUBJECTS.truth).mean() > LEAST.get(name, 0.9)


@each_method
def test_one_volunteer_alone_is_believed(name):
    votes = encode(["a", "b", "c", "d"], ["v"] * 4, ["x", "y", "x", "x"])
    assert votes.labels[fitted(name, votes).labels_].tolist() == ["x", "y", "x", "x"]


@each_method
def test_all_agree(name):
    votes = encode(["a", "a", "b", "b"], ["v", "w", "v", "w"], ["x", "x", "y", "y"])
    done = fitted(name, votes)
    assert votes.labels[done.labels_].tolist() == ["x", "y"]
    assert done.probabilities_.max(axis=1).min() > 0.8


@each_method
def test_one_kind_of_label(name):
    done = fitted(name, encode(["a", "a", "b"], ["v", "w", "v"], ["x", "x", "x"]))
    np.testing.assert_allclose(done.probabilities_, 1.0)


@each_method
def test_two_who_always_oppose_leave_it_open(name):
    """With nothing to tell them apart the two classes are equally likely on every item."""
    items = [f"i{n}" for n in range(20)]
    v, w = ["x", "y"] * 10, ["y", "x"] * 10
    done = fitted(name, encode(items * 2, ["v"] * 20 + ["w"] * 20, v + w))
    if done.ordered:
        assert done.probabilities_.max() < 0.85  # who came first is believed more
        return
    np.testing.assert_allclose(done.probabilities_, 0.5, atol=1e-6)


@each_method
def test_an_item_or_volunteer_without_votes_is_defined(name):
    votes = Votes(
        VOTES.item,
        VOTES.volunteer,
        VOTES.label,
        np.append(VOTES.items, "unseen"),
        np.append(VOTES.volunteers, "silent"),
        VOTES.labels,
    )
    done = fitted(name, votes)
    assert done.probabilities_[-1].argmax() == np.bincount(VOTES.label).argmax()
    np.testing.assert_array_equal(done.counts_[-1], 0.0)
    np.testing.assert_allclose(done.confusion_[-1].sum(axis=1), 1.0)


@each_method
def test_gold_is_kept_as_it_is(name):
    gold = np.full(120, -1, dtype=np.int32)
    gold[:5] = (SUBJECTS.truth[:5] + 1) % 3
    done = fitted(name, VOTES, gold)
    np.testing.assert_array_equal(done.labels_[:5], gold[:5])
    np.testing.assert_array_equal(done.probabilities_[np.arange(5), gold[:5]], 1.0)


@each_method
def test_a_label_known_only_from_gold_is_an_answer(name):
    """Answer 3 was given by nobody, and is known to be right on items 0 to 4."""
    labels = np.array(["a", "b", "c", "only gold"])
    votes = Votes(VOTES.item, VOTES.volunteer, VOTES.label, VOTES.items, VOTES.volunteers, labels)
    gold = np.where(np.arange(120) < 5, 3, -1).astype(np.int32)
    done = fitted(name, votes, gold)
    np.testing.assert_array_equal(done.labels_[:5], 3)
    assert np.isfinite(done.probabilities_).all()
    if name != "dawid-skene":  # whose matrices, unpooled, come to believe in the odd class too much
        assert (done.labels_[5:] == SUBJECTS.truth[5:]).mean() > 0.85


@each_method
def test_when_all_is_known_the_counts_are_those_of_the_truth(name):
    truth = SUBJECTS.truth.astype(np.int32)
    done = fitted(name, VOTES, truth)
    np.testing.assert_array_equal(done.labels_, truth)
    counts = np.zeros((40, 3, 3))
    np.add.at(counts, (VOTES.volunteer, truth[VOTES.item], VOTES.label), 1.0)
    np.testing.assert_allclose(done.counts_, counts, atol=1e-9)


@each_method
def test_votes_that_teach_nothing_leave_the_matrices(name):
    """With the votes of volunteer 0 unlearned that volunteer has no counts, and the answers are still good."""
    learned = VOTES.volunteer != 0
    done = fitted(name, replace(VOTES, learned=learned))
    np.testing.assert_array_equal(done.counts_[0], 0.0)
    np.testing.assert_allclose(done.counts_.sum(), learned.sum())
    assert (done.labels_ == SUBJECTS.truth).mean() > LEAST.get(name, 0.88)


@each_method
def test_bad_input_is_refused(name):
    with pytest.raises(VotesError, match="no votes"):
        fitted(name, encode([], [], []))
    with pytest.raises(VotesError, match="gold must be int32 of shape"):
        fitted(name, VOTES, np.array([1], dtype=np.int32))
    with pytest.raises(VotesError, match=r"gold must lie in -1\.\.2"):
        fitted(name, VOTES, np.full(120, 3, dtype=np.int32))
    kinds = np.arange(100_000, dtype=np.int32)
    names = kinds.astype(str)
    many = Votes(kinds, np.zeros_like(kinds), kinds, names, np.array(["v"]), names)
    with pytest.raises(VotesError, match=r"table of 74\.5 GB"):
        fitted(name, many)
