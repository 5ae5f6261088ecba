"""No engine here, so what it would read is read by us: pins, rights, names, and commands that exist."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal import start
from tests.docs.test_operations import variables_read

ROOT = Path(__file__).resolve().parent.parent.parent
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("prepare", "web", "worker", "beat")
OF_OTHERS = {
    "PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "NUMBA_CACHE_DIR", "PIP_DISABLE_PIP_VERSION_CHECK",
}  # fmt: skip
PINNED = re.compile(r"^[\w./-]+:\d+\.\d+\.\d+[\w.-]*$")


def instructions() -> list[tuple[str, str]]:
    """(word, arguments), comments gone and continued lines joined."""
    plain = "\n".join(line for line in DOCKERFILE.splitlines() if not line.startswith("#"))
    joined = plain.replace("\\\n", " ").splitlines()
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in joined if line)]


def last_stage() -> list[tuple[str, str]]:
    every = instructions()
    return every[max(i for i, (word, _) in enumerate(every) if word == "FROM") :]


def of(word: str, among: list[tuple[str, str]]) -> list[str]:
    return [rest for found, rest in among if found == word]


def test_every_image_is_pinned_to_a_patch_release() -> None:
    (base,) = of("ARG", instructions())
    assert PINNED.match(base.removeprefix("PYTHON="))
    assert {rest.split()[0] for rest in of("FROM", instructions())} == {"${PYTHON}"}
    assert [s["image"] for s in SERVICES.values() if "build" not in s and not PINNED.match(s["image"])] == []


def test_the_image_runs_as_nobody_with_a_health_check_and_without_build_tools() -> None:
    stage = last_stage()
    words = [word for word, _ in stage]
    assert of("USER", stage) == ["10001:10001"]
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert not [rest for rest in of("RUN", stage) if re.search(r"apt|pip|gcc|make\b", rest)]
    assert len(of("HEALTHCHECK", stage)) == 1
    assert of("ENTRYPOINT", stage) == ['["python", "-m", "portal.start"]']
    installs = [rest for rest in of("RUN", instructions()) if "pip install" in rest]
    assert all("--constraint constraints.txt" in rest for rest in installs)
    assert len(installs) == 1


def test_what_is_copied_is_there_and_let_through() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = [
        word for rest in of("COPY", instructions()) if "--from" not in rest for word in rest.split()[:-1]
    ]
    assert [path for path in copied if not (ROOT / path).exists()] == []
    assert [path for path in copied if path.split("/")[0] not in allowed] == []
    top = {path.split("/")[0] for path in copied}
    assert {"portal", "mining", "projects", "static", "manage.py", "pyproject.toml"} <= top


def environment_names() -> set[str]:
    set_in_image = re.findall(r"(\w+)=", " ".join(of("ENV", instructions())))
    in_compose = [name for service in OURS for name in SERVICES[service]["environment"]]
    return set(set_in_image) | set(in_compose)


def test_every_variable_is_one_that_the_site_reads() -> None:
    assert environment_names() - OF_OTHERS - variables_read() == set()


def test_no_secret_is_written_down() -> None:
    example = (ROOT / "docker" / "site.env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in example if line and not line.startswith("#"))
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "SITE_URL"):
        assert given[name] == ""
        uses = re.findall(r"\$\{" + name + r"[^}]*\}", (ROOT / "docker" / "compose.yml").read_text())
        assert any(":?" in use for use in uses), f"{name} may be empty"
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker" / "compose.yml").read_text()))
    assert set(given) <= asked
    assert (
        subprocess.run(["git", "check-ignore", "-q", "docker/site.env"], cwd=ROOT, check=False).returncode
        == 0
    )


@pytest.mark.parametrize("service", OURS)
def test_every_service_runs_a_role_that_exists(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (role,) = SERVICES[service]["command"]
    assert role == service
    monkeypatch.setattr("sys.argv", ["portal.start"])
    if role != "prepare":
        assert start.command(role)[1:3] in (["-m", "uvicorn"], ["-m", "celery"])
    test = SERVICES[service].get("healthcheck", {}).get("test")
    if test:
        assert test == ["CMD", "python", "-m", "portal.start", "health", role]


def test_nothing_starts_before_what_it_needs() -> None:
    for service in ("web", "worker", "beat"):
        assert SERVICES[service]["depends_on"] == {
            "prepare": {"condition": "service_completed_successfully"},
            "postgres": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
        }
    for server in ("postgres", "redis"):
        assert SERVICES[server]["healthcheck"]["test"]
        assert SERVICES[server]["volumes"]
    assert "--appendonly" in SERVICES["redis"]["command"]
    named = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    assert named == set(COMPOSE["volumes"])


def test_services_of_ours_may_do_little() -> None:
    for service in OURS:
        assert SERVICES[service]["cap_drop"] == ["ALL"]
        assert SERVICES[service]["read_only"] is True
        assert SERVICES[service]["security_opt"] == ["no-new-privileges:true"]
