"""Settings from the environment: read in a process of their own, as an operator sets them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal import addresses
from portal.env import EnvError

ROOT = Path(__file__).resolve().parent.parent.parent
SHOWN = (
    "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS", "SECRET_KEY", "ACCOUNT_EMAIL_VERIFICATION", "CELERY_BROKER_URL", "VERSION",
)  # fmt: skip
CODE = "import json, sys; from portal import settings as s; print(json.dumps({n: getattr(s, n) for n in sys.argv[1:]}))"


def settings_with(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": os.environ["PATH"], "VOORWERP_VAR": str(tmp_path)}
    return subprocess.run(
        [sys.executable, "-c", CODE, *SHOWN],
        cwd=ROOT, env={**clean, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_demo_over_plain_http(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("of this installation\n")
    found = json.loads(settings_with(tmp_path).stdout)
    assert not found["SESSION_COOKIE_SECURE"]
    assert not found["CSRF_COOKIE_SECURE"]
    assert not found["SECURE_SSL_REDIRECT"]
    assert found["SECRET_KEY"] == "of this installation"
    assert found["ACCOUNT_EMAIL_VERIFICATION"] == "none"
    assert found["CELERY_BROKER_URL"] == f"redis+socket://{tmp_path}/run/redis.sock?virtual_host=0"
    assert "localhost" in found["ALLOWED_HOSTS"]
    assert "*" not in found["ALLOWED_HOSTS"]


def test_site_over_https(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from a file\n")
    found = json.loads(
        settings_with(
            tmp_path, SITE_URL="https://sky.example/", SECRET_KEY_FILE=str(secret), HSTS_SECONDS="3600",
            EMAIL_HOST="mail.example", REDIS_URL="redis://r:6379/3",
        ).stdout
    )  # fmt: skip
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SECURE_SSL_REDIRECT"]
    assert found["SECURE_HSTS_SECONDS"] == 3600
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://sky.example"]
    assert found["ALLOWED_HOSTS"][0] == "sky.example"
    assert found["SECRET_KEY"] == "from a file"
    assert found["ACCOUNT_EMAIL_VERIFICATION"] == "optional"
    assert found["CELERY_BROKER_URL"] == "redis://r:6379/3"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "yes", "DEBUG is 'yes': write 1 or 0."),
        ("HSTS_SECONDS", "1h", "HSTS_SECONDS is '1h': write a whole number."),
        ("SECRET_KEY_FILE", "/nowhere", "SECRET_KEY_FILE points to /nowhere, which is not a file."),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL starts with 'mysql'"),
        ("REDIS_URL", "http://x", "REDIS_URL starts with 'http'"),
    ],
)
def test_wrong_value_stops_the_start_with_a_sentence(
    tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    done = settings_with(tmp_path, **{name: value})
    assert done.returncode != 0
    assert sentence in done.stderr


def test_database_addresses() -> None:
    found = addresses.database("postgres://ada:p%40ss@db.example:5433/sky?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("ada", "p@ss", "db.example")
    assert (found["PORT"], found["NAME"], found["OPTIONS"]) == ("5433", "sky", {"sslmode": "require"})
    socket = addresses.database("postgres://voorwerp@/voorwerp?host=%2Fsrv%2Frun")
    assert (socket["HOST"], "OPTIONS" in socket) == ("/srv/run", False)
    with pytest.raises(EnvError, match="write postgres://"):
        addresses.database("sqlite:///x")
