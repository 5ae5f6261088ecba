"""What is told, to a real receiver: finished subjects and nothing of open ones, signed, in order, at least once."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from projects.bundles.write import write_bundle
from projects.models import Delivery, Evidence, SubjectState, Webhook, Workflow
from projects.services import Known, enter_gold, record_classification
from projects.services.decisions import AUDIT, Decider, Judged, decide_all
from projects.services.policies import publish_policy, set_triage
from projects.services.post_evidence import Conclusion, post_evidence
from projects.services.retire_by_hand import reopen_subjects, retire_subjects
from projects.services.rules import make_rule
from projects.services.webhooks import make_webhook, renew_secret, send_again, send_test, switch
from projects.webhooks import deliver as sending
from projects.webhooks.deliver import WAITS, deliver_due
from projects.webhooks.news import gather
from tests.conftest import ROOT, site_environment
from tests.projects.factories import make_pass, make_workflow, submission
from tests.projects.webhooks.receiver import Receiver, receiving

Made = tuple[Webhook, str]


def subject(workflow: Workflow, name: str) -> int:
    return workflow.project.subjects.get(external_id=name).pk


def answer(workflow: Workflow, name: str, times: int) -> None:
    for _ in range(times):
        record_classification(submission(workflow, subject(workflow, name)), make_pass())


def conclude(workflow: Workflow, name: str, smooth: float, asked: int = 3) -> None:
    said = {"smooth": smooth, "features": 1 - smooth}
    conclusion = Conclusion(subject(workflow, name), "T0", said, 0.5, 0.25, 3.0, None, asked)
    post_evidence(workflow_id=workflow.pk, conclusions=[conclusion], position=9)


def log(webhook: Webhook) -> list[tuple[str, int, int | None]]:
    return list(webhook.deliveries.order_by("pk").values_list("state", "tries", "status"))


def hurry() -> None:
    """As if the time to wait had gone by."""
    Delivery.objects.filter(state="waiting").update(next_at=timezone.now())


def is_ours(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """As docs/webhooks.md tells receivers to check it."""
    code = re.search(r"```python\n(.*?)```", (ROOT / "docs" / "webhooks.md").read_text(), re.DOTALL)
    assert code is not None
    names: dict[str, Any] = {}
    exec(code.group(1), names)
    return bool(names["is_ours"](secret, headers, body))


def test_a_finished_subject_is_told_once_signed_and_logged(
    workflow: Workflow, made: Made, receiver: Receiver
) -> None:
    webhook, secret = made
    answer(workflow, "s0", 3)
    answer(workflow, "s1", 2)
    assert [deliver_due(), deliver_due()] == [1, 0]
    ((headers, body),) = receiver.taken
    assert is_ours(secret, headers, body)
    assert not is_ours(secret, headers, body + b" ")
    assert not is_ours(secret, headers | {"webhook-timestamp": "1700000000"}, body)
    (event,) = receiver.events()
    assert (event["type"], event["name"], event["workflow"]) == ("subject.retired", "s0", "shapes")
    assert event["consensus"]["T0"] == {
        "answer": "smooth", "asked": 3, "probability": None, "certainty": None, "dispersion": None,
    }  # fmt: skip
    delivery = webhook.deliveries.get()
    assert headers["webhook-id"] == f"msg_{delivery.public_id.hex}"
    assert (delivery.state, delivery.tries, delivery.status, delivery.answer) == ("done", 1, 200, "thanks")
    renew_secret(webhook)
    newer = renew_secret(webhook)  # a double click: what receivers have is still the one before
    send_test(webhook)
    deliver_due()
    assert [is_ours(each, *receiver.taken[1]) for each in (secret, newer)] == [True, True]
    Webhook.objects.update(renewed_at=timezone.now() - timedelta(days=2))
    send_again(webhook, delivery.public_id)
    deliver_due()
    assert receiver.ids[2] == receiver.ids[0]
    assert [is_ours(each, *receiver.taken[2]) for each in (secret, newer)] == [False, True]


def test_nothing_is_told_of_open_and_of_known_subjects(
    workflow: Workflow, made: Made, receiver: Receiver
) -> None:
    webhook, _secret = made
    retire_subjects(workflow, [subject(workflow, name) for name in ("s1", "s2", "s3")])
    first = gather(webhook)
    assert first is not None
    assert len(first.events) == 3
    reopen_subjects(workflow, [subject(workflow, "s1"), subject(workflow, "s3")])
    enter_gold(
        workflow=workflow, subject_id=subject(workflow, "s3"), annotations=[{"task": "T0", "value": "smooth"}],
        expert="ann", known=Known(),
    )  # fmt: skip
    publish_policy(workflow.project, slug="p", title="P", content={"languages": ["en"], "categories": []})
    set_triage(workflow, policy=workflow.project.policies.get(), task="T0", verdicts={"smooth": "ok"})
    rule = make_rule(workflow=workflow, title="Field", condition=["matches", "field", "A"], verdict="fraud")
    audited = Judged(subject(workflow, "s4"), "fraud", evidence={AUDIT: True})
    settled = Judged(subject(workflow, "s5"), "adult", reason="hidden")
    decide_all(workflow=workflow, judged=[audited, settled], decider=Decider.by_rule(rule))
    conclude(workflow, "s1", 0.9, asked=0)
    deliver_due()
    assert [(e["type"], e["name"]) for e in receiver.events()] == [("subject.retired", "s2")]
    deliver_due()
    told = {(e["type"], e["name"]): e for e in receiver.events()}
    assert sorted(told) == [
        ("subject.decided", "s5"), ("subject.reopened", "s1"), ("subject.retired", "s5"),
    ]  # fmt: skip
    assert told["subject.decided", "s5"]["verdicts"] == [{"region": "", "verdict": "adult"}]
    assert set(told["subject.reopened", "s1"]) == {
        "type", "at", "workflow", "workflow_id", "subject", "name",
    }  # fmt: skip
    assert "hidden" not in receiver.taken[-1][1].decode()


def test_another_consensus_of_a_finished_subject_is_told_and_the_same_is_not(
    workflow: Workflow, made: Made, receiver: Receiver
) -> None:
    answer(workflow, "s0", 3)
    answer(workflow, "s1", 2)
    deliver_due()
    conclude(workflow, "s0", 0.8)
    conclude(workflow, "s1", 0.2, asked=2)
    conclude(workflow, "s1", 0.8, asked=2)
    assert deliver_due() == 0
    conclude(workflow, "s0", 0.3)
    conclude(workflow, "s0", 0.2)
    assert deliver_due() == 1
    (event,) = receiver.events()
    said = event["consensus"]["T0"]
    assert (event["type"], event["name"]) == ("consensus.changed", "s0")
    assert (said["answer"], said["probability"], said["dispersion"]) == ("features", 0.8, 0.25)
    assert Evidence.objects.get(subject=subject(workflow, "s0"), task="T0").tallies["asked"] == 3


def test_a_receiver_that_fails_is_waited_for_switched_off_and_told_all_later(
    workflow: Workflow, made: Made, receiver: Receiver
) -> None:
    webhook, _secret = made
    receiver.answers = [(500, {}, "no\x00t now")]
    answer(workflow, "s0", 3)
    assert [deliver_due(), deliver_due()] == [1, 0]
    waited = webhook.deliveries.get()
    assert waited.next_at - (waited.sent_at or timezone.now()) == WAITS[0]
    assert (waited.status, waited.answer) == (500, "no\ufffdt now")
    answer(workflow, "s1", 3)
    for _ in WAITS:
        hurry()
        assert deliver_due() == 1
    webhook.refresh_from_db()
    assert (webhook.state, log(webhook)) == ("off", [("failed", 10, 500)])
    assert "10 tries" in webhook.message
    assert deliver_due() == 0
    send_test(webhook)
    assert deliver_due() == 1
    receiver.answers = [(204, {}, "")]
    switch(webhook, on=True)
    assert [deliver_due() for _ in range(3)] == [1, 1, 0]
    assert [event["name"] for at in (-2, -1) for event in receiver.events(at)] == ["s0", "s1"]
    assert receiver.ids[-2] == receiver.ids[0]
    receiver.answers = [(410, {}, "")]
    answer(workflow, "s2", 3)
    deliver_due()
    webhook.refresh_from_db()
    assert (webhook.state, webhook.message) == ("off", "The receiver said that it is gone (410).")


def test_a_redirect_is_not_followed(workflow: Workflow, made: Made, receiver: Receiver) -> None:
    webhook, _secret = made
    with receiving() as inside:
        receiver.answers = [(307, {"Location": inside.address}, "there")]
        send_test(webhook)
        deliver_due()
        assert inside.taken == []
    assert log(webhook) == [("failed", 1, 307)]


def test_a_receiver_that_lets_us_wait_holds_up_no_other(
    workflow: Workflow, made: Made, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers only when another has been told, and told again of what happened meanwhile."""
    webhook, _secret = made
    monkeypatch.setattr(sending, "LOOK", 0.05)
    with receiving() as other:
        told = threading.Event()
        receiver.before = lambda: told.wait(8) or receiver.answers.insert(0, (500, {}, "never told"))
        second, _secret = make_webhook(workflow.project, address=other.address, kinds=["retired"])

        due = sending._due

        def look_again() -> list[int]:
            """The round comes here while the first lets it wait."""
            if len(other.taken) == 1:
                answer(workflow, "s1", 3)
            elif len(other.taken) == 2:
                told.set()
            return due()

        monkeypatch.setattr(sending, "_due", look_again)
        answer(workflow, "s0", 3)
        assert deliver_due() == 3
        assert [[each["name"] for each in other.events(at)] for at in (0, 1)] == [["s0"], ["s1"]]
    assert (log(webhook), log(second)) == ([("done", 1, 200)], [("done", 1, 200)] * 2)
    assert deliver_due() == 1
    assert [event["name"] for event in receiver.events()] == ["s1"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_after_sending_sends_the_same_message_again(receiver: Receiver) -> None:
    workflow = make_workflow(1)
    webhook, _secret = make_webhook(workflow.project, address=receiver.address, kinds=["retired"])
    answer(workflow, "s0", 3)
    command = (
        "import django; django.setup(); from projects.webhooks.deliver import deliver_due; deliver_due()"
    )
    allowed = {"WEBHOOK_HTTP": "1", "WEBHOOK_NETWORKS": "127.0.0.1/32"}
    worker = subprocess.Popen([sys.executable, "-c", command], env=site_environment() | allowed, cwd=ROOT)
    receiver.before = lambda: os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait(60) == -signal.SIGKILL
    receiver.before = lambda: None
    assert log(webhook) == [("waiting", 0, None)]
    assert deliver_due() == 0, "the killed one's lease stands"
    Webhook.objects.update(busy_until=timezone.now())
    assert deliver_due() == 1
    assert receiver.ids == [f"msg_{webhook.deliveries.get().public_id.hex}"] * 2
    assert log(webhook) == [("done", 1, 200)]


def test_a_hundred_events_come_in_one_message_and_more_in_the_next(receiver: Receiver, at_once: None) -> None:
    workflow = make_workflow(130)
    _webhook, _secret = make_webhook(workflow.project, address=receiver.address, kinds=["retired"])
    ids = list(SubjectState.objects.filter(workflow=workflow).values_list("subject_id", flat=True))
    retire_subjects(workflow, ids)
    assert [deliver_due() for _ in range(3)] == [1, 1, 0]
    told = [event["subject"] for at in (0, 1) for event in receiver.events(at)]
    assert (len(receiver.events(0)), sorted(told)) == (100, sorted(ids))


def test_no_row_and_no_bundle_holds_the_secret(receiver: Receiver, at_once: None, tmp_path: Path) -> None:
    workflow = make_workflow(0)
    webhook, secret = make_webhook(workflow.project, address=receiver.address, kinds=["retired"])
    kept = json.dumps(list(Webhook.objects.values()), default=str)
    write_bundle(workflow.project, tmp_path / "zoo")
    files = b"".join(path.read_bytes() for path in (tmp_path / "zoo").rglob("*") if path.is_file())
    assert b"shapes" in files
    for word in (secret.removeprefix("whsec_"), webhook.address, webhook.nonce):
        assert word.encode() not in files
    assert secret.removeprefix("whsec_") not in kept
