"""Draws that come out the same whenever they are made again: no worker that does its work twice changes its mind."""

import hashlib

_BYTES = 6


def drawn(name: str) -> float:
    """A number from 0 up to 1, evenly spread over names and always the same of one."""
    digest = hashlib.blake2b(name.encode(), digest_size=_BYTES).digest()
    return int.from_bytes(digest, "big") / 256**_BYTES
