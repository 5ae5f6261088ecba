"""A fault-injecting HTTP proxy: calls are dropped before they arrive, dropped after, delayed, or doubled."""

import asyncio
import random
from collections import Counter
from types import TracebackType

FAULTS = ("dropped before", "dropped after", "delayed", "doubled")


class FaultyProxy:
    """Forwards each call to host:port, harming `share` of those whose path starts with `path`. Seeded."""

    def __init__(self, host: str, port: int, *, path: str, share: float, seed: int) -> None:
        self.host, self.port, self.path, self.share = host, port, path, share
        self.random = random.Random(seed)
        self.done: Counter[str] = Counter()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(_length(head))
                if not await self._handle(head + body, writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _handle(self, call: bytes, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection stays open."""
        path = call.split(b" ", 2)[1].decode()
        harmed = path.startswith(self.path) and self.random.random() < self.share
        fault = self.random.choice(FAULTS) if harmed else "none"
        self.done[fault] += 1
        if fault == "dropped before":
            return False
        if fault == "delayed":
            await asyncio.sleep(self.random.uniform(0.01, 0.2))
        if fault == "doubled":
            first, second = await asyncio.gather(self._forward(call), self._forward(call))
            writer.write(self.random.choice([first, second]))
        else:
            answer = await self._forward(call)
            if fault == "dropped after":
                return False
            writer.write(answer)
        await writer.drain()
        return True

    async def _forward(self, call: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            writer.write(call)
            head = await reader.readuntil(b"\r\n\r\n")
            return head + await reader.readexactly(_length(head))
        finally:
            writer.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
