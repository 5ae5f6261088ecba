"""Webhooks by page and by API: for owners and scientists; the secret is shown once."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects.models import Delivery, ProjectMember, Webhook, Workflow
from projects.services.tokens import make_token
from tests.projects.api.test_tokens import Program
from tests.projects.webhooks.receiver import Receiver

PAGES = "/projects/zoo/webhooks/"
API = "projects/zoo/webhooks"


def member(workflow: Workflow, role: str) -> User:
    user = User.objects.create_user(f"a-{role}")
    ProjectMember.objects.create(project=workflow.project, user=user, role=role)
    return user


def program(user: User, scope: str = "write") -> Program:
    return Program(make_token(user=user, name=scope, scopes=[scope])[1])


def removed(who: Program, at: str) -> int:
    return who.client.delete(f"/api/v1/{at}", headers=who.headers).status_code


def test_by_page(workflow: Workflow, receiver: Receiver) -> None:
    client = Client()
    client.force_login(member(workflow, "scientist"))
    given = {"address": "http://10.0.0.1/", "kinds": ["retired"]}
    refused = client.post(PAGES, given)
    assert (refused.status_code, Webhook.objects.count()) == (400, 0)
    assert "not on the public internet" in refused.content.decode()
    made = client.post(PAGES, given | {"address": receiver.address}).content.decode()
    webhook = Webhook.objects.get()
    assert made.count("whsec_") == 1
    assert "whsec_" not in client.get(PAGES).content.decode()
    at = f"{PAGES}{webhook.public_id}/"
    assert client.post(at, {"do": "test"}).status_code == 302
    first = Delivery.objects.get()
    assert (first.is_test, first.state) == (True, "waiting")
    Delivery.objects.update(state="failed", status=302, answer="<b>moved</b>")
    log = client.get(at).content.decode()
    assert "&lt;b&gt;moved&lt;/b&gt;" in log
    assert ">302<" in log
    client.post(at, {"do": "again", "delivery": str(first.public_id)})
    assert Delivery.objects.get().state == "waiting"
    assert client.post(at, {"do": "again", "delivery": "x"}).status_code == 302
    assert client.post(at, {"do": "renew"}).content.decode().count("whsec_") == 1
    client.post(at, {"do": "change", "address": receiver.address, "kinds": ["decided"]})
    client.post(at, {"do": "pause"})
    webhook.refresh_from_db()
    assert (webhook.kinds, webhook.state) == (["decided"], "paused")
    Webhook.objects.update(state="off", message="Why it is off.")
    assert "Why it is off." in client.get(at).content.decode()
    assert "A webhook was switched off" in client.get("/projects/zoo/data/").content.decode()
    client.post(at, {"do": "remove"})
    assert (Webhook.objects.count(), client.get(at).status_code) == (0, 404)


def test_by_program(workflow: Workflow, receiver: Receiver) -> None:
    owner = program(member(workflow, "owner"))
    made = owner.post(API, {"address": receiver.address, "kinds": ["retired", "consensus"]})
    assert made.status_code == 201
    told = made.json()
    at = f"{API}/{told['id']}"
    assert told["secret"].startswith("whsec_")
    assert owner.get(at).json() == {name: told[name] for name in told if name != "secret"}
    assert [each["id"] for each in owner.get(API).json()["items"]] == [told["id"]]
    assert owner.post(f"{at}/secret", {}).json()["secret"] not in ("", told["secret"])
    test = owner.post(f"{at}/test", {}).json()
    assert [each["webhook_id"] for each in owner.get(f"{at}/deliveries").json()["items"]] == [
        test["webhook_id"]
    ]
    again = f"{at}/deliveries/{test['id']}/again"
    assert owner.post(again, {}).status_code == 404, "it waits"
    Delivery.objects.update(state="done")
    assert owner.post(again, {}).json()["state"] == "waiting"
    bad = owner.post(API, {"address": "https://192.168.0.1/", "kinds": ["retired"]})
    assert (bad.status_code, bad.json()["error"]["code"]) == (400, "invalid")
    unknown = owner.post(API, {"address": receiver.address, "kinds": ["all"]}).json()["error"]["message"]
    assert unknown == "kinds: choose what is told: retired, decided, consensus."
    twice = owner.post(API, {"address": receiver.address, "kinds": ["retired"]}).json()["error"]["message"]
    assert "is told already" in twice
    for number in range(9):
        owner.post(API, {"address": f"{receiver.address}{number}", "kinds": ["retired"]})
    most = owner.post(API, {"address": f"{receiver.address}9", "kinds": ["retired"]}).json()["error"][
        "message"
    ]
    assert "up to 10 webhooks" in most
    assert removed(owner, at) == 204
    assert owner.get(at).status_code == 404


@pytest.mark.parametrize("role", ["expert", "moderator", ""])
def test_others_may_not(role: str, workflow: Workflow, made: tuple[Webhook, str]) -> None:
    user = member(workflow, role) if role else User.objects.create_user("stranger")
    client = Client()
    client.force_login(user)
    at = f"{PAGES}{made[0].public_id}/"
    assert [client.get(PAGES).status_code, client.post(at, {"do": "remove"}).status_code] == [404, 404]
    mine = program(user)
    codes = [
        mine.get(API).status_code,
        mine.get(f"{API}/{made[0].public_id}").status_code,
        mine.post(f"{API}/{made[0].public_id}/secret", {}).status_code,
        removed(mine, f"{API}/{made[0].public_id}"),
    ]
    assert (codes, Webhook.objects.count()) == ([403] * 4, 1)
    assert program(member(workflow, "owner"), "read").post(API, {}).status_code == 403
