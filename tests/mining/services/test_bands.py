"""Bands: cut on people's verdicts on what was never learnt from, silent in the background; live they decide once, and a
share of that goes to people all the same."""

import hashlib
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import User

from mining.models import AttributeRun, Band, BandCut, BandHit, ModelVersion, Reader
from mining.services import band_work
from mining.services.arrivals import ask_for_untold
from mining.services.attribute_runs import ask
from mining.services.band_work import tend_bands
from mining.services.bands import alter_band, ask_for_cuts, make_band, set_band_state, standing_cut
from mining.services.champions import put_in_place
from mining.services.classifiers import work
from projects.exceptions import Invalid
from projects.models import Decision, Media, Subject, SubjectState, Volunteer, Workflow, WorkflowCounter
from projects.services import NewMedia, NewSubject, import_subjects, record_classification
from projects.services.decisions import Decider, Judged, decide_all, undo
from projects.services.lanes import close_lane, make_lane
from projects.services.machine import set_machine
from projects.services.policies import publish_policy, set_triage
from projects.services.tiers import by_day, overturned
from tests.mining.helpers import Crowd, store_answers
from tests.projects.factories import ARMS, TREE, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = {"languages": ["en"], "categories": [{"key": "drugs", "titles": {"en": "Drugs"}}]}
SUBJECTS, OPEN = 300, 60
SAID = ("smooth", "features")
VERDICTS = ("ok", "fraud")
DEFINITION: dict[str, Any] = TREE | {"retirement": ["gte", ["votes"], 3]}


def make_shop() -> Workflow:
    """`size` tells what a subject is; people have decided all but the last 60, one vote each, and are right."""
    rng = np.random.default_rng(3)
    workflow = make_workflow(SUBJECTS, definition=DEFINITION)
    workflow.refresh_from_db()
    workflow.project.attributes.create(key="size", label="Size")
    subjects = Crowd(workflow).subjects
    kinds = [at % 2 for at in range(SUBJECTS)]
    for at, subject in enumerate(Subject.objects.order_by("pk")):
        subject.attributes = {"size": float(rng.normal() + 6 * kinds[at])}
        subject.save()
        # what is held back goes by the file, and ids are random
        Media.objects.filter(subject=subject).update(sha256=hashlib.sha256(str(at).encode()).hexdigest())
    policy = publish_policy(workflow.project, title="Policy", content=CONTENT).policy
    set_triage(workflow, policy=policy, task="T0", verdicts=dict(zip(SAID, VERDICTS, strict=True)))
    person = Volunteer.objects.create()
    done = range(SUBJECTS - OPEN)
    said = [(subjects[at], person, [{"task": "T0", "value": SAID[kinds[at]]}], {}) for at in done]
    store_answers(workflow, said)
    judged = [Judged(subjects[at], VERDICTS[kinds[at]]) for at in done]
    mod = Decider.person(User.objects.create_user("mod"))
    decide_all(workflow=workflow, judged=judged, decider=mod)
    Reader.objects.create(workflow=workflow, position=WorkflowCounter.objects.get(workflow=workflow).position)
    return workflow


def run(workflow: Workflow, **parameters: Any) -> AttributeRun:
    made = ask(workflow, AttributeRun.Kind.CLASSIFIERS, parameters={"encoder": "plain"} | parameters)
    work(made)
    made.refresh_from_db()
    assert made.status == "done", made.message
    return made


def open_of(workflow: Workflow) -> int:
    return SubjectState.objects.filter(workflow=workflow, retired_at=None).count()


def by_model() -> Any:
    return Decision.objects.filter(kind="model")


def test_the_whole_way_from_people_s_verdicts_to_a_model_s_and_back() -> None:
    workflow = make_shop()
    with pytest.raises(Invalid, match="No model speaks"):
        ask_for_cuts(workflow)
    good = make_band(workflow=workflow, title="ML_GOOD", verdicts=["ok"], wanted=0.8, audit=0.5)
    lane = make_lane(workflow=workflow, title="Doubtful")
    bad = make_band(workflow=workflow, title="ML_BAD", verdicts=["fraud", "adult"], wanted=0.8, lane=lane)
    never = make_band(workflow=workflow, title="ML_SURE", verdicts=["ok"], wanted=0.99)
    with pytest.raises(Invalid, match="find the cuts first"):
        set_band_state(good, "live")

    run(workflow)  # a training, at whose end cuts are found
    for band in (good, bad, never):
        band.refresh_from_db()
    version = ModelVersion.objects.get(state="champion")
    assert good.cut is not None
    assert bad.cut is not None
    assert never.cut is not None
    assert good.cut.judging == version.audit
    assert (good.cut.of, good.cut.low > 0.8, good.cut.version) == (good.cut.hits, True, version)
    assert (never.cut.threshold, never.cut.why) == (None, "few")
    with pytest.raises(Invalid, match="no cut above which people agree"):
        set_band_state(never, "live")
    assert not BandHit.objects.exists()

    assert set_band_state(good, "background")
    hits = BandHit.objects.filter(cut=good.cut).count()
    assert 20 < hits == good.cut.holds < 40  # about half of the 60 that are open
    assert tend_bands() == 0
    assert not by_model().exists()

    assert set_band_state(good, "live")
    assert set_band_state(bad, "live")
    assert tend_bands() == hits + bad.cut.holds
    assert by_model().count() == hits
    one = by_model().first()
    assert one is not None
    assert (one.model, one.verdict, one.evidence["band"]) == (f"ML_GOOD · {version.pk}", "ok", "ml_good")
    audited = by_model().filter(evidence__audit=True).count()
    assert 0 < audited < hits
    assert open_of(workflow) == OPEN - hits + audited
    assert SubjectState.objects.filter(lane=lane).count() == bad.cut.holds
    assert by_day(workflow)[0].made["model"] == hits
    assert tend_bands() == 0

    # people answer an audited one otherwise
    doubted = by_model().filter(evidence__audit=True)[0]
    for _ in range(3):
        record_classification(submission(workflow, doubted.subject_id, ARMS), make_pass())
    (row,) = [each for each in overturned(workflow) if each.kind == "model"]
    assert (row.model, row.audited, row.audited_otherwise) == (one.model, 1, 1)

    # what is undone by hand stays undone, also by the next cut; a new cut decides nothing twice
    undone = by_model().exclude(evidence__has_key="audit")[0]
    undo([undone], by=User.objects.get(username="mod"))
    work(ask_for_cuts(workflow))
    good.refresh_from_db()
    assert BandCut.objects.filter(band=good).count() == 2
    tend_bands()
    assert by_model().count() == hits
    assert SubjectState.objects.get(workflow=workflow, subject=undone.subject_id).retired_at is None

    # nor by the next champion
    other = ModelVersion.objects.get(pk=version.pk)
    other.pk, other.state = None, "retired"
    other.save()
    put_in_place(other)
    work(ask_for_cuts(workflow))
    assert BandHit.objects.filter(cut__version=other, subject=undone.subject_id).exists()
    tend_bands()
    assert by_model().count() == hits
    assert SubjectState.objects.get(workflow=workflow, subject=undone.subject_id).retired_at is None


def test_a_model_that_speaks_no_more_and_answers_that_mean_something_else_decide_nothing() -> None:
    workflow = make_shop()
    band = make_band(workflow=workflow, title="ML_GOOD", verdicts=["ok"], wanted=0.8)
    run(workflow)
    set_band_state(band, "live")
    band.refresh_from_db()
    triage = workflow.triage
    set_triage(workflow, policy=triage.policy, task="T0", verdicts={"smooth": "adult", "features": "fraud"})
    assert (standing_cut(band), tend_bands()) == (None, 0)
    set_triage(workflow, policy=triage.policy, task="T0", verdicts={"smooth": "ok", "features": "fraud"})

    first = ModelVersion.objects.get(state="champion")
    other = ModelVersion.objects.get(pk=first.pk)
    other.pk, other.state = None, "retired"
    other.save()
    put_in_place(other)
    band = Band.objects.get(pk=band.pk)
    assert (standing_cut(band), tend_bands(), open_of(workflow)) == (None, 0, OPEN)
    put_in_place(first)
    set_machine(workflow, people=1, priors=False, audit=0.05)
    assert tend_bands() == 0  # nobody has answered them
    set_machine(workflow, people=0, priors=False, audit=0.05)
    assert tend_bands() > 20
    assert by_model().count() > 20

    # arrivals are told of, once
    assert ask_for_untold() == []
    new = [NewSubject("new", [NewMedia("n.png", "image/png")], {}, {"size": 0.0})]
    import_subjects(workflow.subject_set, new)
    (asked,) = ask_for_untold()
    assert ask_for_untold() == []
    before = by_model().count()
    work(asked)
    assert tend_bands() == 1
    assert by_model().count() == before + 1
    assert ask_for_untold() == []


def test_bands_are_checked_and_a_change_makes_a_draft_of_the_next_edition(transactional_db: None) -> None:
    workflow = make_workflow(1)
    with pytest.raises(Invalid, match="by no policy"):
        make_band(workflow=workflow, title="A", verdicts=["ok"], wanted=0.9)
    policy = publish_policy(workflow.project, title="Policy", content=CONTENT).policy
    set_triage(workflow, policy=policy, task="T0", verdicts={"smooth": "ok"})
    lane = make_lane(workflow=workflow, title="Late")
    good: dict[str, Any] = {"title": "ML_GOOD", "verdicts": ["ok"], "wanted": 0.9}
    for wrong, says in [
        ({"title": "!"}, "a name"), ({"verdicts": []}, "which verdict"), ({"verdicts": ["ok", "fraud"]}, "one verdict"),
        ({"wanted": 0.5}, "precision"), ({"audit": 0.04}, "at least 5"), ({"category": "x"}, "no category"),
        ({"lane": make_lane(workflow=make_workflow(1, slug="other"), title="X")}, "lane of this workflow"),
    ]:  # fmt: skip
        with pytest.raises(Invalid, match=says):
            make_band(workflow=workflow, **(good | wrong))
    band = make_band(workflow=workflow, **good)
    with pytest.raises(Invalid, match="already"):
        make_band(workflow=workflow, **good)
    Band.objects.filter(pk=band.pk).update(state="live")
    assert alter_band(band, audit=0.3) == {"audit": [0.1, 0.3]}
    assert alter_band(band, lane=lane)["state"] == ["live", "draft"]
    band.refresh_from_db()
    assert (band.edition, band.state, band.lane, band.changes.count()) == (2, "draft", lane, 3)
    assert close_lane(lane)
    assert band_work.places_of(["ok"], ["smooth", "bar"], {"smooth": "ok"}) == [0]
