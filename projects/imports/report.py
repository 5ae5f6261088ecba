"""The words of an import's report, for people, in the order in which they are told."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS = {
    "rows": _("rows in the file"),
    "pictures": _("pictures in the file"),
    "described": _("subjects that were here already, described anew"),
    "twice": _("pictures that are here already, left out"),
    "left_out": _("other files, left out"),
    "joined": _("subjects that a row was joined to"),
    "missed": _("rows that join to no subject, left out"),
    "tied": _("rows left out because two are equally near"),
    "beside": _("rows left out beside a nearer one"),
    "unplaced": _("rows without a position, left out"),
    "unjoined": _("subjects without a row"),
    "columns": _("columns taken"),
    "new_columns": _("of them new here"),
    "added": _("answers added"),
    "known": _("answers here already"),
    "changed": _("of them changed at the source, left as they are"),
    "broken": _("rows that could not be taken"),
    "counted": _("answers that count"),
    "repeats": _("repeats of the same person on the same subject, stored, not counted"),
    "late": _("answers that came late, stored, not counted"),
    "superseded": _("answers corrected later, stored, not counted"),
    "withheld": _("answers withheld, stored, not counted"),
    "gold": _("known answers (gold) kept"),
    "raw": _("answers of kinds that this site does not know yet, kept raw"),
    "subjects": _("subjects made"),
    "pairs": _("of them pairs of others"),
    "without_media": _("of them without a picture: exports hold none"),
    "retired": _("subjects finished at the source"),
    "volunteers": _("volunteers made"),
    "truth": _("items whose true label is kept, for the team"),
    "workflows": _("workflows in the file"),
    "versions": _("versions in the file"),
}


def told(counts: dict[str, int]) -> Iterator[tuple[Any, int]]:
    """(words, number) of what is not zero; words of other imports behind those known here."""
    for name in [*WORDS, *(name for name in counts if name not in WORDS)]:
        if counts.get(name):
            yield WORDS.get(name, name.replace("_", " ")), counts[name]
