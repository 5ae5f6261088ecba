"""Where the embedded servers keep their data and sockets. No Django here: the settings read this."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

SOCKET_LIMIT = 107  # bytes of a unix socket's path on Linux (103 on macOS)
LONGEST_NAME = ".s.PGSQL.5432.lock"


@dataclass(frozen=True)
class Places:
    """The folders under one data folder (`VOORWERP_VAR`)."""

    var: Path

    @property
    def postgres(self) -> Path:
        return self.var / "postgres"

    @property
    def redis(self) -> Path:
        return self.var / "redis"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def run(self) -> Path:
        """The folder of both sockets: `var/run`, or a short one under /tmp when that path is too long for a socket."""
        plain = self.var / "run"
        if len(os.fsencode(plain / LONGEST_NAME)) <= min(SOCKET_LIMIT, 103):
            return plain
        digest = hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]
        return Path(f"/tmp/voorwerp-{os.getuid()}-{digest}")  # noqa: S108 - mode 700 and its owner is checked

    @property
    def redis_socket(self) -> Path:
        return self.run / "redis.sock"

    @property
    def postgres_socket(self) -> Path:
        return self.run / ".s.PGSQL.5432"


def default_var() -> Path:
    """`VOORWERP_VAR`, else `var/` beside the code."""
    here = Path(__file__).resolve().parent.parent.parent
    return Path(os.environ.get("VOORWERP_VAR") or here / "var").absolute()
