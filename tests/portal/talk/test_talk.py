"""Talk: who hears what of a subject, who says what, and that it is said once."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from portal.talk.models import Board, Comment, Discussion, Edition, Hashtag, Mention
from portal.talk.services.boards import open_talk
from portal.talk.services.comments import begin_discussion, say, subject_discussion
from portal.talk.services.leaving import leave_talk, said_by
from projects.models import Classification, Look, OddFlag, Subject, SubjectState, Workflow
from projects.services import enlist_subjects, publish_workflow, record_classification
from projects.services.volunteers import join_account
from tests.portal.pages.helpers import answer, browser, make_pass, member
from tests.projects.factories import TREE, make_workflow, submission

pytestmark = pytest.mark.django_db
SAID = "It has a #ring, @bob"


@pytest.fixture
def zoo() -> Workflow:
    workflow = make_workflow()
    open_talk(workflow.project, member(workflow.project))
    workflow.refresh_from_db()
    return workflow


@pytest.fixture
def ann() -> User:
    return User.objects.create_user("ann", password="a long enough one")


def of(zoo: Workflow, name: str = "s0") -> Subject:
    return Subject.objects.get(project=zoo.project, external_id=name)


def place(zoo: Workflow, name: str = "s0") -> str:
    return f"/projects/zoo/talk/subjects/{of(zoo, name).pk}/"


def told(zoo: Workflow, author: User, name: str = "s0", body: str = SAID) -> Comment:
    return say(discussion=subject_discussion(of(zoo, name)), author=author, public_id=uuid.uuid4(), body=body)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, {"id": str(uuid.uuid4()), "body": "Yes"} | body)


def test_who_may_still_be_asked_hears_nothing_and_who_has_heard_is_withheld(zoo: Workflow, ann: User) -> None:
    told(zoo, ann)
    held = make_pass()
    answer(zoo, held, "s1")
    for client in (browser(), browser(held), signed_in(ann)):
        page = client.get(place(zoo))
        assert (page.status_code, b"#ring" in page.content) == (403, False)
        assert b"s0" not in client.get("/projects/zoo/talk/").content
        assert b"#ring" not in client.get("/projects/zoo/talk/").content
        assert b"#ring, " not in client.get("/projects/zoo/talk/tags/ring/").content
    assert Look.objects.count() == 0
    answer(zoo, held)
    client = browser(held)
    assert b"s0" in client.get("/projects/zoo/talk/").content
    page = client.get(place(zoo)).content.decode()
    assert 'href="/projects/zoo/talk/tags/ring/"' in page
    assert "sign in or make an account</a>" in page
    assert Look.objects.get().subject_id == of(zoo).pk
    bob = signed_in(User.objects.get(username="bob"))
    assert bob.get(place(zoo)).status_code == 200
    late = record_classification(submission(zoo, of(zoo).pk), pass_of(User.objects.get(username="bob")))
    stored = Classification.objects.get(uuid=late.uuid)
    assert (stored.counted, stored.counted_reason) == ("withheld", "had looked")


def pass_of(user: User) -> Any:
    own = join_account(None, user)
    held = make_pass()
    return type(held)(own.public_id, held.consent_version, held.consent_at)


def test_a_finished_one_is_everybodys(zoo: Workflow, ann: User) -> None:
    told(zoo, ann)
    for _ in range(3):
        answer(zoo, make_pass())
    assert SubjectState.objects.get(subject=of(zoo)).retired_at is not None
    page = browser().get(place(zoo))
    assert (page.status_code, b"#ring" in page.content) == (200, True)
    assert b"#ring, @bob" in browser().get("/projects/zoo/talk/tags/ring/").content
    assert b"by 1 person" in browser().get("/projects/zoo/talk/tags/ring/").content


def test_open_in_another_workflow_one_chooses_between_hearing_and_answering(zoo: Workflow, ann: User) -> None:
    other = Workflow.objects.create(
        project=zoo.project, slug="more", title="More", subject_set=zoo.subject_set
    )
    publish_workflow(other, TREE)
    enlist_subjects(other)
    told(zoo, ann)
    held = make_pass()
    client = browser(held)
    assert client.post(place(zoo), {"hear": "yes"}).status_code == 404
    answer(zoo, held)
    page = client.get(place(zoo))
    assert (page.status_code, b"Read on" in page.content, b"#ring" in page.content) == (403, True, False)
    assert client.post(place(zoo), {"hear": "yes"}).status_code == 302
    assert client.get(place(zoo)).status_code == 200
    assert set(Look.objects.values_list("workflow", flat=True)) == {zoo.pk, other.pk}


def test_where_nobody_glances_nobody_hears_before_the_end(zoo: Workflow, ann: User) -> None:
    publish_workflow(zoo, TREE | {"glance": False})
    told(zoo, ann)
    held = make_pass()
    answer(zoo, held)
    assert browser(held).get(place(zoo)).status_code == 403
    assert b"s0" not in browser(held).get("/projects/zoo/talk/").content
    assert Look.objects.count() == 0


def test_said_twice_is_said_once_and_only_by_an_account(zoo: Workflow, ann: User) -> None:
    board = "/projects/zoo/talk/boards/chat/"
    assert post(browser(), board, title="Hello").url == f"/accounts/login/?next={board.replace('/', '%2F')}"
    assert Discussion.objects.count() == 0
    client, number, reply = signed_in(ann), str(uuid.uuid4()), uuid.uuid4().hex
    first, again = (post(client, board, id=number, title="Hello", body="There @bob @nobody") for _ in "ab")
    assert first.url == again.url == f"/talk/discussions/{number}/"
    for _ in "ab":
        assert post(client, first.url, id=reply).status_code == 302
    assert Comment.objects.count() == 2
    assert Discussion.objects.get().comments_count == 2
    assert Mention.objects.get().user.username == "bob"
    bob = signed_in(User.objects.get(username="bob"))
    assert post(bob, first.url, id=number).status_code == 409
    assert post(client, "/projects/zoo/talk/boards/news/", title="Mine").status_code == 403


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("x" * 1_000_000, b"shorten it"),
        ("   ", b"Write something first"),
        (" ".join(f"@a{n}" for n in range(11)), b"Name 10 people at most"),
        (" ".join(f"#a{n}" for n in range(11)), b"Give 10 #tags at most"),
        ("a\x00b", b"NUL"),
    ],
)
def test_what_is_too_much_is_refused_with_a_sentence(
    zoo: Workflow, ann: User, body: str, words: bytes
) -> None:
    page = post(signed_in(ann), "/projects/zoo/talk/boards/chat/", title="Hello", body=body)
    assert (page.status_code, words in page.content) == (400, True)
    assert (Comment.objects.count(), Discussion.objects.count()) == (0, 0)


def test_a_locked_one_takes_nothing_and_a_private_one_is_not_there(zoo: Workflow, ann: User) -> None:
    made = begin_discussion(
        board=Board.objects.get(slug="chat"), author=ann, public_id=uuid.uuid4(), title="Hello", body="x"
    )
    address = f"/talk/discussions/{made.public_id}/"
    Discussion.objects.update(locked_at=made.created_at)
    page = post(signed_in(ann), address)
    assert (page.status_code, b"takes no more comments" in page.content) == (403, True)
    zoo.project.is_public = False
    zoo.project.save()
    comment = Comment.objects.get().public_id
    for where in (address, place(zoo), "/projects/zoo/talk/", f"/talk/comments/{comment}/history/"):
        assert (signed_in(ann).get(where).status_code, post(signed_in(ann), where).status_code) in [
            (404, 404),
            (404, 405),
        ]
    assert Comment.objects.count() == 1


def test_tags_of_a_subject_are_flags_and_go_with_an_edit(zoo: Workflow, ann: User) -> None:
    said = told(zoo, ann, body="#ring and #green")
    flags = OddFlag.objects.filter(taken_back_at__isnull=True)
    assert set(flags.values_list("tag", flat=True)) == {"ring", "green"}
    answer(zoo, pass_of(ann))
    client, address = signed_in(ann), f"/talk/comments/{said.public_id}/edit/"
    assert client.post(address, {"body": "#ring only"}).status_code == 302
    assert list(flags.values_list("tag", flat=True)) == ["ring"]
    assert list(Hashtag.objects.values_list("tag", flat=True)) == ["ring"]
    assert Edition.objects.get().body == "#ring and #green"
    assert b"and #green" in client.get(f"/talk/comments/{said.public_id}/history/").content
    bob = signed_in(User.objects.get(username="bob"))
    assert bob.post(address, {"body": "mine"}).status_code == 404
    assert browser().get(f"/talk/comments/{said.public_id}/history/").status_code == 404


def test_whoever_leaves_takes_the_words_along(zoo: Workflow, ann: User) -> None:
    said = told(zoo, ann)
    assert [row["body"] for row in said_by(ann.pk)["comments"]] == [SAID]
    client = signed_in(ann)
    done = client.post("/me/delete/", {"sure": "yes", "password": "a long enough one"})
    assert (done.status_code, User.objects.filter(username="ann").exists()) == (302, False)
    said.refresh_from_db()
    assert (said.body, said.author, Hashtag.objects.count()) == ("", None, 0)
    leave_talk(ann.pk)
    bob = signed_in(User.objects.get(username="bob"))
    assert b"Its author has left" in bob.get(place(zoo)).content


def test_nothing_of_talk_is_there_until_the_team_opens_it() -> None:
    workflow = make_workflow()
    for where in ("/projects/zoo/talk/", place(workflow), "/projects/zoo/talk/tags/x/", "/talk/"):
        assert browser().get(where).status_code == 404
    assert b"odd-dialog" not in browser().get("/projects/zoo/classify/shapes/").content
    bob = signed_in(member(workflow.project))
    bob.post("/projects/zoo/talk/")
    assert b"odd-dialog" in browser().get("/projects/zoo/classify/shapes/").content
    assert browser().get("/projects/zoo/talk/").status_code == 200
