"""A project's own pages, to the owner's team and to strangers."""

import csv
import html

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from projects.models import Project, Volunteer, Workflow
from projects.services import publish_workflow
from tests.portal.pages.helpers import answer, make_pass, member
from tests.projects.factories import ARTIFACT, TREE, make_workflow

pytestmark = pytest.mark.django_db

PLACES = ["", "live/", "about/team/", "data/", "results/shapes/", "classify/shapes/", "accent.css"]


def test_project_shows_work_and_counts(client: Client) -> None:
    workflow = make_workflow(5, description="Made of *galaxies*.", source="NASA")
    workflow.project.pages.create(slug="team", title="The team", body="Ann")
    for subject in ("s0", "s1"):
        answer(workflow, make_pass(), subject, ARTIFACT)
    answer(workflow, make_pass(), "s0", ARTIFACT)  # the second artifact retires it
    page = client.get("/projects/zoo/").content.decode()
    assert '<dd data-count="answers">3</dd>' in page
    assert '<dd data-count="retired">1 <small>/ 5</small></dd>' in page
    assert "1 of 5 subjects finished" in page
    assert "Made of <em>galaxies</em>." in page
    assert "NASA" in page
    assert 'href="/projects/zoo/about/team/"' in page
    assert 'href="/projects/zoo/classify/shapes/"' in page
    assert f'data-socket="/ws/projects/{workflow.project_id}/"' in page
    assert "simulated crowd" not in page


def test_live_tells_that_but_not_what(client: Client) -> None:
    workflow = make_workflow(2)
    answer(workflow, make_pass(), "s1")
    response = client.get("/projects/zoo/live/")
    page = response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert page.count("Someone classified a subject in <b>Shapes</b>") == 1
    assert "/media/zoo/s1.png" in page
    for secret in ("smooth", "Smooth", str(Volunteer.objects.get().public_id)):
        assert secret not in page


def test_live_marks_the_simulated_crowd(client: Client) -> None:
    workflow = make_workflow(2)
    answer(workflow, make_pass())
    Volunteer.objects.update(simulated=True)
    assert "A simulated volunteer classified" in client.get("/projects/zoo/live/").content.decode()
    page = client.get("/projects/zoo/").content.decode()
    assert "so that the results show something: 1 of these answers is its own." in page


def test_live_newest_first_over_all_workflows(client: Client) -> None:
    first = make_workflow(8)
    second = Workflow.objects.create(
        project=first.project, slug="more", title="More", subject_set=first.subject_set
    )
    publish_workflow(second, TREE)
    for number in range(7):
        answer(first, make_pass(), f"s{number}")
    answer(second, make_pass(), "s0")
    page = client.get("/projects/zoo/live/").content.decode()
    assert page.count("<li>") == 6
    assert page.index("<b>More</b>") < page.index("<b>Shapes</b>")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("hidden", [{"is_public": False}, {"state": "draft"}])
def test_project_is_invisible_to_strangers(client: Client, hidden: dict[str, object], place: str) -> None:
    workflow = make_workflow(1, **hidden)
    workflow.project.pages.create(slug="team", title="The team", body="Ann")
    address = f"/projects/zoo/{place}"
    assert client.get(address).status_code == 404
    assert client.get(f"/projects/none/{place}").status_code == 404
    client.force_login(User.objects.create_user("charlie"))
    assert client.get(address).status_code == 404
    client.force_login(member(workflow.project))
    assert client.get(address).status_code == 200


def test_project_paused_offers_no_start(client: Client) -> None:
    make_workflow(1, state="paused")
    page = client.get("/projects/zoo/").content.decode()
    assert "The project is paused" in page
    assert "Start classifying" not in page


def test_project_survives_an_empty_project(client: Client) -> None:
    Project.objects.create(slug="zoo", title="Zoo", state="live", is_public=True)
    page = client.get("/projects/zoo/").content.decode()
    assert "The team has not opened a workflow yet." in page
    assert "Nobody has answered yet" in page


def test_about_renders_the_text(client: Client) -> None:
    project = make_workflow(1).project
    project.pages.create(slug="team", title="The team", body="# Ann\n\n<b>bold</b>")
    page = client.get("/projects/zoo/about/team/").content.decode()
    assert "<h1>The team</h1>" in page
    assert "<h2>Ann</h2>" in page
    assert "<b>bold</b>" not in page
    assert (
        "css/project.css" in page
    )  # it holds .plain-list, without which the links to the other pages have dots
    assert client.get("/projects/zoo/about/none/").status_code == 404


def test_accent_is_a_stylesheet(client: Client) -> None:
    make_workflow(1, accent="#000000")
    response = client.get("/projects/zoo/accent.css")
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert '[data-project="zoo"]' in response.content.decode()
    assert '<html lang="en" data-project="zoo">' in client.get("/projects/zoo/").content.decode()


def test_data_files_are_for_the_team_until_public(client: Client) -> None:
    project = make_workflow(1).project
    project.attributes.create(key="gini", label="Gini", unit="", description="Inequality")
    page = client.get("/projects/zoo/data/").content.decode()
    assert "has not made these data public yet" in page
    assert ".csv" not in page
    assert '<code class="muted">gini</code>' in page
    client.force_login(member(project))
    page = client.get("/projects/zoo/data/").content.decode()
    assert "Only the team sees these files" in page
    assert "/api/v1/projects/zoo/workflows/shapes/catalogue.csv" in page
    assert "counts as having looked at others' answers" in html.unescape(page)


def rows_of(response: HttpResponse) -> int:
    """Lines of a downloaded table below its header."""
    return len(list(csv.reader(response.getvalue().decode().splitlines()))) - 1


def test_data_says_how_many_rows_come(client: Client) -> None:
    workflow = make_workflow(5, data_public=True)
    for _ in range(2):
        answer(workflow, make_pass(), "s0", ARTIFACT)  # the second artifact retires it
    answer(workflow, make_pass(), "s1", ARTIFACT)
    catalogue = "/api/v1/projects/zoo/workflows/shapes/catalogue.csv"
    page = client.get("/projects/zoo/data/").content.decode()
    assert "1 finished subject now, of 5 in the end." in page
    assert rows_of(client.get(catalogue)) == 1
    assert "having looked" not in page
    client.force_login(member(workflow.project))
    page = client.get("/projects/zoo/data/").content.decode()
    assert "5 subjects, those that are open too." in page
    assert rows_of(client.get(catalogue)) == 5
    assert "3 answers count." in page
    assert rows_of(client.get(catalogue.replace("catalogue", "classifications"))) == 3


def test_data_public_files_are_for_everybody(client: Client) -> None:
    make_workflow(1, data_public=True)
    page = client.get("/projects/zoo/data/").content.decode()
    for name in ("catalogue", "classifications", "columns"):
        address = f"/api/v1/projects/zoo/workflows/shapes/{name}.csv"
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
    assert "One row a subject: what was measured" in page


def test_results_counts(client: Client) -> None:
    workflow = make_workflow(3)
    answer(workflow, make_pass())
    page = client.get("/projects/zoo/results/shapes/").content.decode()
    assert "<dd>1</dd>" in page
    assert "<dd>0 / 3</dd>" in page
    assert client.get("/projects/zoo/results/none/").status_code == 404


# project; workflows with counters; pictures; simulated?; counts; ledger's tails; classifications;
# their pictures; about pages; discoveries published; do lanes ask for something?; are there policies?
@pytest.mark.parametrize("workflows", [1, 3])
def test_project_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, workflows: int
) -> None:
    first = make_workflow(2)
    answer(first, make_pass())
    for number in range(1, workflows):
        Workflow.objects.create(
            project=first.project, slug=f"w{number}", title="W", subject_set=first.subject_set
        )
    with django_assert_num_queries(13):
        client.get("/projects/zoo/")
