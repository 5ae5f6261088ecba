"""Who is told of what, once; what is mailed when, and the link that ends it."""

import re
import uuid
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from portal.live import publish
from portal.retention import forget
from portal.talk.models import Board, Comment, Notice, Wishes
from portal.talk.services.comments import begin_discussion, edit, say
from portal.talk.services.mailing import send_mails
from portal.talk.services.moderation import hide
from portal.talk.services.notices import follow, unread
from projects.models import Workflow
from tests.portal.pages.helpers import browser
from tests.portal.talk.test_talk import ann, place, signed_in, told, zoo

pytestmark = pytest.mark.django_db
__all__ = ["ann", "zoo"]


@pytest.fixture
def bob(zoo: Workflow) -> User:
    found = User.objects.get(username="bob")
    EmailAddress.objects.create(user=found, email="bob@example.org", verified=True, primary=True)
    return found


def begin(author: User, body: str = "Hello") -> Comment:
    board = Board.objects.get(slug="chat")
    made = begin_discussion(board=board, author=author, public_id=uuid.uuid4(), title="Hello", body=body)
    return made.comments.get()


def reply(to: Comment, author: User, body: str = "Yes", *, answers: bool = False) -> Comment:
    return say(
        discussion=to.discussion,
        author=author,
        public_id=uuid.uuid4(),
        body=body,
        reply_to=to if answers else None,
    )


def kinds(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def test_each_is_told_once_for_the_strongest_reason(
    zoo: Workflow, ann: User, bob: User, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    hinted: list[int] = []
    monkeypatch.setattr(publish, "person_changed", hinted.append)
    carl = User.objects.create_user("carl")
    with django_capture_on_commit_callbacks(execute=True):
        first = begin(bob)
        reply(first, ann, "@bob @ann", answers=True)
        reply(first, ann, answers=True)
        said = reply(first, ann)
    assert (kinds(bob), kinds(ann), hinted) == (["mention", "reply", "followed"], [], [bob.pk] * 3)
    edit(said, ann, "@carl, and @bob")
    assert (kinds(carl), len(kinds(bob))) == (["mention"], 3)
    assert unread(bob) == 3
    hide(said, bob, "x")
    assert unread(bob) == 2
    assert signed_in(bob).get("/me/notices/state/").json() == {"unread": 2}
    signed_in(bob).get(f"/talk/discussions/{first.discussion.public_id}/")
    assert unread(bob) == 0
    follow(first.discussion, bob, on=False)
    reply(first, ann)
    assert len(kinds(bob)) == 3


def test_notices_are_forgotten_after_their_time(ann: User, bob: User, settings: Settings) -> None:
    settings.KEEP = settings.KEEP | {"notices": 5}
    first = begin(bob)
    old, young = (reply(first, ann) for _ in range(2))
    for comment, days in ((old, 5.1), (young, 4.9)):
        Notice.objects.filter(comment=comment).update(at=timezone.now() - timedelta(days=days))
    assert forget().notices == 1
    assert list(Notice.objects.values_list("comment", flat=True)) == [young.pk]


def test_who_may_not_see_the_project_is_told_nothing_and_no_word_of_a_subject(
    zoo: Workflow, ann: User
) -> None:
    carl = User.objects.create_user("carl")
    told(zoo, ann, body="A secretring, @carl")
    page = signed_in(carl).get("/me/notices/").content
    assert (b"mentioned you" in page, b"secretring" in page) == (True, False)
    assert signed_in(carl).get(place(zoo)).status_code == 403
    zoo.project.is_public = False
    zoo.project.save()
    begin(User.objects.get(username="bob"), "@carl")
    assert kinds(carl) == ["mention"]


def test_mails_come_as_wished_once_and_end_by_their_link(
    zoo: Workflow, ann: User, bob: User, settings: Settings
) -> None:
    now = timezone.now()
    first = begin(bob)
    reply(first, ann, "A secretword for @bob")
    reply(first, ann, answers=True)
    assert send_mails(now) == 0  # the site does not know its address
    settings.SITE_URL = "https://zoo.example"
    Wishes.objects.create(user=bob, reply="daily", followed="never", daily_at=now)
    assert (send_mails(now), send_mails(now)) == (1, 0)
    assert send_mails(now + timedelta(hours=23)) == 0
    assert (send_mails(now + timedelta(hours=25)), send_mails(now + timedelta(hours=26))) == (1, 0)
    reply(first, ann)
    assert send_mails(now + timedelta(days=9)) == 0
    at_once, daily = mail.outbox
    assert at_once.to == daily.to == ["bob@example.org"]
    assert "ann mentioned you (Zoo)\nhttps://zoo.example/talk/discussions/" in at_once.body
    assert "ann answered you (Zoo)" in daily.body
    assert "secretword" not in at_once.body
    link = re.fullmatch(
        r"<https://zoo\.example(/talk/unsubscribe/\S+/)>", at_once.extra_headers["List-Unsubscribe"]
    )
    assert link is not None
    assert at_once.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert browser().get(link[1]).status_code == 200
    assert Wishes.objects.get(user=bob).mention == "now"
    assert browser().post(link[1], {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Wishes.objects.get(user=bob).mention == "never"
    assert browser().post("/talk/unsubscribe/forged/").status_code == 404
    reply(first, ann, "@bob")
    assert send_mails(now + timedelta(days=20)) == 0


def test_an_address_that_nobody_confirmed_gets_nothing(
    zoo: Workflow, ann: User, bob: User, settings: Settings
) -> None:
    settings.SITE_URL = "https://zoo.example"
    EmailAddress.objects.update(verified=False)
    reply(begin(bob), ann, "@bob")
    assert (send_mails(), mail.outbox) == (0, [])
