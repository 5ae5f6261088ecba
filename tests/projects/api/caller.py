"""A browser's calls: cookies, and the CSRF token that every write needs."""

import uuid
from typing import Any

from django.test import Client
from django.urls import reverse

from projects.models import Workflow
from projects.services.volunteers import CONSENT_VERSION, COOKIE

TOKEN = "t" * 32


class Caller:
    """One browser. `agreed`: it has accepted the privacy text."""

    def __init__(self, *, agreed: bool = True, csrf: bool = True) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.tab = str(uuid.uuid4())
        self.headers: dict[str, str] = {}
        if csrf:
            self.client.cookies["csrftoken"] = TOKEN
            self.headers["X-CSRFToken"] = TOKEN
        if agreed:
            assert self.post("consent", {"version": CONSENT_VERSION}).status_code == 204

    @property
    def cookie(self) -> str:
        return self.client.cookies[COOKIE].value if COOKIE in self.client.cookies else ""

    def get(self, name: str, query: dict[str, Any] | None = None, **path: int) -> Any:
        return self.client.get(reverse(f"api:{name}", kwargs=path), query or {})

    def post(self, name: str, body: Any, content_type: str = "application/json", **path: int) -> Any:
        address = reverse(f"api:{name}", kwargs=path)
        return self.client.post(address, body, content_type=content_type, headers=self.headers)

    def put(self, name: str, **path: int) -> Any:
        return self.client.put(reverse(f"api:{name}", kwargs=path), headers=self.headers)

    def delete(self, name: str, **path: int) -> Any:
        return self.client.delete(reverse(f"api:{name}", kwargs=path), headers=self.headers)

    def next(self, workflow: Workflow, **query: Any) -> Any:
        return self.get("next", {"tab": self.tab, **query}, workflow_id=workflow.pk)

    def answer(self, workflow: Workflow, subject: int, annotations: Any, **more: Any) -> Any:
        return self.post("classifications", body(workflow, subject, annotations, **more))


def body(workflow: Workflow, subject: int, annotations: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "workflow_version": workflow.published_id,
        "subject": subject,
        "annotations": annotations,
        "started_at": "2026-11-22T10:00:00Z",
        "finished_at": "2026-11-22T10:00:09Z",
        "tab": str(uuid.uuid4()),
        "metadata": {"language": "en", "viewport": {"width": 390, "height": 844}},
    } | more


def refusal(response: Any) -> tuple[int, str, str]:
    """(status, code, sentence) of an error in the one shape, nothing else."""
    answer = response.json()
    assert set(answer) == {"error"}
    error = answer["error"]
    assert set(error) - {"fields"} == {"code", "message", "request_id"}
    assert error["request_id"] == response.headers["X-Request-ID"]
    return response.status_code, error["code"], error["message"]
