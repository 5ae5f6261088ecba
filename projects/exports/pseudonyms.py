"""Names under which a project's files speak of its volunteers: no account's name, id or address leaves the site.

A keyed hash (HMAC-SHA-256 under SECRET_KEY) of the person within the project: the same in every export of one
project, another in the next, and not to be turned back or guessed without the key. A new SECRET_KEY gives new names.
"""

import uuid
from functools import lru_cache
from typing import NamedTuple

from django.utils.crypto import salted_hmac

DIGITS = 15
"""Of a user_id: still exact where a reader takes the column as 64-bit floats, as pandas does when some are blank."""


class Pseudonym(NamedTuple):
    """As the reference platform writes them: without an account `not-logged-in-HASH` and a blank user_id."""

    user_name: str
    user_id: str


@lru_cache(maxsize=20_000)
def pseudonym(project_id: int, person: uuid.UUID, *, signed_in: bool, simulated: bool) -> Pseudonym:
    """person: the public id of the volunteer that stands for all aliases of one person."""
    digest = salted_hmac("voorwerp.pseudonym", f"{project_id}:{person.hex}", algorithm="sha256").hexdigest()
    name = digest[:16]
    if simulated:
        return Pseudonym(f"simulated-{name}", "")
    if not signed_in:
        return Pseudonym(f"not-logged-in-{name}", "")
    lowest: int = 10 ** (DIGITS - 1)
    return Pseudonym(f"volunteer-{name}", str(lowest + int(digest[16:], 16) % (9 * lowest)))
