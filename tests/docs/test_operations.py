"""What docs/operations.md says can be checked: its variables are those that the code reads, and back."""

import re
from pathlib import Path

import pytest
import redis
import yaml
from django.conf import settings
from prometheus_client import REGISTRY

from portal import roles, scrape
from portal.embedded import postgres

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
READ = re.compile(r'env\.(?:text|flag|whole|words|days|networks)\(\s*"([A-Z0-9_]+)"')


def variables_read() -> set[str]:
    sources = [path for room in ("portal", "projects", "mining") for path in (ROOT / room).rglob("*.py")]
    return {name for path in sources for name in READ.findall(path.read_text(encoding="utf-8"))} | {
        "VOORWERP_VAR"
    }


def test_every_variable_is_documented_and_no_other() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    documented = set(re.findall(r"`([A-Z0-9_]+)`", " ".join(table)))
    assert documented == variables_read()


def test_changelog_begins_with_this_version() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == settings.VERSION


def cells(variable: str) -> list[str]:
    """The row of the environment's table that begins with this variable."""
    (row,) = [line for line in TEXT.splitlines() if line.startswith(f"| `{variable}`")]
    return [cell.strip() for cell in row.strip("|").split("|")]


@pytest.mark.django_db
def test_every_metric_that_is_named_exists(redis_client: redis.Redis) -> None:
    """As Prometheus shows them: a counter with _total, a histogram by its name."""
    read_now = (scrape.DatabaseCollector(), scrape.QueueCollector())
    metrics = [*REGISTRY.collect(), *(metric for each in read_now for metric in each.collect())]
    shown = {m.name + ("_total" if m.type == "counter" else "") for m in metrics}
    named = set(re.findall(r"`(voorwerp_[a-z_]+)`", TEXT))
    ours = {name for name in shown if name.startswith("voorwerp_")}
    # Counted by the supervisor, so only seen under it.
    assert named - ours - {"voorwerp_process_deaths_total"} == set()
    assert ours - named == set()


def test_defaults_of_retention_are_the_settings() -> None:
    assert cells("KEEP_SESSIONS")[1] == ", ".join(str(settings.KEEP[name]) for name in settings.KEEP)


def test_connections_and_threads_are_those_of_the_code() -> None:
    compose = yaml.safe_load((ROOT / "docker" / "compose.yml").read_text(encoding="utf-8"))
    said = re.search(r"`max_connections` \((\d+) embedded, (\d+) in compose\)", TEXT)
    assert said is not None
    assert said[1] == postgres.SETTINGS["max_connections"]
    assert f"max_connections={said[2]}" in compose["services"]["postgres"]["command"]
    assert f"buffers {postgres.SETTINGS['shared_buffers'].removesuffix('MB')} MB" in TEXT
    assert roles.THREADS == 4
    assert "a worker's four threads" in TEXT


def test_roles_are_those_of_the_entry_point() -> None:
    assert re.findall(r"^    python -m portal\.start (\w+)", TEXT, re.MULTILINE) == [
        "prepare", "web", "worker", "beat",
    ]  # fmt: skip
