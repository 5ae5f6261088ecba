"""Who may work in a workflow or in one of its lanes: the qualifications asked for, and the grants that a person has."""

import json
from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from projects.exceptions import Unqualified
from projects.models import Qualification, Volunteer, Workflow
from projects.services.statement import run

LACKED = """
SELECT q.id FROM projects_qualification q
 WHERE q.project_id = w.project_id AND q.slug IN (SELECT jsonb_array_elements_text({requires}))
   AND NOT EXISTS (
       SELECT FROM projects_grant g WHERE g.qualification_id = q.id AND g.volunteer_id = {person}
          AND g.revoked_at IS NULL AND (g.until IS NULL OR g.until > now()))
"""
"""What of `requires` the `person` lacks, both SQL, beside a workflow `w`. The one place that says who is qualified."""

MISSING = f"""
SELECT lacked.id FROM projects_workflow w,
       LATERAL ({LACKED.format(requires="coalesce(%(requires)s::jsonb, w.requires)", person="%(person)s")}) lacked
 WHERE w.id = %(workflow)s
"""  # noqa: S608 (constants of this module)


def missing_qualifications(
    workflow_id: int, person_id: int | None, requires: str | None = None
) -> list[Qualification]:
    """Those that the workflow asks for and the person lacks; all of them for somebody who is no volunteer yet.

    `requires`: JSON of the slugs that are asked for instead of the workflow's own, such as a lane's.
    """
    rows = run(MISSING, {"workflow": workflow_id, "person": person_id or 0, "requires": requires})
    return list(Qualification.objects.filter(pk__in=[row[0] for row in rows]))


def check_gate(workflow_id: int, requires: Sequence[str] | str, person_id: int | None) -> None:
    """Raises Unqualified with what is missing. Costs nothing where nothing is asked for.

    `requires`, the workflow's or a lane's, as read by a raw statement: a list, or the JSON text of one.
    """
    if requires in ("[]", []):
        return
    text = requires if isinstance(requires, str) else json.dumps(list(requires))
    missing = missing_qualifications(workflow_id, person_id, text)
    if missing:
        names = ", ".join(str(each) for each in missing)
        raise Unqualified(
            _("This work is for those who have: %(names)s. The project's page says how to get it.")
            % {"names": names},
            fields={each.slug: each.kind for each in missing},
        )


def check_lane_gate(workflow: Workflow, requires: Sequence[str] | str, by: AbstractBaseUser) -> None:
    """The same at the desk, of somebody of the team: their role lets them in, a lane may ask for more."""
    if requires not in ("[]", []):
        person = Volunteer.objects.filter(account=by.pk).values_list("pk", flat=True).first()
        check_gate(workflow.pk, requires, person)
