"""The audit part: who is never learnt from. Light: loads nothing."""

import hashlib

SHARE = 0.25


def is_held_back(shown: str, share: float = SHARE) -> bool:
    """By a hash of what a subject shows: always the same answer, and whatever is chosen to be asked about next, a fair
    part of it."""
    digest = hashlib.sha256(shown.encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64
