"""What the pages of a draft share: which edition a form was made from, and what has come since."""

from django.http import HttpRequest

from projects.drafting.changes import changes
from projects.models import Workflow
from projects.services.drafts import draft_of, edition_at


def read_edition(request: HttpRequest) -> int:
    """That of the form that was sent; what is none is no edition, so that nothing is overwritten."""
    text = request.POST.get("edition", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def conflict(workflow: Workflow, seen: int) -> list[str]:
    """What others have changed since that edition, in sentences."""
    before = edition_at(workflow, seen)
    return changes(before, draft_of(workflow).definition) if before else []
