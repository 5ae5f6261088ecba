"""`python -m portal.embedded run -- COMMAND...`: a command with PostgreSQL and Redis beside it."""

import signal
import subprocess
import sys
from types import FrameType

from portal.embedded import EmbeddedError, default_var, servers


def main(arguments: list[str]) -> int:
    if len(arguments) < 3 or arguments[:2] != ["run", "--"]:
        print("Usage: python -m portal.embedded run -- COMMAND...", file=sys.stderr)
        return 2

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, end)
    try:
        with servers(default_var()):
            return subprocess.run(arguments[2:], check=False).returncode
    except KeyboardInterrupt:
        return 130
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
