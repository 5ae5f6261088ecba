"""The demo's Talk: made once, of finished subjects; its flags are a simulated crowd's and go with it."""

import pytest
from django.contrib.auth.models import User

from portal.talk.models import Comment, Discussion
from portal.talk.samples import NOTE, sample_talk
from projects.models import OddFlag, Volunteer
from projects.services.remove_simulated import remove_simulated
from tests.portal.pages.helpers import answer, browser, make_pass
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db


def test_samples_are_said_to_be_samples_and_their_flags_go_with_the_crowd() -> None:
    workflow = make_workflow()
    for name in ("s1", "s3"):
        for _ in range(3):
            answer(workflow, make_pass(), name)
    Volunteer.objects.update(simulated=True)
    people = {
        name: User.objects.create_user(name, is_staff=name == "keeper") for name in ("keeper", "volunteer")
    }
    assert [sample_talk(workflow.project, people) for _ in "ab"] == [True, False]
    assert all(each.body.startswith(NOTE) for each in Comment.objects.all())
    about = Discussion.objects.exclude(subject=None).order_by("pk")
    assert list(about.values_list("subject__external_id", flat=True)) == ["s1", "s3"]
    crowd = OddFlag.objects.filter(volunteer__simulated=True)
    assert list(crowd.order_by("pk").values_list("tag", flat=True)) == ["tail", "tail", "", "blue"]
    assert (
        b"A sample, made with this demo."
        in browser().get(f"/projects/zoo/talk/subjects/{about[0].subject_id}/").content
    )
    remove_simulated(workflow.project)
    assert set(OddFlag.objects.values_list("tag", flat=True)) == {"tail", "blue"}  # of the two who wrote so
    assert not crowd.exists()
