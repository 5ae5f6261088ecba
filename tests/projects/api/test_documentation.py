"""Every example of docs/api.md is sent, in order, and answered with its status and with the same keys."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from projects.models import Subject
from tests.projects.api.caller import TOKEN
from tests.projects.factories import make_workflow

TEXT = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```\n((?:GET|POST|PUT|DELETE) .*?)\n```$", TEXT, re.MULTILINE | re.DOTALL)


def shape(value: Any) -> Any:
    """Keys and kinds; the contents of a definition are documented elsewhere."""
    if isinstance(value, dict):
        return {key: "{}" if key == "definition" else shape(part) for key, part in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def send(client: Client, example: str, names: dict[str, str]) -> tuple[Any, str, str]:
    """(response, the status that the text promises, the body that it promises)."""
    for name, value in names.items():
        example = example.replace(name, value)
    lines = example.split("\n")
    method, address = lines[0].split(" ")
    body = lines[1] if lines[1].startswith("{") else ""
    status, *answer = lines[2 if body else 1 :]
    response = getattr(client, method.lower())(
        address, data=json.loads(body) if body else None, content_type="application/json",
        headers={"X-CSRFToken": TOKEN},
    ) if method != "GET" else client.get(address)  # fmt: skip
    return response, status, "\n".join(answer)


@pytest.mark.django_db
def test_the_examples_are_true():
    workflow = make_workflow(data_public=True)
    workflow.refresh_from_db()
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = TOKEN
    names = {
        "{workflow}": str(workflow.pk),
        "{version}": str(workflow.published_id),
        "{subject}": str(Subject.objects.first().pk),
        "{tab}": str(uuid.uuid4()),
        "{id}": str(uuid.uuid4()),
    }
    assert len(EXAMPLES) == 18
    for example in EXAMPLES:
        response, status, answer = send(client, example, names)
        assert str(response.status_code) == status, example
        if response.streaming:
            assert b"".join(response.streaming_content).decode().startswith(answer), example
        elif answer:
            assert shape(response.json()) == shape(json.loads(answer)), example


def test_every_route_is_documented():
    routes = get_resolver("portal.api").url_patterns
    plain = {re.sub(r"<\w+:\w+>", "*", str(route.pattern)) for route in routes}
    named = {re.sub(r"\{\w+\}|/zoo/|/shapes/|999999", lambda m: f"/{'*'}/" if "/" in m[0] else "*", path)
             for path in re.findall(r"/api/v1/([^\s?`]+)", TEXT)}  # fmt: skip
    assert plain == named
