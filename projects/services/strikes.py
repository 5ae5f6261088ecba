"""Strikes of a seller: from how many on the desk suggests something. It never acts."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import Desk, Verdict, Workflow

STRIKES = (Verdict.PROHIBITED, Verdict.FRAUD)
"""Verdicts that count against a seller: an item on which one stands, everywhere, is a strike."""
MOST = 10

Thresholds = Sequence[tuple[int, str]]
"""(from so many strikes on, what is suggested), the least first."""


def read_thresholds(text: str) -> list[tuple[int, str]]:
    """Of lines such as "3: suspension". Raises Invalid with the line that is none."""
    found: dict[int, str] = {}
    for line in (line.strip() for line in text.splitlines()):
        number, _colon, what = (part.strip() for part in line.partition(":"))
        if not line:
            continue
        if not (number.isascii() and number.isdecimal() and 0 < int(number[:6]) < 10_000) or not what:
            raise Invalid(
                _("Write a number of strikes, a colon and what is suggested, not: %(line)s")
                % {"line": line[:60]}
            )
        found[int(number)] = what[:100]
    if len(found) > MOST:
        raise Invalid(_("At most %(n)d thresholds.") % {"n": MOST})
    return sorted(found.items())


def set_thresholds(workflow: Workflow, text: str) -> Desk:
    """From now on. Raises Invalid as `read_thresholds` does."""
    thresholds = [list(each) for each in read_thresholds(text)]
    return Desk.objects.update_or_create(workflow=workflow, defaults={"thresholds": thresholds})[0]


def suggested(thresholds: Thresholds, strikes: int) -> str:
    """What the highest threshold that is reached suggests; "" where none is."""
    reached = [(number, what) for number, what in thresholds if strikes >= number]
    return max(reached)[1] if reached else ""
