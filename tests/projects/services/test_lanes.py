"""Lanes: who is handed what in which order, whom a gate keeps out, and that no move or closing loses an answer."""

import threading
import uuid
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from projects.exceptions import Invalid, Unqualified
from projects.models import (
    Classification,
    Lane,
    LaneCursor,
    LaneMove,
    Lease,
    ProjectMember,
    Qualification,
    Subject,
    SubjectState,
    Use,
    Volunteer,
    Workflow,
)
from projects.services import Known, NewMedia, NewSubject, enter_gold, import_subjects, next_subjects
from projects.services import record_classification as record
from projects.services.exams import begin_exam, finish_exam
from projects.services.gold import put_to_use
from projects.services.lane_moves import LAST, Moved, Which, put_in, take_out
from projects.services.lane_progress import progress_of
from projects.services.lanes import alter_lane, close_lane, make_lane, reopen_lane
from projects.services.qualifications import declare, follow_roles, grant, revoke
from projects.services.rebuild import rebuild_workflow
from projects.services.volunteers import Pass, make_volunteer
from tests.projects.factories import SMOOTH, TREE, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _positions_at_once(db: None) -> None:
    """What is else done at COMMIT, which most of these tests never reach."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def ids(workflow: Workflow, *names: str) -> list[int]:
    found = dict(workflow.project.subjects.values_list("external_id", "pk"))
    return [found[name] for name in names]


def ask(workflow: Workflow, held: Pass, n: int = 1, **more: Any) -> Any:
    return next_subjects(workflow_id=workflow.pk, holder=held.public_id, tab=uuid.uuid4(), n=n, **more)


def handed(workflow: Workflow, held: Pass, n: int = 1) -> list[str]:
    """Their names; each is answered at once."""
    found = [subject.id for subject in ask(workflow, held, n).subjects]
    for subject in found:
        record(submission(workflow, subject), held)
    names = dict(Subject.objects.values_list("pk", "external_id"))
    return [names[subject] for subject in found]


def qualification(
    workflow: Workflow, slug: str = "greek", kind: str = "language", rule: Any = None
) -> Qualification:
    return Qualification.objects.create(
        project=workflow.project, slug=slug, title=slug.title(), kind=kind, rule=rule or {}
    )


def lane_with(workflow: Workflow, *names: str, **fields: Any) -> Lane:
    lane = make_lane(workflow=workflow, **{"title": "Doubtful"} | fields)
    assert put_in(lane, Which(names=names)).moved == len(names)
    return lane


def test_lanes_go_by_priority_subjects_by_their_place_and_then_comes_the_pool() -> None:
    workflow = make_workflow(6)
    low = lane_with(workflow, "s5", title="Later")
    high = make_lane(workflow=workflow, title="First", priority=7)
    for name, place in [("s0", 1.0), ("s1", 9.5), ("s2", -3.0)]:
        put_in(high, Which(names=[name]), priority=place)
    held = make_pass()
    assert [handed(workflow, held)[0] for _ in range(4)] == ["s1", "s0", "s2", "s5"]
    assert sorted(handed(workflow, held, 2)) == ["s3", "s4"]
    assert handed(workflow, held) == []
    alter_lane(low, priority=8)
    assert handed(workflow, make_pass()) == ["s5"]
    assert set(handed(workflow, make_pass(), 4)) >= {
        "s5",
        "s1",
        "s0",
        "s2",
    }  # a batch goes over from lane to lane


def test_what_comes_in_late_and_is_urgent_is_not_missed_behind_the_cursor() -> None:
    workflow = make_workflow(40, definition=TREE | {"retirement": ["gte", ["votes"], 9]})
    lane = lane_with(workflow, *[f"s{n}" for n in range(30)])
    held = make_pass()
    handed(workflow, held, 10)
    put_in(lane, Which(names=["s34"]), priority=5)
    assert handed(workflow, held) == ["s34"]  # before the twenty that lie ahead
    handed(workflow, held, 20)
    assert LaneCursor.objects.get(holder=held.public_id).lapped_at is None
    put_in(lane, Which(names=["s35"]), priority=5)
    assert handed(workflow, held) == ["s35"]
    put_in(lane, Which(names=["s36"]), priority=5)
    put_in(lane, Which(names=["s35"]), priority=6)
    assert handed(workflow, held) == ["s36"]
    assert handed(workflow, held) != []  # from the pool; a whole lap of the lane was in vain
    assert LaneCursor.objects.get(holder=held.public_id).lapped_at is not None


# How each kind of qualification is come by and how it goes. Skill is granted by mining (tests/mining/services).
def by_saying_so(workflow: Workflow, kind: Qualification, volunteer: Volunteer) -> None:
    declare(kind, volunteer)


def by_role(workflow: Workflow, kind: Qualification, volunteer: Volunteer) -> None:
    user = volunteer.account = User.objects.create_user("mo")
    volunteer.save()
    ProjectMember.objects.create(project=workflow.project, user=user, role="moderator")
    follow_roles(workflow.project_id)


def by_exam(workflow: Workflow, kind: Qualification, volunteer: Volunteer) -> None:
    sitting = begin_exam(workflow, volunteer)
    record(submission(workflow, sitting.subjects[0]), Pass(volunteer.public_id, "x", 0))
    finish_exam(sitting)


def by_skill(workflow: Workflow, kind: Qualification, volunteer: Volunteer) -> None:
    grant(kind, volunteer, {"skill": 0.9})


@pytest.mark.parametrize(
    ("kind", "rule", "come_by"),
    [
        ("language", {}, by_saying_so),
        ("region", {}, by_saying_so),
        ("adult", {}, by_saying_so),
        ("role", {"role": "moderator"}, by_role),
        ("exam", {"workflow": "shapes"}, by_exam),
        ("skill", {"workflow": "shapes", "least": 0.8}, by_skill),
    ],
)
def test_the_gate_of_a_lane_by_each_kind_of_qualification(kind: str, rule: Any, come_by: Any) -> None:
    """Whoever lacks it is never handed the lane's subject and can't answer it by its id; nothing of it is stored."""
    exam = {"exam": {"subjects": 1, "pass_mark": 0.5, "tries": 1, "grants": "it"}}
    workflow = make_workflow(3, definition=TREE | exam)
    workflow.refresh_from_db()
    enter_gold(
        workflow=workflow, subject_id=ids(workflow, "s2")[0], annotations=SMOOTH, expert="account:1",
        known=Known(use=Use.EXAM),
    )  # fmt: skip
    asked = qualification(workflow, "it", kind, rule)
    lane_with(workflow, "s0", requires=["it"])
    held = make_pass()
    volunteer = make_volunteer(held)
    assert handed(workflow, held, 5) == ["s1"]
    assert ask(workflow, held, member=True).state == "finished_for_you"  # the gate is the team's, too
    with pytest.raises(Unqualified) as refused:
        record(submission(workflow, ids(workflow, "s0")[0]), held)
    assert refused.value.fields == {"it": kind}
    assert not Classification.objects.filter(subject=ids(workflow, "s0")[0]).exists()
    come_by(workflow, asked, volunteer)
    assert handed(workflow, held, 5) == ["s0"]
    revoke(asked, volunteer)
    put_in(Lane.objects.get(), Which(names=["s1"]))
    newcomer = make_pass()
    make_volunteer(newcomer)
    assert ask(workflow, newcomer, 5).subjects == []


def test_checks_come_from_where_the_work_comes_from() -> None:
    """Half of what is handed out are checks: of the lane for readers, of the pool for strangers, never of the other."""
    checks = {"checks": {"shares": [], "floor": 0.5}, "retirement": ["gte", ["votes"], 99]}
    workflow = make_workflow(16, definition=TREE | checks)
    workflow.refresh_from_db()
    asked = qualification(workflow)
    lane_with(workflow, *(f"s{n}" for n in range(8)), requires=["greek"])
    known = [f"s{n}" for n in (0, 1, 2, 3, 8, 9, 10, 11)]
    for subject in ids(workflow, *known):
        enter_gold(workflow=workflow, subject_id=subject, annotations=SMOOTH, expert="account:1")
    names = dict(Subject.objects.values_list("pk", "external_id"))
    seen: dict[bool, set[str]] = {True: set(), False: set()}
    for person in range(16):
        held, reads = make_pass(), person % 2 == 0
        if reads:
            declare(asked, make_volunteer(held))
        seen[reads] |= {names[subject.id] for subject in ask(workflow, held, 3).subjects}
    assert seen[True] <= {f"s{n}" for n in range(8)}
    assert seen[False] <= {f"s{n}" for n in range(8, 16)}
    assert [bool(seen[reads] & set(known)) for reads in (True, False)] == [True, True]


def test_a_known_subject_in_a_lane_is_a_check_among_its_work_and_no_other() -> None:
    workflow = make_workflow(6, definition=TREE | {"checks": {"shares": [], "floor": 0.5}})
    workflow.refresh_from_db()
    asked = qualification(workflow)
    lane_with(workflow, "s0", "s1", "s2", requires=["greek"])
    for name in ("s0", "s3"):
        (subject,) = ids(workflow, name)
        enter_gold(workflow=workflow, subject_id=subject, annotations=SMOOTH, expert="account:1")
    stranger, reader = make_pass(), make_pass()
    make_volunteer(stranger)
    declare(asked, make_volunteer(reader))
    work = {name: handed(workflow, stranger, 3) for name in "abc"}
    assert set().union(*work.values()) <= {"s3", "s4", "s5"}
    seen = [each for _ in range(12) for each in handed(workflow, reader, 2)]
    assert {"s1", "s2", "s4", "s5"} <= set(seen)
    for name in ("s0", "s1"):  # a check is refused as the work is
        with pytest.raises(Unqualified):
            record(submission(workflow, ids(workflow, name)[0]), make_pass())
    (check,) = ids(workflow, "s0")
    put_to_use(workflow, check, Known(use=Use.TRAINING))
    assert SubjectState.objects.get(subject=check).lane_id is None
    assert LaneMove.objects.filter(subject=check).count() == 2
    assert rebuild_workflow(workflow) == []


@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_exceed_the_limit_nor_get_one_twice() -> None:
    workflow = make_workflow(5)
    lane_with(workflow, "s0", "s1", "s2")
    people, found, start = [make_pass() for _ in range(8)], [], threading.Barrier(8)

    def work(held: Pass) -> None:
        start.wait(10)
        for batch in (ask(workflow, held, 2), ask(workflow, held, 2)):
            found.extend((held, subject.id) for subject in batch.subjects)
        connection.close()

    threads = [threading.Thread(target=work, args=[held]) for held in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    times = Counter(subject for _, subject in found)
    assert max(times.values()) <= 3 < len(found)
    own = Counter((held.public_id, subject) for held, subject in found)
    assert max(own.values()) == 1
    while ask(workflow, make_pass(), 5).subjects:
        pass
    assert list(SubjectState.objects.values_list("leased", flat=True)) == [3] * 5
    assert Lease.objects.count() == 15


def test_a_lane_closed_while_its_subject_is_held_loses_no_answer_and_hands_out_no_more() -> None:
    workflow = make_workflow(2)
    lane = lane_with(workflow, "s0")
    held = make_pass()
    (subject,) = [each.id for each in ask(workflow, held).subjects]
    assert close_lane(lane)
    assert not close_lane(lane)
    assert handed(workflow, make_pass(), 5) == ["s1"]
    assert record(submission(workflow, subject), held).counted == "yes"
    with pytest.raises(Invalid, match="closed: reopen it first"):
        put_in(lane, Which(names=["s1"]))
    assert reopen_lane(lane)
    assert sorted(handed(workflow, make_pass(), 5)) == ["s0", "s1"]
    assert [list(each.changes) for each in lane.changes.all()][:2] == [["open"], ["open"]]


def test_a_subject_moved_behind_a_gate_while_it_is_held_is_answered_by_who_holds_it_only() -> None:
    workflow = make_workflow(1)
    qualification(workflow)
    lane = make_lane(workflow=workflow, title="Greek", requires=["greek"])
    held, guesser, tab = make_pass(), make_pass(), uuid.uuid4()
    (subject,) = [
        s.id for s in next_subjects(workflow_id=workflow.pk, holder=held.public_id, tab=tab).subjects
    ]
    assert put_in(lane, Which(ids=[subject])) == Moved(1, 1)
    with pytest.raises(Unqualified):
        record(submission(workflow, subject), guesser)
    again = next_subjects(workflow_id=workflow.pk, holder=held.public_id, tab=tab, resume=True)
    assert [each.id for each in again.subjects] == [subject]
    sent = submission(workflow, subject)
    assert record(sent, held).counted == "yes"
    assert record(sent, held).replay
    assert (Lease.objects.count(), SubjectState.objects.get().answered) == (0, 1)
    assert ask(workflow, guesser).message == "There is nothing left here that you could answer just now."
    assert take_out(workflow, Which(lane=lane)).moved == 1
    assert handed(workflow, guesser) != []


CATALOGUE = [
    ("a", {"radius": 4.5, "kind": "star"}),
    ("b", {"radius": 20, "kind": "galaxy"}),
    ("c", {"radius": -999.0, "kind": "galaxy"}),
    ("d", {"kind": "galaxy"}),
    ("e", {"radius": 16.0, "kind": "galaxy"}),
]


def catalogued(workflow: Workflow, rows: Any = CATALOGUE) -> None:
    project = workflow.project
    for key, kind, sentinels in [("radius", "number", [-999]), ("kind", "category", [])]:
        project.attributes.get_or_create(
            key=key, defaults={"label": key, "kind": kind, "sentinels": sentinels}
        )
    new = [NewSubject(name, [NewMedia("n.png", "image/png")], {}, attributes) for name, attributes in rows]
    import_subjects(workflow.subject_set, new)


def members(lane: Lane) -> list[str]:
    states = SubjectState.objects.filter(lane=lane).order_by("-priority", "subject__external_id")
    return list(states.values_list("subject__external_id", flat=True))


def test_a_rule_over_attributes_takes_in_what_is_there_and_what_comes_in_the_order_of_an_attribute() -> None:
    workflow = make_workflow(0)
    catalogued(workflow)
    galaxies = {"source": "matching", "where": [["eq", "kind", "galaxy"]], "order": "radius"}
    lane = make_lane(workflow=workflow, title="Galaxies", **galaxies)
    small = make_lane(
        workflow=workflow, title="Small", source="matching", where=[["lt", "radius", 10]], order="-radius"
    )
    assert (members(lane), members(small)) == (
        ["b", "e", "c", "d"],
        ["a"],
    )  # -999 is missing: last, and not small
    stars = [("g", {"radius": 1.0, "kind": "star"}), ("h", {"radius": -999, "kind": "star"})]
    catalogued(workflow, [("f", {"radius": 17.0, "kind": "galaxy"}), *stars])
    assert (members(lane), members(small)) == (["b", "f", "e", "c", "d"], ["g", "a"])
    assert SubjectState.objects.get(subject__external_id="d").priority == LAST
    since = SubjectState.objects.get(subject__external_id="e").laned_at
    assert alter_lane(lane, order="-radius") == {"order": ["radius", "-radius"]}
    assert members(lane) == ["e", "f", "b", "c", "d"]
    assert SubjectState.objects.get(subject__external_id="e").laned_at == since
    assert rebuild_workflow(workflow) == []
    SubjectState.objects.filter(lane=small).update(lane=lane)
    assert {each.stored[4] for each in rebuild_workflow(workflow) if each.stored} == {lane.pk}
    assert members(small) == ["g", "a"]


def test_a_finished_subject_stays_where_it_was_and_one_named_twice_moves_once() -> None:
    workflow = make_workflow(3)
    first = lane_with(workflow, "s0", "s1")
    for _ in range(3):
        record(submission(workflow, ids(workflow, "s0")[0]), make_pass())
    other = make_lane(workflow=workflow, title="Other")
    assert put_in(other, Which(names=["s0", "s1", "s1", "s2"])) == Moved(2, 2)
    assert (members(first), members(other)) == (["s0"], ["s1", "s2"])
    assert put_in(other, Which(subject_set=workflow.subject_set_id)) == Moved(2, 0)
    assert [move.lane_id for move in LaneMove.objects.filter(subject=ids(workflow, "s1")[0])] == [
        first.pk,
        other.pk,
    ]


def test_progress_counts_work_tells_the_oldest_the_rate_and_the_end() -> None:
    workflow = make_workflow(5)
    lane = lane_with(workflow, "s0", "s1", "s2")
    for name in ("s0", "s0", "s0", "s1", "s4"):
        record(submission(workflow, ids(workflow, name)[0]), make_pass())
    assert progress_of(workflow, [lane])[lane.pk].rate is None  # in its first minutes
    day = timezone.now() - timedelta(days=2)
    Lane.objects.update(made_at=day)
    SubjectState.objects.filter(subject__external_id="s2").update(laned_at=day)
    found = progress_of(workflow, Lane.objects.all())[lane.pk]
    assert (found.total, found.done, found.open, found.oldest, found.wanted) == (3, 1, 2, day, 5)
    assert found.rate == pytest.approx(2, rel=1e-2)  # four answers in two days
    assert abs(found.end - timezone.now() - timedelta(days=2.5)) < timedelta(minutes=5)
    empty = make_lane(workflow=workflow, title="Empty")
    assert (progress_of(workflow, [empty])[empty.pk].total, progress_of(workflow, [empty])[empty.pk].end) == (
        0,
        None,
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": " "}, "title of 1 to 120"),
        ({"priority": 1001}, "whole number from -1000 to 1000"),
        ({"requires": ["latin"]}, "no qualification latin; it has: greek"),
        ({"order": "weight"}, "no attribute weight; it has: kind, radius|radius, kind"),
        ({"order": "-kind"}, "kind is no number"),
        ({"source": "elsewhere"}, "one of: team, matching"),
        ({"source": "matching"}, "Say which subjects come into the lane"),
        ({"where": [["like", "kind", "x"]]}, r"A rule is a comparison \(gte, gt"),
        ({"where": [["gte", "kind", "x"]]}, "can only be equal to a text"),
        ({"where": [["gte", "radius", "16"]]}, "radius is a number: compare it with one"),
        ({"slug": "taken"}, "has a lane taken already"),
        ({"title": " Taken"}, "There is an open lane Taken already"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(fields: dict[str, Any], sentence: str) -> None:
    workflow = make_workflow(1)
    catalogued(workflow)
    qualification(workflow)
    lane = make_lane(workflow=workflow, title="Taken")
    with pytest.raises(Invalid, match=sentence):
        make_lane(workflow=workflow, **{"title": "New"} | fields)
    if "slug" not in fields and fields.get("title") != " Taken":
        with pytest.raises(Invalid, match=sentence):
            alter_lane(lane, **fields)
    assert list(Lane.objects.values_list("title", "priority", "order")) == [("Taken", 0, "")]


def test_bad_moves_get_a_sentence_and_move_nothing() -> None:
    workflow, other = make_workflow(2), make_workflow(1, slug="other")
    lane = make_lane(workflow=workflow, title="Lane")
    with pytest.raises(Invalid, match=r"No subject of this workflow is called nine \(2 such names\)"):
        put_in(lane, Which(names=["s0", "nine", "ten"]))
    with pytest.raises(Invalid, match="Say which subjects"):
        put_in(lane, Which())
    with pytest.raises(Invalid, match="finite number"):
        put_in(lane, Which(names=["s0"]), priority=float("nan"))
    with pytest.raises(Invalid, match="no attribute radius; it has: none"):
        put_in(lane, Which(where=[["gte", "radius", 1]]))
    assert put_in(lane, Which(ids=ids(other, "s0"))) == Moved(0, 0)
    assert not LaneMove.objects.exists()
