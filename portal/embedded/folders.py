"""Folders that a server of another system user must own or reach."""

import os
import pwd
import stat
from pathlib import Path

from portal.processes import SystemUser

CANDIDATES = ("voorwerp", "postgres", "nobody")


class EmbeddedError(RuntimeError):
    """The embedded servers can't run here; the message says what to do."""


def system_user() -> SystemUser | None:
    """Whom to run the servers as: ourselves (None), or a system user when we are root: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return SystemUser(name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL refuses to run as root and there is no user 'nobody'. Run as an ordinary user, or set DATABASE_URL."
    )


def may_enter(folder: Path, user: SystemUser) -> bool:
    """Whether `user` may pass through `folder` itself (mode bits; parents are not looked at)."""
    status = folder.stat()
    if status.st_uid == user.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == user.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def check_reachable(path: Path, user: SystemUser | None, what: str) -> None:
    """Refuse, rather than open somebody's home: no folder that exists is ever given more rights here."""
    if user is None:
        return
    for folder in reversed((path, *path.parents)):
        if folder.is_dir() and not may_enter(folder, user):
            raise EmbeddedError(
                f"As root, {what} runs as the user '{user.name}', who can't enter {folder}. Put it elsewhere "
                f"(VOORWERP_VAR=/srv/voorwerp for the data; a clone outside of a home for the code), run as an "
                f"ordinary user, or set DATABASE_URL and REDIS_URL."
            )


def make_var(folder: Path) -> None:
    """The data folder itself: everybody may pass, secrets inside have their own modes."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(0o755)


def make_private(folder: Path, user: SystemUser | None) -> None:
    """A folder that only its owner (the servers' user) and root can read. One that belongs to another is refused."""
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = user.uid if user else os.geteuid()
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
        raise EmbeddedError(f"{folder} belongs to somebody else. Remove it, or choose another VOORWERP_VAR.")
    if user:
        os.chown(folder, user.uid, user.gid)
    folder.chmod(0o700)
