"""Retirement conditions: three-valued, checked, printed back."""

import pytest

from projects import conditions
from projects.conditions import UNLIMITED, ConditionError

KEYS = {"T0": ["smooth", "features"], "T1": ["bar"]}
TOLD = {
    "T0": {
        "asked": 4,
        "votes": {"smooth": 3, "features": 1},
        "first": ["smooth", "smooth", "features", "smooth"],
    }
}
MINED = {"T0": TOLD["T0"] | {"probabilities": {"smooth": 0.97, "features": 0.03}, "entropy": 0.2}}


@pytest.mark.parametrize(
    ("condition", "evidence", "result"),
    [
        (["gte", ["votes"], 4], {}, True),
        (["gt", ["votes"], 4], {}, False),
        (["gte", ["agreement", "T0"], 0.75], TOLD, True),
        (["gte", ["agreement", "T0"], 0.76], TOLD, False),
        (["gte", ["agreement", "T1"], 0.1], TOLD, None),
        (["eq", ["asked", "T1"], 0], TOLD, True),
        (["gte", ["probability", "T0"], 0.95], TOLD, None),
        (["gte", ["probability", "T0"], 0.95], MINED, True),
        (["lt", ["entropy", "T0"], 0.1], MINED, False),
        (["gte", ["effective_votes", "T0"], 1], MINED, None),
        (["first", "T0", "smooth", 2], TOLD, True),
        (["first", "T0", "smooth", 3], TOLD, False),
        (["first", "T1", "bar", 1], TOLD, False),
        (["any", ["gte", ["probability", "T0"], 0.9], ["gte", ["votes"], 4]], TOLD, True),
        (["any", ["gte", ["probability", "T0"], 0.9], ["gte", ["votes"], 5]], TOLD, None),
        (["all", ["gte", ["probability", "T0"], 0.9], ["gte", ["votes"], 5]], TOLD, False),
        (["all", ["gte", ["probability", "T0"], 0.9], ["gte", ["votes"], 4]], TOLD, None),
        (["not", ["gte", ["probability", "T0"], 0.9]], TOLD, None),
        (["not", ["gte", ["votes"], 5]], TOLD, True),
    ],
)
def test_evaluation_is_true_false_or_unknown(condition, evidence, result):
    conditions.check(condition, KEYS)
    assert conditions.evaluate(condition, 4, evidence) is result


@pytest.mark.parametrize(
    ("condition", "complaint"),
    [
        ("votes", "is no condition"),
        ([], "is no condition"),
        (["any"], "any needs at least one condition"),
        (["not"], "not takes one condition"),
        (["gte", ["votes"]], "gte compares two quantities"),
        (["gte", ["likes"], 3], "is no quantity"),
        (["gte", ["votes"], True], "not true or false"),
        (["gte", ["agreement", "T9"], 0.5], "'T9' is not a task"),
        (["first", "T0", "round", 3], "'round' is not an answer of T0"),
        (["first", "T0", "smooth", 11], "from 1 to 10"),
        (["retire"], "'retire' is no condition"),
    ],
)
def test_a_malformed_condition_is_refused_by_name(condition, complaint):
    with pytest.raises(ConditionError, match=complaint):
        conditions.check(condition, KEYS)


@pytest.mark.parametrize(
    ("condition", "limit"),
    [
        (["gte", ["votes"], 20], 20),
        (["gt", ["votes"], 20], 21),
        (["gte", ["votes"], 4.5], 5),
        (["gte", ["agreement", "T0"], 0.9], UNLIMITED),
        (["any", ["gte", ["votes"], 20], ["gte", ["votes"], 12]], 12),
        (["all", ["gte", ["votes"], 20], ["gte", ["votes"], 12]], 20),
        (["all", ["gte", ["votes"], 5], ["gte", ["agreement", "T0"], 0.9]], UNLIMITED),
        (["any", ["gte", ["votes"], 20], ["first", "T0", "smooth", 3]], 20),
    ],
)
def test_the_vote_limit_is_where_votes_alone_suffice(condition, limit):
    assert conditions.vote_limit(condition) == limit
    if limit < UNLIMITED:
        assert conditions.evaluate(condition, limit, {}) is True
        assert conditions.evaluate(condition, limit - 1, {}) is not True


def test_a_condition_is_printed_back_and_names_the_branch_that_held():
    condition = [
        "any",
        ["gte", ["votes"], 20],
        ["all", ["gte", ["asked", "T0"], 4], ["gte", ["agreement", "T0"], 0.7]],
        ["first", "T0", "smooth", 3],
    ]
    assert conditions.describe(condition) == (
        "votes ≥ 20 or (asked of T0 ≥ 4 and agreement of T0 ≥ 0.7) or first 3 answers of T0 all smooth"
    )
    assert conditions.reason(condition, 4, TOLD) == "asked of T0 ≥ 4 and agreement of T0 ≥ 0.7"
