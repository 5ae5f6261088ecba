"""The reference platform's requests, by hand."""

from typing import Any

import httpx

JSON = "application/vnd.api+json; version=1"
CLIENT_ID = "ce310d45f951de68c4cc8ef46ca38cc0a008f607a2026680295757bfef99f43c"


class Hand:
    """What its client sends, in its order."""

    def __init__(self, site: str) -> None:
        self.root = f"{site}/panoptes"
        self.http = httpx.Client(timeout=60)
        self.bearer: dict[str, str] = {}
        self.granted: dict[str, Any] = {}

    def connect(self, name: str, password: str) -> None:
        assert self.sign_in(name, password).status_code == 200
        assert self.token().status_code == 200

    def sign_in(self, name: str, password: str) -> httpx.Response:
        form = self.http.get(f"{self.root}/users/sign_in", headers={"Accept": "application/json"})
        body = {
            "authenticity_token": form.headers["X-CSRF-Token"],
            "user": {"login": name, "password": password, "remember_me": True},
        }
        return self.http.post(f"{self.root}/users/sign_in", json=body)

    def token(self, **more: str) -> httpx.Response:
        """Form-encoded, and it names no user: the cookie does."""
        form = {"grant_type": "password", "client_id": CLIENT_ID, **more}
        response = self.http.post(f"{self.root}/oauth/token", data=form)
        if response.is_success:
            self.granted = response.json()
            self.bearer = {"Authorization": f"Bearer {self.granted['access_token']}"}
        return response

    def call(self, method: str, path: str, body: Any = None, etag: str = "") -> httpx.Response:
        headers = {"Accept": JSON, **self.bearer} | ({"If-Match": etag} if etag else {})
        return self.http.request(method, f"{self.root}/api{path}", json=body, headers=headers)

    def get(self, path: str) -> Any:
        return self.call("GET", path).json()

    def make(self, name: str, **body: Any) -> dict[str, Any]:
        response = self.call("POST", f"/{name}", {name: body})
        assert response.status_code == 201, response.text
        row: dict[str, Any] = response.json()[name][0]
        return row


def said(response: httpx.Response) -> tuple[int, str]:
    """(status, sentence) of a refusal."""
    return response.status_code, response.json()["errors"][0]["message"]
