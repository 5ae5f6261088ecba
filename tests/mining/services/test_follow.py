"""The online state follows the record: what it says, and that it says it again to the bit."""

import random

import numpy as np
import pytest

from mining.models import OnlineAlias, OnlineSubject, OnlineTask, OnlineVolunteer, Reader
from mining.services.follow import follow
from projects.models import Classification, Evidence, LedgerEntry, Retirement, SubjectState
from projects.services import discount, publish_workflow
from tests.load.size import size
from tests.mining.helpers import OPEN, Crowd, dump, evidence_of
from tests.projects.factories import ARMS, ARTIFACT, SMOOTH, make_workflow

pytestmark = pytest.mark.django_db(transaction=True)


def make(**more):
    return make_workflow(4, definition=OPEN, **more)


def test_follow_weighs_each_counted_answer_and_posts_what_follows():
    workflow = make()
    crowd = Crowd(workflow, 2)
    crowd.answer(0, 0, SMOOTH)
    crowd.answer(1, 0, ARMS)
    assert follow(workflow.pk) == 2
    assert Reader.objects.get(pk=workflow.pk).position == 2
    rows = {e.task: e for e in Evidence.objects.filter(subject=crowd.subjects[0])}
    t0 = rows["T0"]
    assert (t0.asked, t0.position, t0.run_id, t0.certainty) == (2, 2, None, None)
    assert t0.probabilities.keys() == {"smooth", "features", "artifact"}
    assert sum(t0.probabilities.values()) == pytest.approx(1)
    assert t0.probabilities["smooth"] > t0.probabilities["artifact"]
    assert t0.dispersion == pytest.approx(
        np.log(2) / np.log(3), abs=1e-3
    )  # one against one, of three answers
    assert t0.effective_votes == pytest.approx(2, abs=1e-3)
    assert rows["T1"].asked == 1  # only those who came to it
    assert rows["T1"].probabilities == {"bar": pytest.approx(0.3), "arms": pytest.approx(0.7)}


def test_follow_again_reads_nothing_and_changes_nothing():
    workflow = make()
    Crowd(workflow, 1).answer(0, 0, SMOOTH)
    follow(workflow.pk)
    before = dump(workflow)
    assert follow(workflow.pk) == 0
    assert dump(workflow) == before


def test_late_and_withheld_answers_move_nothing():
    workflow = make_workflow(1, definition=OPEN | {"retirement": ["gte", ["votes"], 1]})
    crowd = Crowd(workflow, 2)
    crowd.answer(0, 0, SMOOTH)
    crowd.answer(1, 0, SMOOTH)
    assert list(Classification.objects.order_by("id").values_list("counted", flat=True)) == ["yes", "late"]
    assert follow(workflow.pk) == 3  # with the retirement
    assert OnlineSubject.objects.get(task="T0").voters == [crowd.ids[0]]


def test_nothing_ticked_is_a_no_to_each_choice():
    workflow = make()
    Crowd(workflow, 1).answer(0, 0, [{"task": "T0", "value": "features"}, {"task": "T1", "value": []}])
    follow(workflow.pk)
    evidence = Evidence.objects.get(task="T1")
    assert evidence.asked == evidence.tallies["asked"] == 1
    assert evidence.probabilities == {"bar": pytest.approx(0.3), "arms": pytest.approx(0.3)}


def test_an_empty_single_task_abstains_but_was_asked():
    definition = OPEN | {"tasks": {**OPEN["tasks"], "T0": OPEN["tasks"]["T0"] | {"required": False}}}
    workflow = make_workflow(1, definition=definition)
    crowd = Crowd(workflow, 2)
    crowd.answer(0, 0, [{"task": "T0", "value": None}])
    crowd.answer(1, 0, SMOOTH)
    follow(workflow.pk)
    row = OnlineSubject.objects.get(task="T0")
    assert (row.asked, row.voters) == (2, [crowd.ids[1]])
    assert Evidence.objects.get(task="T0").asked == 2


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (["gte", ["probability", "T0"], 0.8], "probability of T0 ≥ 0.8"),
        (["lte", ["entropy", "T0"], 0.6], "entropy of T0 ≤ 0.6"),
        (["gte", ["effective_votes", "T0"], 2.5], "effective votes of T0 ≥ 2.5"),
    ],
)
def test_what_mining_says_retires_through_evidence(part, reason):
    workflow = make_workflow(2, definition=OPEN | {"retirement": ["all", ["gte", ["votes"], 2], part]})
    crowd = Crowd(workflow, 3)
    for volunteer in range(3):
        crowd.answer(volunteer, 0, SMOOTH)
    for volunteer, answer in enumerate((SMOOTH, ARTIFACT)):  # too divided, and too few
        crowd.answer(volunteer, 1, answer)
    assert not Retirement.objects.exists()  # not before mining has spoken
    follow(workflow.pk)
    (told,) = Retirement.objects.all()
    assert (told.subject_id, told.retired) == (crowd.subjects[0], True)
    assert reason in told.reason
    state = SubjectState.objects.get(workflow=workflow, subject_id=crowd.subjects[0])
    assert state.retired_at is not None
    follow(workflow.pk)
    assert Retirement.objects.count() == 1


def test_a_discount_takes_the_votes_out_again():
    workflow = make()
    crowd = Crowd(workflow, 2)
    crowd.answer(0, 0, ARMS)
    spam = crowd.answer(1, 0, SMOOTH)
    follow(workflow.pk)
    discount(Classification.objects.get(uuid=spam), "spam")
    follow(workflow.pk)
    row = OnlineSubject.objects.get(task="T0")
    assert (row.asked, row.voters) == (1, [crowd.ids[0]])
    np.testing.assert_allclose(OnlineVolunteer.objects.get(volunteer=crowd.ids[1]).counts, 0, atol=1e-15)
    evidence = Evidence.objects.get(task="T0")
    assert evidence.asked == evidence.tallies["asked"] == 1


def test_a_new_version_brings_its_answers_when_its_first_classification_comes():
    workflow = make()
    crowd = Crowd(workflow, 2)
    crowd.answer(0, 0, SMOOTH)
    answers = [*OPEN["tasks"]["T0"]["answers"], {"key": "merger", "label": "Merger", "next": None}]
    tasks = {**OPEN["tasks"], "T0": OPEN["tasks"]["T0"] | {"answers": answers}}
    publish_workflow(workflow, OPEN | {"tasks": tasks})
    crowd.answer(1, 1, [{"task": "T0", "value": "merger"}])
    follow(workflow.pk)
    task = OnlineTask.objects.get(task="T0")
    assert task.keys == ["smooth", "features", "artifact", "merger"]
    assert len(task.crowd) == 16
    assert "merger" in Evidence.objects.get(subject=crowd.subjects[1], task="T0").probabilities


def test_joining_an_account_makes_two_histories_one():
    workflow = make()
    crowd = Crowd(workflow, 2)
    crowd.join(0)
    for subject in (0, 1):
        crowd.answer(0, subject, SMOOTH)
    for subject in (1, 2):
        crowd.answer(1, subject, ARMS)
    follow(workflow.pk)
    crowd.join(1, account_of=0)
    follow(workflow.pk)
    person, alias = crowd.ids
    assert OnlineAlias.objects.get().person_id == person
    assert not OnlineVolunteer.objects.filter(volunteer=alias).exists()
    assert (
        OnlineVolunteer.objects.get(task="T0", volunteer=person).votes == 3
    )  # one of the two on s1 is discounted
    assert OnlineSubject.objects.get(subject=crowd.subjects[2], task="T0").voters == [person]
    assert LedgerEntry.objects.filter(kind="joining").count() == 1
    crowd.answer(1, 3, SMOOTH)  # an old tab still carries the alias's cookie
    follow(workflow.pk)
    assert OnlineSubject.objects.get(subject=crowd.subjects[3], task="T0").voters == [person]


def test_an_alias_that_answers_in_a_workflow_new_to_it_is_the_person_there_too():
    first = make()
    other = make(slug="zoo2")
    crowd = Crowd(first, 2)
    crowd.join(0)
    crowd.answer(0, 0, SMOOTH)
    crowd.answer(1, 1, SMOOTH)
    crowd.join(1, account_of=0)
    there = Crowd(other, passes=crowd.passes)
    there.answer(1, 0, SMOOTH)
    follow(other.pk)
    assert OnlineSubject.objects.get(workflow=other, task="T0").voters == [crowd.ids[0]]


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(size(2, 12)))
def test_any_batch_sizes_end_in_the_same_bits(seed):
    """Random answers, discounts and joinings, followed in the middle or not, in batches of any size."""
    rng = random.Random(seed)
    workflow = make_workflow(6, definition=OPEN)
    crowd = Crowd(workflow, 8)
    crowd.join(0)
    crowd.join(1)
    for _ in range(60):
        crowd.random_step(rng)
        if rng.random() < 0.3:
            follow(workflow.pk, batch=rng.randint(1, 7))
    follow(workflow.pk, batch=rng.randint(1, 7))
    live, posted = dump(workflow), evidence_of(workflow)
    assert LedgerEntry.objects.filter(kind="joining").exists()
    assert LedgerEntry.objects.filter(kind="discount").exists()
    for batch in (1, 5, 1000):
        for model in (OnlineTask, OnlineVolunteer, OnlineSubject, OnlineAlias, Reader):
            model.objects.all().delete()
        follow(workflow.pk, batch=batch)
        assert dump(workflow) == live
        assert evidence_of(workflow) == posted
