"""What one installation makes once and keeps: its secret key. And what RESET=1 takes away."""

import os
import secrets
import shutil
from pathlib import Path

# All that the site ever writes under its data folder; nothing else in there is touched.
MADE = (
    "postgres",
    "postgres.new",
    "redis",
    "run",
    "log",
    "lake",
    "media",
    "samples",
    "static",
    "metrics",
    "secret-key",
    "demo-accounts.json",
    "supervisor.json",
)


def write_private(path: Path, text: str) -> None:
    """A file that only its owner reads, from its first byte on; there as a whole or not at all."""
    making = path.with_name(path.name + ".new")
    making.unlink(missing_ok=True)
    with os.fdopen(
        os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    making.replace(path)


def make_secret_key(var: Path) -> None:
    path = var / "secret-key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(48))


def reset(var: Path) -> None:
    """Remove everything that the site made."""
    for name in MADE:
        path = var / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
