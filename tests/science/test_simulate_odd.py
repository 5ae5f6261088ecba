"""Spam, copying, drift, shared error, and traffic with retirement."""

from dataclasses import replace

import numpy as np
import pytest

from mining.science.simulate import Traffic, expected_accuracy, make_crowd, make_subjects, make_votes


def right(votes, subjects):
    return votes.label == subjects.truth[votes.item]


def test_odd_volunteers_leave_the_others_as_they_were():
    plain, odd = make_crowd(100, seed=3), make_crowd(100, seed=3, spam=0.1, copying=0.2, drift_sigma=0.5)
    np.testing.assert_array_equal(odd.skill, plain.skill)
    np.testing.assert_array_equal(odd.activity, plain.activity)
    assert (plain.constant < 0).all()
    assert (plain.copies < 0).all()
    assert (plain.drift == 0).all()
    assert ((odd.constant >= 0).sum(), (odd.copies >= 0).sum()) == (10, 20)
    assert not ((odd.constant >= 0) & (odd.copies >= 0)).any()
    assert (odd.copies[odd.copies[odd.copies >= 0]] < 0).all()  # nobody copies one who copies
    with pytest.raises(ValueError, match="nobody is left whom the others could copy"):
        make_crowd(10, seed=3, spam=0.5, copying=0.5)


def test_spammers_give_one_answer():
    crowd, subjects = make_crowd(40, seed=1, spam=0.25), make_subjects(200, seed=1, prior=[0.25] * 4)
    votes = make_votes(crowd, subjects, seed=1, per_item=20)
    for spammer in np.flatnonzero(crowd.constant >= 0):
        assert set(votes.label[votes.volunteer == spammer].tolist()) <= {crowd.constant[spammer]}
    accuracy = expected_accuracy(crowd, subjects)
    assert accuracy[crowd.constant >= 0].max() < 0.35 < accuracy[crowd.constant < 0].mean()


def test_copies_agree_with_the_original_far_more_than_chance():
    crowd = make_crowd(30, seed=1, copying=0.2, careless=0.0)
    subjects = make_subjects(400, seed=1)
    votes = make_votes(crowd, subjects, seed=1, per_item=30)
    said = np.empty((30, 400), dtype=np.int64)
    said[votes.volunteer, votes.item] = votes.label
    agree = [(said[v] == said[crowd.copies[v]]).mean() for v in np.flatnonzero(crowd.copies >= 0)]
    others = [(said[v] == said[v - 1]).mean() for v in range(1, 30) if crowd.copies[v] < 0]
    assert min(agree) > 0.9
    assert np.mean(others) < 0.8


def test_drift_makes_the_last_answers_better_or_worse_than_the_first():
    crowd = make_crowd(20, seed=1, careless=0.0)
    subjects = make_subjects(4000, seed=1)
    drift = np.where(np.arange(20) % 2, 2.0, -2.0)
    votes = make_votes(replace(crowd, drift=drift), subjects, seed=1, per_item=20)
    hit = right(votes, subjects)
    for v in range(20):
        mine = hit[votes.volunteer == v]
        change = mine[-1000:].mean() - mine[:1000].mean()
        assert change * drift[v] > 0
        assert abs(change) > 0.05


def test_a_shared_error_turns_the_majority_on_its_class_only():
    crowd = make_crowd(seed=1)
    subjects = make_subjects(1000, seed=1, prior=(0.5, 0.3, 0.2), shared_error=(1, 2, 0.75))
    votes = make_votes(crowd, subjects, seed=1, per_item=20)
    majority = votes.tallies().argmax(axis=1)
    assert (majority[subjects.truth == 1] == 2).mean() > 0.8
    assert (majority[subjects.truth != 1] == subjects.truth[subjects.truth != 1]).mean() > 0.9
    with pytest.raises(ValueError, match="no shared error between 2 classes"):
        make_subjects(5, seed=1, shared_error=(0, 2, 0.5))


def test_expected_accuracy_knows_of_the_shared_error():
    crowd = make_crowd(8, seed=1)
    subjects = make_subjects(4000, seed=1, shared_error=(0, 1, 0.6))
    votes = make_votes(crowd, subjects, seed=1, per_item=8)
    seen = np.bincount(votes.volunteer, weights=right(votes, subjects)) / 4000
    np.testing.assert_allclose(seen, expected_accuracy(crowd, subjects), atol=0.02)


def play(traffic, retire_at=None):
    answers = []
    for answer in traffic:
        answers.append(answer)
        if retire_at is not None and not answer.gold and traffic.votes[answer.subject] >= retire_at:
            traffic.retire(answer.subject)
    return answers


def test_traffic_asks_each_volunteer_once_and_stops_at_the_cap():
    crowd, subjects = make_crowd(60, seed=2), make_subjects(90, seed=2)
    traffic = Traffic(crowd, subjects, seed=2, n_gold=30, gold_share=0.2, cap=7)
    answers = play(traffic)
    assert len({(a.volunteer, a.subject) for a in answers}) == len(answers)
    np.testing.assert_array_equal(traffic.votes[30:], 7)
    assert {a.gold for a in answers if a.subject < 30} == {True}
    assert {a.gold for a in answers if a.subject >= 30} == {False}
    share = np.mean([a.gold for a in answers])
    assert 0.15 < share < 0.25


def test_two_policies_get_the_same_answers():
    crowd, subjects = make_crowd(60, seed=2), make_subjects(90, seed=2)
    few = play(Traffic(crowd, subjects, seed=2, n_gold=10), retire_at=3)
    many = {(a.volunteer, a.subject): a.label for a in play(Traffic(crowd, subjects, seed=2, n_gold=10))}
    common = [a for a in few if (a.volunteer, a.subject) in many]
    assert len(common) > 50
    assert all(many[a.volunteer, a.subject] == a.label for a in common)


def test_traffic_ends_when_nobody_is_left_to_ask():
    crowd, subjects = make_crowd(4, seed=2), make_subjects(10, seed=2)
    traffic = Traffic(crowd, subjects, seed=2)
    assert len(play(traffic)) == 40
    with pytest.raises(ValueError, match="10 gold of 10 subjects"):
        Traffic(crowd, subjects, seed=2, n_gold=10)
    with pytest.raises(ValueError, match="cap 0"):
        Traffic(crowd, subjects, seed=2, cap=0)


def test_in_traffic_fixed_numbers_of_votes_land_where_real_ones_do():
    """One run of 600 volunteers with 300 gold: majority of 20 votes 0.92-0.95, of the first 5 0.87-0.90."""
    crowd, subjects = make_crowd(seed=4), make_subjects(2300, seed=4)
    tallies = {5: np.zeros((2300, 2)), 20: np.zeros((2300, 2))}
    traffic = Traffic(crowd, subjects, seed=4, n_gold=300)
    for answer in traffic:
        for limit, tally in tallies.items():
            if traffic.votes[answer.subject] <= limit:
                tally[answer.subject, answer.label] += 1
    found = {}
    for limit, tally in tallies.items():
        hit = np.where(tally[:, 0] == tally[:, 1], 0.5, tally.argmax(axis=1) == subjects.truth)
        found[limit] = hit[300:].mean()
    assert 0.87 <= found[5] <= 0.90, found
    assert 0.92 <= found[20] <= 0.95, found
