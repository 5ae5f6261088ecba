"""The browser's end of the live hints: joins, relays, nothing else."""

from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from portal.live.publish import group_name, person_group
from projects.permissions import Who, visible_projects

NOT_FOUND = 4404


def _may_see(user: Who, project_id: int) -> bool:
    return visible_projects(user).filter(pk=project_id).exists()


class Relay(AsyncJsonWebsocketConsumer):
    """Hints of one group to one browser."""

    group: str | None = None

    async def their_group(self) -> str | None:
        """None for whom there is nothing here."""
        raise NotImplementedError

    async def connect(self) -> None:
        self.group = await self.their_group()
        if self.group is None:
            await self.close(NOT_FOUND)
            return
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        if self.group is not None:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any
    ) -> None:
        """Browsers have nothing to say here; whatever comes is dropped unread."""


class ProjectConsumer(Relay):
    """Sends {"kind": "project", "id": 1} whenever project 1 has changed, to those who may see it."""

    async def their_group(self) -> str | None:
        project_id = self.scope["url_route"]["kwargs"]["project_id"]
        visible = await database_sync_to_async(_may_see)(self.scope["user"], project_id)
        return group_name(project_id) if visible else None

    async def project_changed(self, event: dict[str, Any]) -> None:
        await self.send_json({"kind": "project", "id": event["id"]})


class PersonConsumer(Relay):
    """Sends {"kind": "notices"} whenever there is something new for the one who is signed in."""

    async def their_group(self) -> str | None:
        user = self.scope["user"]
        return person_group(user.pk) if user.is_authenticated else None

    async def person_changed(self, event: dict[str, Any]) -> None:
        await self.send_json({"kind": "notices"})
