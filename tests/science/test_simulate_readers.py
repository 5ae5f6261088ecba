"""Readers of texts: how often they err, how, and that the seed decides."""

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from mining.science.simulate import Walker, make_crowd, read_line
from mining.science.simulate.readers import LOOK_ALIKE

LINE = "δαρειουκαιπαρυσατιδοσ"
WORKFLOW = {"first_task": "T0", "tasks": {"T0": {"kind": "text", "unclear": "?", "next": None}}}


def readings(n: int = 4000, wear: float | None = None, **options) -> list[str]:
    rng = np.random.default_rng(1)
    worn = None if wear is None else [wear] * len(LINE)
    return [read_line(LINE, rng, wear=worn, **{"skill": 1.0, **options}) for _ in range(n)]


def error(said: list[str]) -> float:
    """Wrong letters a letter."""
    return sum(Levenshtein.distance(LINE, text) for text in said) / (len(said) * len(LINE))


def test_default_crowd_errs_on_a_fifth_of_the_letters():
    """The documented 0.21, over all volunteers alike, careless ones among them."""
    crowd, rng = make_crowd(seed=1), np.random.default_rng(1)
    said = [
        read_line(LINE, rng, skill=crowd.skill[v], careless=bool(crowd.careless[v]))
        for v in range(600)
        for _ in range(5)
    ]
    assert error(said) == pytest.approx(0.21, abs=0.015)


def test_error_follows_wear_skill_and_care():
    """1 / (1 + 16 skill exp(-3 wear)): 0.059 as new, 0.219 at half, 0.556 gone."""
    assert error(readings(wear=0.0)) == pytest.approx(0.059, abs=0.004)
    assert error(readings(wear=0.5)) == pytest.approx(0.219, abs=0.01)
    assert error(readings(wear=1.0)) == pytest.approx(0.556, abs=0.02)
    assert error(readings(wear=0.5, skill=3.0)) == pytest.approx(0.085, abs=0.005)
    assert error(readings(wear=0.0, careless=True)) == pytest.approx(0.343, abs=0.02)


def test_errors_are_of_the_four_kinds_in_their_shares():
    """On a letter as new: 5 % are given up; of the rest 65 % are taken for another, 20 % left out, 15 % doubled."""
    found = {"replace": 0, "delete": 0, "insert": 0, "?": 0}
    for text in readings(20000, wear=0.0):
        for edit in Levenshtein.editops(LINE, text):
            given_up = edit.tag == "replace" and text[edit.dest_pos] == "?"
            found["?" if given_up else edit.tag] += 1
    total = sum(found.values())
    shares = {kind: count / total for kind, count in found.items()}
    assert shares == pytest.approx({"replace": 0.617, "delete": 0.19, "insert": 0.143, "?": 0.05}, abs=0.015)


def test_worn_letters_are_given_up_more_often():
    gone, new = readings(wear=1.0), readings(wear=0.0)
    errors = 0.556 * 4000 * len(LINE)
    assert sum(text.count("?") for text in gone) / errors == pytest.approx(0.8, abs=0.03)
    assert sum(text.count("?") for text in new) < 0.005 * 4000 * len(LINE)


def test_letters_are_mostly_taken_for_those_that_look_alike():
    """7 of 10 by looks, and some of the rest by chance."""
    taken = [
        text[edit.dest_pos] in LOOK_ALIKE[LINE[edit.src_pos]]
        for text in readings(wear=0.0)
        if len(text) == len(LINE)
        for edit in Levenshtein.editops(LINE, text)
        if edit.tag == "replace" and text[edit.dest_pos] != "?"
    ]
    assert 0.70 <= np.mean(taken) <= 0.85


def test_only_worn_letters_suffer():
    rng = np.random.default_rng(1)
    wear = [0.0] * 10 + [1.0] * 11
    said = [read_line(LINE, rng, skill=50.0, wear=wear) for _ in range(500)]
    assert np.mean([text.startswith(LINE[:8]) for text in said]) > 0.97
    assert np.mean([text.endswith(LINE[-8:]) for text in said]) < 0.85


def test_blanks_stay_and_nothing_read_is_said_with_the_sign():
    rng = np.random.default_rng(1)
    assert read_line("μηνιν αειδε", rng, skill=1e9) == "μηνιν αειδε"
    said = {read_line("ψ", rng, skill=1e-9, wear=[1.0], unclear="_") for _ in range(200)}
    assert "" not in said
    assert {"_", "φ"} <= said
    assert "ψ" not in said


def test_wear_that_is_not_the_lines_is_refused():
    with pytest.raises(ValueError, match="2 letters have a wear and 3 are to be read: 'abc'"):
        read_line("abc", np.random.default_rng(1), skill=1.0, wear=[0.1, 0.2])


def test_walker_reads_texts_with_their_wear_and_the_same_for_a_seed():
    crowd = make_crowd(200, seed=2, careless=0.0)
    truth = {"T0": [LINE, LINE, None]}
    wear = {"T0": [[0.0] * len(LINE), [1.0] * len(LINE), None]}
    walker = Walker(WORKFLOW, truth, crowd, 3, seed=4, wear=wear)
    by_subject = [[walker.classify(v, s).annotations[0]["value"] for v in range(200)] for s in range(3)]
    assert error(by_subject[0]) < 0.1
    assert error(by_subject[1]) > 0.4
    assert set(by_subject[2]) == {"?"}
    again = Walker(WORKFLOW, truth, crowd, 3, seed=4, wear=wear)
    assert [again.classify(v, 1).annotations[0]["value"] for v in range(200)] == by_subject[1]
    other = Walker(WORKFLOW, truth, crowd, 3, seed=5, wear=wear)
    assert [other.classify(v, 1).annotations[0]["value"] for v in range(200)] != by_subject[1]


def test_reading_a_line_takes_the_time_of_a_few_answers():
    crowd = make_crowd(300, seed=2, careless=0.0)
    walker = Walker(WORKFLOW, {"T0": [LINE, None]}, crowd, 2, seed=4)
    line = np.median([walker.classify(v, 0).seconds for v in range(300)])
    nothing = np.median([walker.classify(v, 1).seconds for v in range(300)])
    assert line / nothing == pytest.approx(len(LINE) / 3, rel=0.15)


def test_text_whose_truth_is_no_text_is_refused():
    walker = Walker(WORKFLOW, {"T0": [["a", "b"]]}, make_crowd(5, seed=1), 1, seed=1)
    with pytest.raises(ValueError, match="the truth of a text is a text, not"):
        walker.classify(0, 0)
