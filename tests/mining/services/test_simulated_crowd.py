"""The simulated crowd: what it adds, that it can be told apart, that one call takes all of it away."""

from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mining.models import OnlineSubject, OnlineVolunteer
from mining.services.follow import follow
from mining.services.rebuild import rebuild_online
from mining.services.simulated_crowd import add_crowd, remove_crowd
from mining.services.simulated_truth import (
    FromAttribute,
    FromMetadata,
    Rule,
    rules_of,
    truth_table,
    wear_table,
)
from projects.models import Answered, Classification, Evidence, Project, SubjectState, Volunteer, Workflow
from projects.services import record_classification
from projects.services.rebuild import rebuild_workflow
from tests.projects.factories import SMOOTH, TREE, make_pass, make_workflow, submission

RULES = {
    "T0": [
        Rule(answer="artifact", when={"size": (None, 1)}),
        Rule(answer="features", when={"size": (5, None)}),
        Rule(answer="smooth"),
    ],
    "T1": [Rule(answer="bar", when={"size": (7, 9)}), Rule(answer="arms", when={"size": (8, None)})],
}


def test_truth_is_the_first_rule_that_fits_and_of_a_multiple_task_every_one() -> None:
    sizes: list[dict[str, Any]] = [
        {"size": 0.5},
        {"size": 1},
        {"size": 5},
        {"size": 7},
        {"size": 8},
        {"size": 9},
        {},
    ]
    assert truth_table(TREE, RULES, sizes, seed=1) == {
        "T0": ["artifact", "smooth", "features", "features", "features", "features", "smooth"],
        "T1": [[], [], [], ["bar"], ["bar", "arms"], ["arms"], []],
    }


def test_truth_is_read_from_the_hidden_metadata_where_the_rule_says_so() -> None:
    rules = {
        "T0": FromMetadata.model_validate({"from": "#verdict"}),
        "T1": FromMetadata.model_validate({"from": "#seen"}),
    }
    metadata = [
        {"#verdict": "smooth", "#seen": "bar, arms"},
        {"Place": "Rome"},
        {"#verdict": "features", "#seen": ""},
    ]
    assert truth_table(TREE, rules, [{}, {}, {}], seed=1, metadata=metadata) == {
        "T0": ["smooth", None, "features"],
        "T1": [["bar", "arms"], None, []],
    }


def test_a_numbers_truth_is_an_attribute() -> None:
    rules = {"T0": FromAttribute(attribute="ellipticity", times=100)}
    sizes = {"tasks": {"T0": {"kind": "number"}, "T1": {"kind": "number"}}}
    found = truth_table(sizes, rules, [{"ellipticity": 0.25}, {"ellipticity": "?"}], seed=1)
    assert found == {"T0": [25.0, None], "T1": [None, None]}


def test_wear_is_a_digit_a_letter() -> None:
    rules = {
        "T0": FromMetadata.model_validate({"from": "#truth", "wear": "#wear"}),
        "T1": FromMetadata.model_validate({"from": "#truth"}),
    }
    assert wear_table(rules, [{"#wear": "0936"}, {}]) == {"T0": [[0.0, 1.0, 3 / 9, 6 / 9], None]}


def test_truth_may_not_be_read_from_metadata_that_are_shown() -> None:
    with pytest.raises(ValueError, match="pattern"):
        FromMetadata.model_validate({"from": "verdict"})


def test_truth_without_rules_is_drawn_and_the_same_for_a_seed() -> None:
    subjects: list[dict[str, Any]] = [{} for _ in range(300)]
    drawn = truth_table(TREE, {}, subjects, seed=1)
    assert drawn == truth_table(TREE, {}, subjects, seed=1)
    assert drawn != truth_table(TREE, {}, subjects, seed=2)
    assert min(Counter(str(answer) for answer in drawn["T0"]).values()) > 70


def test_rules_of_the_sample_name_tasks_and_answers_that_exist() -> None:
    from projects.bundles.read import read_bundle
    from projects.management.commands.build_samples import SAMPLES

    bundle = read_bundle(SAMPLES / "deep_field")
    rules = rules_of("deep-field")
    known = {entry.key for entry in bundle.project.attributes}
    for workflow in bundle.workflows:
        tasks = workflow.definition.tasks
        assert set(rules[workflow.slug]) == set(tasks)
        for name, of_task in rules[workflow.slug].items():
            if isinstance(of_task, FromAttribute):
                assert (tasks[name].kind, of_task.attribute in known) == ("number", True)
                continue
            if isinstance(of_task, FromMetadata):  # of pairs, which have no attributes
                assert tasks[name].compares
                continue
            assert isinstance(of_task, list)
            answers = {*tasks[name].answer_keys, *getattr(tasks[name], "suggestions", [])}
            assert {rule.answer for rule in of_task} <= answers
            assert {key for rule in of_task for key in rule.when} <= known
            assert tasks[name].kind in ("multiple", "tags") or of_task[-1].when == {}
    assert rules_of("no-such-project") == {}


def counts(workflow: Workflow) -> tuple[Any, ...]:
    """What must be as before when the crowd is gone."""
    workflow.refresh_from_db()
    states = SubjectState.objects.filter(workflow=workflow).order_by("subject_id")
    evidence = Evidence.objects.filter(workflow=workflow).order_by("subject_id", "task")
    return (
        [(state.subject_id, state.answered, state.leased, state.retired_at) for state in states],
        [(row.subject_id, row.task, row.tallies, row.probabilities, row.effective_votes) for row in evidence],
        list(OnlineSubject.objects.filter(workflow=workflow).order_by("subject_id", "task").values()),
        list(OnlineVolunteer.objects.filter(workflow=workflow).order_by("task", "volunteer_id").values()),
        (workflow.counter.answers, workflow.counter.retired, workflow.counter.subjects),
        Classification.objects.count(),
        Answered.objects.count(),
        Volunteer.objects.count(),
    )


@pytest.mark.django_db(transaction=True)
def test_crowd_answers_as_simulated_people_and_stops_at_retired_subjects() -> None:
    workflow = make_workflow(subjects=30)
    added = add_crowd(workflow.project, volunteers=20, answers=4, seed=3)
    assert Volunteer.objects.filter(simulated=True).count() == added.volunteers
    assert Classification.objects.filter(volunteer__simulated=True).count() == added.classifications
    assert Counter(Classification.objects.values_list("counted", flat=True)) == {"yes": added.classifications}
    workflow.refresh_from_db()
    assert workflow.counter.answers == added.classifications
    answered = list(SubjectState.objects.filter(workflow=workflow).values_list("answered", "retired_at"))
    assert sum(n for n, _ in answered) == added.classifications
    assert max(n for n, _ in answered) == 3  # the vote limit of the tree
    assert all(retired for n, retired in answered if n == 3)


@pytest.mark.django_db(transaction=True)
def test_same_seed_again_adds_nothing_and_another_adds_another_crowd() -> None:
    workflow = make_workflow(subjects=10)
    first = add_crowd(workflow.project, volunteers=20, answers=1, seed=3)
    assert first.classifications > 0
    assert add_crowd(workflow.project, volunteers=20, answers=1, seed=3).classifications == 0
    assert add_crowd(workflow.project, volunteers=20, answers=1, seed=4).classifications > 0


@pytest.mark.django_db(transaction=True)
def test_removal_leaves_what_people_did_and_nothing_else() -> None:
    workflow, other = make_workflow(subjects=12), make_workflow(subjects=3, slug="other")
    subjects = sorted(SubjectState.objects.filter(workflow=workflow).values_list("subject_id", flat=True))
    for subject in subjects[:4]:
        record_classification(submission(workflow, subject, SMOOTH), make_pass())
    add_crowd(other.project, volunteers=5, answers=1, seed=3)
    follow(workflow.pk)
    follow(other.pk)
    before, elsewhere = counts(workflow), counts(other)
    added = add_crowd(workflow.project, volunteers=20, answers=4, seed=3)
    assert counts(workflow)[4] == (4 + added.classifications, 11, 12)
    follow(workflow.pk)
    assert counts(workflow)[2] != before[2]
    assert remove_crowd(workflow.project) == added.classifications
    assert counts(workflow) == before
    assert counts(other) == elsewhere
    assert rebuild_workflow(workflow) + rebuild_online(workflow) == []
    assert remove_crowd(workflow.project) == 0


@pytest.mark.django_db(transaction=True)
def test_command_adds_removes_and_names_what_is_wrong() -> None:
    workflow = make_workflow(subjects=5)
    said = StringIO()
    call_command("simulate_crowd", "zoo", "--volunteers", "9", "--answers", "2", "--seed", "5", stdout=said)
    stored = Classification.objects.count()
    people = Volunteer.objects.filter(simulated=True).count()
    line = f"zoo: {stored} simulated classifications added, by {people} simulated volunteers\n"
    assert said.getvalue() == line
    said = StringIO()
    call_command("simulate_crowd", "zoo", "--remove", stdout=said)
    assert said.getvalue() == f"zoo: {stored} simulated classifications removed\n"
    assert workflow.counter.answers == 0
    with pytest.raises(CommandError, match=r"^There is no project moo; there are: zoo\.$"):
        call_command("simulate_crowd", "moo")
    with pytest.raises(CommandError, match="above 0"):
        call_command("simulate_crowd", "zoo", "--volunteers", "0")
    assert Project.objects.count() == 1
