"""`python -m portal.start ROLE`: one process of a site on its own servers; a container's entry point.

prepare migrates, collects static files and runs the operator's checks, then ends; web, worker and beat run; health ROLE
ends with 0 where that one is well. `python -m portal.supervisor` runs all of them on one machine, from the same lines.
"""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from json import loads
from pathlib import Path

from portal import env, roles
from portal.embedded import default_var

ROOT = Path(__file__).resolve().parent.parent
USAGE = "Usage: python -m portal.start prepare|web|worker|beat|health [web|worker|beat]"


def command(role: str) -> list[str]:
    """What that role runs."""
    if role == "web":
        where = ("--host", "0.0.0.0", "--port", str(port()))  # noqa: S104 - a container's own network
        return roles.web(listen=where, processes=env.whole("WEB_CONCURRENCY", 2), patience=10)
    return {"worker": roles.worker, "beat": roles.beat}[role]()


def port() -> int:
    return env.whole("PORT", 8000)


def run(role: str) -> None:
    """Become that process, so that signals reach it."""
    if role == "web":
        _empty_metrics()
    words = command(role)
    os.chdir(ROOT)
    os.execv(words[0], words)  # noqa: S606 - words of ours


def _empty_metrics() -> None:
    """Counts of the processes before would be added to ours. A folder for each container: pids are alike in them."""
    folder = default_var() / "metrics" / os.uname().nodename
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def prepare() -> int:
    """Prepare the database and static files, then check what an operator can get wrong."""
    for step in (["prepare"], ["check", "--deploy", "--fail-level", "ERROR"]):
        done = subprocess.run([sys.executable, "manage.py", *step], cwd=ROOT, check=False)
        if done.returncode != 0:
            return done.returncode
    return 0


def web_health() -> str | None:
    """What is wrong, or None. A worker that is away does not make a web process ill: people go on answering."""
    request = urllib.request.Request(f"http://127.0.0.1:{port()}/healthz", headers={"Host": "localhost"})
    try:
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own address
                body = loads(answer.read())
        except urllib.error.HTTPError as error:
            if error.code == 400:
                return "/healthz answers 400: ALLOWED_HOSTS must hold localhost too"
            body = loads(error.read())
    except (OSError, ValueError) as error:
        return f"no answer: {error}"
    ill = [f"{part}: {body[part]['detail']}" for part in ("database", "migrations") if not body[part]["up"]]
    return "; ".join(ill) or None


def heard(role: str) -> str | None:
    """Worker and beat speak into Redis every second or two."""
    import django  # noqa: PLC0415 - seconds of work that the other roles do not need here

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from portal.health import check_voice  # noqa: PLC0415

    part = check_voice(role, time.time())
    return None if part.ok else part.detail


def main(arguments: list[str]) -> int:
    role, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if role == "health" and len(rest) <= 1 and (not rest or rest[0] in ("web", "worker", "beat")):
        asked = rest[0] if rest else "web"
        wrong = web_health() if asked == "web" else heard(asked)
        if wrong:
            print(wrong, file=sys.stderr)
        return 1 if wrong else 0
    if rest or role not in ("prepare", "web", "worker", "beat"):
        print(USAGE, file=sys.stderr)
        return 2
    try:
        if role == "prepare":
            return prepare()
        run(role)
    except env.EnvError as error:
        print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
