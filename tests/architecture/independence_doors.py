"""Every door of the site: what to ask at each route. A route without an entry here makes the test fail.

In a route its own parameters stand for every value that matters: each subject that is closed to the walker, each
chart, each picture. An entry says with which queries (GET) or bodies (POST, PUT, DELETE) it is asked.
"""

import html
import io
import itertools
import json
import re
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from mining.models import Chart
from portal.talk.models import Comment, Discussion
from projects.models import Delivery, Webhook
from projects.services.volunteers import CONSENT_VERSION
from tests.architecture.independence_world import OTHER, World

NOT_OURS = ("accounts/", "admin/")
"""Of Django and allauth: asked for by OUTSIDE below, since what they show of subjects is nothing or for staff."""

OUTSIDE = (
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/admin/",
    "/nothing/",
    "/api/v1/no",
)


@dataclass(frozen=True)
class Door:
    """get: query strings; send: method to bodies, each made for the world and the subject of the turn."""

    get: tuple[str, ...] = ("",)
    send: dict[str, list[Callable[[World, int], Any]]] = field(default_factory=dict)


def answer(annotations: Any, **more: Any) -> Callable[[World, int], Any]:
    def body(world: World, subject: int) -> dict[str, Any]:
        return {
            "id": str(uuid.uuid4()),
            "workflow_version": world.workflow.published_id,
            "subject": subject,
            "annotations": annotations,
        } | more

    return body


def plain_body(**body: Any) -> Callable[[World, int], Any]:
    return lambda world, subject: body


def form(text: str) -> Callable[[World, int], Any]:
    return lambda world, subject: text


def predicted(world: World, subject: int) -> dict[str, Any]:
    return {"predictions": [{"subject": subject, "probabilities": {"smooth": 0.5, "features": 0.5}}]}


TAB = str(uuid.UUID(int=7))
RUNS = "projects/<slug:slug>/runs/<slug:workflow>/"
ATTRIBUTES = "projects/<slug:slug>/attributes/<slug:workflow>/"
ASSOCIATIONS = "projects/<slug:slug>/associations/<slug:workflow>/"
CLASSIFIERS = "projects/<slug:slug>/classifiers/<slug:workflow>/"
DATA = "projects/<slug:slug>/data/"
UNUSUAL = "projects/<slug:slug>/unusual/"
DESK = "projects/<slug:slug>/desk/"
SIMILAR = "projects/<slug:slug>/similar/<slug:workflow>/"
LAB = "lab/<slug:slug>/"
TALK = "projects/<slug:slug>/talk/"
PANOPTES = "panoptes/"
EXPORTS = "api/v1/projects/<slug:slug>/exports"
HOOKS = "api/v1/projects/<slug:slug>/webhooks"
MODELS = "api/v1/workflows/<int:workflow_id>/classifiers"
LAB_FLOW = f"{LAB}workflows/<slug:workflow>/"
RESULTS = (
    "",
    "?open=1",
    "?sort=disputed&open=1",
    "?sort=clear",
    "?sort=votes",
    "?answer=sentinelkey",
    "?page=2",
)
DOORS: dict[str, Door] = {
    "": Door(),
    "projects/<slug:slug>/": Door(),
    "projects/<slug:slug>/live/": Door(),
    "projects/<slug:slug>/accent.css": Door(),
    "projects/<slug:slug>/about/<slug:page>/": Door(),
    "projects/<slug:slug>/classify/<slug:workflow>/": Door(("", "?use=try")),
    "projects/<slug:slug>/results/<slug:workflow>/": Door(RESULTS),
    "projects/<slug:slug>/results/<slug:workflow>/<slug:name>.<slug:theme>.svg": Door(),
    "projects/<slug:slug>/results/<slug:workflow>/<slug:name>.csv": Door(),
    "projects/<slug:slug>/known/<slug:workflow>/": Door(send={"POST": [plain_body()]}),
    "projects/<slug:slug>/known/<slug:workflow>/<int:subject>/": Door(send={"POST": [plain_body()]}),
    "projects/<slug:slug>/lanes/<slug:workflow>/": Door(send={"POST": [form("title=Mine&priority=1")]}),
    "projects/<slug:slug>/lanes/<slug:workflow>/<slug:lane>/": Door(
        send={"POST": [form("do=take_out"), form("do=close")]}
    ),
    "projects/<slug:slug>/policies/": Door(
        send={"POST": [form("title=Mine&languages=en"), form("do=region&slug=x")]}
    ),
    "projects/<slug:slug>/policies/<slug:policy>/": Door(("", "?version=1&language=de&region=x")),
    "projects/<slug:slug>/policies/<slug:policy>/text/": Door(
        send={"POST": [form("seen=1&note=x&languages=en")]}
    ),
    "projects/<slug:slug>/policies/<slug:policy>/categories/<slug:key>/": Door(
        send={"POST": [form("do=remove")]}
    ),
    "projects/<slug:slug>/policies/<slug:policy>/changes/<int:number>/": Door(
        send={"POST": [form("which=all")]}
    ),
    "projects/<slug:slug>/triage/<slug:workflow>/": Door(send={"POST": [form("policy=1&verdict_smooth=ok")]}),
    "projects/<slug:slug>/rules/<slug:workflow>/": Door(send={"POST": [form("title=Mine&verdict=ok")]}),
    "projects/<slug:slug>/rules/<slug:workflow>/<slug:rule>/": Door(
        send={"POST": [form("do=try"), form("do=live&sure=yes")]}
    ),
    "projects/<slug:slug>/bands/<slug:workflow>/": Door(
        send={"POST": [form("do=cut"), form("title=Mine&wanted=90")]}
    ),
    "projects/<slug:slug>/bands/<slug:workflow>/<slug:band>/": Door(
        send={"POST": [form("do=live"), form("do=save&wanted=90")]}
    ),
    "projects/<slug:slug>/qualifications/": Door(send={"POST": [plain_body()]}),
    "projects/<slug:slug>/fairness/": Door(),
    "projects/<slug:slug>/fairness/suggestions/<int:pk>/": Door(send={"POST": [form("do=dismiss&reason=x")]}),
    "projects/<slug:slug>/fairness/blocks/<int:pk>/lift/": Door(send={"POST": [form("reason=x")]}),
    "projects/<slug:slug>/data/": Door(),
    f"{DATA}files/": Door(send={"POST": [form("table=annotations&form=csv&workflow=shapes")]}),
    f"{DATA}state/": Door(),
    "projects/<slug:slug>/releases/": Door(send={"POST": [form("title=x&creators=x&licence=CC0-1.0")]}),
    f"{DATA}pseudonyms/": Door(send={"POST": [form("")]}),
    f"{DATA}files/<uuid:export>/": Door(),
    f"{DATA}files/<uuid:export>/cancel/": Door(send={"POST": [form("")]}),
    f"{RUNS}": Door(send={"POST": [form("method=majority")]}),
    f"{RUNS}state/": Door(),
    f"{RUNS}schedule/": Door(send={"POST": [form("on=on&every=1&unit=hours&method=majority&seed=0")]}),
    f"{RUNS}publish/": Door(send={"POST": [form("")]}),
    f"{RUNS}<int:number>/": Door(),
    f"{RUNS}<int:number>/cancel/": Door(send={"POST": [form("")]}),
    f"{RUNS}<int:number>/again/": Door(send={"POST": [form("")]}),
    f"{RUNS}<int:number>/<slug:name>.<slug:theme>.svg": Door(),
    f"{RUNS}<int:number>/<slug:name>.csv": Door(),
    f"{RUNS}<int:number>/volunteers/": Door(),
    f"{RUNS}<int:number>/volunteers/all.csv": Door(),
    f"{RUNS}<int:number>/answers/": Door(("", "?open=1")),
    f"{RUNS}<int:number>/against/<int:other>/": Door(("", "?open=1")),
    f"{ASSOCIATIONS}": Door(send={"POST": [form("seed=0")]}),
    f"{ASSOCIATIONS}state/": Door(),
    f"{ATTRIBUTES}": Door(send={"POST": [form("answer=T0&seed=0")]}),
    f"{ATTRIBUTES}state/": Door(),
    f"{ATTRIBUTES}<int:number>/": Door(),
    f"{ATTRIBUTES}<int:number>/cancel/": Door(send={"POST": [form("")]}),
    f"{ATTRIBUTES}<int:number>/publish/": Door(send={"POST": [form("public=yes")]}),
    f"{ATTRIBUTES}<int:number>/<slug:name>.<slug:theme>.svg": Door(),
    f"{ATTRIBUTES}<int:number>/<slug:name>.png": Door(),
    f"{ATTRIBUTES}<int:number>/<slug:name>.csv": Door(),
    f"{CLASSIFIERS}": Door(send={"POST": [form("seed=0")]}),
    f"{CLASSIFIERS}retrain/": Door(send={"POST": [form("every=50")]}),
    f"{CLASSIFIERS}together/": Door(send={"POST": [form("people=1&priors=on&audit=5")]}),
    f"{CLASSIFIERS}state/": Door(),
    f"{CLASSIFIERS}<int:number>/": Door(),
    f"{CLASSIFIERS}<int:number>/roll-back/": Door(send={"POST": [form("")]}),
    f"{CLASSIFIERS}<int:number>/reliability.<slug:theme>.svg": Door(),
    f"{CLASSIFIERS}<int:number>/reliability.csv": Door(),
    f"{CLASSIFIERS}<int:number>/predictions/": Door(("", "?order=sure", "?subject=s0")),
    f"{DESK}": Door(),
    f"{DESK}live/": Door(),
    f"{DESK}veil/": Door(send={"POST": [form("pictures=plain")]}),
    f"{DESK}<slug:workflow>/pool/": Door(),
    f"{DESK}<slug:workflow>/lanes/<slug:lane>/": Door(),
    f"{DESK}<slug:workflow>/decide/": Door(
        send={
            "POST": [
                lambda world, subject: f"id={uuid.uuid4()}&subject={subject}&verdict=ok",
                lambda world, subject: f"id={uuid.uuid4()}&subject={subject}&verdict=ok&many=yes&reason=x",
            ]
        }
    ),
    f"{DESK}<slug:workflow>/undo/": Door(send={"POST": [form(f"id={TAB}")]}),
    f"{DESK}<slug:workflow>/leave/": Door(send={"POST": [form("")]}),
    f"{DESK}<slug:workflow>/notes/": Door(
        send={"POST": [lambda world, subject: f"kind=question&subject={subject}&text=x"]}
    ),
    f"{DESK}<slug:workflow>/questions/": Door(),
    f"{DESK}<slug:workflow>/appeals/": Door(send={"POST": [form("appeal=1&do=uphold&reason=x")]}),
    f"{DESK}<slug:workflow>/appeals/<int:subject>/": Door(send={"POST": [form("text=x")]}),
    f"{DESK}<slug:workflow>/campaign/": Door(("", "?of=A")),
    f"{DESK}<slug:workflow>/campaign/group/": Door(send={"POST": [form("key=field")]}),
    f"{SIMILAR}": Door(("", "?measure=cosine&threshold=0.5")),
    f"{SIMILAR}state/": Door(),
    f"{SIMILAR}look/": Door(send={"POST": [form("")]}),
    f"{SIMILAR}choose/": Door(send={"POST": [form("measure=bits&threshold=8")]}),
    f"{SIMILAR}pairs/": Door(send={"POST": [form("pair=1&similar=yes")]}),
    f"{SIMILAR}seen/": Door(("", "?show=different", "?show=half")),
    f"{SIMILAR}chart/<slug:name>.<slug:theme>.svg": Door(),
    f"{SIMILAR}chart/<slug:name>.csv": Door(),
    f"{UNUSUAL}": Door(("", "?state=new", "?after=99~1")),
    f"{UNUSUAL}look/": Door(send={"POST": [form("")]}),
    f"{UNUSUAL}publish/": Door(send={"POST": [form("public=yes")]}),
    f"{UNUSUAL}<int:pk>/": Door(send={"POST": [form("state=discovery&note=x")]}),
    f"{TALK}": Door(send={"POST": [form("title=Mine")]}),
    f"{TALK}boards/<slug:board>/": Door(send={"POST": [form("title=Mine&body=x")]}),
    f"{TALK}subjects/<int:subject>/": Door(
        ("", "?page=1&quote=1", "?at=1"), {"POST": [form("body=x"), form("hear=yes")]}
    ),
    f"{TALK}tags/<str:tag>/": Door(),
    f"{TALK}moderation/": Door(send={"POST": [form("do=keep&comment=1&reason=x")]}),
    f"{TALK}search/": Door(("", "?q=sentinelcomment", "?q=galaxies")),
    "talk/discussions/<uuid:discussion>/follow/": Door(send={"POST": [form("on=yes")]}),
    "talk/unsubscribe/<str:signed>/": Door(send={"POST": [form("")]}),
    "me/notices/": Door(send={"POST": [form("do=read")]}),
    "me/notices/state/": Door(),
    "talk/moderation/": Door(send={"POST": [form("do=keep&comment=1&reason=x")]}),
    "talk/search/": Door(),
    "talk/discussions/<uuid:discussion>/do/": Door(send={"POST": [form("do=lock&reason=x")]}),
    "talk/comments/<uuid:comment>/do/": Door(send={"POST": [form("do=upvote")]}),
    "talk/": Door(),
    "talk/boards/<slug:board>/": Door(send={"POST": [form("title=Mine&body=x")]}),
    "talk/discussions/<uuid:discussion>/": Door(send={"POST": [form("body=x")]}),
    "talk/comments/<uuid:comment>/edit/": Door(send={"POST": [form("body=x")]}),
    "talk/comments/<uuid:comment>/history/": Door(),
    "lab/": Door(),
    f"{LAB}subjects/pairs/": Door(send={"POST": [form("title=Pairs&how=all&seed=1")]}),
    "lab/new/": Door(send={"POST": [form("title=")]}),
    f"{LAB}": Door(),
    f"{LAB}details/": Door(send={"POST": [form("title=Mine")]}),
    f"{LAB}copy/": Door(send={"POST": [form("title=Mine")]}),
    f"{LAB}launch/": Door(send={"POST": [form("to=paused")]}),
    f"{LAB}subjects/": Door(send={"POST": [form("")]}),
    f"{LAB}subjects/all/": Door(
        ("", "?answer=T0:&state=open", "?words=s0"),
        send={"POST": [lambda world, subject: f"do=retire&reason=x&subject={subject}"]},
    ),
    f"{LAB}subjects/uploads/": Door(send={"POST": [form("")], "OPTIONS": [form("")]}),
    f"{LAB}subjects/uploads/<uuid:upload>/": Door(
        send={"HEAD": [form("")], "PATCH": [form("")], "DELETE": [form("")]}
    ),
    f"{LAB}subjects/state/": Door(),
    f"{LAB}pages/": Door(send={"POST": [form("title=Mine&body=x&position=0")]}),
    f"{LAB}pages/<slug:page>/": Door(send={"POST": [form("do=remove")]}),
    f"{LAB}tutorial/": Door(send={"POST": [form("do=save")]}),
    f"{LAB}team/": Door(send={"POST": [form("username=stranger&role=owner")]}),
    f"{LAB}workflows/": Door(send={"POST": [form("title=Mine")]}),
    f"{LAB_FLOW}": Door(),
    f"{LAB_FLOW}do/": Door(send={"POST": [form("do=remove&task=T1&edition=0")]}),
    f"{LAB_FLOW}settings/": Door(send={"POST": [form("title=Mine&edition=0")]}),
    f"{LAB_FLOW}questions/new/<slug:kind>/": Door(send={"POST": [form("question=x&edition=0")]}),
    f"{LAB_FLOW}questions/<slug:task>/": Door(send={"POST": [form("question=x&edition=0")]}),
    f"{LAB_FLOW}practice/": Door(send={"POST": [form("edition=0&training=on")]}),
    f"{LAB_FLOW}rule/": Door(send={"POST": [form("row-what=votes&row-number=1&least=1&edition=0")]}),
    f"{LAB_FLOW}versions/": Door(),
    f"{LAB_FLOW}text/": Door(send={"POST": [form("edition=0")]}),
    f"{LAB_FLOW}text/workflow.yaml": Door(),
    "projects/<slug:slug>/webhooks/": Door(
        send={"POST": [form("address=https://example.org/&kinds=retired")]}
    ),
    "projects/<slug:slug>/webhooks/<uuid:webhook>/": Door(send={"POST": [form("do=test"), form("do=renew")]}),
    "projects/<slug:slug>/import/": Door(send={"POST": [plain_body()]}),
    "projects/<slug:slug>/import/catalogue/": Door(send={"POST": [form("join=id")]}),
    "projects/<slug:slug>/import/state/": Door(),
    "projects/<slug:slug>/import/<int:pk>/cancel/": Door(send={"POST": [plain_body()]}),
    "projects/<slug:slug>/import/<int:pk>/broken.csv": Door(),
    "me/": Door(),
    "me/blocks/<int:pk>/appeal/": Door(send={"POST": [form("text=Why")]}),
    "me/older/": Door(("?before=99999999", "")),
    "me/classifications/": Door(("", "?words=sentinelvote", "?answer=sentinelkey")),
    "me/favourites/": Door(),
    "me/favourites/<int:subject>/remove/": Door(send={"POST": [plain_body()]}),
    "me/collections/": Door(),
    "me/statistics/": Door(),
    "me/data/": Door(),
    "me/data/voorwerp.zip": Door(),
    "me/credit/": Door(send={"POST": [form("name=Ann")]}),
    "me/delete/": Door(send={"POST": [form("")]}),
    "me/tokens/": Door(send={"POST": [form("name=Mine&scopes=read")]}),
    "deleted/": Door(),
    "collect/<int:subject>/": Door(send={"POST": [form("title=Mine")]}),
    "collections/<uuid:public_id>/": Door(),
    "collections/<uuid:public_id>/describe/": Door(send={"POST": [form("title=Yours")]}),
    "collections/<uuid:public_id>/delete/": Door(send={"POST": [form("")]}),
    "collections/<uuid:public_id>/<int:subject>/take-out/": Door(send={"POST": [form("")]}),
    "projects/<slug:slug>/classify/<slug:workflow>/<int:subject>/": Door(),
    "privacy/": Door(),
    "reference/": Door(),
    "healthz": Door(),
    "metrics": Door(),
    "media/<path:path>": Door(),
    # Closed in this world, and to whoever has no app password; of the team is who has one: tests/portal/panoptes.
    f"{PANOPTES}users/sign_in": Door(
        send={"POST": [plain_body(user={"login": "stranger", "password": "x"})]}
    ),
    f"{PANOPTES}oauth/token": Door((), {"POST": [form("grant_type=password")]}),
    f"{PANOPTES}media/<str:signed>": Door((), {"PUT": [plain_body()]}),
    f"{PANOPTES}files/<str:signed>": Door(),
    f"{PANOPTES}api/me": Door(),
    f"{PANOPTES}api/<slug:resource>/<int:row>/<slug:table>_export": Door(send={"POST": [plain_body()]}),
    f"{PANOPTES}api/workflows/<int:row>/retired_subjects": Door((), {"POST": [plain_body(subject_ids=[1])]}),
    f"{PANOPTES}api/workflows/<int:row>/unretire_subjects": Door((), {"POST": [plain_body(subject_ids=[1])]}),
    f"{PANOPTES}api/<slug:resource>": Door(("", "?project_id=1"), {"POST": [plain_body()]}),
    f"{PANOPTES}api/<slug:resource>/<int:row>": Door(send={"PUT": [plain_body()], "DELETE": [plain_body()]}),
    f"{PANOPTES}api/<slug:resource>/<int:row>/links/<slug:link>": Door((), {"POST": [plain_body()]}),
    f"{PANOPTES}api/<slug:resource>/<int:row>/links/<slug:link>/<str:ids>": Door(
        (), {"DELETE": [plain_body()]}
    ),
    f"{PANOPTES}<path:rest>": Door(),
    "api/v1/projects": Door(("", "?mine=1"), {"POST": [plain_body(title="Mine", slug="-")]}),
    "api/v1/projects/<slug:slug>/workflows/<slug:workflow>/catalogue.csv": Door(),
    "api/v1/projects/<slug:slug>/workflows/<slug:workflow>/marks.csv": Door(),
    "api/v1/projects/<slug:slug>/workflows/<slug:workflow>/classifications.csv": Door(),
    "api/v1/projects/<slug:slug>/workflows/<slug:workflow>/annotations.csv": Door(),
    "api/v1/projects/<slug:slug>/workflows/<slug:workflow>/votes.csv": Door(),
    "api/v1/projects/<slug:slug>/workflows/<slug:workflow>/subjects.csv": Door(),
    "api/v1/projects/<slug:slug>/workflows/<slug:workflow>/workflows.csv": Door(),
    "api/v1/projects/<slug:slug>/workflows/<slug:workflow>/merits.csv": Door(),
    "api/v1/projects/<slug:slug>/workflows/<slug:workflow>/unusual.csv": Door(),
    "api/v1/projects/<slug:slug>/workflows/<slug:workflow>/columns.csv": Door(),
    "api/v1/projects/<slug:slug>": Door(send={"PATCH": [plain_body(title="Mine")]}),
    "api/v1/projects/<slug:slug>/copy": Door((), {"POST": [plain_body(title="Mine", slug="mine")]}),
    "api/v1/projects/<slug:slug>/launch": Door((), {"POST": [plain_body(to="finished")]}),
    "api/v1/projects/<slug:slug>/media": Door((), {"POST": [form("x")]}),
    "api/v1/projects/<slug:slug>/workflows": Door(send={"POST": [plain_body(title="Mine")]}),
    "api/v1/projects/<slug:slug>/sets": Door(send={"POST": [plain_body(title="Mine")]}),
    EXPORTS: Door(send={"POST": [plain_body(table="annotations", form="csv", workflow="shapes")]}),
    f"{EXPORTS}/<uuid:export>": Door(),
    f"{EXPORTS}/<uuid:export>/cancel": Door((), {"POST": [plain_body()]}),
    f"{EXPORTS}/<uuid:export>/file": Door(),
    "api/v1/projects/<slug:slug>/releases": Door(
        send={"POST": [plain_body(title="x", creators=["x"], licence="CC0-1.0")]}
    ),
    HOOKS: Door(send={"POST": [plain_body(address="https://example.org/", kinds=["retired"])]}),
    f"{HOOKS}/<uuid:webhook>": Door(send={"PATCH": [plain_body(on=False)], "DELETE": [plain_body()]}),
    f"{HOOKS}/<uuid:webhook>/secret": Door((), {"POST": [plain_body()]}),
    f"{HOOKS}/<uuid:webhook>/test": Door((), {"POST": [plain_body()]}),
    f"{HOOKS}/<uuid:webhook>/deliveries": Door(),
    f"{HOOKS}/<uuid:webhook>/deliveries/<uuid:delivery>/again": Door((), {"POST": [plain_body()]}),
    "api/v1/workflows/<int:workflow_id>/state": Door((), {"POST": [plain_body(state="paused")]}),
    "api/v1/workflows/<int:workflow_id>/draft": Door(send={"PUT": [plain_body(definition={})]}),
    "api/v1/workflows/<int:workflow_id>/publish": Door((), {"POST": [plain_body()]}),
    "api/v1/workflows/<int:workflow_id>/retire": Door(
        (), {"POST": [lambda world, subject: {"subjects": [subject]}]}
    ),
    "api/v1/workflows/<int:workflow_id>/reopen": Door(
        (), {"POST": [lambda world, subject: {"subjects": [subject]}]}
    ),
    "api/v1/workflows/<int:workflow_id>/appeals": Door(
        send={"POST": [lambda world, subject: {"subject": subject, "text": "x"}]}
    ),
    f"{MODELS}": Door(send={"POST": [plain_body(task="T0", name="Mine", description="x")]}),
    f"{MODELS}/<int:number>": Door(),
    f"{MODELS}/<int:number>/predictions": Door(("", "?limit=200"), {"POST": [predicted]}),
    "api/v1/workflows/<int:workflow_id>/lanes": Door(),
    "api/v1/workflows/<int:workflow_id>/lanes/<slug:lane>/subjects": Door(
        (), {"POST": [lambda world, subject: {"subjects": [subject]}]}
    ),
    "api/v1/projects/<slug:slug>/subjects": Door(("", "?limit=200", "?workflow=WORKFLOW&state=open")),
    "api/v1/subjects/<int:subject_id>": Door(),
    "api/v1/workflows/<int:workflow_id>/versions": Door(),
    "api/v1/workflows/<int:workflow_id>/consensus": Door(("", "?limit=200", "?cursor=x")),
    "api/v1/workflows/<int:workflow_id>/votes": Door(("", "?limit=200")),
    "api/v1/projects/<slug:slug>/workflows/<slug:workflow>/cone": Door(("", "?RA=10&DEC=20&SR=180&VERB=3")),
    "api/v1/workflows/<int:workflow_id>": Door(),
    "api/v1/workflows/<int:workflow_id>/next": Door(
        (f"?n=0&tab={TAB}", "?n=x", "?use=training", "?use=exam", "?use=check", "?use=gold")
    ),
    "api/v1/workflows/<int:workflow_id>/practice": Door(),
    "api/v1/workflows/<int:workflow_id>/exam": Door(("",), {"POST": [plain_body()]}),
    "api/v1/workflows/<int:workflow_id>/known": Door(
        ("", "?n=50"), {"POST": [lambda world, subject: {"subject": subject, "annotations": OTHER}]}
    ),
    "api/v1/workflows/<int:workflow_id>/trial": Door(
        ("", "?n=50"),
        {"POST": [lambda world, subject: {"edition": 0, "subject": subject, "annotations": OTHER}]},
    ),
    "api/v1/workflows/<int:workflow_id>/release": Door((), {"POST": [plain_body(tab=TAB)]}),
    "api/v1/classifications": Door(
        ("",),
        {
            "POST": [
                plain_body(),
                answer([]),
                answer([{"task": "T0", "value": "nothing"}]),
                answer(OTHER, corrects=True),
                answer(OTHER, more="than is asked"),
            ]
        },
    ),
    "api/v1/consent": Door((), {"POST": [plain_body(version=CONSENT_VERSION)]}),
    "api/v1/subjects/<int:subject_id>/glance": Door(("", "?workflow=0", "?workflow=WORKFLOW")),
    "api/v1/subjects/<int:subject_id>/odd": Door(
        (), {"POST": [plain_body(tag="mine")], "DELETE": [plain_body()]}
    ),
    "api/v1/favourites/<int:subject_id>": Door(("",), {"PUT": [plain_body()], "DELETE": [plain_body()]}),
    "api/v1/schema": Door(("", "?format=json")),
}


@dataclass(frozen=True)
class Said:
    """One answer of the site. text: status, headers and body, with what differs from call to call taken out."""

    who: str
    what: str
    status: int
    text: str
    json: Any = None


def routes(resolver: URLResolver | None = None, before: str = "") -> dict[str, list[str]]:
    """Route to the names of its parameters, of all routes that are ours."""
    found: dict[str, list[str]] = {}
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found |= routes(entry, route)
        elif isinstance(entry, URLPattern) and not route.startswith(NOT_OURS):
            found[route] = re.findall(r"<\w+:(\w+)>", route)
    return found


def missing() -> list[str]:
    return sorted(routes().keys() - DOORS.keys())


def values(world: World) -> dict[str, list[Any]]:
    """What each parameter of a route stands for."""
    return {
        "slug": [world.workflow.project.slug],
        "workflow": [world.workflow.slug],
        "workflow_id": [world.workflow.pk],
        "page": ["team", "nothing"],
        "lane": ["sentinellane"],
        "policy": ["policy"],
        "key": ["shapes", "new"],
        "rule": ["sentinelrule"],
        "band": ["sentinelband"],
        "kind": ["single"],
        "task": ["T0"],
        "name": sorted(set(Chart.objects.values_list("name", flat=True))) or ["progress"],
        "theme": ["light", "dark"],
        "pk": [world.importing],
        "number": sorted(
            {
                *world.workflow.runs.values_list("pk", flat=True),
                *world.workflow.attribute_runs.values_list("pk", flat=True),
                *world.workflow.model_versions.values_list("pk", flat=True),
            }
        ),
        "other": list(world.workflow.runs.values_list("pk", flat=True)),
        "public_id": [world.collection],
        "export": world.exports,
        "board": ["chat"],
        "discussion": list(Discussion.objects.order_by("pk").values_list("public_id", flat=True)[:2]),
        "comment": list(Comment.objects.order_by("pk").values_list("public_id", flat=True)[:2]),
        "tag": ["sentineltag"],
        "webhook": list(Webhook.objects.values_list("public_id", flat=True)),
        "upload": [uuid.UUID(int=0)],
        "delivery": list(Delivery.objects.values_list("public_id", flat=True)),
        "path": world.media[:8],
        "resource": ["workflows", "subject_workflow_statuses"],
        "row": [world.workflow.pk],
        "link": ["subject_sets"],
        "ids": ["1"],
        "signed": ["x"],
        "table": ["classifications"],
        "rest": ["api/galaxies/1/2/3/4/5"],
        "subject_id": world.closed,
        "subject": world.closed,
    }


def addresses(
    world: World, route: str, parameters: list[str], known: dict[str, list[Any]]
) -> Iterator[tuple[str, int]]:
    """Address and the subject that it is about; where the route names none, each of them. known: values()."""
    unknown = [name for name in parameters if name not in known]
    assert not unknown, f"{route}: say in values() what {unknown[0]} stands for"
    for chosen in itertools.product(*(known[name] for name in parameters)):
        address = "/" + route
        for name, value in zip(parameters, chosen, strict=True):
            address = re.sub(rf"<\w+:{name}>", str(value), address)
        own = [v for name, v in zip(parameters, chosen, strict=True) if name in ("subject", "subject_id")]
        for subject in own or world.closed:
            yield address, subject


def look(world: World, who: str) -> list[Said]:
    """GET at every door; changes nothing but leases."""
    known, stand_for = routes(), values(world)
    places = [
        address + query.replace("WORKFLOW", str(world.workflow.pk))
        for route in DOORS.keys() & known.keys()
        for address in dict(addresses(world, route, known[route], stand_for))
        for query in DOORS[route].get
    ]
    models = [model._meta for model in admin.site._registry]
    lists = [reverse(f"admin:{model.app_label}_{model.model_name}_changelist") for model in models]
    return [ask(world.clients[who], who, "GET", place) for place in (*sorted(places), *OUTSIDE, *lists)]


def send(world: World, who: str) -> list[Said]:
    """Whatever may be sent, at every door, about every closed subject; once where it says nothing of the subject."""
    known, stand_for = routes(), values(world)
    sent = [
        (method, address, make(world, subject))
        for route in sorted(DOORS.keys() & known.keys())
        for method, bodies in DOORS[route].send.items()
        for address, subject in addresses(world, route, known[route], stand_for)
        for make in bodies
    ]
    once = {repr(each): each for each in sent}
    return [ask(world.clients[who], who, *each) for each in once.values()]


def ask(client: Client, who: str, method: str, address: str, body: Any = None) -> Said:
    """body: None, a form's text, or what is sent as JSON."""
    content: dict[str, Any] = {"headers": {"X-CSRFToken": "t" * 32} if method != "GET" else {}}
    if isinstance(body, str):
        content |= {"data": body, "content_type": "application/x-www-form-urlencoded"}
    elif body is not None:
        content |= {"data": json.dumps(body), "content_type": "application/json"}
    response = client.generic(method, address, **content)
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if "zip" in kind:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            raw = b"\n".join(archive.read(name) for name in archive.namelist())
    shown = [f"{name}: {value}" for name, value in sorted(response.headers.items())]
    text = plain("\n".join([*shown, raw.decode("utf-8", "replace")]))
    data = json.loads(raw) if kind.startswith("application/json") else None
    return Said(who, f"{method} {address}", response.status_code, text, data)


CHANGING = [
    (re.compile(r"x-request-id: \S+|\"request_id\": ?\"\S+?\""), "request"),
    (re.compile(r"name=\"id\" value=\"[0-9a-f-]{36}\""), "form"),
    (re.compile(r"name=\"csrfmiddlewaretoken\" value=\"\w+\"|\"csrf\": ?\"\w+\""), "token"),
    (re.compile(r"expires: .*|ratelimit-(?:remaining|reset): \d+"), "expires"),
    (re.compile(r"\d+\W(?:second|minute)s? ago|\bnow\b|\ba (?:second|minute) ago"), "lately"),
    (re.compile(r"^(?:# |python|process|voorwerp_(?!answers)).*$|^content-length: .*$", re.MULTILINE), ""),
]


def plain(text: str) -> str:
    """As one searches it: no entities, no thousands' separators, small letters, nothing that is new each time."""
    text = html.unescape(text).lower()
    text = re.sub(r"(?<=\d)[,\u202f\u00a0 '](?=\d{3})", "", text)
    for pattern, word in CHANGING:
        text = pattern.sub(word, text)
    return re.sub(r"\n+", "\n", text)
