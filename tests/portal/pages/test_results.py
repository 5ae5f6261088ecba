"""The results page: finished subjects for everybody, open ones for members who ask, and that is kept."""

import pytest
from django.contrib.auth import get_user_model

from mining.services.draw_charts import draw_charts
from mining.services.follow import follow
from mining.services.mine import mine
from mining.services.runs import ask, publish
from projects.models import Classification, Look, ProjectMember, SubjectState
from projects.services import discount
from tests.mining.helpers import OPEN, Crowd
from tests.projects.factories import ARMS, SMOOTH, make_workflow

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/projects/zoo/results/shapes/"


@pytest.fixture
def workflow():
    """4 subjects: s0, s1 finished after 3 votes, s2 open with 2, s3 without."""
    made = make_workflow(4, definition=OPEN | {"retirement": ["gte", ["votes"], 3]})
    crowd = Crowd(made, 3)
    for volunteer in range(3):
        crowd.answer(volunteer, 0, SMOOTH)
        crowd.answer(volunteer, 1, ARMS if volunteer else SMOOTH)
        if volunteer < 2:
            crowd.answer(volunteer, 2, ARMS)
    follow(made.pk)
    return made


@pytest.fixture
def member(workflow):
    user = get_user_model().objects.create_user("scientist")
    ProjectMember.objects.create(project=workflow.project, user=user, role="scientist")
    return user


def names(response) -> list[str]:
    return [each.subject.external_id for each in response.context["found"]]


def test_a_visitor_sees_finished_subjects_only(client, workflow):
    response = client.get(PAGE + "?open=1")
    assert names(response) == ["s0", "s1"]
    assert [each.subject.external_id for each in response.context["disputed"]] == ["s1"]
    text = response.content.decode()
    assert "effective votes" in text
    assert "certainty</dt>" not in text  # there are no known answers, so there is none
    assert "s2" not in text
    assert not Look.objects.exists()


def test_a_stranger_with_an_account_is_a_visitor(client, workflow):
    client.force_login(get_user_model().objects.create_user("stranger"))
    assert names(client.get(PAGE + "?open=1")) == ["s0", "s1"]
    assert not Look.objects.exists()


def test_a_member_who_looks_at_open_subjects_is_remembered(client, workflow, member):
    client.force_login(member)
    assert names(client.get(PAGE)) == ["s0", "s1"]
    assert not Look.objects.exists()
    response = client.get(PAGE + "?open=1")
    assert names(response) == ["s0", "s1", "s2"]
    assert [each.is_open for each in response.context["found"]] == [False, False, True]
    looks = Look.objects.values_list("subject__external_id", "volunteer__account__username", "workflow_id")
    assert list(looks) == [("s2", "scientist", workflow.pk)]
    client.get(PAGE + "?open=1")
    assert Look.objects.count() == 1


def test_answers_that_were_just_taken_back_are_not_shown(client, workflow, member):
    """All of one subject's, before mining has read it: the page failed."""
    client.force_login(member)
    for answer in Classification.objects.filter(subject__external_id="s2"):
        discount(answer, "by hand")
    assert names(client.get(PAGE + "?open=1")) == ["s0", "s1"]


def test_the_way_that_leads_and_its_numbers(client, workflow):
    found = {each.subject.external_id: each for each in client.get(PAGE).context["found"]}
    assert [(a.question, a.label) for a in found["s1"].answers] == [
        ("What is it?", "Features"),
        ("What do you see?", "Arms"),
    ]
    first = found["s1"].first
    assert (first.row.asked, first.row.certainty) == (3, None)
    assert 0.5 < first.lead.probability < 1
    assert found["s0"].first.row.dispersion == 0
    assert first.votes == [("Features", 2), ("Smooth", 1)]


def test_filter_and_order(client, workflow):
    assert names(client.get(PAGE + "?answer=features")) == ["s1"]
    assert names(client.get(PAGE + "?answer=artifact")) == []
    assert names(client.get(PAGE + "?sort=disputed")) == ["s1", "s0"]
    assert names(client.get(PAGE + "?sort=nonsense&page=nonsense")) == ["s0", "s1"]


def test_an_answer_that_is_none_filters_nothing(client, workflow):
    """NUL went to the database and broke the page."""
    for nonsense in ("\0", "round", "'"):
        assert names(client.get(PAGE, {"answer": nonsense, "sort": "\0", "page": "x"})) == ["s0", "s1"]


def test_charts_runs_and_position_are_shown(client, workflow):
    draw_charts(workflow.pk)
    run = mine(workflow)
    text = client.get(PAGE).content.decode()
    assert f'id="run-{run.pk}"' in text
    assert "dawid-skene-tuned" in text
    assert "up to position 10" in text
    for theme in ("light", "dark"):
        svg = client.get(f"{PAGE}progress.{theme}.svg")
        assert svg["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert svg.content.startswith(b"<svg")
    assert client.get(f"{PAGE}progress.pink.svg").status_code == 404
    assert client.get(f"{PAGE}nothing.light.svg").status_code == 404
    assert client.get(f"{PAGE}nothing.csv").status_code == 404
    table = client.get(f"{PAGE}leading-answers.csv")
    assert table["Content-Type"] == "text/csv; charset=utf-8"
    assert table.content.decode().splitlines()[0] == "answer,subjects,share"


def test_a_private_project_shows_nothing_to_strangers(client, workflow, member):
    draw_charts(workflow.pk)
    workflow.project.is_public = False
    workflow.project.save()
    for address in (PAGE, f"{PAGE}progress.light.svg"):
        assert client.get(address).status_code == 404
    client.force_login(member)
    assert client.get(f"{PAGE}progress.light.svg").status_code == 200


def test_before_the_first_answer(client):
    make_workflow(2)
    text = client.get(PAGE).content.decode()
    assert "No answers have been weighed yet." in text
    assert "No subject is finished yet." in text


@pytest.mark.parametrize("finished", [2, 4])
def test_queries_do_not_grow_with_subjects(client, workflow, finished, django_assert_num_queries):
    """Visible project, workflow, reader, simulated, lag (2), charts, version (cached or 1-2), disputed and page: count,
    rows, subjects, pictures, evidence each; runs; attributes and associations published; session-less visitor."""
    SubjectState.objects.update(retired_at=None)
    ids = SubjectState.objects.order_by("subject_id").values_list("subject_id", flat=True)[:finished]
    SubjectState.objects.filter(subject_id__in=list(ids)).update(retired_at="2026-01-01T00:00Z")
    client.get(PAGE)
    with django_assert_num_queries(19):
        client.get(PAGE)


def test_the_run_in_the_catalogue_is_always_told_of(client, workflow):
    oldest, *rest = (mine(workflow, method="majority", seed=seed) for seed in range(7))
    publish(oldest, workflow)
    ask(workflow, method="majority")
    response = client.get(PAGE)
    assert response.context["runs"] == [*reversed(rest[1:]), oldest]  # done ones, newest first
    text = response.content.decode()
    assert text.count("in the catalogue") == 1
    assert text.index(f'id="run-{oldest.pk}"') < text.index("in the catalogue")
