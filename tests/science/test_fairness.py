"""Who does not play fair is found at stated numbers of answers, and an honest crowd is left alone."""

import os
from dataclasses import replace
from math import log

import numpy as np
import pytest

from mining.science.fairness import (
    bound,
    copies,
    out_of_character,
    predict,
    same_answer,
    too_fast,
    too_often,
)
from mining.science.fairness.evidence import STRENGTHS, evidence, gain, leaned
from mining.science.simulate import make_crowd, make_subjects, make_votes
from mining.science.tables import read_votes
from mining.science.votes import Votes, encode
from projects.tasks.fairness import Fairness
from tests.science.real import labels_file

CROWDS = 60 if os.environ.get("SOAK") else 3
TWO, FOUR, RARE = (0.5, 0.5), (0.4, 0.3, 0.2, 0.1), (0.9, 0.1)
RULES = Fairness()  # as they hold where nothing is written


def of(rule: str) -> dict[str, float]:
    """A rule's numbers, as the functions take them."""
    return getattr(RULES, rule).model_dump(exclude={"weight"}) | {"alarms": RULES.alarms}


def examine(votes: Votes, without: tuple[str, ...] = ()) -> dict[str, list]:
    predicted = predict(votes)
    same = same_answer(votes, predicted, **of("same_answer"))
    explained = {each.volunteer for each in same}
    return {
        "same_answer": same,
        "copies": copies(votes, predicted, **of("copies"), explained=explained),
        "out_of_character": out_of_character(votes, predicted, **of("out_of_character")),
    }


def even(volunteers: int, answers: int, seed: int, prior=TWO, **odd) -> tuple:
    """A crowd in which everybody gives about as many answers, 20 an item."""
    crowd = make_crowd(volunteers, seed=seed, activity_sigma=0.01, **odd)
    items = make_subjects(answers * volunteers // 20, seed=seed, prior=prior)
    return crowd, items, make_votes(crowd, items, seed=seed)


def seconds_of(crowd, volunteer, rng) -> np.ndarray:
    return crowd.pace[volunteer] * rng.lognormal(0.0, 0.5, len(volunteer))


def test_evidence_for_the_honest_exceeds_x_at_most_once_in_x_however_often_one_looks():
    """Ville's inequality, at the very edge of what is honest: 3,000 volunteers, looked at after each of 300 trials."""
    rng = np.random.default_rng(1)
    chance = rng.uniform(0.05, 0.95, (3000, 300))
    hit = rng.random((3000, 300)) < chance
    for x in (5, 20, 100):
        steps = [np.where(hit, gain(chance, s), log(1.0 - s)).cumsum(axis=1) for s in STRENGTHS]
        ever = np.exp(np.array(steps)).mean(axis=0).max(axis=1)
        assert (ever >= x).mean() <= 1 / x
    at_the_end = evidence(np.arange(3000).repeat(300), hit.ravel(), chance.ravel(), 3000)
    np.testing.assert_allclose(np.exp(at_the_end), np.exp(np.array(steps)).mean(axis=0)[:, -1])
    assert bound(100, 0.01) == pytest.approx(log(10_000))


@pytest.mark.parametrize("prior", [TWO, FOUR, RARE])
@pytest.mark.soak
def test_an_honest_crowd_raises_next_to_none(prior):
    """Careless people (8 %) and people of any bias are honest here. By the rules' `alarms` about 0.01 a rule and crowd
    may be named; over 60 crowds of three kinds nobody was (SOAK=1)."""
    for seed in range(CROWDS):
        crowd = make_crowd(300, seed=seed)
        votes = make_votes(crowd, make_subjects(1000, seed=seed, prior=prior), seed=seed)
        found = examine(votes)
        seconds = seconds_of(crowd, votes.volunteer, np.random.default_rng(seed))
        found["too_fast"] = too_fast(votes.volunteer, seconds, votes.item * 0, **of("too_fast"))
        found["too_fast"] = [each for each in found["too_fast"] if not crowd.careless[each.volunteer]]
        assert {rule: len(each) for rule, each in found.items()} == dict.fromkeys(found, 0), seed


@pytest.mark.parametrize(
    ("prior", "answers", "share"), [(TWO, 50, 1), (FOUR, 50, 1), (RARE, 50, 0.4), (RARE, 100, 1)]
)
def test_spammers_are_found(prior, answers, share):
    found = everybody = 0
    for seed in range(2):
        crowd, _, votes = even(100, answers, seed, prior, spam=0.1)
        spammers = set(np.flatnonzero(crowd.constant >= 0).tolist())
        named = examine(votes)["same_answer"]
        assert {each.volunteer for each in named} <= spammers
        assert all(each.label == crowd.constant[each.volunteer] for each in named)
        assert all(each.hits == each.trials and each.often == pytest.approx(1) for each in named)
        found, everybody = found + len(named), everybody + len(spammers)
    assert found >= share * everybody


@pytest.mark.parametrize(
    ("prior", "common", "share"), [(TWO, 60, 0.25), (TWO, 120, 0.9), (FOUR, 60, 0.7), (RARE, 120, 0.9)]
)
def test_copies_are_found_with_whom_they_copy(prior, common, share):
    """Who takes nine of ten answers from another, by the number of common items."""
    found = everybody = 0
    for seed in range(3):
        crowd, _, votes = even(40, 2 * common, seed, prior, copying=0.1)
        pairs = {frozenset((each.volunteer, each.of)) for each in examine(votes)["copies"]}
        true = {frozenset((int(u), int(crowd.copies[u]))) for u in np.flatnonzero(crowd.copies >= 0)}
        of_one_other = {
            frozenset((int(u), int(v)))
            for u in np.flatnonzero(crowd.copies >= 0)
            for v in np.flatnonzero(crowd.copies == crowd.copies[u])
        }
        assert pairs <= true | of_one_other
        found, everybody = found + len(pairs & true), everybody + len(true)
    assert found >= share * everybody


def test_of_two_the_copy_is_who_comes_later():
    _, _, votes = even(40, 240, 3)
    labels = votes.label.copy()
    for at in np.flatnonzero(votes.volunteer == 4):
        before = np.flatnonzero((votes.volunteer[:at] == 9) & (votes.item[:at] == votes.item[at]))
        if len(before):
            labels[at] = labels[before[0]]
    both = np.flatnonzero((votes.volunteer == 4) | (votes.volunteer == 9))
    ahead = np.concatenate([both[votes.volunteer[both] == 9], both[votes.volunteer[both] == 4]])
    order = np.concatenate([np.setdiff1d(np.arange(len(votes)), both), ahead])
    for at in np.flatnonzero(votes.volunteer == 4):
        theirs = np.flatnonzero((votes.volunteer == 9) & (votes.item == votes.item[at]))
        labels[at] = labels[theirs[0]] if len(theirs) else labels[at]
    sorted_votes = replace(
        votes, item=votes.item[order], volunteer=votes.volunteer[order], label=labels[order]
    )
    (copy,) = examine(sorted_votes)["copies"]
    assert (copy.volunteer, copy.of) == (4, 9)
    assert copy.later == copy.hits == copy.trials


def test_evidence_of_pairs_is_that_of_their_trials_one_by_one():
    """The product of sparse matrices against a loop over items."""
    _, _, votes = even(40, 240, 0, copying=0.1)
    predicted = predict(votes)
    rule = of("copies")
    for found in copies(votes, predicted, **rule):
        mine, theirs = (np.flatnonzero(votes.volunteer == v) for v in (found.volunteer, found.of))
        chance = leaned(predicted.chance(votes), rule["lean"])
        total = dict.fromkeys(STRENGTHS, 0.0)
        for at in mine:
            other = theirs[votes.item[theirs] == votes.item[at]]
            for s in STRENGTHS if len(other) else ():
                agreed = votes.label[other[0]] == votes.label[at]
                total[s] += log((s + (1 - s) * chance[at]) / chance[at]) if agreed else log(1 - s)
        assert found.evidence == pytest.approx(log(np.exp(list(total.values())).mean()))
    assert found.trials >= rule["least"]


@pytest.mark.parametrize(("prior", "share"), [(TWO, 0.6), (FOUR, 0.85)])
def test_who_was_good_and_turns_careless_is_found_and_nobody_who_gets_better(prior, share):
    """From the 101st answer on, a hundred and more at random or always one."""
    found = everybody = 0
    for seed in range(2):
        crowd, items, votes = even(100, 250, seed, prior)
        rng = np.random.default_rng(seed)
        fallen = rng.choice(np.flatnonzero(~crowd.careless & (crowd.skill > 1.2)), 15, replace=False)
        better = rng.choice(np.setdiff1d(np.arange(100), fallen), 15, replace=False)
        labels = votes.label.copy()
        for v in fallen:
            rows = np.flatnonzero(votes.volunteer == v)[100:]
            labels[rows] = rng.integers(0, len(prior), len(rows)) if v % 2 else 0
        for v in better:
            rows = np.flatnonzero(votes.volunteer == v)[100:]
            labels[rows] = items.truth[votes.item[rows]]
        named = examine(replace(votes, label=labels))["out_of_character"]
        assert {each.volunteer for each in named} <= set(fallen.tolist())
        assert all(each.then < each.before and each.start >= 100 for each in named)
        found, everybody = found + len(named), everybody + len(fallen)
    assert found >= share * everybody


def test_too_fast_names_scripts_and_not_quick_people():
    crowd, _, votes = even(200, 60, 5)
    scripts = np.arange(0, 200, 20)
    crowd.pace[scripts] /= 30
    rng = np.random.default_rng(5)
    seconds = seconds_of(crowd, votes.volunteer, rng)
    way = (votes.item % 2).astype(np.int32)
    seconds = np.where(way == 1, 10 * seconds, seconds)  # longer ways take longer
    seconds[::50] = np.nan
    seconds[1::50] = 0.0
    named = too_fast(votes.volunteer, seconds, way, **of("too_fast"))
    quick = np.flatnonzero(crowd.pace < 0.25 * np.median(crowd.pace))
    assert {each.volunteer for each in named} == set(scripts.tolist()) <= set(quick.tolist())
    assert all(each.median < 0.2 and each.hits > 0.5 * each.trials for each in named)
    few = too_fast(votes.volunteer[:4], seconds[:4] * 0 + 1.0, way[:4], **of("too_fast"))
    assert few == []  # too few people to say what is usual


def test_what_can_not_be_true_together_is_a_slip_until_it_is_many():
    volunteer = np.repeat(np.arange(3, dtype=np.int32), 60)
    flagged = np.zeros(180, dtype=bool)
    flagged[[0, 1, 2, 3, 4, 5]] = True  # one in ten
    flagged[120:150] = True
    (found,) = too_often(volunteer, flagged, slips=0.1, least=20, alarms=0.01)
    assert (found.volunteer, found.trials, found.hits, found.expected) == (2, 60, 30, pytest.approx(6))


def test_nothing_to_find_is_found_in_next_to_nothing():
    for columns in (
        (["i1"], ["a"], ["x"]),
        (["i1", "i2"], ["a", "a"], ["x", "x"]),
        (["i"] * 3, list("abc"), list("xyx")),
    ):
        found = examine(encode(*columns))
        assert found == {"same_answer": [], "copies": [], "out_of_character": []}


@pytest.mark.parametrize("name", ["bluebirds", "tweets_a", "whales_sas", "rte", "cifar10n"])
def test_on_real_crowds_nobody_is_named(name):
    found = examine(read_votes(labels_file(name)))
    assert found == {"same_answer": [], "copies": [], "out_of_character": []}


def test_on_paid_work_without_checks_some_are():
    """adult2: eight of 337 gave one answer to nearly everything; one came to give one answer mostly."""
    votes = read_votes(labels_file("adult2"))
    found = examine(votes)
    same = {(e.hits, e.trials, str(votes.labels[e.label]), round(e.others, 2)) for e in found["same_answer"]}
    assert len(same) == 8
    assert {(5738, 5744, "G", 0.77), (285, 285, "X", 0.06)} <= same
    assert found["copies"] == []
    (fall,) = found["out_of_character"]
    assert (fall.before, fall.then, fall.hits) == (0.75, 0.5, 65)
