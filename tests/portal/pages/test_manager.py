"""The lab's page of all subjects: what is found, page by page; what is done by hand, and kept with its reason."""

from typing import Any

import pytest
from django.test import Client

from projects.models import Evidence, Look, Media, Subject, SubjectChange, SubjectState, Workflow
from projects.services.gold import enter_gold
from projects.services.lane_moves import Which, put_in
from projects.services.lanes import make_lane
from projects.subject_search import Wanted, search
from tests.portal.pages.helpers import answer, make_pass
from tests.portal.pages.lab_hands import signed_in
from tests.projects.factories import ARTIFACT, SMOOTH, make_workflow

pytestmark = pytest.mark.django_db
PAGE = "/lab/zoo/subjects/all/"


@pytest.fixture
def workflow() -> Workflow:
    """Of six subjects: two answered, of which s1 is finished; with numbers of a catalogue; one without a picture."""
    made = make_workflow(6)
    for n, subject in enumerate(Subject.objects.order_by("external_id")):
        subject.attributes = {"radius": n, "kind": "star" if n % 2 else "galaxy"}
        subject.metadata = {"field": "Northern" if n == 2 else "South"}
        subject.save()
    made.project.attributes.create(key="radius", label="Radius", unit="px")
    made.project.attributes.create(key="kind", label="Kind", kind="category")
    answer(made, make_pass(), "s0", SMOOTH)
    for _ in range(2):
        answer(made, make_pass(), "s1", ARTIFACT)
    Media.objects.filter(subject__external_id="s5").delete()
    put_in(make_lane(workflow=made, title="Odd"), Which(names=["s3"]))
    return made


def ids(*names: str) -> list[int]:
    return [Subject.objects.get(external_id=name).pk for name in names]


def listed(client: Client, query: str) -> list[str]:
    return [card.subject.external_id for card in client.get(PAGE + query).context["page"].rows]


def test_each_filter_finds_what_it_says(workflow: Workflow) -> None:
    client = signed_in(workflow.project)
    (number,) = ids("s4")
    expected = {
        "": ["s0", "s1", "s2", "s3", "s4", "s5"],
        "?words=S3": ["s3"],
        "?words=northern": ["s2"],
        f"?words={number}": ["s4"],
        "?words=%25": [],
        "?state=retired": ["s1"],
        "?state=open": ["s0", "s2", "s3", "s4", "s5"],
        "?lane=odd": ["s3"],
        "?lane=pool&state=open": ["s0", "s2", "s4", "s5"],
        "?attribute=radius&attribute_from=2&attribute_to=3": ["s2", "s3"],
        "?attribute=kind&equal=star": ["s1", "s3", "s5"],
        "?no_picture=on": ["s5"],
        "?answer=T0:": ["s0", "s1"],
        "?answer=T0:artifact": ["s1"],
        "?answer=T0:features": [],
    }
    assert {query: listed(client, query) for query in expected} == expected
    Evidence.objects.filter(subject__in=ids("s0"), task="T0").update(
        probabilities={"smooth": 0.6, "features": 0.3, "artifact": 0.1}, asked=1
    )
    assert listed(client, "?answer=T0:&sure_from=0.7") == ["s1"]
    assert listed(client, "?answer=T0:smooth&sure_from=0.5&sure_to=0.7") == ["s0"]
    for query, said in {
        "?sure_from=0.5": "Say of which question, or which answer.",
        "?attribute_to=3": "Say which attribute of the catalogue this is about.",
        "?sure_from=2": "Ensure this value is less than or equal to 1.",
    }.items():
        assert said in client.get(PAGE + query).text
        assert listed(client, query) == []


def test_answers_of_open_subjects_are_a_look_and_only_where_they_are_asked_for(workflow: Workflow) -> None:
    client = signed_in(workflow.project)
    assert "<b>Smooth</b>" not in client.get(PAGE).text
    assert not Look.objects.exists()
    assert "<b>Smooth</b>" in client.get(PAGE + "?answer=T0:&words=s0").text
    assert list(Look.objects.values_list("subject__external_id", flat=True)) == ["s0"]


def test_pages_go_on_where_the_last_ended_and_look_through_no_more_than_a_window(workflow: Workflow) -> None:
    project = workflow.project_id
    Subject.objects.filter(external_id="s4").update(source="elsewhere")
    seen: list[int] = []
    after: Any = ("", "")
    while after is not None:
        found = search(project, Wanted(), after=after, size=2)
        assert len(found.ids) <= 2
        seen += found.ids
        after = found.after
    assert seen == ids("s0", "s1", "s2", "s3", "s5", "s4")
    first = search(project, Wanted(words="s3"), size=2, window=3)
    assert (first.ids, first.after, first.looked_through) == ([], ("", "s2"), True)
    rest = search(project, Wanted(words="s3"), after=("", "s2"), size=2, window=3)
    assert rest.ids == ids("s3")
    client = signed_in(workflow.project)
    for nonsense in ("[]", '["a"]', "7", '["\\u0000", "x"]', "x~y", '[1, "x"]'):
        assert len(listed(client, f"?after={nonsense}")) == 6


def test_what_is_done_by_hand_is_done_once_and_kept_with_its_reason(workflow: Workflow) -> None:
    client = signed_in(workflow.project, "scientist")
    chosen = ids("s0", "s1", "s2")
    finish = {"do": "retire", "reason": "  out of\nfocus ", "subject": chosen}
    for _ in range(2):  # a double click
        assert client.post(PAGE, finish).status_code == 302
    (kept,) = SubjectChange.objects.all()
    assert (kept.what, kept.reason, kept.by and kept.by.username) == (
        "retired",
        "out of focus",
        "a-scientist",
    )
    assert kept.subjects == sorted(ids("s0", "s2"))  # s1 was finished by its answers
    state = SubjectState.objects.get(workflow=workflow, subject=chosen[0])
    assert state.retired_reason == "by hand: out of focus"
    page = client.get(PAGE).text
    assert "2 subjects finished (Shapes): out of focus" in page
    everything = {"do": "reopen", "reason": "seen again", "which": "all"}
    assert client.post(PAGE + "?state=retired&words=s2", everything).status_code == 302
    assert SubjectChange.objects.first().subjects == ids("s2")  # type: ignore[union-attr]
    assert set(listed(client, "?state=retired")) == {"s0", "s1"}


def test_subjects_move_to_another_set_as_a_whole(workflow: Workflow) -> None:
    other = workflow.project.subject_sets.create(slug="second", title="Second")
    client = signed_in(workflow.project)
    move = {"do": "move", "into": "second", "reason": "another field", "subject": ids("s0", "s3")}
    assert client.post(PAGE, move).status_code == 302
    assert client.post(PAGE, move).status_code == 302
    assert set(other.subjects.values_list("external_id", flat=True)) == {"s0", "s3"}
    assert SubjectChange.objects.get().subject_set == other
    assert set(listed(client, "?state=retired")) == {"s0", "s1", "s3"}
    back = move | {"into": "all"}
    assert client.post(PAGE, back).status_code == 302
    assert set(listed(client, "?state=retired")) == {"s1"}
    (known,) = ids("s2")
    enter_gold(workflow=workflow, subject_id=known, annotations=SMOOTH, expert="Ann")
    refused = client.post(PAGE, move | {"subject": [*ids("s4"), known]})
    assert "is a known one: withdraw its known answer first." in refused.text
    assert not other.subjects.exists()


def test_what_can_not_be_done_says_why_and_does_nothing(workflow: Workflow, monkeypatch: Any) -> None:
    client = signed_in(workflow.project)
    stranger = make_workflow(1, slug="other")
    theirs = stranger.subject_set.subjects.get().pk
    for sent, said in [
        ({"do": "retire", "reason": "x"}, "Choose at least one subject."),
        ({"do": "retire", "subject": ids("s1")}, "Write why: it is kept with your name."),
        ({"reason": "x"}, "Choose what to do."),
        ({"do": "retire", "reason": "x", "subject": [theirs]}, f"There is no subject {theirs} in this workflow."),
        ({"do": "move", "into": "all", "reason": "x", "subject": [theirs]}, f"There is no subject {theirs} in this"),
    ]:  # fmt: skip
        answered = client.post(PAGE, sent)
        assert answered.status_code == 400
        assert said in answered.text
    monkeypatch.setattr("portal.pages.lab.manager.MOST", 2)
    answered = client.post(PAGE, {"do": "retire", "reason": "x", "which": "all"})
    assert "More than 2 subjects are found: narrow the search" in answered.text
    assert not SubjectChange.objects.exists()
    assert SubjectState.objects.filter(retired_at__isnull=False).count() == 1
