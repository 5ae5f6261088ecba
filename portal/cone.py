"""Simple Cone Search (IVOA, SCS 1.03) over the catalogues that projects have made public.

GET with RA, DEC, SR in decimal degrees and VERB (1, 2 or 3); a VOTable comes back, also of an error, which is a table
of its own form with status 200, as the standard has it. The same for everybody: finished subjects only, also for the
team, so nobody has looked at anything.
"""

import math

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.limits import limited
from portal.pages.places import get_project
from projects.exceptions import Invalid
from projects.exports.cone import MOST, columns, has_places, within
from projects.exports.votable import MIME, NAMESPACE, attribute, pieces
from projects.models import Workflow
from projects.permissions import may_download

RANGES = {"RA": (0.0, 360.0), "DEC": (-90.0, 90.0), "SR": (0.0, 180.0)}


@limited("cone")
@require_safe
def cone(request: HttpRequest, slug: str, workflow: str) -> HttpResponseBase:
    project = get_project(request, slug)
    if not may_download(request.user, project):
        raise Http404
    flows = Workflow.objects.select_related("project").filter(project=project, published__isnull=False)
    flow = get_object_or_404(flows, slug=workflow)
    given = {name.upper(): str(value) for name, value in request.GET.items()}
    try:
        ra, dec, radius = (_number(given, name) for name in RANGES)
        verbosity = _verbosity(given)
        if not has_places(flow):
            raise Invalid(_("The subjects of this catalogue have no places on the sky."))
    except Invalid as error:
        return _answer(_error(str(error.message)))
    found, more = within(flow, ra, dec, radius)
    described = columns(flow, verbosity)
    infos = {"QUERY_STATUS": "OVERFLOW"} if more else {"QUERY_STATUS": "OK"}
    title = f"{project.title}: {flow.title}"
    told = _("Finished subjects within %(r)s degrees of %(ra)s, %(dec)s, the nearest first, %(n)s at most.")
    description = f"{title}. " + told % {"r": f"{radius:g}", "ra": f"{ra:g}", "dec": f"{dec:g}", "n": MOST}
    rows = ([column.of(each) for column in described] for each in found)
    return _answer("".join(pieces(described, rows, title=title, description=description, infos=infos)))


def _number(given: dict[str, str], name: str) -> float:
    low, high = RANGES[name]
    said = {"name": name, "low": f"{low:g}", "high": f"{high:g}"}
    if not given.get(name, "").strip():
        raise Invalid(_("%(name)s is missing: give decimal degrees from %(low)s to %(high)s.") % said)
    try:
        value = float(given[name])
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise Invalid(_("%(name)s is to be a number of decimal degrees from %(low)s to %(high)s.") % said)
    return value


def _verbosity(given: dict[str, str]) -> int:
    text = given.get("VERB", "2").strip()
    if text not in ("1", "2", "3"):
        raise Invalid(_("VERB is to be 1, 2 or 3."))
    return int(text)


def _error(message: str) -> str:
    """An INFO of the name Error right below the root: where the standard would have it."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<VOTABLE version="1.4" xmlns="{NAMESPACE}">\n'
        f'<INFO ID="Error" name="Error" value={attribute(message)}/>\n<RESOURCE type="results"/>\n</VOTABLE>\n'
    )


def _answer(text: str) -> HttpResponse:
    return HttpResponse(text, content_type=MIME, headers={"Cache-Control": "no-store"})
