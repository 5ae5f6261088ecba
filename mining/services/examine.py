"""A workflow's answers through its rules of fair use: the seam between frames and mining/science/fairness.

Evidence is plain numbers: {"answers": trials, "such": hits, "expected": at most so many of an honest person, "often":
how often they do it whatever they see, "examples": [subject, ...]}, and by rule
    too_fast          "median": of their times over the usual ones
    same_answer       "answer": key, "others": its share among the other votes on the same subjects
    copies            "of": the volunteer who is copied, "later": how many of the same answers came after the other's
    out_of_character  "before", "then": attention (mining/science/fairness/predict.py), "from": number of the first of
    the votes impossible        nothing more
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mining.science.fairness import (
    Finding,
    copies,
    out_of_character,
    predict,
    same_answer,
    too_fast,
    too_often,
)
from mining.science.votes import Votes, encode
from projects.tasks.base import NONE
from projects.tasks.fairness import Fairness

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Found:
    """volunteer: the person. question: a path, or empty. strength: ln E. harm: about how many answers say nothing."""

    rule: str
    volunteer: int
    question: str
    strength: float
    harm: float
    evidence: dict[str, Any]


def examine(votes: "pl.DataFrame", answers: "pl.DataFrame", rules: Fairness) -> list[Found]:
    """frames: mining.frames.votes_frame and answers_frame. Of each volunteer and rule the strongest, in a fixed order.

    Who always gives one answer to any question is not said to copy those who do the same.
    """
    everything = [*_of_questions(votes, rules), *_of_answers(answers, rules)]
    strongest: dict[tuple[int, str], Found] = {}
    for each in everything:
        key = each.volunteer, each.rule
        if key not in strongest or each.strength > strongest[key].strength:
            strongest[key] = each
    same = {each.volunteer for each in everything if each.rule == "same_answer"}
    return [
        strongest[key]
        for key in sorted(strongest)
        if key[1] != "copies" or not same & {key[0], strongest[key].evidence["of"]}
    ]


def _of_questions(frame: "pl.DataFrame", rules: Fairness) -> Iterator[Found]:
    frame = frame.filter(frame["key"] != NONE).unique(
        ["task", "subject", "volunteer"], keep="first", maintain_order=True
    )
    paths = frame["task"].unique(maintain_order=True).to_list()
    for path in paths:
        of_path = frame.filter(frame["task"] == path)
        votes = encode(of_path["subject"].cast(str), of_path["volunteer"].cast(str), of_path["key"])
        yield from _of_question(path, votes, rules, len(paths))


def _of_question(path: str, votes: Votes, rules: Fairness, questions: int) -> Iterator[Found]:
    predicted = predict(votes)
    more: dict[str, Any] = {"alarms": rules.alarms, "questions": questions}
    subjects = [int(item) for item in votes.items]
    people = [int(person) for person in votes.volunteers]

    def found(rule: str, each: Finding, harm: float, **evidence: Any) -> Found:
        examples = [subjects[votes.item[row]] for row in each.rows]
        return _found(rule, people[each.volunteer], path, each, harm, examples, **evidence)

    explained: set[int] = set()
    if rules.same_answer:
        for same in same_answer(votes, predicted, **_numbers(rules.same_answer), **more):
            explained.add(same.volunteer)
            answer, others = str(votes.labels[same.label]), round(same.others, 3)
            yield found("same_answer", same, same.often * same.trials, answer=answer, others=others)
    if rules.copies:
        for copy in copies(votes, predicted, **_numbers(rules.copies), **more, explained=explained):
            of = people[copy.of]
            yield found("copies", copy, copy.often * copy.trials, of=of, later=copy.later)
    if rules.out_of_character:
        for fall in out_of_character(votes, predicted, **_numbers(rules.out_of_character), **more):
            known = {"before": fall.before, "then": fall.then, "from": fall.start + 1}
            yield found("out_of_character", fall, fall.trials, **known)


def _of_answers(answers: "pl.DataFrame", rules: Fairness) -> Iterator[Found]:
    """What is about whole answers."""
    if answers.is_empty():
        return
    people, volunteer = np.unique(answers["volunteer"].to_numpy(), return_inverse=True)
    subjects = answers["subject"].to_list()
    who = volunteer.astype(np.int32)

    def found(rule: str, each: Finding, **evidence: Any) -> Found:
        examples = [subjects[row] for row in each.rows]
        return _found(rule, int(people[each.volunteer]), "", each, each.hits, examples, **evidence)

    if rules.too_fast:
        seconds = answers["seconds"].fill_null(float("nan")).to_numpy()
        way = np.unique(answers["way"].to_numpy().astype(str), return_inverse=True)[1].astype(np.int32)
        for fast in too_fast(who, seconds, way, **_numbers(rules.too_fast), alarms=rules.alarms):
            yield found("too_fast", fast, median=round(fast.median, 3))
    if rules.impossible:
        flagged = _flagged(answers["given"].to_list(), rules.impossible.combinations)
        numbers = _numbers(rules.impossible)
        del numbers["combinations"]
        for each in too_often(who, flagged, **numbers, alarms=rules.alarms):
            yield found("impossible", each)


def _flagged(given: Iterable[Sequence[str]], combinations: list[dict[str, str]]) -> np.ndarray:
    wrong = [{f"{task}={key}" for task, key in each.items()} for each in combinations]
    return np.array([any(each <= set(some) for each in wrong) for some in given], dtype=bool)


def _numbers(rule: Any) -> dict[str, Any]:
    """As the functions of the science take them."""
    numbers: dict[str, Any] = rule.model_dump(exclude={"weight"})
    return numbers


def _found(
    rule: str,
    volunteer: int,
    question: str,
    each: Finding,
    harm: float,
    examples: list[int],
    **evidence: Any,
) -> Found:
    plain = {
        "answers": each.trials,
        "such": each.hits,
        "expected": round(each.expected, 1),
        "often": round(each.often, 3),
        "examples": list(dict.fromkeys(examples)),
    }
    return Found(rule, volunteer, question, each.evidence, round(float(harm), 1), plain | evidence)
