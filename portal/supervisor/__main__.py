"""`python -m portal.supervisor [--end-with-parent]`; reads PORT, RESET, WEB_CONCURRENCY, VOORWERP_VAR."""

import os
import sys

from portal.embedded import EmbeddedError
from portal.env import EnvError
from portal.processes import end_with_parent
from portal.supervisor.network import PortTaken
from portal.supervisor.record import AlreadyRunning
from portal.supervisor.run import Supervisor


def main() -> int:
    if "--end-with-parent" in sys.argv[1:]:
        end_with_parent()  # `make` was killed: so are we
    os.umask(0o022)
    try:
        return Supervisor.from_environment().run()
    except (AlreadyRunning, EmbeddedError, EnvError, PortTaken) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
