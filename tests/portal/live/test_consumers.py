"""Who may listen to a project's hints."""

import asyncio
import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth.models import AnonymousUser, User
from django.db import connections

from portal.live import publish
from portal.live.consumers import NOT_FOUND, ProjectConsumer
from projects.models import Project
from tests.portal.pages.helpers import member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_client")]


def make_project(**options: Any) -> Project:
    return Project.objects.create(
        **{"slug": "zoo", "title": "Zoo", "state": "live", "is_public": True} | options
    )


def hear(project_id: int, user: User | AnonymousUser) -> object:
    """What a browser gets after one change, or the code with which it was refused."""

    async def listen() -> object:
        try:
            return await _first_hint(project_id, user)
        finally:  # the thread that asked the database lives on, and would keep its connection
            await sync_to_async(connections.close_all)()

    return asyncio.run(listen())


async def _first_hint(project_id: int, user: User | AnonymousUser) -> object:
    scope = {
        "type": "websocket",
        "path": f"/ws/projects/{project_id}/",
        "url_route": {"kwargs": {"project_id": project_id}},
        "user": user,
    }
    browser = ApplicationCommunicator(ProjectConsumer.as_asgi(), scope)
    await browser.send_input({"type": "websocket.connect"})
    answer = await browser.receive_output(3)
    if answer["type"] == "websocket.close":
        return answer["code"]
    await browser.send_input({"type": "websocket.receive", "text": "not even JSON"})  # dropped unread
    await publish.send_hint(project_id + 1)  # not ours
    await publish.send_hint(project_id)
    hint = json.loads((await browser.receive_output(3))["text"])
    assert await browser.receive_nothing(0.1)
    await browser.send_input({"type": "websocket.disconnect", "code": 1000})
    await browser.wait(3)
    return hint


def test_stranger_hears_of_a_public_project() -> None:
    project = make_project()
    assert hear(project.pk, AnonymousUser()) == {"kind": "project", "id": project.pk}


@pytest.mark.parametrize("hidden", [{"is_public": False}, {"state": "draft"}])
def test_only_the_team_hears_of_a_private_project(hidden: dict[str, object]) -> None:
    project = make_project(**hidden)
    charlie = User.objects.create_user("charlie")
    bob = member(project)
    assert hear(project.pk, AnonymousUser()) == NOT_FOUND
    assert hear(project.pk, charlie) == NOT_FOUND
    assert hear(project.pk, bob) == {"kind": "project", "id": project.pk}


def test_nobody_hears_of_what_is_not_there() -> None:
    assert hear(404, AnonymousUser()) == NOT_FOUND
