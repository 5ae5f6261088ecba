"""Moderators: what is reported, hidden, locked, silenced; with reasons, in the audit, and undone."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User

from portal.talk.models import Act, Comment, Discussion, Hashtag, Report, TimeOut, Upvote
from portal.talk.services.leaving import said_by
from projects.models import OddFlag, Workflow
from tests.portal.pages.helpers import answer, browser, make_pass
from tests.portal.talk.test_talk import ann, of, place, post, signed_in, told, zoo

pytestmark = pytest.mark.django_db
__all__ = ["ann", "zoo"]
QUEUE = "/projects/zoo/talk/moderation/"


def act(client: Any, comment: Comment, do: str, reason: str = "rude") -> Any:
    return client.post(f"/talk/comments/{comment.public_id}/do/", {"do": do, "reason": reason})


@pytest.fixture
def said(zoo: Workflow, ann: User) -> Comment:
    """Of a finished subject."""
    made = told(zoo, ann)
    for _ in range(3):
        answer(zoo, make_pass())
    return made


def test_reported_hidden_and_shown_again(zoo: Workflow, ann: User, said: Comment) -> None:
    carl = signed_in(User.objects.create_user("carl"))
    bob = signed_in(User.objects.get(username="bob"))
    for _ in "ab":
        act(carl, said, "report", "It is rude")
    assert (Report.objects.count(), bob.get(QUEUE).content.count(b"It is rude")) == (1, 1)
    assert carl.get(QUEUE).status_code == browser().get(QUEUE).status_code == 404
    act(carl, said, "hide")
    assert Comment.objects.get().hidden_at is None
    bob.post(QUEUE, {"do": "hide", "comment": said.pk, "reason": ""})
    assert Comment.objects.get().hidden_at is None
    bob.post(QUEUE, {"do": "hide", "comment": said.pk, "reason": "It is"})
    for client, seen in ((carl, False), (browser(), False), (bob, True)):
        assert (b"#ring" in client.get(place(zoo)).content) is seen
    assert carl.get(f"/talk/comments/{said.public_id}/history/").status_code == 404
    assert b"#ring, @bob" not in browser().get("/projects/zoo/talk/tags/ring/").content
    assert not OddFlag.objects.filter(taken_back_at__isnull=True).exists()
    assert (Report.objects.get().outcome, Discussion.objects.get().comments_count) == ("hidden", 0)
    act(bob, said, "show", "A mistake")
    assert b"#ring" in browser().get(place(zoo)).content
    assert OddFlag.objects.get(taken_back_at__isnull=True).tag == Hashtag.objects.get().tag == "ring"
    assert [(each.kind, each.reason, each.person) for each in Act.objects.order_by("pk")] == [
        ("hide", "It is", ann),
        ("show", "A mistake", ann),
    ]


def test_a_board_counts_what_it_shows_and_ones_own_data_has_votes_and_time_outs(
    zoo: Workflow, ann: User
) -> None:
    bob, client = signed_in(User.objects.get(username="bob")), signed_in(ann)
    for title in ("One", "Two"):
        post(client, "/projects/zoo/talk/boards/chat/", title=title)
    shown, hidden = Comment.objects.order_by("pk")
    assert b"2 discussions" in browser().get("/projects/zoo/talk/").content
    act(bob, hidden, "hide")
    page = browser().get("/projects/zoo/talk/").content
    assert (b"1 discussion<" in page, b"2 discussions" in page) == (True, False)
    Upvote.objects.create(comment=shown, user=ann)
    bob.post(QUEUE, {"do": "time-out", "name": "ann", "days": "7", "reason": "Calm down"})
    own = said_by(ann.pk)
    assert own["helpful"] == [shown.public_id]
    assert [each["project__slug"] for each in own["time_outs"]] == ["zoo"]


def test_locked_and_silenced_until_lifted(zoo: Workflow, ann: User) -> None:
    bob, client = signed_in(User.objects.get(username="bob")), signed_in(ann)
    where = post(client, "/projects/zoo/talk/boards/chat/", title="Hello").url
    lock = f"{where}do/"
    assert client.post(lock, {"do": "lock", "reason": "x"}).status_code == 404
    bob.post(lock, {"do": "lock", "reason": "Enough"})
    assert post(client, where).status_code == 403
    bob.post(lock, {"do": "unlock", "reason": "Again"})
    assert post(client, where).status_code == 302
    bob.post(QUEUE, {"do": "time-out", "name": "ann", "days": "7", "reason": "Calm down"})
    page = post(client, where)
    assert (page.status_code, b"A moderator has given you a time-out" in page.content) == (403, True)
    mine = Comment.objects.latest("pk").public_id
    assert client.post(f"/talk/comments/{mine}/edit/", {"body": "other"}).status_code == 403
    bob.post(QUEUE, {"do": "lift", "time_out": TimeOut.objects.get().pk, "reason": "Fine"})
    assert post(client, where).status_code == 302
    bob.post(QUEUE, {"do": "time-out", "name": "bob", "days": "7", "reason": "Me"})
    assert TimeOut.objects.count() == 1
    assert list(Act.objects.order_by("pk").values_list("kind", flat=True)) == [
        "lock",
        "unlock",
        "time-out",
        "lift",
    ]


def test_found_by_words_and_votes_are_counted_once(zoo: Workflow, ann: User, said: Comment) -> None:
    told(zoo, ann, "s1", "An unfinished #ring")
    found = browser().get("/projects/zoo/talk/search/", {"q": '"a ring" -tail'}).content
    assert (b"1 comment<" in found, b"It has a" in found, b"unfinished" in found) == (True, True, False)
    assert b"0 comments<" in browser().get("/projects/zoo/talk/search/", {"q": "a\x00zzz ' \" ( \\"}).content
    carl = signed_in(User.objects.create_user("carl"))
    for _ in "ab":
        act(carl, said, "upvote")
    assert b"1 finds it helpful" in browser().get(place(zoo)).content
    act(carl, said, "unvote")
    act(signed_in(ann), said, "upvote")
    assert Upvote.objects.count() == 0
    assert of(zoo).pk == said.discussion.subject_id
    assert act(browser(), said, "report").url.startswith("/accounts/login/")
    assert act(carl, said, "nothing").status_code == 404
    assert carl.post(f"/talk/comments/{uuid.uuid4()}/do/", {"do": "upvote"}).status_code == 404
