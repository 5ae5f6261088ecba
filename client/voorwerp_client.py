"""A thin client of a Voorwerp site's API: one module, only Python's own library. Copy it, or `pip install ./client`.

    site = Site("https://voorwerp.example", "vw_...")
    for subject in site.pages("projects/deep-field/subjects", state="retired", workflow=7):
        ...

Calls that are refused raise Refused with the site's own sentence. What broke off on the way, or was too often, is sent
again under the same Idempotency-Key, so it is done once.
"""

import hashlib
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

TRIES = 5
AGAIN = (429, 502, 503, 504)
AT_ONCE = 500
"""Predictions in one call."""
PIECE = 8 * 1024 * 1024
"""Bytes of a file that are fetched at once."""
LONGEST_WAIT = 60.0  # seconds


class Refused(Exception):
    """status, code (stable), fields: as docs/api.md says."""

    def __init__(self, status: int, code: str, message: str, fields: dict[str, Any]) -> None:
        super().__init__(message)
        self.status, self.code, self.fields = status, code, fields


class Site:
    """address: of the site, such as https://voorwerp.example. token: from the page Tokens among your own."""

    def __init__(self, address: str, token: str, *, timeout: float = 60.0) -> None:
        self.address, self.token, self.timeout = address.rstrip("/"), token, timeout

    def get(self, path: str, **query: Any) -> Any:
        """The JSON at /api/v1/PATH."""
        return json.loads(self.send("GET", path + _query(query))[0])

    def pages(self, path: str, **query: Any) -> Iterator[Any]:
        """Every item of a list, page by page."""
        following: str | None = f"/api/v1/{path}{_query(query)}"
        while following:
            page = json.loads(self.send("GET", following)[0])
            yield from page["items"]
            following = page["next"]

    def post(self, path: str, body: Any, *, key: str = "", match: str = "") -> Any:
        return self._write("POST", path, body, key, match)

    def put(self, path: str, body: Any, *, key: str = "", match: str = "") -> Any:
        return self._write("PUT", path, body, key, match)

    def patch(self, path: str, body: Any, *, key: str = "", match: str = "") -> Any:
        return self._write("PATCH", path, body, key, match)

    def tag(self, path: str) -> str:
        """The ETag of what is there, for `match`."""
        return self.send("GET", path)[1].get("ETag", "")

    def file(self, path: str) -> bytes:
        """A file, such as projects/deep-field/workflows/shapes/catalogue.csv."""
        return self.send("GET", path)[0]

    def export(
        self, project: str, table: str, form: str, folder: str | Path = ".", *, workflow: str = ""
    ) -> Path:
        """A table in a form, such as ("catalogue", "fits"): asked for, waited for, and saved in the folder."""
        asked = self.post(f"projects/{project}/exports", {"table": table, "form": form, "workflow": workflow})
        return self.save(project, asked["id"], folder)

    def save(self, project: str, export: str, folder: str | Path = ".", *, piece: int = PIECE) -> Path:
        """The file of an export, or of a release, when it is written; what is there of it is not fetched again."""
        while (told := self.get(f"projects/{project}/exports/{export}"))["state"] in ("waiting", "running"):
            time.sleep(1.0)
        if told["state"] != "done":
            raise Refused(409, told["state"], told["message"] or f"The export was {told['state']}.", {})
        file = Path(folder) / told["name"]
        anew = not file.exists()
        with file.open("ab") as target:
            while (there := target.tell()) < told["size"]:
                part = {"Range": f"bytes={there}-{there + piece - 1}"}
                target.write(self.send("GET", f"projects/{project}/exports/{export}/file", headers=part)[0])
        if hashlib.sha256(file.read_bytes()).hexdigest() != told["sha256"]:
            file.unlink()
            if anew:
                raise OSError(f"{file} did not arrive whole: fetch it again.")
            # What was there was the beginning of another file.
            return self.save(project, export, folder, piece=piece)
        return file

    def upload(self, project: str, picture: bytes, mime: str = "image/png") -> str:
        """What names the picture in subjects of the project. The same picture twice is one."""
        answer = self.send("POST", f"projects/{project}/media", picture, {"Content-Type": mime})
        return str(json.loads(answer[0])["media"])

    def classifier(self, workflow: int, *, task: str, name: str, description: str, **more: str) -> int:
        """The number of a version that you have trained, registered under its name; the same again is the same one.
        more: `data`, what it learnt from, and `code`, where it is."""
        told = {"task": task, "name": name, "description": description, **more}
        return int(self.post(f"workflows/{workflow}/classifiers", told)["id"])

    def predict(
        self, workflow: int, classifier: int, chances: Mapping[int | str, Mapping[str, float]]
    ) -> dict[str, int]:
        """Post what it says: subject, by number or by its team's name, to the chance of each answer. Returns how many
        were added, and how many were known. What was stored before a call that is refused stays; sending all again is
        harmless."""
        lines = [
            {"subject" if isinstance(subject, int) else "name": subject, "probabilities": dict(each)}
            for subject, each in chances.items()
        ]
        done = {"added": 0, "known": 0}
        for start in range(0, len(lines), AT_ONCE):
            body = {"predictions": lines[start : start + AT_ONCE]}
            told = self.post(f"workflows/{workflow}/classifiers/{classifier}/predictions", body)
            done = {name: done[name] + told[name] for name in done}
        return done

    def _write(self, method: str, path: str, body: Any, key: str, match: str) -> Any:
        headers = {"Content-Type": "application/json", "Idempotency-Key": key or str(uuid.uuid4())}
        if match:
            headers["If-Match"] = match
        return json.loads(self.send(method, path, json.dumps(body).encode(), headers)[0])

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[bytes, dict[str, str]]:
        """(body, headers) of the answer. Raises Refused, and OSError where the site can't be reached."""
        url = self.address + (path if path.startswith("/") else f"/api/v1/{path}")
        named = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", **(headers or {})}
        for left in range(TRIES - 1, -1, -1):
            request = urllib.request.Request(url, data=body, headers=named, method=method)  # noqa: S310 - the site's own
            wait = 2.0 ** (TRIES - 1 - left)
            try:
                with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310 - the same
                    return answer.read(), dict(answer.headers)
            except urllib.error.HTTPError as error:
                if error.code not in AGAIN or not left:
                    raise _refused(error) from None
                wait = float(error.headers.get("Retry-After", wait))
            except OSError:
                if not left:
                    raise
            time.sleep(min(wait, LONGEST_WAIT))
        raise AssertionError  # the last try returned or raised


def _query(query: dict[str, Any]) -> str:
    return f"?{urllib.parse.urlencode(query)}" if query else ""


def _refused(error: urllib.error.HTTPError) -> Refused:
    text = error.read().decode("utf-8", "replace")
    try:
        said = json.loads(text)["error"]
    except (ValueError, KeyError, TypeError):
        said = {"code": "", "message": text[:200] or str(error)}
    return Refused(error.code, said["code"], said["message"], said.get("fields", {}))
