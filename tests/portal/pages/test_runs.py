"""The team's pages on batch runs: who may, starting, cancelling, publishing, what they show, who has looked."""

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mining.models import Consensus, Merit, Published, Run, Schedule
from mining.services.draw_charts import draw_run_charts
from mining.services.mine import mine, work
from mining.services.schedules import set_schedule
from projects.models import Look
from tests.mining.helpers import OPEN, Crowd
from tests.mining.services.test_texts import LINES, NO, line
from tests.projects.factories import ARMS, SMOOTH, make_workflow

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/projects/zoo/runs/shapes/"
SCHEDULE = {"on": "on", "every": 3, "unit": "hours", "method": "majority", "seed": 4, "publish": "on"}


@pytest.fixture
def crowd(redis_client: object) -> Crowd:
    """s0, s1 finished and smooth; s2 finished, s3 open, both disputed."""
    made = Crowd(make_workflow(4, definition=OPEN | {"retirement": ["gte", ["votes"], 3]}), 3)
    for volunteer in range(3):
        for subject in range(4):
            if (volunteer, subject) != (2, 3):
                made.answer(volunteer, subject, SMOOTH if subject < 2 or volunteer == 0 else ARMS)
    return made


def signed_in(crowd: Crowd, role: str | None) -> Client:
    user = User.objects.create_user(f"a-{role}")
    if role:
        crowd.workflow.project.members.create(user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


def places(run: Run) -> list[str]:
    at = f"{HERE}{run.pk}/"
    return [
        HERE, HERE + "state/", at, at + "volunteers/", at + "volunteers/all.csv", at + "answers/",
        at + "convergence.csv", at + "convergence.light.svg",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "read", "write"),
    [("owner", 200, 302), ("scientist", 200, 302), ("moderator", 200, 404), (None, 404, 404)],
)
def test_the_team_reads_and_owners_and_scientists_do(crowd, role, read, write):
    run = mine(crowd.workflow, method="majority")
    draw_run_charts(run)
    other = mine(crowd.workflow, method="one-coin")
    client = signed_in(crowd, role)
    set_schedule(crowd.workflow, on=True, method="majority", seed=0, every=1, unit="days", publish=False)
    for place in [*places(run), f"{HERE}{run.pk}/against/{other.pk}/"]:
        assert (place, client.get(place).status_code) == (place, read)
    assert client.post(HERE, {"method": "majority", "seed": 1}).status_code == write
    assert client.post(HERE + "schedule/", SCHEDULE).status_code == write
    assert Schedule.objects.get().every == (3 if write == 302 else 1)
    assert client.post(HERE + "publish/", {"run": run.pk}).status_code == write
    assert client.post(f"{HERE}{run.pk}/cancel/").status_code == write
    assert client.post(f"{HERE}{run.pk}/again/").status_code == write
    assert Run.objects.count() == (4 if write == 302 else 2)
    assert Published.objects.exists() == (write == 302)


def test_nobody_without_an_account(crowd):
    run = mine(crowd.workflow, method="majority")
    draw_run_charts(run)
    assert {Client().get(place).status_code for place in places(run)} == {404}
    assert Client().post(HERE, {"method": "majority", "seed": 1}).status_code == 404
    assert Run.objects.count() == 1


def test_a_run_is_asked_for_shown_cancelled_and_started_again(crowd):
    client = signed_in(crowd, "scientist")
    assert client.post(HERE, {"method": "one-coin", "seed": 5}).status_code == 302
    run = Run.objects.get()
    assert (run.status, run.method, run.seed, str(run.started_by)) == (
        "waiting",
        "one-coin",
        5,
        "a-scientist",
    )
    text = client.get(HERE).content.decode()
    assert "waiting for the worker" in text
    assert client.get(HERE)["Cache-Control"] == "no-store"
    Run.objects.update(status="running", questions_done=1, questions_total=3)
    seen = client.get(f"{HERE}state/?seen={run.pk}")
    assert "1 of 3 questions weighed" in seen.content.decode()
    assert "HX-Refresh" not in seen
    told = client.post(f"{HERE}{run.pk}/cancel/", follow=True).content.decode()
    assert f"Cancelled: nothing of run {run.pk} is kept." in told
    assert client.get(f"{HERE}state/?seen={run.pk}")["HX-Refresh"] == "true"
    assert client.post(f"{HERE}{run.pk}/again/").status_code == 302
    second = Run.objects.first()
    assert (second.pk > run.pk, second.method, second.seed, second.status) == (True, "one-coin", 5, "waiting")
    work(second)
    assert "in the catalogue</span>" not in client.get(HERE).content.decode()
    client.post(HERE + "publish/", {"run": second.pk})
    assert "in the catalogue</span>" in client.get(HERE).content.decode()
    client.post(HERE + "publish/", {"run": ""})
    assert not Published.objects.exists()


@pytest.mark.parametrize("data", [{"method": "guess", "seed": 0}, {"method": "majority", "seed": -1}, {}])
def test_what_the_form_refuses(crowd, data):
    client = signed_in(crowd, "owner")
    assert client.post(HERE, data).status_code == 200
    assert not Run.objects.exists()


def test_only_a_run_that_is_done_is_published_or_browsed(crowd):
    client = signed_in(crowd, "owner")
    client.post(HERE, {"method": "majority", "seed": 0})
    run = Run.objects.get()
    assert client.post(HERE + "publish/", {"run": run.pk}).status_code == 404
    assert client.get(f"{HERE}{run.pk}/answers/").status_code == 404
    assert client.get(f"{HERE}{run.pk}/").status_code == 200
    assert client.get(f"{HERE}{run.pk + 9}/").status_code == 404


def names(response) -> list[str]:
    return [each.subject.external_id for each in response.context["shown"]]


def test_answers_are_filtered_sorted_and_paged(crowd, monkeypatch):
    run = mine(crowd.workflow, method="majority")
    client = signed_in(crowd, "scientist")
    at = f"{HERE}{run.pk}/answers/"
    assert set(names(client.get(at))) == {"s0", "s1", "s2", "s3"}
    assert names(client.get(at))[0] == "s3"  # 1 against 1; s2 has 1 against 2
    assert set(names(client.get(at + "?answer=smooth&votes_from=3"))) == {"s0", "s1"}
    assert names(client.get(at + "?answer=features&state=finished")) == ["s2"]
    assert names(client.get(at + "?state=open")) == ["s3"]
    assert set(names(client.get(at + "?probability_to=0.9"))) == {"s2", "s3"}
    assert names(client.get(at + "?probability_from=0.6&probability_to=0.9")) == ["s2"]
    assert names(client.get(at + "?dispersion_from=0.9")) == []
    assert names(client.get(at + "?undecided=yes")) == ["s3", "s2"]  # 1 of 2, 2 of 3
    assert set(names(client.get(at + "?undecided=no"))) == {"s0", "s1"}  # 3 of 3
    assert client.get(at).content.decode().count(">undecided</span>") == 2
    wrong = client.get(at + "?votes_from=x").content.decode()
    assert "Enter a whole number." in wrong
    monkeypatch.setattr("portal.pages.run_answers.ON_A_PAGE", 3)
    seen: list[str] = []
    after = ""
    for _page in range(2):
        response = client.get(at, {"sort": "votes", "after": after})
        seen += names(response)
        after = response.context["page"].after
    assert (sorted(seen), after) == (["s0", "s1", "s2", "s3"], "")
    assert names(client.get(at, {"after": "nonsense"})) == names(client.get(at))


def test_who_is_shown_an_open_subject_has_looked(crowd):
    run = mine(crowd.workflow, method="majority")
    client = signed_in(crowd, "scientist")
    client.get(f"{HERE}{run.pk}/")
    client.get(f"{HERE}{run.pk}/volunteers/")
    client.get(f"{HERE}{run.pk}/answers/?state=finished")
    assert not Look.objects.exists()
    client.get(f"{HERE}{run.pk}/answers/")
    assert [look.subject_id for look in Look.objects.all()] == [crowd.subjects[3]]
    client.get(f"{HERE}{run.pk}/answers/")
    assert Look.objects.count() == 1


def test_two_runs_beside_each_other(crowd):
    one, two = (mine(crowd.workflow, method=method) for method in ("majority", "majority"))
    Consensus.objects.filter(run=two, subject_id=crowd.subjects[2], task="T0").update(
        key="artifact", undecided=False
    )
    client = signed_in(crowd, "moderator")
    response = client.get(f"{HERE}{one.pk}/against/{two.pk}/")
    counts = {path: (differ, both) for path, _words, differ, both in response.context["counts"]}
    assert counts == {"T0": (1, 4), "T1:bar": (0, 2), "T1:arms": (0, 2)}
    assert names(response) == ["s2"]
    shown = response.context["shown"][0]
    assert (shown.row.key, shown.other, shown.picture is not None) == ("features", "Star or artifact", True)
    assert (shown.row.undecided, shown.other_undecided) == (True, False)
    assert response.content.decode().count(">undecided</span>") == 1
    back = client.get(f"{HERE}{two.pk}/against/{one.pk}/").context["shown"][0]
    assert (back.row.undecided, back.other_undecided) == (False, True)
    assert client.get(f"{HERE}{one.pk}/against/{one.pk}/").status_code == 404


def test_volunteers_worst_to_best_and_as_csv(crowd, monkeypatch):
    run = mine(crowd.workflow, method="majority")
    client = signed_in(crowd, "moderator")
    at = f"{HERE}{run.pk}/volunteers/"
    response = client.get(at)
    text = response.content.decode()
    assert "Number of votes is not skill" in text
    assert "A held-out test does not find that these volunteers differ" in text
    assert "not-logged-in-" in text
    people = response.context["people"]
    bits = [each.row.bits for each in people]
    assert bits == sorted(bits)
    assert [label for label, *_ in people[0].classes] == ["Smooth", "Features", "Star or artifact"]
    monkeypatch.setattr("portal.pages.run_volunteers.ON_A_PAGE", 2)
    first = client.get(at, {"sort": "votes"})
    rest = client.get(at, {"sort": "votes", "after": first.context["page"].after})
    assert [each.row.votes for each in first.context["people"] + rest.context["people"]] == [4, 4, 3]
    assert rest.context["page"].after == ""
    ids = Merit.objects.filter(run=run, task="T0").order_by("volunteer_id").values_list("pk", flat=True)
    for number, pk in enumerate(ids):
        told = {"seconds": 4.0 + number, "drift": 0.1 - number * 0.1, "drifts": number == 2} if number else {}
        Merit.objects.filter(pk=pk).update(**told, parts=[[0.5, 0.25, 0.75]] * 4 if number else [])
    monkeypatch.undo()

    def seconds(**asked: Any) -> list[float | None]:
        return [each.row.seconds for each in client.get(at, asked).context["people"]]

    assert seconds(sort="fast") == [5.0, 6.0]
    assert seconds(sort="falling") == [6.0, 5.0]
    assert (seconds(drifting="yes"), seconds(votes_from=4, sort="fast"), seconds(seconds_to=5)) == (
        [6.0],
        [5.0],
        [5.0],
    )
    assert "No volunteer is like that." in client.get(at, {"known_from": 3}).content.decode()
    assert "Enter a number." in client.get(at, {"seconds_to": "x"}).content.decode()
    text = client.get(at, {"drifting": "yes", "sort": "fast"}).content.decode()
    assert "part 4 of 4 of the votes" in text
    assert ">drifts<" in text
    table = list(csv.DictReader(io.StringIO(client.get(at + "all.csv").content.decode())))
    assert sorted((row["seconds"], row["drifts"], row["skill_in_part_4_high"]) for row in table) == [
        ("", "false", ""), ("5.0", "false", "0.75"), ("6.0", "true", "0.75"),
    ]  # fmt: skip
    assert [float(row["bits"]) for row in table] == bits
    assert {row["votes"] for row in table} == {"3", "4"}
    assert 0 <= float(table[0]["skill_on_smooth_low"]) <= float(table[0]["skill_on_smooth"]) <= 1


def test_known_answers_and_a_found_spread_are_told(crowd):
    run = mine(crowd.workflow, method="majority")
    run.report["questions"]["T0"]["spread"]["found"] = True
    run.report["questions"]["T0"]["known"] = 60
    run.save()
    Merit.objects.filter(run=run).update(known=4, known_right=3)
    text = signed_in(crowd, "owner").get(f"{HERE}{run.pk}/volunteers/").content.decode()
    assert "3 of 4 right" in text
    assert "Votes on 60 known subjects count in full" in text
    assert "held-out test" not in text


def test_a_chart_and_its_csv(crowd):
    run = mine(crowd.workflow, method="majority")
    assert draw_run_charts(run) == 1  # all answers are of one hour
    client = signed_in(crowd, "owner")
    text = client.get(f"{HERE}{run.pk}/").content.decode()
    assert "no certainty: too few known answers" in text
    assert "How many votes are enough: agreement with the final answer" in text
    svg = client.get(f"{HERE}{run.pk}/convergence.dark.svg")
    assert (svg["Content-Type"], svg.content[:4]) == ("image/svg+xml; charset=utf-8", b"<svg")
    assert client.get(f"{HERE}{run.pk}/convergence.pink.svg").status_code == 404
    table = client.get(f"{HERE}{run.pk}/convergence.csv").content.decode().splitlines()
    assert table[0] == "votes,weighed,plain majority,subjects"
    assert table[-1] == "3,1.0,1.0,3"


def test_a_schedule_is_set_told_and_refused(crowd):
    client = signed_in(crowd, "owner")
    told = client.post(HERE + "schedule/", SCHEDULE, follow=True).content.decode()
    row = Schedule.objects.get()
    assert (row.on, row.every, row.unit, row.method, row.seed, row.publish) == (
        True,
        3,
        "hours",
        "majority",
        4,
        True,
    )
    assert "A run every 3 hours by majority, seed 4." in told
    assert f"Next on {row.next_at:%Y-%m-%d %H:%M} UTC" in told
    assert f"Set by a-owner on {row.at:%Y-%m-%d %H:%M} UTC." in told
    for wrong in (
        {"every": 8761},
        {"every": 9, "unit": "answers"},
        {"method": "guess"},
        {"seed": -1},
        {"every": ""},
    ):
        assert client.post(HERE + "schedule/", SCHEDULE | wrong).status_code == 200
    assert "Between 10 and 10000000 new answers." in client.post(
        HERE + "schedule/", SCHEDULE | {"every": 9, "unit": "answers"}
    ).content.decode().replace(",", "")
    assert Schedule.objects.get().every == 3
    off = {key: value for key, value in SCHEDULE.items() if key != "on"} | {"unit": "answers", "every": 12}
    assert (
        "There is a schedule, and it is off."
        in client.post(HERE + "schedule/", off, follow=True).content.decode()
    )
    Schedule.objects.update(on=True)
    crowd.answer(2, 3, SMOOTH)
    assert "Next after 11 more answers." in client.get(HERE).content.decode()


def test_an_emptied_run_says_how_to_make_it_again_and_a_resumed_one_that_it_was(crowd):
    run = mine(crowd.workflow, method="majority", seed=6)
    Run.objects.update(emptied_at=run.finished_at, resumed=2, scheduled=True)
    client = signed_in(crowd, "moderator")
    text = client.get(f"{HERE}{run.pk}/").content.decode()
    assert (
        f"manage.py mine zoo --workflow shapes --method majority --seed 6 --position {run.position}" in text
    )
    assert "2 times: its process had ended before its time" in text
    assert client.get(f"{HERE}{run.pk}/answers/").status_code == 404
    listed = client.get(HERE).content.decode()
    assert "results removed" in listed
    assert "taken up again 2 times" in listed
    Run.objects.update(status="waiting", questions_done=1, questions_total=3)
    assert "It goes on after 1 of 3 questions" in client.get(HERE).content.decode()


def test_texts_are_read_letter_by_letter_and_two_runs_of_them_compared(redis_client, monkeypatch):
    crowd = Crowd(make_workflow(3, definition=LINES), 3)
    for volunteer, texts in enumerate([("λόγος", "ἀρχή", ""), ("λόγος", "ἀρχή", ""), ("λόγον", "ἀρχή", "")]):
        for subject, text in enumerate(texts):
            crowd.answer(
                volunteer, subject, line(text, "in the margin" if subject == 1 else "") if text else NO
            )
    run = mine(crowd.workflow, method="majority")
    assert run.report["questions"]["T1"] == {"kind": "text", "subjects": 2, "volunteers": 3, "votes": 6}
    client = signed_in(crowd, "scientist")
    at = f"{HERE}{run.pk}/answers/"
    disputed = client.get(at, {"question": "T1"})
    assert (names(disputed), disputed.context["shown"][0].unsure) == (["s0", "s1"], 0)
    assert names(client.get(at, {"question": "T1", "sort": "agreed"})) == ["s1", "s0"]
    assert names(client.get(at, {"question": "T1", "sort": "sure"})) == ["s0", "s1"]  # no such order of texts
    assert names(client.get(at, {"question": "T1", "words": "ἀρχ"})) == ["s1"]
    assert names(client.get(at, {"question": "T2", "votes_from": "3"})) == ["s1"]
    text = disputed.content.decode()
    assert '<p class="letters" lang="grc">' in text
    assert "Text contains" in text
    assert "Probability from" not in text
    assert "Text contains" not in client.get(at, {"question": "T0"}).content.decode()
    assert "texts are not calibrated" in client.get(f"{HERE}{run.pk}/").content.decode()
    assert "T1" not in client.get(f"{HERE}{run.pk}/volunteers/").context["questions"]
    two = mine(crowd.workflow, method="one-coin")
    row = Consensus.objects.get(run=two, task="T1", subject_id=crowd.subjects[1])
    Consensus.objects.filter(pk=row.pk).update(value=row.value | {"text": "ἀρχόν"})
    against = client.get(f"{HERE}{run.pk}/against/{two.pk}/", {"question": "T1"})
    counts = {path: counted for path, _words, *counted in against.context["counts"]}
    assert (counts["T1"], counts["T2"], names(against)) == ([1, 2], [0, 1], ["s1"])
    assert "ἀρχόν" in against.content.decode()


def test_pages_cost_as_many_queries_for_three_as_for_one(redis_client):
    """Session, user, project, membership, workflow, the run, its tasks' versions, the published one, the rows, then
    what the rows are of: subjects and pictures, or people."""
    crowd = Crowd(make_workflow(3, definition=OPEN), 3)
    crowd.answer(0, 0, SMOOTH)
    few = mine(crowd.workflow, method="majority")
    client = signed_in(crowd, "moderator")
    client.get(f"{HERE}{few.pk}/answers/")  # who looks is written down once

    def counted(run: Run) -> list[int]:
        found = []
        for place in (
            "",
            f"{run.pk}/",
            f"{run.pk}/answers/",
            f"{run.pk}/volunteers/",
            f"{run.pk}/against/{few.pk}/",
        ):
            if place.endswith(f"against/{run.pk}/"):
                continue
            with CaptureQueriesContext(connection) as queries:
                assert client.get(HERE + place).status_code == 200
            found.append(len(queries))
        return found

    one = counted(few)
    for volunteer in range(3):
        for subject in range(3):
            if volunteer or subject:
                crowd.answer(volunteer, subject, SMOOTH)
    for method in ("one-coin", "majority"):
        many = mine(crowd.workflow, method=method)
    client.get(f"{HERE}{many.pk}/answers/")
    assert counted(many)[:4] == one
