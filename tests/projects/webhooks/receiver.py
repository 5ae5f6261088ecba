"""A program that is told: a real HTTP server, which answers as a test wishes."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """`taken`: (headers in small letters, body). `answers`: (status, headers, text), one a message; the last stays."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str], str]] = [(200, {}, "thanks")]
        self.before: Callable[[], None] = lambda: None
        self.drips = 0
        self.port = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/told?by=voorwerp"

    def events(self, at: int = -1) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.taken[at][1])["data"]["events"]
        return found

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _body in self.taken]


@contextmanager
def receiving(certificate: str = "") -> Iterator[Receiver]:
    """certificate: a file with key and certificate, for https."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
            receiver.before()
            status, headers, text = receiver.answers[0]
            if len(receiver.answers) > 1:
                receiver.answers.pop(0)
            if receiver.drips:
                self._drip(b"HTTP/1.0 200 OK\r\nX: " + b"." * receiver.drips)
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def _drip(self, text: bytes) -> None:
            """A byte now and then, as long as somebody listens."""
            try:
                for byte in text:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.05)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_port
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
