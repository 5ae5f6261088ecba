"""What a file says of a subject's retirement at its source. Pure."""

from dataclasses import dataclass
from datetime import datetime

from projects.imports.parsed import Parsed, moment


@dataclass(frozen=True)
class Retired:
    at: datetime
    reason: str


def retired_of(row: Parsed, now: datetime) -> Retired | None:
    """None while it is open there, for another workflow, of a pair, or where the time can't be read."""
    data = row.subject_data.get(row.subjects[0])
    told = data.get("retired") if isinstance(data, dict) and len(row.subjects) == 1 else None
    if not isinstance(told, dict) or str(told.get("workflow_id", row.workflow)) != row.workflow:
        return None
    at = moment(told.get("retired_at"))
    if at is None or at > now:
        return None
    reason = told.get("retirement_reason")
    return Retired(at, (reason if isinstance(reason, str) and reason else "retired at the source")[:100])
