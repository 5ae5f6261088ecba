"""Who may work in a workflow: the qualifications that it asks for, and the grants that a person has."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from projects.exceptions import Unqualified
from projects.models import Qualification
from projects.services.statement import run

MISSING = """
SELECT q.id FROM projects_workflow w
  JOIN projects_qualification q ON q.project_id = w.project_id
   AND q.slug IN (SELECT jsonb_array_elements_text(w.requires))
 WHERE w.id = %(workflow)s AND NOT EXISTS (
       SELECT FROM projects_grant g WHERE g.qualification_id = q.id AND g.volunteer_id = %(person)s
          AND g.revoked_at IS NULL AND (g.until IS NULL OR g.until > now()))
"""


def missing_qualifications(workflow_id: int, person_id: int | None) -> list[Qualification]:
    """Those that the workflow asks for and the person lacks; all of them for somebody who is no volunteer yet."""
    rows = run(MISSING, {"workflow": workflow_id, "person": person_id or 0})
    return list(Qualification.objects.filter(pk__in=[row[0] for row in rows]))


def check_gate(workflow_id: int, requires: Sequence[str] | str, person_id: int | None) -> None:
    """Raises Unqualified with what is missing. Costs nothing where the workflow asks for nothing.

    `requires` as read by a raw statement: a list, or the JSON text of one.
    """
    if requires in ("[]", []):
        return
    missing = missing_qualifications(workflow_id, person_id)
    if missing:
        names = ", ".join(str(each) for each in missing)
        raise Unqualified(
            _("This work is for those who have: %(names)s. The project's page says how to get it.")
            % {"names": names},
            fields={each.slug: each.kind for each in missing},
        )
