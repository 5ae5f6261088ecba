"""Whatever the OpenAPI document lets one send, and what not: no server error, no answer that it does not know."""

import json
import os
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
import requests
import schemathesis
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.failures import Failure
from schemathesis.specs.openapi import checks as conform

from mining.services.outside import register
from projects.models import ProjectMember, Subject
from projects.services import record_classification
from projects.services.lanes import make_lane
from projects.services.tokens import make_token
from projects.services.volunteers import CONSENT_VERSION
from projects.services.webhooks import make_webhook, send_test
from tests.projects.api.test_tokens import Program
from tests.projects.factories import make_pass, make_workflow, submission

EXAMPLES = 100 if os.environ.get("SOAK") else 2
"""Of each call, as the document wants it and otherwise. Small: what is drawn is the same each time."""
load_all_checks()
CHECKS: list[Any] = [
    not_a_server_error,
    conform.status_code_conformance,
    conform.content_type_conformance,
    conform.response_schema_conformance,
    conform.response_headers_conformance,
]


@pytest.mark.soak
@pytest.mark.django_db
def test_no_call_breaks_the_site_or_its_document() -> None:
    workflow = make_workflow(2)
    subject = Subject.objects.latest("pk").pk
    record_classification(submission(workflow, subject), make_pass())
    make_lane(workflow=workflow, title="First")
    ann = User.objects.create_user("ann")
    ProjectMember.objects.create(project=workflow.project, user=ann, role="owner")
    _token, secret = make_token(user=ann, name="all", scopes=["read", "write", "classify"])
    told, _secret = make_webhook(workflow.project, address="https://example.org/", kinds=["retired"])
    Program(secret).post("consent", {"version": CONSENT_VERSION})
    there = {
        "slug": "zoo",
        "workflow": "shapes",
        "workflow_id": workflow.pk,
        "subject_id": subject,
        "lane": "first",
        "webhook": str(told.public_id),
        "delivery": str(send_test(told).public_id),
        "number": register(
            workflow, task="T0", name="rings 1", description="A net", data="", code="", by=ann
        ).pk,
    }
    schema = schemathesis.openapi.from_dict(json.loads(Client().get("/api/v1/schema?format=json").content))
    headers = {"Authorization": f"Bearer {secret}"}
    asked: list[str] = []
    wrong: list[str] = []
    for found in schema.get_all_operations():
        call = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            asked.append(call.label)
            try:
                _ask(call, mode, there, headers)
            except* Failure as failed:
                wrong += [
                    f"{call.label} ({mode.value}): {each.title}: {each.message}" for each in failed.exceptions
                ]
    assert wrong == []
    assert len(asked) > 80


def _send(client: Client, case: Any, headers: dict[str, str]) -> httpx.Response:
    """By Django's client, inside the test's transaction; the answer as schemathesis reads it."""
    asked = requests.Request(
        **case.as_transport_kwargs(base_url="http://testserver", headers=headers)
    ).prepare()
    meta = {f"HTTP_{name.upper().replace('-', '_')}": str(value) for name, value in asked.headers.items()}
    path, _mark, query = (asked.url or "").removeprefix("http://testserver").partition("?")
    content = asked.body.encode() if isinstance(asked.body, str) else asked.body or b""
    kind = asked.headers.get("Content-Type", "application/json")
    answer = client.generic(
        asked.method or "GET", unquote(path), content, content_type=kind, QUERY_STRING=query, **meta
    )
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    said = list(answer.headers.items())
    whole = httpx.Request(asked.method or "GET", asked.url or "")
    found = httpx.Response(answer.status_code, headers=said, content=body, request=whole)
    found.elapsed = timedelta(0)
    return found


def _ask(call: Any, mode: GenerationMode, there: dict[str, Any], headers: dict[str, str]) -> None:
    client = Client(raise_request_exception=False)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=call.as_strategy(generation_mode=mode), real=st.booleans())
    def ask(case: Any, real: bool) -> None:
        if real:  # what is there, else most examples would end at a 404
            for name in case.path_parameters or {}:
                case.path_parameters[name] = there.get(name, case.path_parameters[name])
        case.validate_response(_send(client, case, headers), checks=CHECKS)

    ask()
