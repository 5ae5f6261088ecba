import pytest

from mining.science.consensus.tree import asked_of_half, leading_path, next_task, ordered_tasks, reach

GALAXY = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "single",
            "answers": [
                {"key": "smooth", "next": "T1"},
                {"key": "features", "next": "T2"},
                {"key": "artifact", "next": None},
            ],
            "next": "T3",
        },
        "T1": {"kind": "single", "answers": [{"key": "round"}, {"key": "cigar"}], "next": "T3"},
        "T2": {"kind": "single", "answers": [{"key": "bar", "next": "T3"}, {"key": "plain", "next": "T3"}]},
        "T3": {"kind": "multiple", "answers": [{"key": "ring"}, {"key": "odd"}], "next": "T4"},
        "T4": {"kind": "text", "next": None},
    },
}
P = {
    "T0": {"smooth": 0.6, "features": 0.3, "artifact": 0.1},
    "T1": {"round": 0.2, "cigar": 0.8},
    "T2": {"bar": 0.5, "plain": 0.5},
    "T3": {"ring": 0.9, "odd": 0.7},
}


def test_next_task_is_the_answers_then_the_tasks():
    tasks = GALAXY["tasks"]
    assert next_task(tasks["T0"], "smooth") == "T1"
    assert next_task(tasks["T0"], "artifact") is None
    assert next_task(tasks["T0"], "none") == "T3"
    assert next_task(tasks["T1"], "cigar") == "T3"
    assert next_task(tasks["T3"], ["ring"]) == "T4"
    assert next_task(tasks["T4"], "words") is None


def test_ordered_tasks_puts_parents_first():
    order = ordered_tasks(GALAXY)
    assert order[0] == "T0"
    assert order[-2:] == ["T3", "T4"]
    assert sorted(order) == ["T0", "T1", "T2", "T3", "T4"]


def test_reach_multiplies_along_the_branches_and_joins():
    got = reach(GALAXY, P)
    assert got == pytest.approx({"T0": 1.0, "T1": 0.6, "T2": 0.3, "T3": 0.9, "T4": 0.9})


def test_reach_stops_at_a_task_nobody_was_asked():
    got = reach(GALAXY, {"T0": P["T0"]})
    assert got == pytest.approx({"T0": 1.0, "T1": 0.6, "T2": 0.3, "T3": 0.0, "T4": 0.0})


def test_leading_path_follows_the_leading_answers():
    assert leading_path(GALAXY, P) == [("T0", "smooth"), ("T1", "cigar"), ("T3", "ring+odd")]
    assert leading_path(GALAXY, P | {"T3": {"ring": 0.5, "odd": 0.1}})[-1] == ("T3", "none")
    artifact = {"T0": {"smooth": 0.1, "features": 0.1, "artifact": 0.8}}
    assert leading_path(GALAXY, artifact) == [("T0", "artifact")]
    assert leading_path(GALAXY, {}) == []


def test_leading_path_gives_a_tie_to_the_first_answer_and_knows_none():
    assert leading_path(GALAXY, {"T0": {"features": 0.5, "smooth": 0.5}}) == [("T0", "smooth")]
    left_empty = leading_path(GALAXY, {"T0": {"none": 0.9, "smooth": 0.1}, "T3": {"ring": 0.6}})
    assert left_empty == [("T0", "none"), ("T3", "ring")]


def test_asked_of_half():
    assert asked_of_half({"T0": 7, "T1": 4, "T2": 3, "T3": 0}, 7) == {"T0", "T1"}
    assert asked_of_half({"T0": 4, "T1": 2}, 4) == {"T0", "T1"}
    assert asked_of_half({}, 0) == asked_of_half({"T0": 0}, 0) == set()


def test_a_tree_with_a_cycle_or_a_missing_task_is_refused():
    back = {
        "first_task": "A",
        "tasks": {"A": {"kind": "text", "next": "B"}, "B": {"kind": "text", "next": "A"}},
    }
    with pytest.raises(ValueError, match="comes back to task 'A'"):
        leading_path(back, {"A": {"x": 1.0}})
    with pytest.raises(ValueError, match="'A' leads to 'B', which does not exist"):
        reach({"first_task": "A", "tasks": {"A": {"kind": "text", "next": "B"}}}, {})
