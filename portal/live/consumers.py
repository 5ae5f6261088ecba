"""The browser's end of the live hints: joins, relays, nothing else."""

from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from portal.live.publish import group_name, person_group
from projects.permissions import Who, visible_projects

NOT_FOUND = 4404


def _may_see(user: Who, project_id: int) -> bool:
    return visible_projects(user).filter(pk=project_id).exists()


class ProjectConsumer(AsyncJsonWebsocketConsumer):
    """Sends {"kind": "project", "id": 1} whenever project 1 has changed, to those who may see it."""

    group: str | None = None

    async def connect(self) -> None:
        project_id = self.scope["url_route"]["kwargs"]["project_id"]
        visible = await database_sync_to_async(_may_see)(self.scope["user"], project_id)
        if not visible:
            await self.close(NOT_FOUND)
            return
        self.group = group_name(project_id)
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        if self.group is not None:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any
    ) -> None:
        """Browsers have nothing to say here; whatever comes is dropped unread."""

    async def project_changed(self, event: dict[str, Any]) -> None:
        await self.send_json({"kind": "project", "id": event["id"]})


class PersonConsumer(AsyncJsonWebsocketConsumer):
    """Sends {"kind": "notices"} whenever there is something new for the one who is signed in."""

    group: str | None = None

    async def connect(self) -> None:
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close(NOT_FOUND)
            return
        self.group = person_group(user.pk)
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        if self.group is not None:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any
    ) -> None:
        """Dropped unread, as above."""

    async def person_changed(self, event: dict[str, Any]) -> None:
        await self.send_json({"kind": "notices"})
