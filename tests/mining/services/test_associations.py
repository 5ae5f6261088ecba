"""Runs on associations: what was planted is found, and what is left of it within the subject or among equal people."""

from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from mining.models import AttributeRun
from mining.science.attributes.columns import AttributesError
from mining.services.associations import work
from mining.services.attribute_runs import ask, publish, published
from mining.services.follow import follow
from mining.told_associations import flag_words
from projects.exports.catalogue import all_tasks
from projects.models import CatalogueAttribute, Subject, SubjectState, Volunteer, Workflow
from tests.mining.helpers import store_answers
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db(transaction=True)
KIND = AttributeRun.Kind.ASSOCIATIONS
PEOPLE, SUBJECTS, OPEN = 36, 48, 8
TREE: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "single",
            "question": "What is it?",
            "answers": [
                {"key": "smooth", "label": "Smooth", "next": "T1"},
                {"key": "disk", "label": "Disk", "next": "T1"},
            ],
        },
        "T1": {
            "kind": "multiple", "question": "Anything odd?", "required": False,
            "answers": [{"key": key, "label": key.title()} for key in ("ring", "dust", "merger", "lens")], "next": "T2",
        },
        "T2": {"kind": "tags", "question": "What else?", "required": False, "suggestions": ["flat"]},
    },
    "retirement": ["gte", ["votes"], 1000],
}  # fmt: skip


def make_crowd(**project: Any) -> Workflow:
    """36 people look at 48 subjects. Whoever has a narrow window says disk more often, of any subject. Rings and dust
    are on the same half of the subjects, and have nothing to do with each other there. Whoever marks a merger marks a
    lens, as a third of the people do, whatever they see. Three people have a French page; half have accounts. Disks are
    large; of the last 8 subjects, which are open, every answer says ring and lens. Who says disk often tags it as flat,
    others hardly; three people write #hapax wherever they are, and on open subjects everybody does."""
    rng, words = np.random.default_rng(5), np.random.default_rng(6)
    workflow = make_workflow(SUBJECTS, definition=TREE, **project)
    workflow.refresh_from_db()
    users = User.objects.bulk_create(User(username=f"u{at}") for at in range(PEOPLE // 2))
    volunteers = Volunteer.objects.bulk_create(
        Volunteer(account=users[at // 2] if at % 2 else None) for at in range(PEOPLE)
    )
    subjects = list(Subject.objects.order_by("pk"))
    said = []
    for at, subject in enumerate(subjects):
        for who, volunteer in enumerate(volunteers):
            narrow, is_open = who < PEOPLE // 2, at >= SUBJECTS - OPEN
            disk = rng.random() < (0.2 + 0.5 * (at % 2) + 0.25 * narrow)
            odd = [key for key in ("ring", "dust") if rng.random() < (0.6 if at % 4 < 2 else 0.05)]
            odd += ["merger", "lens"] if who % 3 == 0 and rng.random() < 0.4 else []
            odd = ["ring", "lens"] if is_open else odd
            tags = ["flat"] if words.random() < (0.7 if disk else 0.05) else []
            tags += ["hapax"] if who < 3 or is_open else []
            answers = [{"task": "T0", "value": "disk" if disk else "smooth"}, {"task": "T1", "value": odd}]
            answers.append({"task": "T2", "value": tags})
            more = {"viewport": {"width": 400 if narrow else 1400}, "language": "fr" if who < 3 else "en-GB"}
            said.append((subject.pk, volunteer, answers, more))
        subject.attributes = {"size": float(100 * (at % 2) + at % 7), "ra": 15.0 * (at * 7 % 24), "dec": 10.0}
    Subject.objects.bulk_update(subjects, ["attributes"])
    store_answers(workflow, said)
    follow(workflow.pk)
    finished = [subject.pk for subject in subjects[: SUBJECTS - OPEN]]
    SubjectState.objects.filter(subject_id__in=finished).update(retired_at=timezone.now())
    CatalogueAttribute.objects.create(project=workflow.project, key="size", label="Size")
    return workflow


def pair_of(report: dict[str, Any], name: str, one: list[str], other: list[str]) -> dict[str, Any]:
    found = report["lists"][name]
    places = {found["flags"].index(one), found["flags"].index(other)}
    return next(pair for pair in found["pairs"] if {pair["a"], pair["b"]} == places)


def test_what_goes_together_and_what_is_left_of_it(redis_client: object) -> None:
    workflow = make_crowd()
    run = ask(workflow, KIND, seed=2)
    work(run)
    run.refresh_from_db()
    report = run.report
    assert (run.status, run.position) == ("done", PEOPLE * SUBJECTS)
    assert (report["subjects"], report["votes"], report["volunteers"]) == (40, 40 * PEOPLE, PEOPLE)
    assert (report["traits"], report["sky"]) == (["experience", "account", "screen", "skill"], 40)
    ring, dust, merger, lens = (["answer", "T1", f"T1:{key}"] for key in ("ring", "dust", "merger", "lens"))
    disk, narrow = ["answer", "T0", "disk"], ["trait", "screen", "narrow"]
    by_subject = pair_of(report, "votes", ring, dust)
    assert by_subject["verdict"] == ["gone", "subject"]
    assert by_subject["alone"][2] > 0.3  # the lower bound, in bits
    together = pair_of(report, "votes", merger, lens)
    assert together["verdict"][0] == "stays"
    assert together["counts"][1] == together["counts"][2] == together["counts"][3]
    who = pair_of(report, "traits", disk, narrow)
    assert (who["verdict"][0], who["p"][1] < 0.01) == ("stays", True)
    assert set(who["left"]) == {"subject", "sky", "experience", "account", "skill"}
    assert pair_of(report, "traits", ring, narrow)["p"][1] > 0.05
    size = pair_of(report, "subjects", disk, ["attribute", "size", "highest"])
    assert size["alone"][0] == pytest.approx(
        size["counts"][1] * 40 / size["counts"][2] / size["counts"][3], rel=1e-4
    )
    assert size["verdict"][0] != "chance"
    assert list(run.charts.values_list("name", flat=True)) == ["votes", "traits", "subjects"]
    table = run.charts.get(name="traits").table
    row = next(row for row in table["rows"] if {"Disk", "window narrower than 600 px"} == {row[0], row[2]})
    assert (row[-1], len(row)) == ("It stays within all that was looked at.", len(table["columns"]))
    flat = ["answer", "T2", "T2:flat"]
    said = pair_of(report, "votes", disk, flat)
    assert (said["verdict"][0], said["alone"][2] > 0.3) == ("stays", True)
    flat_ones = pair_of(report, "subjects", flat, ["attribute", "size", "highest"])
    assert (flat_ones["counts"][0], flat_ones["p"][1] < 0.05) == (40, True)
    flags = [flag for each in report["lists"].values() for flag in each["flags"]]
    assert "T2:hapax" not in {flag[2] for flag in flags}  # of three people, but for the open ones
    words = flag_words(("answer", "T2", "T2:flat"), all_tasks(workflow), {}, {})
    assert words == ("#flat", "What else?")
    again = ask(workflow, KIND, seed=2)
    work(again)
    again.refresh_from_db()
    assert again.report == report


def test_open_subjects_and_rare_people_are_left_out(redis_client: object) -> None:
    workflow = make_crowd()
    run, open_too = ask(workflow, KIND), ask(workflow, KIND, with_open=True)
    for each in (run, open_too):
        work(each)
        each.refresh_from_db()
    ring, lens = ["answer", "T1", "T1:ring"], ["answer", "T1", "T1:lens"]
    bits = [pair_of(each.report, "votes", ring, lens)["alone"][1] for each in (run, open_too)]
    assert bits[0] < 0.3 < bits[1]
    assert not [
        flag for each in run.report["lists"].values() for flag in each["flags"] if flag[1] == "language"
    ]
    with pytest.raises(ValueError, match="can't be published"):
        publish(open_too, workflow)
    publish(run, workflow)
    assert published(workflow) is None
    assert published(workflow, KIND).run_id == run.pk
    SubjectState.objects.update(retired_at=None)
    nothing = ask(workflow, KIND)
    with pytest.raises(AttributesError, match="only 0 subjects have answers and are finished"):
        work(nothing)
    nothing.refresh_from_db()
    assert (nothing.status, nothing.report, nothing.charts.count()) == ("failed", {}, 0)
