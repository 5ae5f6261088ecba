"""A project full of secrets: open subjects with answers, consensus and known answers that can be recognised anywhere.

All words among the secrets hold `sentinel`; the numbers are such as nothing else on the site is. The answer key
`sentinelkey` belongs to an older version of the workflow, so it is in no definition that anybody is shown.
"""

import copy
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from mining.models import AttributeRun, Band, ModelVersion, UnusualObject
from mining.services.attribute_runs import publish_discoveries
from mining.services.band_work import meaning_of
from mining.services.bands import make_band
from mining.services.draw_charts import draw_charts
from mining.services.follow import follow
from mining.services.mine import mine
from portal.talk.models import Board, Comment, Discussion
from portal.talk.services.boards import open_talk
from portal.talk.services.comments import begin_discussion, say, subject_discussion
from projects.exports.releases.make import make_release
from projects.exports.waiting import ask, run_waiting
from projects.models import (
    Classification,
    Collection,
    CollectionItem,
    Evidence,
    GoldAnswer,
    GoldSubject,
    Import,
    OddFlag,
    Qualification,
    Subject,
    Use,
    Volunteer,
    Workflow,
)
from projects.services import Known, enter_gold, publish_workflow, record_classification
from projects.services.decisions import AUDIT, Decider, Judged, decide_all
from projects.services.lane_moves import Which, put_in
from projects.services.lanes import make_lane
from projects.services.policies import publish_policy, set_triage
from projects.services.rules import make_rule
from projects.services.volunteers import CONSENT_VERSION, COOKIE, Pass, join_account
from projects.services.webhooks import make_webhook, send_test
from tests.projects.factories import make_pass, make_workflow, submission

WORDS = ("sentinel",)
NUMBERS = (
    "90007",
    "90001",
    "90003",
    r"0\.731905",
    r"73\.19",
    r"0\.414271",
    r"0\.616161",
    r"82\.8373",
    r"61\.61",
)
FILES = [("catalogue", "votable"), ("annotations", "csv"), ("subjects", "csv"), ("workflows", "csv")]
TASKS: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "single",
            "question": "What is it?",
            "answers": [
                {"key": "smooth", "label": "Smooth", "next": "T1"},
                {"key": "features", "label": "Features", "next": "T1"},
            ],
        },
        "T1": {"kind": "text", "question": "What does it say?", "required": False},
    },
    "retirement": ["gte", ["votes"], 4],
    "checks": {"shares": [], "floor": 0.5},
    "training": {"subjects": 1},
    "exam": {"subjects": 1, "grants": "shapes-exam"},
}
SECRET = [{"task": "T0", "value": "sentinelkey"}, {"task": "T1", "value": "sentinelvote"}]
GOLD = [{"task": "T0", "value": "sentinelkey"}, {"task": "T1", "value": "sentinelgold"}]
PLAIN = [{"task": "T0", "value": "smooth"}, {"task": "T1", "value": "abc"}]
OTHER = [{"task": "T0", "value": "features"}, {"task": "T1", "value": "another"}]


@dataclass
class World:
    """`closed`: subjects on which nobody who walks has answered, so they may see nothing of them."""

    workflow: Workflow
    names: dict[str, int]
    held: dict[str, Pass | None] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    importing: int = 0
    collection: uuid.UUID | None = None
    exports: list[uuid.UUID] = field(default_factory=list)

    @property
    def closed(self) -> list[int]:
        return [self.names[name] for name in ("s0", "s2", "s4", "s5")]

    @property
    def media(self) -> list[str]:
        return [f"zoo/{name}.png" for name in self.names]


def make_world() -> World:
    """s0, s1: open, with answers and consensus; s2: hidden check; s3: one that the walkers have answered; s4: training;
    s5: exam; s6: finished; s7 and on: open, without answers; s8 and s9 are in a lane that is closed to the walkers, and
    s9 is a hidden check. Walkers: nobody, a volunteer, somebody with an account."""
    older = copy.deepcopy(TASKS)
    older["tasks"]["T0"]["answers"].append({"key": "sentinelkey", "label": "Sentinellabel", "next": "T1"})
    workflow = make_workflow(24, definition=older, data_public=True)
    workflow.refresh_from_db()
    workflow.project.pages.create(slug="team", title="Team", body="# We", position=0)
    Subject.objects.update(metadata={"field": "A", "#secret": "sentinelmetadata"})
    Qualification.objects.create(
        project=workflow.project, slug="shapes-exam", title="Shapes", kind="exam", rule={"workflow": "shapes"}
    )
    names = dict(workflow.project.subjects.values_list("external_id", "pk"))
    world = World(workflow, dict(sorted(names.items())))
    _know(world)
    _lane(world)
    crowd = [make_pass() for _ in range(3)]
    for held in crowd:
        for name in ("s0", "s1"):
            record_classification(submission(workflow, names[name], SECRET), held)
    publish_workflow(workflow, TASKS)
    workflow.refresh_from_db()
    for held in crowd:
        for name in ("s3", "s6"):
            record_classification(submission(workflow, names[name], PLAIN), held)
    _walkers(world)
    _decided(world)
    mine_all(workflow)
    reveal(world, SENTINELS)
    file = Import.objects.create(project=workflow.project, kind="votes", source="", state="done")
    world.importing = file.pk
    _found(world)
    _files(world)
    _talk(world)
    told, _secret = make_webhook(workflow.project, address="https://example.org/sentinel", kinds=["retired"])
    send_test(told)
    somebody = Volunteer.objects.get(public_id=crowd[0].public_id)
    shared = Collection.objects.create(
        project=workflow.project, volunteer=somebody, title="Odd", is_public=True
    )
    shared.items.bulk_create(CollectionItem(collection=shared, subject_id=each) for each in world.closed)
    world.collection = shared.public_id
    return world


def _files(world: World) -> None:
    """Written while the secrets stand: some for everybody, one for the team."""
    asked = [(table, form, False) for table, form in FILES] + [("annotations", "csv", True)]
    for table, form, team in asked:
        workflow = Workflow.objects.select_related("project").get(pk=world.workflow.pk)
        record = ask(workflow.project, table=table, form=form, workflow=workflow, team=team)
        run_waiting(record)
        assert record.state == "done", record.message
        world.exports.append(record.public_id)
    project = world.workflow.project
    release = make_release(project, title="Zoo", description="", licence="CC0-1.0", creators=["Team"])
    run_waiting(release.export)
    assert release.export.state == "done", release.export.message
    world.exports.append(release.export.public_id)


def _talk(world: World) -> None:
    """One discussion on a board, which everybody may read, and one about an open subject."""
    people = get_user_model().objects
    keeper = people.create_user("keeper", password="pw", is_staff=True)
    sentinel = people.create_user("talker", password="pw")
    open_talk(world.workflow.project, keeper)
    board = Board.objects.get(slug="chat")
    begin_discussion(board=board, author=keeper, public_id=uuid.uuid4(), title="Hello", body="#galaxies")
    about = subject_discussion(Subject.objects.get(pk=world.names["s0"]))
    say(
        discussion=about,
        author=sentinel,
        public_id=uuid.uuid4(),
        body="sentinelcomment #sentineltag @stranger",
    )


def _lane(world: World) -> None:
    """Behind a gate that no walker passes: one to work on and a hidden check, of whose lane nothing is told."""
    Qualification.objects.create(project=world.workflow.project, slug="greek", title="Greek", kind="language")
    lane = make_lane(
        workflow=world.workflow, slug="sentinellane", title="Sentinel lane", requires=["greek"], priority=1
    )
    put_in(lane, Which(names=["s8", "s9"]))
    enter_gold(
        workflow=world.workflow, subject_id=world.names["s9"], annotations=GOLD, expert="sentinelexpert"
    )


def _found(world: World) -> None:
    """An attribute run with open subjects, and an open one that the team calls a discovery, the list published."""
    run = AttributeRun.objects.create(
        workflow=world.workflow, kind="attributes", task="T0", with_open=True, status="done", started_at=timezone.now(),
        report={"subjects": 90007, "warnings": ["sentinelwarning"]},
    )  # fmt: skip
    run.gains.create(
        rank=1,
        attribute="sentinelattribute",
        gain_bits=0.731905,
        share=0.5,
        kind="number",
        present=1,
        missing=0,
    )
    run.charts.create(
        name="progress", title="sentinelchart", svg_light="sentinel", svg_dark="sentinel", png=b"sentinel",
        table={"columns": ["sentinel"], "rows": []},
    )  # fmt: skip
    together = AttributeRun.objects.create(
        workflow=world.workflow, kind="associations", with_open=True, status="done", started_at=timezone.now(),
        report={"votes": 90007, "warnings": ["sentinelwarning"]},
    )  # fmt: skip
    together.charts.create(
        name="progress", title="sentinelchart", svg_light="sentinel", svg_dark="sentinel", png=b"sentinel",
        table={"columns": ["sentinel"], "rows": []},
    )  # fmt: skip
    _learnt(world)
    odd = [{"code": "votes", "task": "T0", "facts": {"votes": [["sentinelanswer", 90007]], "p": 0.616161}}]
    found = UnusualObject.objects.create(
        workflow=world.workflow, project=world.workflow.project, subject_id=world.names["s0"], score=82.8373,
        signals=odd, state="discovery",
    )  # fmt: skip
    found.history.create(state="discovery", note="sentinelnote")
    publish_discoveries(world.workflow.project, True)


def _learnt(world: World) -> None:
    """A classifier that speaks of an open subject, with its chart and its band."""
    run = AttributeRun.objects.create(
        workflow=world.workflow, kind="classifiers", with_open=True, status="done"
    )
    version = ModelVersion.objects.create(
        workflow=world.workflow, task="T0", run=run, state="champion", artefact="sentinel", data_hash="sentinel",
        answers=["sentinelkey", "smooth"], sources=["attributes"], position=90007, subjects=90001, audit=90003, votes=1,
        seed=0, code_version="sentinel", made_at=timezone.now(),
    )  # fmt: skip
    run.charts.create(
        name=f"reliability-{version.pk}", title="sentinelchart", svg_light="sentinel", svg_dark="sentinel",
        png=b"sentinel", table={"columns": ["sentinel"], "rows": []},
    )  # fmt: skip
    version.predictions.create(
        subject_id=world.names["s0"], probabilities=[0.731905, 0.268095], shares=[0.731905, 0.268095],
        strength=82.8373, top=0.731905, neighbours=[[world.names["s1"], 0.616161]],
    )  # fmt: skip
    band = make_band(workflow=world.workflow, title="Sentinelband", verdicts=["ok"], wanted=0.9)
    cut = band.cuts.create(
        edition=1, version=version, meaning=meaning_of(world.workflow.triage), threshold=0.616161, hits=90001, of=90003,
        low=0.731905, judging=90007, holds=1, at=timezone.now(),
    )  # fmt: skip
    Band.objects.filter(pk=band.pk).update(cut=cut)
    cut.in_it.create(subject_id=world.names["s0"], score=0.731905)


def _decided(world: World) -> None:
    """A policy that everybody may read, and a live rule that has decided an open subject, which people answer too."""
    workflow = world.workflow
    content = {"languages": ["en"], "categories": [{"key": "shapes", "titles": {"en": "Shapes"}}]}
    policy = publish_policy(workflow.project, slug="policy", title="Policy", content=content).policy
    set_triage(workflow, policy=policy, task="T0", verdicts={"smooth": "ok"})
    made = make_rule(
        workflow=workflow, title="Sentinelrule", slug="sentinelrule", condition=["matches", "field", "sentinelpattern"],
        verdict="fraud", category="shapes",
    )  # fmt: skip
    judged = Judged(
        world.names["s0"],
        "fraud",
        category="shapes",
        reason="sentinelreason",
        evidence={AUDIT: True, "sentinel": 1},
    )
    (decided,) = decide_all(workflow=workflow, judged=[judged], decider=Decider.by_rule(made))
    made.hits.create(
        edition=1, subject_id=world.names["s0"], live=True, found=[{"where": "field", "what": "sentinelfound"}],
        decision=decided.decision, at=timezone.now(),
    )  # fmt: skip


def _know(world: World) -> None:
    for name, use in [("s2", Use.CHECK), ("s3", Use.CHECK), ("s4", Use.TRAINING), ("s5", Use.EXAM)]:
        enter_gold(
            workflow=world.workflow,
            subject_id=world.names[name],
            annotations=GOLD,
            expert="sentinelexpert",
            known=Known(
                use=use, secret=use == Use.CHECK, right_message="sentinelright", wrong_message="sentinelwrong"
            ),
        )


def _walkers(world: World) -> None:
    account = get_user_model().objects.create_user("stranger", password="pw")
    for name in ("nobody", "volunteer", "account"):
        client = world.clients[name] = Client(enforce_csrf_checks=True)
        client.cookies["csrftoken"] = "t" * 32
        world.held[name] = None
        if name == "nobody":
            continue
        held = make_pass()
        if name == "account":
            client.force_login(account)
            Volunteer.objects.create(public_id=held.public_id)
            held = Pass(join_account(held.public_id, account).public_id, CONSENT_VERSION, 1_700_000_000)
        world.held[name] = held
        client.cookies[COOKIE] = held.signed()
        for subject in ("s3", "s6"):
            record_classification(submission(world.workflow, world.names[subject], PLAIN), held)


def mine_all(workflow: Workflow) -> None:
    follow(workflow.pk)
    mine(workflow)
    draw_charts(workflow.pk)


@dataclass(frozen=True)
class Secrets:
    """What stands on the open subjects."""

    tallies: dict[str, Any]
    probabilities: dict[str, float]
    value: dict[str, Any]
    numbers: dict[str, Any]
    gold: list[dict[str, Any]]
    said: list[dict[str, Any]]
    message: str


SENTINELS = Secrets(
    tallies={"asked": 90007, "votes": {"sentinelkey": 90001, "smooth": 90003}, "first": ["sentinelkey"]},
    probabilities={"sentinelkey": 0.731905, "smooth": 0.268095},
    value={"text": "sentinelconsensus", "letters": [["s", 0.731905]]},
    numbers={"entropy": 0.414271, "dispersion": 0.616161, "effective_votes": 82.8373, "certainty": 0.6161616},
    gold=GOLD,
    said=SECRET,
    message="sentinelright",
)
OTHERS = Secrets(
    tallies={"asked": 2, "votes": {"features": 2}, "first": ["features"]},
    probabilities={"smooth": 0.01, "features": 0.99},
    value={"text": "other", "letters": [["o", 0.2]]},
    numbers={"entropy": 0.1, "dispersion": 0.01, "effective_votes": 1.0, "certainty": None},
    gold=OTHER,
    said=OTHER,
    message="other",
)


def reveal(world: World, secrets: Secrets) -> None:
    """Put these secrets into the rows, past all services: nothing that a walker is shown may change with them."""
    closed = [world.names["s0"], world.names["s1"]]
    for task in ("T0", "T1"):
        values = {"tallies": secrets.tallies, "probabilities": secrets.probabilities, "value": secrets.value}
        Evidence.objects.filter(subject__in=closed, task=task).update(**values, **secrets.numbers)
    GoldAnswer.objects.update(annotations=secrets.gold)
    GoldSubject.objects.update(right_message=secrets.message, wrong_message=secrets.message)
    Classification.objects.filter(subject__in=closed).update(annotations=secrets.said)
    Comment.objects.filter(discussion__subject__in=closed).update(body=secrets.message)
    Discussion.objects.filter(subject__in=closed).update(comments_count=secrets.tallies["asked"])
    OddFlag.objects.filter(subject__in=closed).update(tag=secrets.message)
