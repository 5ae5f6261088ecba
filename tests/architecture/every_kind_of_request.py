"""Run by test_web_process_is_light, in a process that has loaded nothing but the site: asks the real ASGI application
for everything, then prints which of the named modules are loaded."""

import asyncio
import importlib
import json
import sys
import uuid
from typing import Any

import httpx
from asgiref.sync import sync_to_async

from portal.asgi import application  # first: what it loads is what a web process loads

from asgiref.testing import ApplicationCommunicator  # isort: skip
from django.contrib import admin  # isort: skip
from django.contrib.auth import get_user_model  # isort: skip
from django.test import Client  # isort: skip
from django.urls import Resolver404, URLResolver, get_resolver, resolve, reverse  # isort: skip

from portal.talk.services.boards import open_talk  # isort: skip
from projects.services.lanes import make_lane  # isort: skip
from projects.services.volunteers import CONSENT_VERSION  # isort: skip
from tests.projects.factories import SMOOTH, make_workflow  # isort: skip

CLASSIFIERS = [
    "", "retrain/", "together/", "state/", "1/", "1/roll-back/", "1/reliability.light.svg", "1/reliability.csv",
    "1/predictions/",
]  # fmt: skip
SIMILAR = [
    "", "state/", "look/", "choose/", "pairs/", "seen/", "chart/bits.light.svg", "chart/bits.csv",
]  # fmt: skip
DESK = [
    "pool/",
    "lanes/late/",
    "decide/",
    "undo/",
    "leave/",
    "notes/",
    "questions/",
    "appeals/",
    "appeals/1/",
    "campaign/",
    "campaign/group/",
]
POLICIES = ["", "new/", "new/text/", "new/categories/new/", "new/changes/1/"]
RULES = ["", "new/", "1/"]
BANDS = ["", "ml_good/"]
RUNS = [
    "", "state/", "schedule/", "publish/", "1/", "1/cancel/", "1/again/", "1/convergence.light.svg",
    "1/convergence.csv", "1/volunteers/", "1/volunteers/all.csv", "1/answers/", "1/against/2/",
]  # fmt: skip
ATTRIBUTES = [
    "",
    "state/",
    "1/",
    "1/cancel/",
    "1/publish/",
    "1/plane.light.svg",
    "1/plane.png",
    "1/plane.csv",
]
LAB = ["", "details/", "copy/", "launch/", "subjects/", "subjects/all/", "subjects/state/", "subjects/pairs/",
       "subjects/uploads/", f"subjects/uploads/{uuid.UUID(int=0)}/", "pages/", "pages/team/",
       "tutorial/", "team/", "workflows/"]  # fmt: skip
FLOW = [
    "",
    "do/",
    "settings/",
    "questions/new/single/",
    "questions/T0/",
    "practice/",
    "rule/",
    "versions/",
    "text/",
    "text/workflow.yaml",
]
FILES = [
    f"{name}.csv" for name in (
        "catalogue", "marks", "classifications", "columns", "annotations", "votes", "subjects", "workflows", "merits",
        "unusual",
    )
]  # fmt: skip
NO_FILE = f"files/{uuid.UUID(int=0)}/"
HOOK = f"/webhooks/{uuid.UUID(int=0)}"
EXPORT = f"/exports/{uuid.UUID(int=0)}"
OF_PROJECT = [
    "/exports", EXPORT, f"{EXPORT}/cancel", f"{EXPORT}/file", "/releases",
    "", "/workflows", "/sets", "/subjects", "/copy", "/launch", "/media", "/webhooks", HOOK, f"{HOOK}/secret",
    f"{HOOK}/test", f"{HOOK}/deliveries", f"{HOOK}/deliveries/{uuid.UUID(int=0)}/again",
]  # fmt: skip
OF_WORKFLOW = [
    "/versions", "/consensus", "/votes", "/draft", "/lanes", "/lanes/late/subjects", "/state", "/publish", "/retire",
    "/reopen", "/appeals", "/classifiers", "/classifiers/1", "/classifiers/1/predictions",
]  # fmt: skip
PANOPTES = [
    "users/sign_in", "oauth/token", "media/x", "files/x", "api/me", "api/workflows/1/retired_subjects",
    "api/workflows/1/unretire_subjects", "api/projects/1/workflows_export", "api/projects", "api/projects/1",
    "api/workflows/1/links/subject_sets", "api/workflows/1/links/subject_sets/1", "api/nothing/1/2/3/4",
]  # fmt: skip
NOT_OURS = ("accounts/", "admin/")  # asked for by a few addresses below


def prepare() -> tuple[Any, str]:
    """A public project, and the session of a member of staff."""
    workflow = make_workflow(slug="light", data_public=True)
    project = workflow.project
    make_lane(workflow=workflow, title="Late")
    project.pages.create(slug="team", title="Team", body="# We", position=0)
    user = get_user_model().objects.create_superuser("light-staff", password="pw")
    open_talk(project, user)
    client = Client()
    client.force_login(user)
    return workflow, client.cookies["sessionid"].value


def pages(workflow: Any) -> list[str]:
    at = f"/projects/{workflow.project.slug}/"
    admin_lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]
    return [
        "/", at, f"{at}live/", f"{at}accent.css", f"{at}about/team/", f"{at}classify/{workflow.slug}/",
        f"{at}results/{workflow.slug}/", f"{at}results/{workflow.slug}/progress.light.svg",
        f"{at}results/{workflow.slug}/progress.csv", f"{at}data/",
        *(f"{at}data/{rest}" for rest in ("files/", "state/", "pseudonyms/", NO_FILE, f"{NO_FILE}cancel/")),
        f"{at}known/{workflow.slug}/", f"{at}known/{workflow.slug}/1/", f"{at}qualifications/",
        f"{at}lanes/{workflow.slug}/", f"{at}lanes/{workflow.slug}/late/",
        f"{at}fairness/", f"{at}fairness/suggestions/1/", f"{at}fairness/blocks/1/lift/",
        f"{at}webhooks/", f"{at}webhooks/{uuid.UUID(int=0)}/",
        f"{at}import/", f"{at}import/state/", f"{at}import/1/broken.csv", f"{at}import/1/cancel/",
        f"{at}import/catalogue/",
        *(f"{at}runs/{workflow.slug}/{rest}" for rest in RUNS),
        *(f"{at}attributes/{workflow.slug}/{rest}" for rest in ATTRIBUTES),
        *(f"{at}classifiers/{workflow.slug}/{rest}" for rest in CLASSIFIERS),
        *(f"{at}similar/{workflow.slug}/{rest}" for rest in SIMILAR),
        f"{at}desk/", f"{at}desk/live/", f"{at}desk/veil/",
        *(f"{at}desk/{workflow.slug}/{rest}" for rest in DESK),
        *(f"{at}policies/{rest}" for rest in POLICIES), f"{at}triage/{workflow.slug}/",
        *(f"{at}rules/{workflow.slug}/{rest}" for rest in RULES),
        *(f"{at}bands/{workflow.slug}/{rest}" for rest in BANDS),
        *(f"{at}associations/{workflow.slug}/{rest}" for rest in ("", "state/")),
        *(f"{at}unusual/{rest}" for rest in ("", "look/", "publish/", "1/")),
        "/talk/", "/talk/boards/chat/", f"/talk/discussions/{uuid.UUID(int=0)}/",
        *(f"/talk/comments/{uuid.UUID(int=0)}/{what}/" for what in ("edit", "history", "do")),
        f"/talk/discussions/{uuid.UUID(int=0)}/do/", "/talk/moderation/", "/talk/search/",
        f"/talk/discussions/{uuid.UUID(int=0)}/follow/", "/talk/unsubscribe/x/", "/me/notices/", "/me/notices/state/",
        f"{at}talk/moderation/", f"{at}talk/search/",
        f"{at}talk/", f"{at}talk/boards/chat/", f"{at}talk/subjects/1/", f"{at}talk/tags/ring/",
        "/lab/", "/lab/new/", *(f"/lab/{workflow.project.slug}/{rest}" for rest in LAB),
        *(f"/lab/{workflow.project.slug}/workflows/{workflow.slug}/{rest}" for rest in FLOW),
        f"/api/v1/workflows/{workflow.pk}/trial",
        *(f"/panoptes/{rest}" for rest in PANOPTES),
        "/me/", "/me/blocks/1/appeal/",
        "/me/older/", "/me/classifications/", "/me/favourites/", "/me/favourites/1/remove/", "/me/collections/",
        "/me/statistics/", "/me/data/", "/me/credit/", f"{at}releases/", "/me/data/voorwerp.zip", "/me/delete/",
        "/me/tokens/", "/deleted/", "/collect/1/",
        *(f"/collections/{uuid.UUID(int=0)}/{what}" for what in ("", "describe/", "delete/", "1/take-out/")),
        f"{at}classify/{workflow.slug}/1/", "/privacy/", "/reference/", "/nothing/", "/healthz",
        "/metrics", "/media/light/s0.png", "/static/css/base.css", "/accounts/login/", "/accounts/signup/", "/admin/",
        *admin_lists,
    ]  # fmt: skip


async def ask_all() -> dict[str, int]:
    workflow, session = await sync_to_async(prepare)()
    statuses: dict[str, int] = {}

    async def ask(client: httpx.AsyncClient, method: str, address: str, body: Any = None) -> httpx.Response:
        headers = {"X-CSRFToken": client.cookies.get("csrftoken", "")} if method != "GET" else {}
        answer = await client.request(method, address, json=body, headers=headers)
        named = address.split("?", 1)[0].replace(f"/workflows/{workflow.pk}", "/workflows/W")
        statuses[f"{method} {named}"] = answer.status_code
        return answer

    transport = httpx.ASGITransport(app=application)
    anybody = httpx.AsyncClient(transport=transport, base_url="http://localhost")
    staff = httpx.AsyncClient(
        transport=transport, base_url="http://localhost", cookies={"sessionid": session}
    )
    async with anybody, staff:
        await sync_to_async(workflow.refresh_from_db)()
        for address in await sync_to_async(pages)(workflow):
            await ask(staff, "GET", address)
        files = f"/api/v1/projects/{workflow.project.slug}/workflows/{workflow.slug}/"
        for name in (*FILES, "cone?RA=10&DEC=20&SR=180&VERB=3"):
            await ask(staff, "GET", files + name)
        subject = await sync_to_async(lambda: workflow.subject_set.subjects.latest("pk").pk)()
        for rest in OF_PROJECT:
            await ask(staff, "GET", f"/api/v1/projects/{workflow.project.slug}{rest}")
        for rest in OF_WORKFLOW:
            await ask(staff, "GET", f"/api/v1/workflows/{workflow.pk}{rest}")
        await ask(staff, "GET", f"/api/v1/subjects/{subject}")
        for address in ("projects", f"workflows/{workflow.pk}", "schema", "nothing"):
            await ask(anybody, "GET", f"/api/v1/{address}")
        await ask(
            anybody, "GET", f"/projects/{workflow.project.slug}/classify/{workflow.slug}/"
        )  # the CSRF cookie
        await ask(anybody, "POST", "/api/v1/consent", {"version": CONSENT_VERSION})
        tab = str(uuid.uuid4())
        batch = await ask(anybody, "GET", f"/api/v1/workflows/{workflow.pk}/next?n=2&tab={tab}")
        subject = batch.json()["subjects"][0]["id"]
        classification = {
            "id": str(uuid.uuid4()), "workflow_version": workflow.published_id, "subject": subject,
            "annotations": SMOOTH, "started_at": "2026-11-22T12:00:00Z", "finished_at": "2026-11-22T12:00:05Z",
            "tab": tab, "metadata": {},
        }  # fmt: skip
        await ask(anybody, "POST", "/api/v1/classifications", classification)
        await ask(anybody, "GET", f"/api/v1/subjects/{subject}/glance?workflow={workflow.pk}")
        await ask(anybody, "PUT", f"/api/v1/favourites/{subject}")
        await ask(anybody, "POST", f"/api/v1/subjects/{subject}/odd", {"tag": "ring"})
        await ask(anybody, "DELETE", f"/api/v1/favourites/{subject}")
        await ask(anybody, "GET", f"/api/v1/workflows/{workflow.pk}/practice")
        await ask(anybody, "POST", f"/api/v1/workflows/{workflow.pk}/exam")
        await ask(staff, "GET", f"/api/v1/workflows/{workflow.pk}/known")
        await ask(anybody, "POST", f"/api/v1/workflows/{workflow.pk}/release", {"tab": tab})
    scope = {
        "type": "websocket", "path": f"/ws/projects/{workflow.project_id}/", "query_string": b"", "subprotocols": [],
        "headers": [(b"host", b"localhost"), (b"origin", b"http://localhost")],
    }  # fmt: skip
    socket = ApplicationCommunicator(application, scope)
    await socket.send_input({"type": "websocket.connect"})
    accepted = (await socket.receive_output(timeout=5))["type"] == "websocket.accept"
    statuses["WS /ws/projects"] = 101 if accepted else 500
    await socket.send_input({"type": "websocket.disconnect", "code": 1000})
    await socket.wait(timeout=5)
    return statuses


def missed(statuses: dict[str, int]) -> list[str]:
    """Routes of ours that nobody asked for: a new one has to be added above."""

    def routes(resolver: URLResolver, before: str = "") -> list[str]:
        found = []
        for entry in resolver.url_patterns:
            route = before + str(entry.pattern)
            found += routes(entry, route) if isinstance(entry, URLResolver) else [route]
        return found

    asked = set()
    for what in statuses:
        method, address = what.split(" ", 1)
        if method != "WS":
            try:
                asked.add(resolve(address.replace("/workflows/W", "/workflows/1")).route)
            except Resolver404:  # one of the addresses that are not there
                continue
    ours = [route for route in routes(get_resolver()) if not route.startswith(NOT_OURS)]
    return sorted(set(ours) - asked)


if __name__ == "__main__":
    heavy = json.loads(sys.argv[1])
    found = asyncio.run(ask_all())
    if sys.argv[2]:
        importlib.import_module(sys.argv[2])
    print(
        json.dumps(
            {
                "statuses": found,
                "missed": missed(found),
                "heavy": sorted(name for name in heavy if name in sys.modules),
            }
        )
    )
