"""`python -m tests.chromium`: see that browser tests have a Chromium; install one where that can be done unasked.

The one that can have no window (Debian's chromium-headless-shell, which is also what Playwright brings) opens a page in
a fifth of the time, so it is taken where there is one.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SENTENCE = "No Chromium, and none could be installed: install the package `chromium`, then run again."


def system() -> str | None:
    """The system's own Chromium or Chrome."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def playwrights() -> str | None:
    """The Chromium that `playwright install chromium` brought, if it did."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        path = driver.chromium.executable_path
    return path if Path(path).exists() else None


def through_apt() -> bool:
    """Install the system's package, as root or through sudo that asks for no password."""
    if not shutil.which("apt-get"):
        return False
    before = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if before and not shutil.which("sudo"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print("Installing Chromium with apt-get ...", flush=True)
    for command in (["update"], ["install", "-y", "chromium-headless-shell"], ["install", "-y", "chromium"]):
        subprocess.run([*before, "apt-get", "-qq", *command], env=environment, check=False)
        if system():
            return True
    return False


def through_playwright() -> bool:
    print("Installing Chromium with playwright ...", flush=True)
    done = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return done.returncode == 0


def main() -> int:
    if system() or playwrights() or through_apt() or through_playwright():
        return 0
    print(SENTENCE, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
