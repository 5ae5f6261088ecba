"""The front page."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from projects.models import Classification, Project, Volunteer, Workflow
from projects.services.discount import discount
from tests.portal.pages.helpers import answer, make_pass, member
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db


def test_front_shows_the_project_and_where_to_start(client: Client) -> None:
    workflow = make_workflow(4, title="Zoo of galaxies", tagline="Sort them")
    answer(workflow, make_pass())
    page = client.get("/").content.decode()
    assert "Zoo of galaxies" in page
    assert "Sort them" in page
    assert 'href="/projects/zoo/classify/shapes/"' in page
    assert "0 of 4 subjects finished" in page
    assert "1 answer\n" in page
    assert page.count('<img src="/media/zoo/s') == 4


def test_front_says_when_a_crowd_was_simulated(client: Client) -> None:
    workflow = make_workflow(2, title="Zoo of galaxies")
    answer(workflow, make_pass())
    answer(workflow, crowd := make_pass())
    answer(workflow, crowd, "s1")
    assert "simulated crowd" not in client.get("/").content.decode()
    Volunteer.objects.filter(public_id=crowd.public_id).update(simulated=True)
    page = client.get("/").content.decode()
    assert "3 answers ·\n        2 of them by a simulated crowd\n" in page


def test_front_leaves_out_simulated_answers_that_do_not_count(client: Client) -> None:
    workflow = make_workflow(2)
    crowd = make_pass()
    answer(workflow, crowd)
    answer(workflow, crowd, "s1")
    Volunteer.objects.update(simulated=True)
    discount(Classification.objects.first(), "test")
    assert "1 of them by a simulated crowd" in client.get("/").content.decode()


def test_front_counts_the_crowd_once_for_many_requests(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    answer(make_workflow(2), make_pass())
    Volunteer.objects.update(simulated=True)
    with django_assert_num_queries(7):
        client.get("/")
    with django_assert_num_queries(6):
        page = client.get("/").content.decode()
    assert "1 of them by a simulated crowd" in page
    Volunteer.objects.update(simulated=False)  # that there is none any more is seen at once
    assert "simulated crowd" not in client.get("/").content.decode()


@pytest.mark.parametrize("hidden", [{"is_public": False}, {"state": "draft"}])
def test_front_hides_what_is_not_public(client: Client, hidden: dict[str, object]) -> None:
    make_workflow(1, title="Zoo of galaxies", **hidden)
    page = client.get("/").content.decode()
    assert "Zoo of galaxies" not in page
    assert "No project is open just now" in page
    client.force_login(member(Project.objects.get()))
    page = client.get("/").content.decode()
    assert '<a href="/projects/zoo/">Zoo of galaxies</a>' in page
    assert "/classify/" not in page


@pytest.mark.parametrize("state", ["paused", "finished"])
def test_front_lists_what_rests_or_is_over(client: Client, state: str) -> None:
    make_workflow(1, title="Zoo of galaxies", state=state)
    page = client.get("/").content.decode()
    assert '<a href="/projects/zoo/">Zoo of galaxies</a>' in page
    assert f'<span class="tag">{state}</span>' in page
    assert "/classify/" not in page


def test_front_skips_a_paused_workflow(client: Client) -> None:
    workflow = make_workflow(1)
    Workflow.objects.create(
        project=workflow.project,
        slug="second",
        title="Second",
        position=1,
        subject_set=workflow.subject_set,
        published=workflow.published,
    )
    Workflow.objects.filter(pk=workflow.pk).update(state="paused")
    page = client.get("/").content.decode()
    assert "/projects/zoo/classify/second/" in page
    assert "/projects/zoo/classify/shapes/" not in page


# projects; their workflows; sums of the counters; simulated?; pictures; the other projects
@pytest.mark.parametrize("projects", [1, 3])
def test_front_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, projects: int
) -> None:
    for number in range(projects):
        make_workflow(2, slug=f"zoo{number}")
    with django_assert_num_queries(6):
        client.get("/")
