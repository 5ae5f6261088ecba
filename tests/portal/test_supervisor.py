"""`python -m portal.supervisor` as a person meets it: started, killed, started again, stopped."""

import json
import os
import signal
import socket
import stat
import sys
import time
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from redis import Redis

from portal.alive import KEY
from portal.embedded import Places, postgres
from tests.supervised import Site, alive, data_folder, nobody_lives, running

pytestmark = pytest.mark.long
QUICK = 20.0  # seconds that a second start may take on a machine that does nothing else


def crowding() -> float:
    """By how much this machine is shared just now; a test on a busy one gets only its share of the time."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


var = pytest.fixture(scope="module", name="var")(data_folder)


@pytest.fixture(scope="module")
def site(var: Path) -> Iterator[Site]:
    """One site for all: the first tests leave it as it was, the later ones end it and start others in its place."""
    with running(var, STATIC_MANIFEST="1") as ready:
        yield ready


def sign_in(site: Site, host: str) -> tuple[CookieJar, int]:
    """As a phone does that typed this machine's address: with cookies, over plain http."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://{host}:{site.port}/accounts/login/"
    opener.open(address).read()
    token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
    accounts = json.loads(
        (site.output.parent / site.output.name.rsplit("-", 1)[0] / "demo-accounts.json").read_text()
    )
    account = next(entry for entry in accounts if entry["username"] == "volunteer")
    form = {"login": account["username"], "password": account["password"], "csrfmiddlewaretoken": token}
    request = urllib.request.Request(address, urlencode(form).encode(), {"Referer": address})
    return jar, opener.open(request).status


def test_ready_site_is_healthy_and_its_servers_are_its_own(site: Site) -> None:
    health = site.health()
    assert health["status"] == "up"
    assert health["reason"] is None
    assert {"postgres", "redis-server"} <= {process.name() for process in site.family()}


def test_second_start_beside_a_running_one_is_refused(site: Site, var: Path) -> None:
    other = Site(var)
    assert other.process.wait(30) == 1
    assert f"runs already on {var} (process {site.process.pid})" in other.said()
    assert site.health()["status"] == "up"


def test_dead_process_is_started_again_said_logged_and_counted(site: Site, var: Path) -> None:
    site.named("uvicorn")[0].kill()
    site.wait_for("web-1 was killed by SIGKILL; starting it again in", seconds=10)
    until = time.monotonic() + 30
    while not site.named("uvicorn") and time.monotonic() < until:
        time.sleep(0.1)
    assert site.health()["database"] == {"up": True, "detail": "answers"}
    site.wait_for("web-1 runs again.", seconds=10)
    lines = [json.loads(line) for line in (var / "log" / "supervisor.log").read_text().splitlines()]
    assert [line["message"].partition(" ")[0] for line in lines] == ["web-1", "web-1"]
    assert {(line["level"], line["logger"]) for line in lines} == {("WARNING", "portal.supervisor")}
    metrics = urllib.request.urlopen(f"{site.address}/metrics").read().decode()
    assert 'voorwerp_process_deaths_total{process="web-1"} 1.0' in metrics
    assert 'voorwerp_process_deaths_total{process="postgres"} 0.0' in metrics


def test_sign_in_works_over_plain_http_under_every_printed_host(site: Site, var: Path) -> None:
    printed = next(line for line in site.said().splitlines() if "allowed hosts" in line)
    lan = [
        line.split("http://")[1].split(":")[0]
        for line in site.said().splitlines()
        if "on your network" in line
    ]
    assert stat.S_IMODE((var / "demo-accounts.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((var / "secret-key").stat().st_mode) == 0o600
    for host in ["localhost", *lan]:
        assert host in printed
        jar, status = sign_in(site, host)
        session = next(cookie for cookie in jar if cookie.name == "sessionid")
        assert (status, session.secure) == (200, False)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start ends what is left")
def test_kill_9_leaves_no_process_and_second_start_keeps_the_data(site: Site, var: Path) -> None:
    with psycopg.connect(postgres.dsn(Places(var)), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (at float)")
        connection.execute("INSERT INTO kept VALUES (%s)", [site.started])
    passwords = (var / "demo-accounts.json").read_text()
    family = site.family()
    site.process.kill()
    site.process.wait()
    assert nobody_lives(family, seconds=15)

    begun, second = time.time(), Site(var)
    try:
        second.wait_for("Voorwerp is ready", seconds=QUICK * crowding())
        with Redis(unix_socket_path=str(Places(var).redis_socket)) as voices:
            spoke = [float(voices.get(KEY.format(who))) for who in ("worker", "beat")]
        assert min(spoke) > begun, "ready by the word of one who was killed"
        assert second.health()["status"] == "up"
        with psycopg.connect(postgres.dsn(Places(var))) as connection:
            assert connection.execute("SELECT at FROM kept").fetchall() == [(site.started,)]
        assert (var / "demo-accounts.json").read_text() == passwords
        ctrl_c_twice(second)
    finally:
        second.process.kill()


def ctrl_c_twice(site: Site) -> None:
    """Somebody impatient: it stops in order all the same."""
    family = site.family()
    site.process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    assert site.stop(signal.SIGINT) == 0
    assert alive(family) == []
    assert "Stopped." in site.said()


def test_reset_starts_over_and_sigterm_leaves_no_process(site: Site, var: Path) -> None:
    if site.process.poll() is None:
        site.stop()
    before = (var / "secret-key").read_text()
    fresh = Site(var, RESET="1")
    try:
        fresh.wait_for("Voorwerp is ready")
        assert (var / "secret-key").read_text() != before
        assert "Starting over" in fresh.said()
        family = fresh.family()
    finally:
        assert fresh.stop(signal.SIGTERM) == 0
    assert alive(family) == []
    assert not (var / "supervisor.json").exists()


def test_taken_port_is_said_at_once(var: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("0.0.0.0", 0))
        holder.listen()
        port = holder.getsockname()[1]
        other = Site(var, PORT=str(port))
        assert other.process.wait(30) == 1
    assert f"Port {port} is not free" in other.said()


def test_given_servers_are_used_and_nothing_embedded_starts(var: Path, running_servers: None) -> None:
    from tests.servers import SERVERS

    with psycopg.connect(postgres.dsn(SERVERS.places, "postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS given WITH (FORCE)")
        connection.execute("CREATE DATABASE given")
    places = SERVERS.places
    given = Site(
        var,
        DATABASE_URL=f"postgres://voorwerp@/given?host={places.run}",
        REDIS_URL=f"unix://{places.redis_socket}?db=15",
    )
    try:
        given.wait_for("Voorwerp is ready")
        names = {process.name() for process in given.family()}
        assert names.isdisjoint({"postgres", "redis-server"})
        assert given.health()["status"] == "up"
    finally:
        assert given.stop() == 0
