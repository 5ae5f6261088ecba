"""What befell the processes, for those who did not sit at the terminal: `log/supervisor.log`, one JSON object a line.

How often each died is in `supervisor.json` (portal.supervisor.record), and from there in /metrics.
"""

import logging
from pathlib import Path

from portal.logs import JsonFormatter
from portal.supervisor.site import log_file

NAME = "portal.supervisor"


class Journal:
    """Said at the terminal and written down. Nothing secret goes through here."""

    def __init__(self, var: Path) -> None:
        handler = logging.FileHandler(log_file(var, "supervisor"), encoding="utf-8", delay=True)
        handler.setFormatter(JsonFormatter())
        self.logger = logging.getLogger(NAME)
        self.logger.propagate = False  # no other logging is set up in this process
        self.logger.addHandler(handler)

    def tell(self, text: str) -> None:
        """Whatever is told is out of the ordinary, so it is a warning."""
        print(text, flush=True)
        self.logger.warning(text)
