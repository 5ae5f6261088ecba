"""From nothing to a running site, and back to nothing."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from portal import env
from portal.embedded import Servers, default_var
from portal.embedded.folders import check_reachable, make_var
from portal.processes import spawn, stop
from portal.supervisor import install, network, site
from portal.supervisor.children import Child, stop_all, tend_all
from portal.supervisor.journal import Journal
from portal.supervisor.record import Record

READY_WITHIN = 90.0  # seconds from the start of the processes to a healthy site


class Supervisor:
    """Everything happens in the main thread: a child's parent-death signal is tied to the thread that made it."""

    def __init__(self, var: Path, *, port: int, web_processes: int, reset: bool) -> None:
        self.var = var
        self.port = port
        self.web_processes = web_processes
        self.reset = reset
        self.servers = Servers(var)
        self.record = Record(var)
        self.journal = Journal(var)
        self.hosts = env.words("ALLOWED_HOSTS", network.host_names())
        self.children: list[Child] = []
        self.stopping = False
        self.started = time.monotonic()

    @classmethod
    def from_environment(cls) -> "Supervisor":
        return cls(
            default_var(),
            port=env.whole("PORT", 8000),
            web_processes=env.whole("WEB_CONCURRENCY", 2),
            reset=env.flag("RESET"),
        )

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        make_var(self.var)
        self.record.take()
        for name in self.record.end_leftovers():
            self.say(f"Ended {name}, left over from a supervisor that was killed.")
        listener = network.listening_socket(self.port)
        try:
            self._start_servers()
            surroundings = site.environment(self.var, self.hosts)
            if not self._prepare(surroundings):
                return 0 if self._stop_asked() else 1
            listener.listen(1024)
            self.children += site.site_children(self.var, surroundings, listener, self.web_processes)
            tend_all(self.children, self.journal.tell)
            self._note()
            if self._wait_until_healthy():
                self._welcome()
            while not self._stop_asked():
                time.sleep(0.2)
                if tend_all(self.children, self.journal.tell):
                    self._note()
            return 0
        finally:
            self._stop()
            listener.close()

    def say(self, text: str) -> None:
        print(text, flush=True)

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        """Only a flag: a second Ctrl-C (make and the terminal both send one) must not break an orderly stop."""
        self.stopping = True

    def _stop_asked(self) -> bool:
        return self.stopping

    def _note(self) -> None:
        self.record.write(
            {child.name: child.process.pid for child in self.children if child.process},
            {child.name: child.deaths for child in self.children},
        )

    def _start_servers(self) -> None:
        own_postgres, own_redis = not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")
        if self.reset:
            if not own_postgres:
                raise env.EnvError(
                    "RESET=1 does not empty a database of yours (DATABASE_URL): do that yourself."
                )
            self.say(f"Starting over: everything that the site made under {self.var} goes.")
            self.servers.end_leftovers()
            install.reset(self.var)
        check_reachable(self.var, self.servers.user, "the embedded PostgreSQL")
        install.make_secret_key(self.var)
        (self.var / "log").mkdir(exist_ok=True)
        if own_postgres:
            first = "" if (self.var / "postgres").exists() else " (first start: makes the database)"
            self.say(f"Starting PostgreSQL{first} ...")
            self.servers.start_postgres()
            self.children.append(Child("postgres", self._postgres_again, self.servers.postgres))
        if own_redis:
            self.say("Starting Redis ...")
            self.servers.start_redis()
            self.children.append(Child("redis", self._redis_again, self.servers.redis))

    def _postgres_again(self) -> "subprocess.Popen[bytes]":
        self.servers.start_postgres()
        assert self.servers.postgres is not None  # noqa: S101 - for the type checker
        return self.servers.postgres

    def _redis_again(self) -> "subprocess.Popen[bytes]":
        self.servers.start_redis()
        assert self.servers.redis is not None  # noqa: S101 - for the type checker
        return self.servers.redis

    def _prepare(self, surroundings: dict[str, str]) -> bool:
        """Migrate, collect static files, build the sample project, make the sign-ins: in one process, for speed."""
        command = [sys.executable, "manage.py", "prepare_demo"]
        process = spawn(command, env=surroundings, cwd=site.ROOT, death_signal=signal.SIGKILL)
        while process.poll() is None:
            if self._stop_asked():
                stop(process)
                return False
            time.sleep(0.05)
        if process.returncode != 0:
            self.say("The preparation failed; what it wrote above says why.")
        return process.returncode == 0

    def _wait_until_healthy(self) -> bool:
        until = time.monotonic() + READY_WITHIN
        reason = "no answer"
        while not self._stop_asked() and time.monotonic() < until:
            tend_all(self.children, self.journal.tell)
            try:
                request = urllib.request.Request(
                    f"http://127.0.0.1:{self.port}/healthz", headers={"Host": "localhost"}
                )
                urllib.request.urlopen(request, timeout=5)  # noqa: S310 - our own address
                return True
            except urllib.error.HTTPError as error:
                reason = json.loads(error.read() or b"{}").get("reason", str(error))
            except (OSError, ValueError) as error:
                reason = str(error)
            time.sleep(0.1)
        if not self._stop_asked():
            self.say(
                f"The site is not healthy after {READY_WITHIN:.0f} s: {reason}. The logs are in {self.var / 'log'}."
            )
        return False

    def _welcome(self) -> None:
        self.say(f"\nVoorwerp is ready, after {time.monotonic() - self.started:.0f} s.\n")
        self.say(f"  on this machine    http://localhost:{self.port}/")
        for address in network.lan_addresses():
            self.say(f"  on your network    http://{address}:{self.port}/")
        accounts = self.var / "demo-accounts.json"
        if accounts.exists():
            for account in json.loads(accounts.read_text(encoding="utf-8")):
                self.say(
                    f"  sign in as         {account['username']} / {account['password']}   ({account['what']})"
                )
        self.say(f"  allowed hosts      {', '.join(self.hosts)}")
        self.say(f"  logs               {self.var / 'log'}")
        self.say("\nCtrl-C stops everything; the data stays.\n")

    def _stop(self) -> None:
        self.say("Stopping ...")
        ours = [child for child in self.children if child.name not in ("postgres", "redis")]
        stop_all(ours)
        self.servers.stop()
        shutil.rmtree(self.var / "metrics", ignore_errors=True)
        self.record.give_up()
        self.say("Stopped.")
