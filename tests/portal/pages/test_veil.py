"""Where a project blurs its pictures, every page blurs them: nobody has asked for them there."""

import re

import pytest
from django.test import Client

from projects.models import Favourite, Volunteer
from projects.services import publish_workflow
from tests.portal.pages.helpers import answer, browser, make_pass
from tests.projects.factories import TREE, make_workflow

pytestmark = pytest.mark.django_db
PLACES = ["/", "/projects/zoo/", "/projects/zoo/live/", "/me/"]


def pictures(client: Client, place: str) -> list[str]:
    """The tags of subjects' pictures on a page."""
    return re.findall(r"<img[^>]*/media/zoo/[^>]*>", client.get(place).content.decode())


@pytest.mark.parametrize("blur", [True, False])
def test_small_pictures_are_blurred_where_the_viewer_blurs(blur: bool) -> None:
    workflow = make_workflow(3)
    held = make_pass()
    answer(workflow, held)
    Favourite.objects.create(volunteer=Volunteer.objects.get(), subject=workflow.subject_set.subjects.first())
    publish_workflow(workflow, TREE | {"viewer": {"kind": "image", "blur": blur}})
    for place in PLACES:
        found = pictures(browser(held), place)
        assert found, place
        assert [('class="veiled"' in tag) for tag in found] == [blur] * len(found), place


def test_one_projects_blur_is_not_anothers(client: Client) -> None:
    publish_workflow(make_workflow(2), TREE | {"viewer": {"kind": "image", "blur": True}})
    make_workflow(2, slug="zz-open")
    page = client.get("/").content.decode()
    assert page.index("/projects/zz-open/") < page.index("/projects/zoo/")  # what can be seen comes first
    assert len(re.findall(r'<img class="veiled" src="/media/zoo/', page)) == 2
    assert len(re.findall(r'<img src="/media/zz-open/', page)) == 2
