"""Strict readers of environment variables: a wrong value stops the start with a sentence, never a guess."""

import ipaddress
import os
from pathlib import Path


class EnvError(ValueError):
    """An environment variable has a value that can't be used; the message says what to write instead."""


def text(name: str, default: str = "") -> str:
    """The variable's text, or the content of the file that `NAME_FILE` points to (for secrets)."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        path = Path(file)
        if not path.is_file():
            raise EnvError(f"{name}_FILE points to {file}, which is not a file.")
        return path.read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    if value in ("1", "true", "True"):
        return True
    if value in ("0", "false", "False"):
        return False
    raise EnvError(f"{name} is {value!r}: write 1 or 0.")


def whole(name: str, default: int) -> int:
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except ValueError:
        raise EnvError(f"{name} is {value!r}: write a whole number.") from None


def days(name: str, default: int) -> int:
    """How long something is kept: a whole number, at least one."""
    value = whole(name, default)
    if value < 1:
        raise EnvError(f"{name} is {value}: write a whole number of days, at least 1.")
    return value


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """A comma-separated list of networks, such as 10.1.0.0/16."""
    found = []
    for word in words(name, []):
        try:
            found.append(ipaddress.ip_network(word))
        except ValueError:
            raise EnvError(f"{name} has {word!r}: write networks such as 10.1.0.0/16.") from None
    return found


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    return [word.strip() for word in value.split(",") if word.strip()]
