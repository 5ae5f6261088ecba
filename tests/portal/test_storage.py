"""Media in object storage: written, served and left out of backups, against a server that speaks S3."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.storage import storages
from django.test import Client
from PIL import Image

from portal import checks
from portal.backup.folders import folders_of_record
from projects.bundles.media import store_picture

ROOT = Path(__file__).resolve().parent.parent.parent
KEYS = {"access_key": "one", "secret_key": "two", "region_name": "eu-west-1"}


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of an empty S3-like server, with the bucket `pictures`."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=address, aws_access_key_id="one", aws_secret_access_key="two", region_name="eu-west-1"
    )  # fmt: skip
    client.create_bucket(
        Bucket="pictures", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )  # fmt: skip
    client.close()
    yield address
    server.stop()


@pytest.fixture
def in_store(store: str, settings: LazySettings, tmp_path: Path) -> str:
    settings.MEDIA_ROOT = tmp_path / "media"
    options = {"bucket_name": "pictures", "endpoint_url": store, **KEYS}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options},
    }
    return store


def picture(folder: Path, colour: str) -> Path:
    path = folder / "galaxy.png"
    Image.new("RGB", (8, 8), colour).save(path)
    return path


def test_a_picture_goes_into_the_store_and_comes_out_through_the_site(
    in_store: str, client: Client, tmp_path: Path, settings: LazySettings
) -> None:
    source = picture(tmp_path, "red")
    stored = store_picture(source, "zoo", "a galaxy", "here")
    assert not (tmp_path / "media").exists()
    answer = client.get(f"/media/{stored.path}")
    assert (answer.status_code, answer.content) == (200, source.read_bytes())
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert Image.open(io.BytesIO(answer.content)).getpixel((0, 0)) == (255, 0, 0)


def test_the_same_content_is_stored_once_and_another_beside_it(in_store: str, tmp_path: Path) -> None:
    first = store_picture(picture(tmp_path, "green"), "once", "", "here")
    again = store_picture(picture(tmp_path, "green"), "once", "", "here")
    other = store_picture(picture(tmp_path, "blue"), "once", "", "here")
    assert first.path == again.path != other.path
    _, files = storages["default"].listdir("once")
    assert sorted(f"once/{name}" for name in files) == sorted([first.path, other.path])


@pytest.mark.parametrize("path", ["zoo/none.png", "zoo/page.html", "../secret.png"])
def test_nothing_else_comes_out(in_store: str, client: Client, path: str) -> None:
    assert client.get(f"/media/{path}").status_code == 404


def test_a_backup_leaves_the_store_alone(in_store: str) -> None:
    assert "media" not in folders_of_record()


def read(tmp_path: Path, **environment: str) -> list[object]:
    code = (
        "import json; from portal import settings as s;"
        "print(json.dumps([s.STORAGES['default'], s.MEDIA_URL, s.CONTENT_SECURITY_POLICY['img-src']]))"
    )
    clean = {"PATH": os.environ["PATH"], "VOORWERP_VAR": str(tmp_path), **environment}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=clean, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_settings_from_the_environment(tmp_path: Path) -> None:
    local, address, images = read(tmp_path)
    assert local == {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    assert (address, images) == ("/media/", "'self' data: blob:")
    (tmp_path / "key").write_text("two\n")
    stored, address, images = read(
        tmp_path,
        S3_BUCKET="pictures",
        S3_ENDPOINT="https://s3.example",
        S3_ACCESS_KEY="one",
        S3_SECRET_KEY_FILE=str(tmp_path / "key"),
        MEDIA_URL="https://media.example/pictures",
    )
    assert stored["BACKEND"] == "storages.backends.s3.S3Storage"
    assert stored["OPTIONS"]["secret_key"] == "two"
    assert stored["OPTIONS"]["region_name"] is None
    assert address == "https://media.example/pictures/"
    assert images == "'self' data: blob: https://media.example"


def test_a_store_without_its_library_is_said(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.S3_BUCKET = "pictures"
    assert checks.check_storage(None) == []
    monkeypatch.setattr("portal.checks.importlib.util.find_spec", lambda name: None)
    assert [found.id for found in checks.check_storage(None)] == ["portal.E004"]
    settings.S3_BUCKET = ""
    assert checks.check_storage(None) == []
