"""Unusual objects: a planted one is found with its reasons and its first finders; what the team said stays."""

import numpy as np
import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from mining.models import AttributeRun, UnusualObject
from mining.science.anomalies.reasons import Reason, words
from mining.science.votes import encode
from mining.services.attribute_runs import ask
from mining.services.follow import follow
from mining.services.follow_up import say
from mining.services.mine import mine
from mining.services.unusual import odd_paths, work
from projects.models import Block, CatalogueAttribute, Classification, OddFlag, Subject, Volunteer, Workflow
from projects.services import discount, get_version
from projects.services.odd_flags import flag_odd
from tests.mining.helpers import Crowd, store_votes
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db(transaction=True)
ODD = {
    "kind": "multiple", "question": "Anything odd?", "required": False,
    "answers": [{"key": "ring", "label": "Ring"}, {"key": "green", "label": "Green"}],
}  # fmt: skip
TREE = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "single",
            "question": "What is it?",
            "answers": [
                {"key": "smooth", "label": "Smooth", "next": "T7"},
                {"key": "disk", "label": "Disk", "next": "T7"},
            ],
        },
        "T7": ODD,
    },
    "retirement": ["gte", ["votes"], 1000],
}


def answers(key: str, *odd: str) -> list[dict[str, object]]:
    return [{"task": "T0", "value": key}, {"task": "T7", "value": list(odd)}]


def test_a_planted_one_is_found_with_its_finders(redis_client: object) -> None:
    """Of 30 subjects three people each say smooth; of the first, one says disk and two say green; of the second one
    says ring."""
    workflow = make_workflow(30, definition=TREE)
    crowd = Crowd(workflow, 3)
    for subject in range(30):
        for who in range(3):
            if subject == 0:
                crowd.answer(who, subject, answers("disk") if who == 0 else answers("smooth", "green"))
            else:
                crowd.answer(
                    who, subject, answers("smooth", "ring") if (subject, who) == (1, 2) else answers("smooth")
                )
    follow(workflow.pk)
    workflow.refresh_from_db()
    assert odd_paths(get_version(workflow.published_id).definition) == ["T7:ring", "T7:green"]
    work(ask(workflow, AttributeRun.Kind.UNUSUAL, with_open=True))
    found = UnusualObject.objects.get()
    assert (found.subject_id, found.state) == (crowd.subjects[0], "new")
    odd = next(each for each in found.signals if each["code"] == "odd_answer")
    assert odd == {
        "code": "odd_answer", "task": "T0", "facts": {"n": 2, "of": 3, "usual": 3 / 90, "most": "T7:green"},
    }  # fmt: skip
    assert found.finders == crowd.ids[1:3]
    say(found, "explained", "A satellite", AnonymousUser())
    for each in Classification.objects.filter(subject_id=crowd.subjects[0], volunteer__in=crowd.ids[1:]):
        discount(each, "test")
    follow(workflow.pk)
    work(ask(workflow, AttributeRun.Kind.UNUSUAL, with_open=True))
    kept, ring = UnusualObject.objects.order_by("score")
    assert ring.subject_id == crowd.subjects[1]  # who says so is rarer now: one in 88
    assert (kept.pk, kept.score, kept.signals, kept.state) == (found.pk, 0.0, [], "explained")
    UnusualObject.objects.update(score=9.0)
    kept.history.all().delete()
    work(ask(workflow, AttributeRun.Kind.UNUSUAL, with_open=True))
    assert UnusualObject.objects.get().pk == ring.pk


def test_flags_rank_with_the_reason_in_words_and_credit_the_first(redis_client: object) -> None:
    """Of 30 alike, three people tag the fifth, after one who is blocked; one flags the sixth. Who answered that the
    fifth is odd before anybody flagged it is the first finder."""
    workflow = make_workflow(30, definition=TREE)
    crowd = Crowd(workflow, 5)
    for subject in range(30):
        for who in range(5):
            crowd.answer(who, subject, answers("smooth", *(["ring"] if (subject, who) == (4, 4) else [])))
    follow(workflow.pk)
    people = [Volunteer.objects.get(pk=pk) for pk in crowd.ids]
    by_id = Subject.objects.in_bulk(crowd.subjects)
    fifth, sixth = by_id[crowd.subjects[4]], by_id[crowd.subjects[5]]
    Block.objects.create(project=workflow.project, volunteer=people[3], at=timezone.now(), reason="robot")
    for who in (3, 1, 0, 2):
        flag_odd(subject=fifth, volunteer=people[who], tags=["ring"] if who != 2 else ["ring", "green"])
    flag_odd(subject=sixth, volunteer=people[0])
    alias = Volunteer.objects.create(joined_to=people[0])
    OddFlag.objects.create(subject=sixth, project=workflow.project, volunteer=alias, tag="again")
    work(ask(workflow, AttributeRun.Kind.UNUSUAL, with_open=True))
    found = {row.subject_id: row for row in UnusualObject.objects.order_by("-score")}
    assert list(found) == [fifth.pk, sixth.pk]
    facts = next(each for each in found[fifth.pk].signals if each["code"] == "flags")
    assert facts["facts"] == {"n": 3, "of": 5, "tag": "ring", "tagged": 3}
    assert words(Reason("flags", facts["facts"])) == "3 people tagged it #ring"
    assert found[fifth.pk].finders == [crowd.ids[4], crowd.ids[1], crowd.ids[0]]
    other = next(each for each in found[sixth.pk].signals if each["code"] == "flags")
    assert other["facts"] == {"n": 1, "of": 5, "tag": "again", "tagged": 1}
    assert words(Reason("flags", {"n": 4, "of": 5, "tag": "ring", "tagged": 2})) == (
        "4 people flagged it as odd, 2 with #ring"
    )


PLANTED = {"s5": "votes", "s30": "outlier", "s130": "neighbours"}


def make_planted() -> Workflow:
    """Six people who are wrong once in thirty answers on 160 subjects: 80 smooth ones, which are small, 80 disks, which
    are large. Of s5 they say both; s130 is a disk as small as the smooth; s30 is very bright."""
    rng = np.random.default_rng(7)
    truth = np.repeat([0, 1], 80)
    said = np.where(rng.random((160, 6)) < 1 / 30, 1 - truth[:, None], truth[:, None])
    said[[5, 30, 130]] = [[0, 1] * 3, [0] * 6, [1] * 6]
    item, person = np.divmod(np.arange(160 * 6), 6)
    votes = encode(item.tolist(), person.tolist(), said.ravel().tolist(), labels=[0, 1])
    workflow = store_votes(votes, ["Smooth", "Disk"])
    size, light = rng.normal(10.0 * truth), rng.normal(size=160)
    size[130], light[30] = 0.5, 40.0
    for subject in (subjects := list(Subject.objects.all())):
        at = int(subject.external_id[1:])
        subject.attributes = {"size": float(size[at]), "light": float(light[at])}
    Subject.objects.bulk_update(subjects, ["attributes"])
    made = workflow.project
    made.attributes.bulk_create(CatalogueAttribute(project=made, key=key) for key in ("size", "light"))
    return workflow


def test_what_was_planted_comes_first_and_the_reason_with_it(redis_client: object) -> None:
    """Against the online state and against a run's consensus."""
    workflow = make_planted()
    follow(workflow.pk)
    names = dict(Subject.objects.values_list("pk", "external_id"))
    for consensus in (None, mine(workflow)):
        run = ask(workflow, AttributeRun.Kind.UNUSUAL, with_open=True, consensus=consensus)
        work(run)
        rows = {names[row.subject_id]: row for row in UnusualObject.objects.order_by("-score")}
        assert {name: rows[name].signals[0]["code"] for name in PLANTED} == PLANTED
        assert set(list(rows)[:3]) == set(PLANTED)
        run.refresh_from_db()
        assert run.report["looked"] | {"attributes": 0} == {"votes": 160, "attributes": 0, "outliers": 160}
        assert run.report["looked"]["attributes"] >= 150  # the consensus is sure of these
    facts = rows["s130"].signals[0]["facts"]
    assert (facts["label"], facts["other"], facts["attribute"], facts["value"]) == ("k1", 15, "size", 0.5)
    assert rows["s5"].signals[0]["facts"]["votes"] == [["k0", 3], ["k1", 3]]


def test_robots_and_copies_are_unlike_the_rest_and_nobody_else(redis_client: object) -> None:
    """Twelve people who err once in ten answers on 80 subjects; v3 always says smooth, v7 says what v5 says, also where
    it is wrong."""
    rng = np.random.default_rng(11)
    truth = np.tile([0, 1], 40)[:, None]
    said = np.where(rng.random((80, 12)) < 0.1, 1 - truth, truth)
    said[:, 3] = 0
    said[:, 5] = np.where(rng.random(80) < 0.25, 1 - truth[:, 0], truth[:, 0])
    said[:, 7] = said[:, 5]
    item, person = np.divmod(np.arange(80 * 12), 12)
    votes = encode(item.tolist(), person.tolist(), said.ravel().tolist(), labels=[0, 1])
    workflow = store_votes(votes, ["Smooth", "Disk"])
    volunteers = list(Volunteer.objects.order_by("pk").values_list("pk", flat=True))
    follow(workflow.pk)
    run = ask(workflow, AttributeRun.Kind.UNUSUAL, with_open=True)
    work(run)
    run.refresh_from_db()
    found = {volunteers.index(each["volunteer"]): each for each in run.report["people"]["unlike"]}
    assert (run.report["people"]["looked"], next(iter(found)), found.keys()) == (12, 3, {3, 5, 7})
    assert (found[3]["code"], found[3]["facts"]["label"], found[3]["facts"]["n"]) == ("answers", "k0", 80)
    copies = found[5]["facts"], found[7]["facts"]
    assert [volunteers.index(int(facts["other"])) for facts in copies] == [7, 5]
    assert [(facts["n"], facts["of"]) for facts in copies] == [(80, 80)] * 2
