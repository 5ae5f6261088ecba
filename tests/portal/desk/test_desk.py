"""The desk's pages: who may come, what an item shows, decisions by form, campaigns, questions."""

import re
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from mining.models import SimilarPair
from mining.services.similar_pairs import choose
from projects.models import (
    Appeal,
    Claim,
    Decision,
    DeskNote,
    Look,
    ProjectMember,
    Qualification,
    Subject,
    Workflow,
)
from projects.services.decisions import Decider, decide
from projects.services.desk import set_group
from projects.services.lanes import alter_lane
from projects.services.policies import publish_policy, set_triage
from tests.projects.services.test_desk import POLICY, make_desk

pytestmark = pytest.mark.django_db
AT = "/projects/zoo/desk/"
LANE = f"{AT}shapes/lanes/new/"


def client_of(workflow: Workflow, name: str, role: str = "") -> Client:
    user = User.objects.create_user(name)
    if role:
        ProjectMember.objects.create(project=workflow.project, user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


def sent(page: str, **more: Any) -> dict[str, Any]:
    """The hidden fields of the form of verdicts, and what is chosen."""
    form = page.partition('/decide/"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    return {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"} | more


def test_an_item_is_shown_held_decided_and_taken_back() -> None:
    workflow, _lane, subjects = make_desk(3)
    Subject.objects.filter(pk=subjects[0]).update(
        metadata={
            "Title": "Blue <jug>",
            "Seller": "Mimi",
            "Page": "https://example.org/1",
            "#secret": "sentinel",
        },
        attributes={"price": 12.5},
    )
    Subject.objects.filter(pk=subjects[2]).update(metadata={"Seller": "Mimi"})
    one, other = sorted(subjects[::2])
    SimilarPair.objects.create(subject_set=workflow.subject_set, first_id=one, second_id=other, bits=3)
    choose(workflow.subject_set_id, "bits", 8)
    ann, ben = client_of(workflow, "ann", "moderator"), client_of(workflow, "ben", "expert")
    by = Decider.person(User.objects.get(username="ben"))
    decide(workflow=workflow, subject_id=subjects[2], verdict="fraud", decider=by)
    set_group(workflow, "Seller")
    page = ann.get(LANE).content.decode()
    for told in ("1 / 3", "Mimi", "https://example.org/1", "12.5", "Suspected fraud", "2 items, 1 decided."):
        assert told in page, told
    assert "sentinel" not in page
    assert Claim.objects.get().by.username == "ann"
    assert (
        Look.objects.filter(subject=subjects[0]).count() == 1
    )  # ann can't answer it as a volunteer any more
    assert "ann" in ben.get(f"{AT}live/").content.decode()
    assert f'value="{subjects[1]}"' in ben.get(LANE).content.decode()

    back = ann.post(f"{AT}shapes/decide/", sent(page, verdict="prohibited", reason="A knife"))
    assert back["Location"] == LANE
    made = Decision.objects.get(subject=subjects[0])
    assert (made.verdict, made.reason, made.by.username, str(made.uuid)) == (
        "prohibited", "A knife", "ann", sent(page)["id"],
    )  # fmt: skip
    ann.post(f"{AT}shapes/decide/", sent(page, verdict="prohibited", reason="A knife"))  # a second click
    assert Decision.objects.filter(subject=subjects[0]).count() == 1
    refused = ben.post(f"{AT}shapes/decide/", sent(page, verdict="ok", id=str(uuid.uuid4())), follow=True)
    assert "Somebody has decided this since you opened it" in refused.content.decode()
    empty = ann.get(LANE).content.decode()
    assert "1 item decided: Prohibited." in empty
    assert "There is nothing here for you just now" in empty  # ben holds the last
    undone = ann.post(f"{AT}shapes/undo/", {"id": str(made.uuid), "back": LANE}, follow=True).content.decode()
    assert "Undone: 1." in undone
    assert f'value="{subjects[0]}"' in undone


def test_a_seller_s_items_are_decided_together_and_one_that_is_held_is_left_out() -> None:
    workflow, _lane, subjects = make_desk(4)
    Subject.objects.filter(pk__in=subjects[:3]).update(metadata={"Seller": "Mimi"})
    ann, ben = client_of(workflow, "ann", "owner"), client_of(workflow, "ben", "expert")
    assert "Nobody has said yet what groups items." in ben.get(f"{AT}shapes/campaign/").content.decode()
    ben.post(f"{AT}shapes/campaign/group/", {"key": "Seller"})
    assert (
        "Nobody has said yet" in ben.get(f"{AT}shapes/campaign/").content.decode()
    )  # an expert does not arrange
    ann.post(f"{AT}shapes/campaign/group/", {"key": "Seller"})
    assert re.findall(r"\?of=(\w+)", ann.get(f"{AT}shapes/campaign/").content.decode()) == ["Mimi"]
    ben.get(LANE)  # ben holds s0
    place = f"{AT}shapes/campaign/?of=Mimi"
    page = ann.get(place).content.decode()
    boxes = re.findall(r'name="subject" value="(\d+)"[^>]*?( disabled)?>', page)
    assert sorted((int(pk), bool(off)) for pk, off in boxes) == sorted(
        [(subjects[0], True), (subjects[1], False), (subjects[2], False)]
    )
    body = sent(page, verdict="prohibited", reason="Copies.", subject=subjects[:3])
    refused = ann.post(f"{AT}shapes/decide/", body, follow=True).content.decode()
    assert "ben is working on s0 just now" in refused
    assert not Decision.objects.exists()
    done = ann.post(f"{AT}shapes/decide/", body | {"subject": subjects[1:3]}, follow=True).content.decode()
    assert "2 items decided: Prohibited." in done
    assert {str(each.batch) for each in Decision.objects.all()} == {body["id"]}
    assert ann.get(f"{place}&verdict=prohibited").content.decode().count('name="subject"') == 2
    assert ann.get(f"{place}&verdict=none").content.decode().count('name="subject"') == 1
    assert (
        "Undone: 2."
        in ann.post(f"{AT}shapes/undo/", {"id": body["id"], "back": place}, follow=True).content.decode()
    )
    assert ann.post(f"{AT}shapes/undo/", {"id": "x", "back": "https://evil.example/"})["Location"] == AT


def test_a_question_waits_on_its_page_and_others_find_nothing() -> None:
    workflow, _lane, subjects = make_desk(2)
    ann = client_of(workflow, "ann", "moderator")
    ann.get(LANE)
    asked = {"kind": "question", "subject": subjects[0], "text": "May <shops> sell this?", "back": LANE}
    assert "Asked. The item waits" in ann.post(f"{AT}shapes/notes/", asked, follow=True).content.decode()
    assert f'value="{subjects[1]}"' in ann.get(LANE).content.decode()
    page = ann.get(f"{AT}shapes/questions/").content.decode()
    assert "May &lt;shops&gt; sell this?" in page
    question = DeskNote.objects.get()
    ann.post(f"{AT}shapes/notes/", {"kind": "answer", "question": question.pk, "text": "Yes."})
    assert "No question waits." in ann.get(f"{AT}shapes/questions/").content.decode()
    for bad in (
        {"kind": "note", "subject": "9" * 30, "text": "x"},
        {"kind": "answer", "question": "x", "text": "x"},
    ):
        assert ann.post(f"{AT}shapes/notes/", bad).status_code == 404
    strangers = [client_of(workflow, "stranger"), client_of(workflow, "tess", "translator"), Client()]
    for place in ("", "live/", "shapes/pool/", "shapes/lanes/new/", "shapes/campaign/", "shapes/questions/"):
        assert {each.get(AT + place).status_code for each in strangers} == {404}
    for place in (
        "veil/",
        "shapes/decide/",
        "shapes/undo/",
        "shapes/leave/",
        "shapes/notes/",
        "shapes/campaign/group/",
    ):
        assert {each.post(AT + place).status_code for each in strangers} == {404}


def test_a_second_look_shows_nothing_of_the_first() -> None:
    workflow, lane, subjects = make_desk(1)
    alter_lane(lane, second_share=100)
    first, second = (client_of(workflow, name, "moderator") for name in ("firstsentinel", "ben"))
    page = first.get(LANE).content.decode()
    asked = {"subject": subjects[0], "kind": "note", "text": "Surely sentinelfraud.", "back": LANE}
    first.post(f"{AT}shapes/notes/", asked)
    first.post(f"{AT}shapes/decide/", sent(page, verdict="fraud", reason="sentinelreason", back=LANE))
    assert Decision.objects.get().verdict == "fraud"
    set_group(workflow, "seller")
    Subject.objects.update(metadata={"seller": "A"})
    blind = second.get(LANE).content.decode()
    campaign = second.get(f"{AT}shapes/campaign/?of=A").content.decode()
    for each in (blind, campaign):
        assert "sentinel" not in each
        assert "Suspected fraud · " not in each
    assert "Nobody has decided it before." in blind
    assert "in a second look" in campaign
    second.post(f"{AT}shapes/decide/", sent(blind, verdict="fraud", back=LANE))
    assert Decision.objects.count() == 1  # they agree
    shown = first.get("/projects/zoo/triage/shapes/").content.decode()
    assert "Second looks" in shown
    assert "100 %" in shown


def test_who_lacks_what_a_lane_requires_is_told_at_its_door() -> None:
    workflow, lane, _subjects = make_desk(1)
    Qualification.objects.create(project=workflow.project, slug="greek", title="Greek", kind="language")
    alter_lane(lane, requires=["greek"])
    moderator = client_of(workflow, "ann", "moderator")
    page = moderator.get(LANE)
    assert page.status_code == 403
    assert "This work is for those who have: Greek." in page.content.decode()
    assert "you lack: Greek" in moderator.get(AT).content.decode()
    assert not Claim.objects.exists()


def test_an_appeal_shows_what_was_decided_and_what_the_cited_policy_says() -> None:
    workflow, _lane, subjects = make_desk(1)
    policy = publish_policy(workflow.project, content=POLICY, title="Market").policy
    set_triage(workflow, policy=policy, task="T0", verdicts={"artifact": "error"})
    first, other = (client_of(workflow, name, "moderator") for name in ("first", "other"))
    page = first.get(LANE).content.decode()
    first.post(f"{AT}shapes/decide/", sent(page, verdict="prohibited", category="arms", reason="A sword."))
    assert "Appeal" in first.get(f"{AT}shapes/appeals/{subjects[0]}/").content.decode()
    first.post(f"{AT}shapes/appeals/{subjects[0]}/", {"text": "It is made of wood."})
    assert "No appeal waits for you." in first.get(f"{AT}shapes/appeals/").content.decode()
    shown = other.get(f"{AT}shapes/appeals/").content.decode()
    for each in ("It is made of wood.", "A sword.", "Market, version 1", "<strong>Arms</strong>"):
        assert each in shown, each
    appeal = Appeal.objects.get()
    judged = {"appeal": appeal.pk, "do": "overturn", "verdict": "restricted", "category": "spirits"}
    other.post(f"{AT}shapes/appeals/", judged | {"reason": ""})
    assert Decision.objects.count() == 1
    other.post(f"{AT}shapes/appeals/", judged | {"reason": "Wood."})
    assert Decision.objects.standing().get().verdict == "restricted"
    told = other.get("/projects/zoo/triage/shapes/").content.decode()
    assert "<bdi>first</bdi>" in told
    assert "100 %" in told


def test_strikes_of_a_seller_suggest_and_do_nothing() -> None:
    workflow, _lane, subjects = make_desk(5)
    Subject.objects.update(metadata={"seller": "Mimi"})
    moderator = client_of(workflow, "ann", "moderator")
    where, back = f"{AT}shapes/campaign/", f"{AT}shapes/campaign/?of=Mimi"
    moderator.post(f"{where}group/", {"key": "seller", "thresholds": "soon: never"})
    assert not hasattr(Workflow.objects.get(), "desk")  # a line that is none: nothing is saved
    moderator.post(f"{where}group/", {"key": "seller", "thresholds": "3: suspension\n2: a letter"})
    some_of = {"adult": subjects[3:4], "prohibited": subjects[:2], "fraud": subjects[2:3]}
    for verdict, some in some_of.items():
        page = moderator.get(back).content.decode()
        assert "suggest suspension" not in page
        moderator.post(
            f"{AT}shapes/decide/", sent(page, subject=some, verdict=verdict, reason="Seen.", back=back)
        )
    for page in (moderator.get(back).content.decode(), moderator.get(LANE).content.decode()):
        assert "3 strikes: suggest suspension." in page
        assert '75 % <span class="muted">(30–95 %)</span>' in page  # 3 of 4 decided items
    assert Decision.objects.count() == 4
