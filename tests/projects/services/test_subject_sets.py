"""Subjects that come one by one, go into sets and out of them, are retired and reopened by hand."""

import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import storages
from PIL import Image

from projects.exceptions import Conflict, Invalid
from projects.models import Announced, Classification, Media, Retirement, Subject, SubjectState, Workflow
from projects.services.announce import Location, announce_subject, receive_media
from projects.services.discount import discount
from projects.services.rebuild import rebuild_workflow
from projects.services.retire_by_hand import reopen_subjects, retire_subjects
from projects.services.subject_sets import (
    choose_subject_set,
    delete_subject,
    delete_subject_set,
    delete_workflow,
    make_empty_set,
    make_subject_set,
    put_into_set,
    take_out,
)
from tests.mining.helpers import Crowd
from tests.projects.factories import SMOOTH, make_workflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workflow() -> Workflow:
    return make_workflow(2)


def png(shade: int, size: int = 8) -> bytes:
    content = io.BytesIO()
    Image.new("L", (size, size + 1), shade).save(content, "PNG")
    return content.getvalue()


def announce(workflow: Workflow, pictures: int = 1, **metadata: Any) -> Announced:
    ann, _ = User.objects.get_or_create(username="ann")
    locations = [Location("image/png")] * pictures
    return announce_subject(workflow.project, locations=locations, metadata=metadata, by=ann)


def test_it_is_a_subject_when_its_pictures_are_here_and_it_is_in_a_set(workflow: Workflow) -> None:
    first, second = announce(workflow, 2, external_id="M 51"), announce(workflow)
    assert put_into_set(workflow.subject_set, [first.pk, second.pk]) == sorted([first.pk, second.pk])
    assert Subject.objects.filter(pk__in=[first.pk, second.pk]).count() == 0
    assert receive_media(first.pk, 1, "image/png", png(1))
    assert Announced.objects.get(pk=first.pk).missing == [0]
    assert receive_media(first.pk, 0, "image/png", png(2))
    subject = Subject.objects.get(pk=first.pk)
    assert (subject.external_id, subject.subject_set_id) == ("M 51", workflow.subject_set_id)
    media = list(Media.objects.filter(subject=subject))
    assert [(each.width, each.height, each.mime) for each in media] == [(8, 9, "image/png")] * 2
    with storages["default"].open(media[0].path) as file:
        assert file.read() == png(2)
    assert SubjectState.objects.filter(workflow=workflow).count() == 3  # in the queue at once
    assert not receive_media(first.pk, 0, "image/png", png(2))  # sent again, after it is a subject
    with pytest.raises(Conflict, match="Another picture"):
        receive_media(first.pk, 0, "image/png", png(3))
    assert receive_media(second.pk, 0, "image/png", png(4))
    assert put_into_set(workflow.subject_set, [second.pk, first.pk]) == []
    assert Subject.objects.get(pk=second.pk).external_id == str(second.pk)
    assert not Announced.objects.exists()


def test_what_is_no_such_picture_is_refused_and_stays_missing(workflow: Workflow) -> None:
    one = announce(workflow)
    for content, words in [
        (b"<svg/>", "no picture"), (png(1)[:-20], "cut off"), (png(1)[8:], "no picture"), (b"", "no picture"),
    ]:  # fmt: skip
        with pytest.raises(Invalid, match=words):
            receive_media(one.pk, 0, "image/png", content)
    gif = io.BytesIO()
    Image.new("L", (4, 4)).save(gif, "GIF")
    with pytest.raises(Invalid, match="image/png was announced, and this is image/gif"):
        receive_media(one.pk, 0, "image/png", gif.getvalue())
    assert Announced.objects.get().missing == [0]
    one.delete()
    with pytest.raises(Invalid, match="deleted"):
        receive_media(one.pk, 0, "image/png", png(1))


def test_names_are_taken_once(workflow: Workflow) -> None:
    announce(workflow, external_id="new")
    for name in ("new", "s0"):
        with pytest.raises(Invalid, match="already"):
            announce(workflow, external_id=name)
    with pytest.raises(Invalid, match="svg"):
        announce_subject(
            workflow.project, locations=[Location("image/svg+xml")], metadata={}, by=User.objects.get()
        )


def test_addresses_elsewhere_only_where_the_operator_lets_browsers_go(
    workflow: Workflow, settings: Any
) -> None:
    ann = User.objects.create(username="ann")
    settings.PICTURE_HOSTS = ["https://sky.example"]
    for address in [
        "http://169.254.169.254/latest", "http://127.0.0.1:6379/", "https://sky.example.evil.org/a.png",
        "https://me@sky.example/a.png", "http://sky.example/a.png", "file:///etc/passwd", "//sky.example/a.png",
        "https://sky.example/a\n.png",
    ]:  # fmt: skip
        with pytest.raises(Invalid, match="PICTURE_HOSTS"):
            announce_subject(
                workflow.project, locations=[Location("image/png", address)], metadata={}, by=ann
            )
    address = "https://sky.example/a.png?x=1"
    one = announce_subject(workflow.project, locations=[Location("image/png", address)], metadata={}, by=ann)
    assert put_into_set(workflow.subject_set, [one.pk]) == []
    assert Media.objects.get(subject=one.pk).url == address


def test_taken_out_is_a_dated_retirement_and_back_reopens(workflow: Workflow) -> None:
    crowd = Crowd(workflow, 2)
    crowd.answer(0, 0, SMOOTH)
    subject = crowd.subjects[0]
    other = make_subject_set(workflow.project, title="Other “set”")
    assert other.slug == "other-set"
    with pytest.raises(Invalid, match="take it out of that first"):
        put_into_set(other, [subject])
    with pytest.raises(Invalid, match="no subject 7 in this project"):
        put_into_set(other, [7])
    assert take_out(workflow.subject_set, [subject, 7]) == 1
    state = SubjectState.objects.get(workflow=workflow, subject=subject)
    assert (state.retired_reason, state.answered) == ("by hand: taken out of its set", 1)
    assert put_into_set(workflow.subject_set, [subject]) == []
    state.refresh_from_db()
    assert (state.retired_at, state.answered) == (None, 1)
    assert list(Retirement.objects.order_by("pk").values_list("retired", flat=True)) == [True, False]
    assert take_out(workflow.subject_set, [subject]) == 1
    assert put_into_set(other, [subject]) == []
    assert Subject.objects.get(pk=subject).subject_set == other
    assert Classification.objects.count() == 1
    assert rebuild_workflow(workflow) == []


def test_retired_by_hand_stays_so_and_reopened_is_handed_out_again(workflow: Workflow) -> None:
    crowd = Crowd(workflow, 4)
    subject, other = crowd.subjects
    answers = [crowd.answer(person, 0, SMOOTH) for person in range(3)]
    state = SubjectState.objects.get(workflow=workflow, subject=subject)
    assert state.retired_reason == "votes ≥ 3"
    assert retire_subjects(workflow, [subject, other], reason="too\nfaint") == 1
    assert reopen_subjects(workflow, [subject, other]) == 2
    state.refresh_from_db()
    assert (state.available, state.wanted) == (True, 4)
    assert retire_subjects(workflow, [subject], reason="seen") == 1
    discount(Classification.objects.get(uuid=answers[0]), "test")
    state.refresh_from_db()
    assert (state.answered, state.retired_reason) == (
        2,
        "by hand: seen",
    )  # a count of 2 would reopen what votes retired
    with pytest.raises(Invalid, match="no subject 7 in this workflow"):
        retire_subjects(workflow, [other, 7])
    assert SubjectState.objects.get(workflow=workflow, subject=other).retired_at is None
    assert rebuild_workflow(workflow) == []


@pytest.fixture
def unasked(workflow: Workflow) -> Workflow:
    """A second workflow, about nothing yet."""
    title = "Second"
    empty = make_empty_set(workflow.project, title)
    return Workflow.objects.create(project=workflow.project, slug="second", title=title, subject_set=empty)


def test_a_workflow_chooses_its_set_until_it_has_answers(workflow: Workflow, unasked: Workflow) -> None:
    assert unasked.subject_set.slug == "empty-second"
    choose_subject_set(unasked, workflow.subject_set)
    unasked.refresh_from_db()
    assert unasked.subject_set == workflow.subject_set
    assert not workflow.project.subject_sets.filter(slug="empty-second").exists()
    choose_subject_set(workflow, None)
    workflow.refresh_from_db()
    assert (workflow.subject_set.subjects.count(), workflow.counter.subjects) == (0, 0)
    assert not SubjectState.objects.filter(workflow=workflow).exists()
    choose_subject_set(workflow, unasked.subject_set)
    workflow.refresh_from_db()
    Crowd(workflow, 1).answer(0, 0, SMOOTH)
    with pytest.raises(Invalid, match="make a new workflow for another set"):
        choose_subject_set(workflow, None)
    assert rebuild_workflow(workflow) == []


def test_only_what_nobody_was_asked_about_is_deleted(workflow: Workflow, unasked: Workflow) -> None:
    with pytest.raises(Invalid, match="is about this set"):
        delete_subject_set(workflow.subject_set)
    with pytest.raises(Invalid, match="in front of volunteers"):
        delete_subject(Subject.objects.all()[0])
    fresh = make_subject_set(workflow.project, title="Fresh")
    one, two = announce(workflow), announce(workflow)
    for each in (one, two):
        receive_media(each.pk, 0, "image/png", png(5))
    put_into_set(fresh, [one.pk, two.pk])
    delete_subject(Subject.objects.get(pk=one.pk))
    delete_subject_set(fresh)
    assert not Subject.objects.filter(pk__in=[one.pk, two.pk]).exists()
    delete_workflow(unasked)
    Crowd(workflow, 1).answer(0, 0, SMOOTH)
    with pytest.raises(Invalid, match="pause or end it"):
        delete_workflow(workflow)
    take_out(workflow.subject_set, [Subject.objects.all()[0].pk])
    with pytest.raises(Invalid, match="whose record names it"):
        delete_subject(Subject.objects.get(subject_set__slug="taken-out"))
    assert list(Workflow.objects.values_list("slug", flat=True)) == ["shapes"]
