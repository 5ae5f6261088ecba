from collections import Counter

import numpy as np
import pytest

from mining.science.simulate import Walker, expected_accuracy, make_crowd, make_subjects, make_votes

TREE = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "single",
            "answers": [
                {"key": "smooth", "next": "T1"},
                {"key": "features", "next": "T1"},
                {"key": "artifact", "next": None},
            ],
        },
        "T1": {
            "kind": "multiple",
            "answers": [{"key": "ring"}, {"key": "bar"}, {"key": "odd"}],
            "next": None,
        },
    },
}
TRUTH = {
    "T0": ["smooth", "features", "artifact"] * 40,
    "T1": [["ring"], ["bar", "odd"], None] * 40,
}


def walker(seed=4, truth=TRUTH, **options) -> Walker:
    return Walker(TREE, truth, make_crowd(60, seed=2), 120, seed=seed, **options)


def majority_accuracy(seed: int, per_item: int) -> float:
    crowd, subjects = make_crowd(seed=seed), make_subjects(2000, seed=seed)
    tallies = make_votes(crowd, subjects, seed=seed, per_item=per_item).tallies()
    tied = np.isclose(tallies[:, 0], tallies[:, 1])
    return float(np.where(tied, 0.5, tallies.argmax(axis=1) == subjects.truth).mean())


def test_default_crowd_lands_where_real_ones_do():
    """600 volunteers, 8 % careless: majority of 20 votes right on 0.92-0.95, of 5 on 0.87-0.90; mean of 8 crowds."""
    assert 0.92 <= np.mean([majority_accuracy(seed, 20) for seed in range(8)]) <= 0.95
    assert 0.87 <= np.mean([majority_accuracy(seed, 5) for seed in range(8)]) <= 0.90


def test_crowd_is_as_described_and_seeded():
    crowd = make_crowd(seed=1)
    assert len(crowd) == 600
    assert crowd.careless.sum() == 48
    assert np.log(crowd.skill).std() == pytest.approx(0.7, abs=0.05)
    assert np.sort(crowd.activity)[-60:].sum() > 0.5  # the busiest tenth
    assert crowd.activity.sum() == pytest.approx(1.0)
    again, other = make_crowd(seed=1), make_crowd(seed=2)
    np.testing.assert_array_equal(again.skill, crowd.skill)
    assert (other.skill != crowd.skill).all()


def test_votes_have_distinct_voters_follow_activity_and_are_seeded():
    crowd, subjects = make_crowd(50, seed=1), make_subjects(400, seed=1, prior=(0.7, 0.2, 0.1))
    votes = make_votes(crowd, subjects, seed=1, per_item=6)
    np.testing.assert_array_equal(np.bincount(votes.item), 6)
    np.testing.assert_array_equal(make_votes(crowd, subjects, seed=1, per_item=6).label, votes.label)
    assert np.bincount(subjects.truth) / 400 == pytest.approx([0.7, 0.2, 0.1], abs=0.06)
    assert np.corrcoef(np.bincount(votes.volunteer, minlength=50), crowd.activity)[0, 1] > 0.8
    with pytest.raises(ValueError, match="as many volunteers; there are 50"):
        make_votes(crowd, subjects, seed=1, per_item=51)


def test_expected_accuracy_is_what_the_votes_show():
    crowd, subjects = make_crowd(8, seed=1), make_subjects(4000, seed=1)
    votes = make_votes(crowd, subjects, seed=1, per_item=8)
    right = np.bincount(votes.volunteer, weights=subjects.truth[votes.item] == votes.label) / 4000
    np.testing.assert_allclose(right, expected_accuracy(crowd, subjects), atol=0.02)


def test_errors_take_the_lure_more_often():
    crowd, subjects = make_crowd(30, seed=1, careless=0.0), make_subjects(2000, seed=1, prior=[0.25] * 4)
    votes = make_votes(crowd, subjects, seed=1, per_item=10)
    wrong = votes.label != subjects.truth[votes.item]
    lured = (votes.label == subjects.lure[votes.item])[wrong].mean()
    assert lured == pytest.approx(0.7 + 0.3 / 3, abs=0.03)


def test_walks_follow_the_tree():
    walks = list(walker().classifications(10))
    assert len(walks) == 1200
    assert set(Counter(walk.subject for walk in walks).values()) == {10}
    assert len({(walk.volunteer, walk.subject) for walk in walks}) == 1200
    for walk in walks:
        first, *rest = walk.annotations
        assert first["task"] == "T0"
        assert [a["task"] for a in rest] == ([] if first["value"] == "artifact" else ["T1"])
        assert walk.seconds > 0
    right = np.mean([walk.annotations[0]["value"] == TRUTH["T0"][walk.subject] for walk in walks])
    assert 0.7 < right < 0.9


def test_ticks_are_mostly_those_of_the_truth():
    ticks = Counter()
    asked = Counter()
    for walk in walker().classifications(10):
        kind = TRUTH["T0"][walk.subject]
        for annotation in walk.annotations[1:]:
            asked[kind] += 1
            ticks.update((kind, key) for key in annotation["value"])
    assert ticks["smooth", "ring"] / asked["smooth"] > 0.7
    assert ticks["features", "bar"] / asked["features"] > 0.7
    assert ticks["smooth", "bar"] / asked["smooth"] < 0.2


def test_a_walk_depends_on_who_and_what_not_on_the_order_of_calls():
    forward, backward = walker(), walker()
    pairs = [(v, s) for v in range(5) for s in range(5)]
    there = {pair: forward.classify(*pair) for pair in pairs}
    back = {pair: backward.classify(*pair) for pair in reversed(pairs)}
    assert there == back
    assert walker(seed=5).classify(1, 1) != there[1, 1]


def test_truth_may_be_a_function_of_attributes_and_ease_given():
    radius = np.linspace(1, 30, 120)

    def truth(subject, task):
        if task == "T0":
            return "features" if radius[subject] > 10 else "smooth"
        return []

    easy = walker(truth=truth, ease=np.full(120, 1e6))
    careless = easy.crowd.careless
    for walk in easy.classifications(3):
        if not careless[walk.volunteer]:
            assert walk.annotations == [
                {"task": "T0", "value": truth(walk.subject, "T0")},
                {"task": "T1", "value": []},
            ]


def test_number_of_classifications_may_differ_by_subject():
    wanted = np.zeros(120, dtype=np.int64)
    wanted[[3, 7]] = [2, 5]
    assert Counter(w.subject for w in walker().classifications(wanted)) == {3: 2, 7: 5}
    with pytest.raises(ValueError, match="61 classifications a subject need as many volunteers"):
        list(walker().classifications(61))


def test_careless_volunteers_are_fast():
    crowd = make_crowd(600, seed=2)
    assert np.median(crowd.pace[crowd.careless]) < 0.5 * np.median(crowd.pace[~crowd.careless])


def test_wrong_truth_ease_or_kind_is_refused():
    with pytest.raises(ValueError, match="task 'T0': the truth \\['spiral'\\] is not among its answers"):
        walker(truth={"T0": ["spiral"] * 120}).classify(0, 0)
    with pytest.raises(ValueError, match="ease must be 120 numbers above 0"):
        walker(ease=np.zeros(120))
    raw = {"first_task": "T0", "tasks": {"T0": {"kind": "raw", "answers": [], "next": None}}}
    with pytest.raises(ValueError, match="is of kind 'raw'; it is none that is simulated"):
        Walker(raw, lambda s, t: None, make_crowd(3, seed=1), 1, seed=1).classify(0, 0)
