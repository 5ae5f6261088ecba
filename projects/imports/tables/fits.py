"""The first table of a FITS file. Its headers are walked before anything is believed: what they claim must be there."""

import re
from typing import IO

from django.utils.translation import gettext as _

from projects.exceptions import Invalid

BLOCK = 2880
LONGEST_HEADER = 2000 * BLOCK  # 72,000 cards
END = re.compile(rb"END {77}")
CARD = re.compile(r"(BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS) *= +(-?\d+)")


def table_at(file: IO[bytes], size: int) -> int:
    """The number of the first HDU that is a table. Raises Invalid for a file that claims more than it holds."""
    number = 0
    file.seek(0)
    while file.tell() < size:
        header, start = _header(file, number), file.tell()
        cards = {name: int(value) for name, value in CARD.findall("\n".join(header))}
        length = _length(cards, number)
        if start + length > size:
            said = {"n": number, "claims": f"{start + length:,}", "size": f"{size:,}"}
            raise Invalid(
                _(
                    "Extension %(n)s of the FITS file claims %(claims)s bytes, but the file has %(size)s: it is cut "
                    "off or damaged. Fetch it again."
                )
                % said
            )
        kind = header[0][10:].strip(" '")[:8].strip(" '") if header[0].startswith("XTENSION") else ""
        is_picture = any(card.startswith("ZIMAGE") for card in header)
        if kind in ("BINTABLE", "TABLE", "A3DTABLE") and not is_picture:
            return number
        file.seek(start + -(-length // BLOCK) * BLOCK)
        number += 1
    raise Invalid(_("The FITS file holds no table, only %(n)s pictures or headers.") % {"n": number})


def _header(file: IO[bytes], number: int) -> list[str]:
    raw = b""
    while len(raw) < LONGEST_HEADER:
        block = file.read(BLOCK)
        raw += block
        cards = [block[at : at + 80] for at in range(0, len(block), 80)]
        if any(END.fullmatch(card) for card in cards):
            return [raw[at : at + 80].decode("latin-1") for at in range(0, len(raw), 80)]
        if len(block) < BLOCK:
            raise Invalid(
                _("The header of extension %(n)s of the FITS file has no end: it is cut off.") % {"n": number}
            )
    said = {"n": number, "most": f"{LONGEST_HEADER // 80:,}"}
    raise Invalid(
        _("The header of extension %(n)s of the FITS file has more than %(most)s cards: no catalogue does.")
        % said
    )


def _length(cards: dict[str, int], number: int) -> int:
    """Bytes of the data. FITS standard 4.0, equation 2."""
    axes = cards.get("NAXIS", 0)
    sizes = [cards.get(f"NAXIS{axis}", 0) for axis in range(1, axes + 1)] if 0 <= axes < 1000 else [-1]
    parts = [*sizes, cards.get("PCOUNT", 0), cards.get("GCOUNT", 1)]
    if min(parts) < 0:
        raise Invalid(_("The header of extension %(n)s of the FITS file makes no sense.") % {"n": number})
    total = 1
    for size in sizes:
        total *= size
    return (
        abs(cards.get("BITPIX", 8))
        // 8
        * cards.get("GCOUNT", 1)
        * (cards.get("PCOUNT", 0) + (total if axes else 0))
    )
