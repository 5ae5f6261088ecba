"""Make and change bands, bring them to act, each as a dated record. Cuts: band_cuts.py. What they do: band_work.py"""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from mining.band_models import LEAST_AUDIT
from mining.models import AttributeRun, Band, BandChange, BandCut, ModelVersion
from mining.services.attribute_runs import GOING_ON, ask
from mining.services.band_work import meaning_of, sort
from mining.services.champions import champion
from projects.exceptions import Invalid
from projects.models import Lane, Triage, Workflow
from projects.services.policies import check_category, check_verdict, current_version

MOST = 20
"""Bands of a workflow that are not closed."""
WHAT = ("verdicts", "wanted", "lane")
"""A change of one of these makes another edition, whose cut is to be found anew."""
State = Band.State


def triage_of(workflow: Workflow) -> Triage | None:
    return Triage.objects.filter(workflow=workflow).first()


def speaker(workflow: Workflow) -> ModelVersion | None:
    """The champion of the question by which the workflow decides."""
    triage = triage_of(workflow)
    return champion(workflow, triage.task) if triage else None


@transaction.atomic
def make_band(
    *,
    workflow: Workflow,
    title: str,
    verdicts: list[str],
    wanted: float,
    lane: Lane | None = None,
    category: str = "",
    audit: float = 0.1,
    by: AbstractBaseUser | None = None,
) -> Band:
    """A draft, which does nothing. Raises Invalid for a workflow without a policy, a title that is taken, no verdict or
    an unknown one, a band that would decide two, a lane that is not the workflow's, and numbers out of range."""
    Workflow.objects.select_for_update(no_key=True).get(pk=workflow.pk)
    if workflow.bands.exclude(state=State.CLOSED).count() >= MOST:
        raise Invalid(_("At most %(n)d bands of a workflow: close one first.") % {"n": MOST})
    fields: dict[str, Any] = {
        "title": title.strip(),
        "verdicts": list(verdicts),
        "wanted": wanted,
        "lane": lane,
        "category": category,
        "audit": audit,
    }
    slug = slugify(fields["title"])[:40]
    if not slug or len(fields["title"]) > 40:
        raise Invalid(_("Give the band a name of 1 to 40 letters and digits, such as ML_BAD_HIGH."))
    if workflow.bands.filter(slug=slug).exists():
        raise Invalid(_("There is a band %(title)s already: choose another name.") % {"title": title})
    _check(workflow, fields)
    band = Band.objects.create(workflow=workflow, slug=slug, **fields)
    _note(band, {name: [None, _plain(value)] for name, value in fields.items()}, by)
    return band


@transaction.atomic
def alter_band(band: Band, *, by: AbstractBaseUser | None = None, **fields: Any) -> dict[str, list[Any]]:
    """Change some of verdicts, wanted, lane, category, audit; returns what was and is.

    Other verdicts, another precision or lane make it a draft again, without a cut. Raises Invalid as `make_band` does.
    """
    band = Band.objects.select_for_update(of=("self",)).select_related("workflow", "lane").get(pk=band.pk)
    stands = {name: getattr(band, name) for name in ("verdicts", "wanted", "lane", "category", "audit")}
    changes = {
        name: [_plain(stands[name]), _plain(value)] for name, value in fields.items() if stands[name] != value
    }
    if not changes:
        return {}
    _check(band.workflow, stands | fields)
    for name, value in fields.items():
        setattr(band, name, value)
    if changes.keys() & set(WHAT):
        band.edition += 1
        band.cut = None
        if band.acts:
            changes["state"] = [band.state, State.DRAFT]
            band.state = State.DRAFT
    band.save()
    _note(band, changes, by)
    return changes


@transaction.atomic
def set_band_state(band: Band, state: str, *, by: AbstractBaseUser | None = None) -> bool:
    """Draft: it does nothing. Background: what lies in it is kept, nothing follows. Live: it decides, or sends to its
    lane. Closed: it is over; its decisions stand.

    False where it was in that state. Raises Invalid for one that has no cut, for the champion and the meaning of the
    answers that stand now.
    """
    Workflow.objects.select_for_update(no_key=True).get(pk=band.workflow_id)
    band = (
        Band.objects.select_for_update(of=("self",))
        .select_related("workflow", "cut__version")
        .get(pk=band.pk)
    )
    if state not in State.values:
        raise Invalid(_("Choose what to do with the band."))
    if band.state == state:
        return False
    if state in (State.BACKGROUND, State.LIVE):
        if standing_cut(band) is None:
            raise Invalid(
                _("Nothing says where its cut lies for the model that speaks now: find the cuts first.")
            )
        if band.cut is None or band.cut.threshold is None:
            raise Invalid(
                _("There is no cut above which people agree that often: it can't act, and people get it all.")
            )
    was, band.state = band.state, State(state)
    band.save(update_fields=["state"])
    _note(band, {"state": [was, state]}, by)
    if band.acts and band.cut:
        sort(band.workflow, band.cut)
    return True


def standing_cut(band: Band) -> BandCut | None:
    """The band's cut, where it is of the champion that speaks now and of the answers' meaning now; it may say that
    there is no threshold."""
    triage, cut = triage_of(band.workflow), band.cut
    if triage is None or cut is None or cut.edition != band.edition:
        return None
    stands = cut.version.state == ModelVersion.State.CHAMPION and cut.meaning == meaning_of(triage)
    return cut if stands else None


def ask_for_cuts(workflow: Workflow, *, by: AbstractBaseUser | None = None) -> AttributeRun:
    """Let the worker find all cuts anew, from the verdicts that stand now. Raises Invalid where no model speaks, and
    where the worker is at its classifiers already."""
    found = speaker(workflow)
    if found is None:
        raise Invalid(_("No model speaks for the question by which this workflow decides: train one first."))
    if going_on(workflow):
        raise Invalid(_("A run of the classifiers goes on: wait until it has ended."))
    parameters: dict[str, object] = {"version": found.pk, "cuts": True}
    kind = AttributeRun.Kind.CLASSIFIERS
    return ask(workflow, kind, task=found.task, with_open=True, parameters=parameters, user=by)


def going_on(workflow: Workflow) -> bool:
    runs = AttributeRun.objects.filter(workflow=workflow, kind=AttributeRun.Kind.CLASSIFIERS)
    return runs.filter(status__in=GOING_ON).exists()


def _check(workflow: Workflow, fields: dict[str, Any]) -> None:
    if triage_of(workflow) is None:
        raise Invalid(_("This workflow decides by no policy yet: choose one first."))
    for verdict in fields["verdicts"]:
        check_verdict(verdict)
    if not fields["verdicts"]:
        raise Invalid(_("Say which verdict is meant."))
    if fields["lane"] is None and len(fields["verdicts"]) > 1:
        raise Invalid(_("A band that decides has one verdict; one with several sends to a lane."))
    if fields["lane"] is not None and fields["lane"].workflow_id != workflow.pk:
        raise Invalid(_("Choose a lane of this workflow."))
    version = current_version(workflow.pk)
    check_category(version.pk if version else None, fields["category"])
    if not 0.5 < fields["wanted"] < 1:
        raise Invalid(_("The wanted precision lies above 50 and below 100 per cent."))
    if not LEAST_AUDIT <= fields["audit"] <= 1:
        raise Invalid(_("People answer at least 5 per cent of what the model decides as well."))


def _plain(value: Any) -> Any:
    return value.slug if isinstance(value, Lane) else value


def _note(band: Band, changes: dict[str, Any], by: AbstractBaseUser | None) -> None:
    BandChange.objects.create(band=band, by_id=by.pk if by else None, changes=changes)
