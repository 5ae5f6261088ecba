"""Pictures from the data folder: those only, and harmless."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

PICTURE = b"\x89PNG\r\n\x1a\n not much of one"


@pytest.fixture(autouse=True)
def _folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "media" / "zoo").mkdir(parents=True)
    (tmp_path / "media" / "zoo" / "s0.png").write_bytes(PICTURE)
    (tmp_path / "media" / "zoo" / "page.html").write_text("<script>alert(1)</script>")
    (tmp_path / "media" / "zoo" / "page.svg").write_text("<svg onload='alert(1)'/>")
    (tmp_path / "secret-key").write_text("secret")
    (tmp_path / "secret.png").write_text("secret")


def test_picture_is_served_and_kept_by_browsers(client: Client) -> None:
    answer = client.get("/media/zoo/s0.png")
    assert (answer.status_code, answer.content) == (200, PICTURE)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "max-age=86400" in answer.headers["Cache-Control"]
    again = client.get("/media/zoo/s0.png", headers={"If-Modified-Since": answer.headers["Last-Modified"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "zoo/none.png",
        "zoo/page.html",
        "zoo/page.svg",
        "zoo",
        "../secret-key",
        "../secret.png",
        "zoo/../../secret.png",
    ],
)
@pytest.mark.django_db
def test_nothing_else_is(client: Client, path: str) -> None:
    answer = client.get(f"/media/{path}")
    assert answer.status_code == 404
    assert b"secret" not in answer.content
