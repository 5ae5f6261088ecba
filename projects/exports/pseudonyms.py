"""Names under which a project's files speak of its volunteers: no account's name, id or address leaves the site.

A keyed hash (HMAC-SHA-256) of the person. Each project has a random key of its own, so a person has the same name in
every file of one project, another in the next, and nobody turns it back without the key. The key lies in the
database, is in no file, and goes with a backup. An owner may take a new one
(projects/services/rename_volunteers.py): then all names are new.
"""

import hmac
import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from projects.models import Project

DIGITS = 15
"""Of a user_id: still exact where a reader takes the column as 64-bit floats, as pandas does when some are blank."""

_LOWEST = 10 ** (DIGITS - 1)


class Pseudonym(NamedTuple):
    """As the reference platform writes them: without an account `not-logged-in-HASH` and a blank user_id."""

    user_name: str
    user_id: str


def names(project: Project) -> Callable[[uuid.UUID, bool, bool], str]:
    """(person, signed_in, simulated) to the two cells of a pseudonym as they stand in a line of CSV, for many lines."""

    @lru_cache(maxsize=20_000)
    def written(person: uuid.UUID, signed_in: bool, simulated: bool) -> str:
        return ",".join(pseudonym(project, person, signed_in=signed_in, simulated=simulated))

    return written


def pseudonym(project: Project, person: uuid.UUID, *, signed_in: bool, simulated: bool) -> Pseudonym:
    """person: the public id of the volunteer that stands for all aliases of one person."""
    return pseudonym_by(project.pseudonym_key, project.pk, person, signed_in=signed_in, simulated=simulated)


@lru_cache(maxsize=20_000)
def pseudonym_by(
    key: str, project_id: int, person: uuid.UUID, *, signed_in: bool, simulated: bool
) -> Pseudonym:
    """The same under a key that was written down, as a release has it."""
    digest = hmac.new(bytes.fromhex(key), f"{project_id}:{person.hex}".encode(), "sha256").hexdigest()
    name = digest[:16]
    if simulated:
        return Pseudonym(f"simulated-{name}", "")
    if not signed_in:
        return Pseudonym(f"not-logged-in-{name}", "")
    return Pseudonym(f"volunteer-{name}", str(_LOWEST + int(digest[16:], 16) % (9 * _LOWEST)))
