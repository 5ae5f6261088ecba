"""The pages on similar pictures: the table of the issue's two pairs, who may see them, what is refused."""

import html
import re

import pytest
from django.test import Client

from mining.models import PairJudgement, SimilarityChoice, SimilarPair
from projects.models import Subject, Workflow
from tests.portal.desk.test_desk import client_of
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db
AT = "/projects/zoo/similar/shapes/"


def make_pairs() -> tuple[Workflow, list[SimilarPair], list[Client]]:
    """Two pairs at 0.55 and 0.75 on which three of the team agree two to one: similar, and not."""
    workflow = make_workflow(4)
    team = [client_of(workflow, name, "moderator") for name in ("ann", "ben", "cleo")]
    subjects = list(Subject.objects.order_by("pk"))
    pairs = [
        SimilarPair.objects.create(
            subject_set=workflow.subject_set,
            first=subjects[at],
            second=subjects[at + 1],
            cosine=cosine,
            turn=at,
        )
        for at, cosine in ((0, 0.55), (2, 0.75))
    ]
    return workflow, pairs, team


def vote(pairs: list[SimilarPair], team: list[Client]) -> None:
    for client, said in zip(team, (("yes", "yes"), ("yes", "no"), ("no", "no")), strict=True):
        for pair, similar in zip(pairs, said, strict=True):
            assert client.post(f"{AT}pairs/", {"pair": pair.pk, "similar": similar}).status_code == 302


def table(page: str) -> list[list[str]]:
    rows = re.findall(
        r"<tr[^>]*>(.*?)</tr>", page.partition('class="thresholds"')[2].partition("</table>")[0], re.DOTALL
    )
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows[1:]]
    return [[" ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in cells]


def test_two_pairs_with_three_voices_each() -> None:
    _workflow, pairs, team = make_pairs()
    vote(pairs, team)
    page = team[0].get(f"{AT}?measure=cosine").content.decode()
    nothing = "undefined"
    assert [(row[0], row[1], *(cell.split(" %")[0] for cell in row[2:])) for row in table(page)] == [
        ("0.55", "0", nothing, "0", "50"),
        ("0.65", "1", "100", "100", "100"),
        ("0.85", "2", "50", "100", "50"),
    ]
    assert table(page)[2][2] == "50 % 9 % – 91 %"
    assert "None: this threshold agrees with people on every judged pair." in page  # 0.65 agrees most often
    wrong = team[0].get(f"{AT}?measure=cosine&threshold=0.8").content.decode()
    assert "On the wrong side of 0.8" in wrong
    assert "not similar, but nearer" in wrong
    assert "distance 0.75; 1 for similar, 2 against" in wrong
    assert "similar, but farther" in team[0].get(f"{AT}?measure=cosine&threshold=0.4").content.decode()
    assert (
        "No judged pair has a distance of this kind" in team[0].get(AT).content.decode()
    )  # by the hash none has


def test_a_threshold_is_chosen_as_a_dated_row_and_nonsense_is_refused() -> None:
    workflow, pairs, team = make_pairs()
    vote(pairs, team)
    sent = {"measure": "cosine", "threshold": "0.6", "note": "As people see it."}
    page = team[1].post(f"{AT}choose/", sent, follow=True).content.decode()
    assert "Pairs nearer than 0.6 are called similar now." in page
    assert "As people see it." in page
    choice = SimilarityChoice.objects.get()
    assert (choice.subject_set, choice.threshold, choice.by.username) == (workflow.subject_set, 0.6, "ben")
    for bad in ("0", "-1", "2.5", "nan", "", "x"):
        page = team[1].post(f"{AT}choose/", sent | {"threshold": bad}, follow=True).content.decode()
        assert "above 0, at most 2" in page or "Give the threshold as a number." in page
    assert SimilarityChoice.objects.count() == 1


def test_one_pair_at_a_time_is_asked_of_the_team_only() -> None:
    workflow, pairs, team = make_pairs()
    other = make_workflow(2, slug="other")
    elsewhere = SimilarPair.objects.create(
        subject_set=other.subject_set,
        **dict(zip(("first", "second"), other.subject_set.subjects.order_by("pk"), strict=True)),
    )
    assert "You have judged 0 of 2 pairs." in team[0].get(f"{AT}pairs/").content.decode()
    assert team[0].post(f"{AT}pairs/", {"pair": elsewhere.pk, "similar": "yes"}).status_code == 404
    assert team[0].post(f"{AT}pairs/", {"pair": "x", "similar": "yes"}).status_code == 404
    page = (
        team[0].post(f"{AT}pairs/", {"pair": pairs[0].pk, "similar": "perhaps"}, follow=True).content.decode()
    )
    assert "Say whether the two are similar or not." in page
    assert not PairJudgement.objects.exists()
    vote(pairs, team)
    assert "You have judged every pair that is asked about." in team[0].get(f"{AT}pairs/").content.decode()
    strangers = [client_of(workflow, "stranger"), client_of(workflow, "tess", "translator"), Client()]
    for place in ("", "pairs/", "state/", "chart/bits.light.svg", "chart/bits.csv"):
        assert {each.get(AT + place).status_code for each in strangers} == {404}
    for place in ("look/", "choose/", "pairs/"):
        assert {each.post(AT + place).status_code for each in strangers} == {404}
