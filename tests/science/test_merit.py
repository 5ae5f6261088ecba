import numpy as np
import pytest
from scipy.stats import beta, spearmanr

from mining.science import merit
from mining.science.confusion import crowd_matrix
from mining.science.consensus.dawid_skene import DawidSkenePooled
from mining.science.simulate import expected_accuracy, make_crowd, make_subjects, make_votes, true_confusion
from mining.science.votes import Votes
from tests.science.real import hits, load

CROWD = np.array([[80.0, 20.0], [30.0, 70.0]])


def skill_of(counts) -> merit.Estimate:
    counts = np.asarray(counts, dtype=np.float64)
    return merit.skill(counts, merit.mean_skill(counts.sum(axis=0)))


def test_skill_is_the_shrunk_hit_rate_with_its_beta_interval():
    """(8 + 5 * 0.75) / (10 + 5); the interval holds the middle 95 % of Beta(11.75, 3.25)."""
    got = merit.skill(np.array([[5.0, 1.0], [1.0, 3.0]]), 0.75)
    assert got.value == pytest.approx(11.75 / 15)
    assert (got.low, got.high) == pytest.approx(beta.interval(0.95, 11.75, 3.25))


def test_without_votes_skill_is_the_crowds_and_wide():
    got = merit.skill(np.zeros((1, 2, 2)), 0.8)
    np.testing.assert_allclose(got.value, 0.8)
    assert got.high[0] - got.low[0] > 0.5


def test_more_votes_narrow_the_intervals_and_leave_the_rate():
    few, many = np.array([[4.0, 1.0], [1.0, 4.0]]), np.array([[400.0, 100.0], [100.0, 400.0]])
    for estimate in (merit.skill, lambda n, _: merit.information(n, few, np.array([1.0, 1.0]))):
        got = estimate(np.stack([few, many]), 0.8)
        width = got.high - got.low
        assert width[1] < width[0] / 3


def test_crowds_mean_hit_rate_is_defined_before_any_vote():
    assert merit.mean_skill(np.zeros((3, 3))) == pytest.approx(0.7)
    assert merit.mean_skill(np.diag([1e6, 1e6])) == pytest.approx(1.0, abs=1e-4)
    with pytest.raises(ValueError, match="between 0 and 1"):
        merit.skill(np.zeros((2, 2)), 1.0)


@pytest.mark.parametrize(
    ("confusion", "prior", "bits"),
    [
        (np.eye(2), [0.5, 0.5], 1.0),
        (np.eye(4), [0.25] * 4, 2.0),
        (np.eye(2), [0.9, 0.1], 0.4690),  # the entropy of the classes
        ([[0.0, 1.0], [1.0, 0.0]], [0.5, 0.5], 1.0),  # who always swaps tells everything
        ([[1.0, 0.0], [1.0, 0.0]], [0.5, 0.5], 0.0),  # who always says the same tells nothing
        ([[0.7, 0.3], [0.7, 0.3]], [0.5, 0.5], 0.0),
        ([[0.89, 0.11], [0.11, 0.89]], [0.5, 0.5], 0.5001),  # binary symmetric channel: 1 - H(0.11)
    ],
)
def test_mutual_information_of_known_channels(confusion, prior, bits):
    got = merit.mutual_information(np.array(confusion), np.array(prior))
    assert float(got) == pytest.approx(bits, abs=1e-4)


def test_information_interval_holds_the_estimate_and_the_range():
    rng = np.random.default_rng(2)
    counts = rng.gamma(0.5, 20.0, size=(40, 3, 3))
    got = merit.information(counts, counts.sum(axis=0), np.array([50.0, 30.0, 20.0]))
    assert (got.low >= 0).all()
    assert (got.low <= got.value).all()
    assert (got.value <= got.high).all()
    assert (got.high <= np.log2(3)).all()


def test_information_of_one_does_not_depend_on_who_else_is_asked_for():
    rng = np.random.default_rng(2)
    counts = rng.gamma(0.5, 20.0, size=(5, 2, 2))
    all_five = merit.information(counts, CROWD, np.array([1.0, 1.0]))
    alone = merit.information(counts[3], CROWD, np.array([1.0, 1.0]))
    assert (float(alone.value), float(alone.low), float(alone.high)) == (
        all_five.value[3],
        all_five.low[3],
        all_five.high[3],
    )


def test_information_of_a_constant_answer_and_of_one_class():
    constant = merit.information(np.array([[200.0, 0.0], [200.0, 0.0]]), CROWD, np.array([1.0, 1.0]))
    assert float(constant.value) < 0.01
    one = merit.information(np.array([[5.0]]), np.array([[5.0]]), np.array([5.0]))
    assert (float(one.value), float(one.low), float(one.high)) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(("k", "covered"), [(2, 0.92), (4, 0.75)])
def test_merit_recovers_the_simulated_truth(k, covered):
    """Of volunteers with 30 votes or more: rank correlation with true skill, which the plain hit rate against the truth
    itself reaches to 0.91 (2 answers) and 0.93 (4). The interval of skill covers as it says, that of information with
    2 answers too, with 4 it is too narrow."""
    crowd, subjects = make_crowd(300, seed=1), make_subjects(3000, seed=1, prior=[1 / k] * k)
    votes = make_votes(crowd, subjects, seed=1, per_item=10)
    done = DawidSkenePooled().fit(votes)
    true, n = expected_accuracy(crowd, subjects), np.bincount(votes.volunteer, minlength=300)
    skill = skill_of(done.counts_)
    bits = merit.information(done.counts_, done.counts_.sum(axis=0), done.probabilities_.sum(axis=0))
    busy = n >= 30
    assert spearmanr(skill.value[busy], true[busy])[0] > 0.88
    assert spearmanr(bits.value[busy], true[busy])[0] > 0.85
    assert abs(spearmanr(skill.value[busy], n[busy])[0]) < 0.15  # the number of votes is not skill
    assert 0.92 <= ((skill.low <= true) & (true <= skill.high)).mean() <= 0.98
    true_bits = merit.mutual_information(true_confusion(crowd, subjects), np.bincount(subjects.truth) / 3000)
    assert covered <= ((bits.low <= true_bits) & (true_bits <= bits.high)).mean() <= 0.98
    careless = crowd.careless & busy
    assert bits.value[careless].mean() < 0.25 * bits.value[busy & ~careless].mean()


@pytest.mark.parametrize(
    ("name", "least"),
    [("bluebirds", 0.80), ("rte", 0.40), ("adult2", 0.43), ("tweets_a", 0.25)],
)
def test_skill_without_gold_predicts_accuracy_on_other_items(name, least):
    """Half of the items give the skill, gold on the other half the accuracy; 10 gold votes or more in each."""
    assert held_out(name) > least


def test_where_worker_ids_are_wrong_skill_predicts_nothing():
    """cifar10n: its published worker ids do not line up with its labels."""
    assert abs(held_out("cifar10n")) < 0.1


def held_out(name: str, seeds: int = 3) -> float:
    votes, truth = load(name)
    found = []
    for seed in range(seeds):
        first = np.random.default_rng(seed).random(len(votes.items)) < 0.5
        rows = first[votes.item]
        half = Votes(
            votes.item[rows],
            votes.volunteer[rows],
            votes.label[rows],
            votes.items,
            votes.volunteers,
            votes.labels,
        )
        skill = skill_of(DawidSkenePooled(max_iter=60).fit(half).counts_).value
        _, here = hits(votes, np.where(first, truth, -1))
        right, there = hits(votes, np.where(first, -1, truth))
        enough = (here >= 10) & (there >= 10)
        found.append(spearmanr(skill[enough], right[enough] / there[enough])[0])
    return float(np.mean(found))


def test_skill_weights_are_those_of_the_crowd_matrix():
    """The mean hit rate weighs each class by its votes."""
    expected = np.diagonal(crowd_matrix(CROWD)) @ (CROWD.sum(axis=1) + 1) / (CROWD.sum() + 2)
    assert merit.mean_skill(CROWD) == pytest.approx(expected)
