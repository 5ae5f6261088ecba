"""Stable keys for answers of which only the text is known. Pure."""

import hashlib
import re
from collections.abc import Container

from django.utils.text import slugify

from projects.tasks.base import KEY, NONE

KEY_PATTERN = re.compile(KEY)
LONGEST = 50  # characters of a slug, so that what tells two apart still fits behind it


def key_of(label: str, taken: Container[str]) -> str:
    """The label's slug; where that is empty, reserved or `taken` by another label, with a hash of the label behind it.

    The same label gives the same key whatever else the file holds, but for the few that share a slug: of those the
    first one keeps it, for as long as the workflow exists (its versions are asked first).
    """
    slug = slugify(label)[:LONGEST].strip("-_")
    if slug and slug != NONE and slug not in taken:
        return slug
    digest = hashlib.sha256(label.encode()).hexdigest()
    return f"{slug or 'answer'}-{digest[:8]}"
