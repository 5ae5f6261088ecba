"""A small HTTP/1.1 client over asyncio: keep-alive, cookies, JSON; little CPU time of its own."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Client:
    """One caller. Reconnects when the connection was closed; raises ConnectionError where a call broke off."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        return await self.call("GET", path)

    async def post(self, path: str, data: Any) -> Answer:
        return await self.call("POST", path, json.dumps(data).encode())

    async def call(self, method: str, path: str, body: bytes = b"") -> Answer:
        reader, writer = await self._connected()
        try:
            writer.write(self._head(method, path, len(body)) + body)
            await writer.drain()
            answer = await self._read(reader)
        except (OSError, asyncio.IncompleteReadError) as error:
            self.close()
            raise ConnectionError(f"{method} {path}: {error!r}") from error
        if answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    def close(self) -> None:
        """Drop the connection."""
        if self._streams:
            self._streams[1].close()
            self._streams = None

    async def finish(self) -> None:
        """Close the connection and wait until it is."""
        if self._streams:
            writer = self._streams[1]
            self.close()
            await writer.wait_closed()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams and self._streams[0].at_eof():
            self.close()
        if self._streams is None:
            parts = urlsplit(self.address)
            self._streams = await asyncio.open_connection(parts.hostname, parts.port)
        return self._streams

    def _head(self, method: str, path: str, length: int) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(self.address).netloc}"]
        if cookies:
            lines.append(f"Cookie: {cookies}")
        if method != "GET":
            lines += ["Content-Type: application/json", f"Content-Length: {length}"]
            lines += [f"X-CSRFToken: {self.cookies.get('csrftoken', '')}", f"Origin: {self.address}"]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    async def _read(self, reader: asyncio.StreamReader) -> Answer:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in head[1:]:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                cookie, _, rest = value.partition("=")
                self.cookies[cookie] = rest.split(";")[0]
            elif name:
                headers[name.lower()] = value
        status = int(head[0].split()[1])
        if headers.get("transfer-encoding") == "chunked":
            return Answer(status, headers, await self._chunks(reader))
        return Answer(status, headers, await reader.readexactly(int(headers.get("content-length", 0))))

    @staticmethod
    async def _chunks(reader: asyncio.StreamReader) -> bytes:
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readexactly(2)
        return body
