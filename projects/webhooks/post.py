"""One POST to an address that was looked at before: to that address and no other, no redirect followed, all bounded."""

import http.client
import socket
import ssl
import threading
import time
from dataclasses import dataclass

from django.utils.translation import gettext as _

from projects.webhooks.addresses import NotSent, Target

CONNECT = 5.0  # seconds
WHOLE = 10.0  # seconds from the connection to the answer's first bytes
FIRST = 500
"""Characters of an answer that are kept."""


@dataclass(frozen=True)
class Answer:
    status: int
    seconds: float
    text: str


class _Pinned(http.client.HTTPConnection):
    """Connects to `address`, whatever the name stands for by now; the certificate must be the name's."""

    def __init__(self, target: Target, address: str) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT)
        self.tls, self.address = target.scheme == "https", address
        self.too_long = False
        self._timer = threading.Timer(WHOLE, self._stop)
        self._timer.daemon = True

    def connect(self) -> None:
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        self.sock = socket.socket(
            family, socket.SOCK_STREAM
        )  # create_connection would look names up once more
        self.sock.settimeout(CONNECT)
        self.sock.connect((self.address, self.port))
        if self.tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
        self.sock.settimeout(WHOLE)
        self._timer.start()
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def close(self) -> None:
        self._timer.cancel()
        super().close()

    def _stop(self) -> None:
        """The time of one read is not that of all: who sends a byte now and then is cut off here. Of the plain socket
        under TLS, since the other is in use."""
        self.too_long = True
        if self.sock is not None:
            try:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
            except OSError:
                pass  # it is closed already


def post(target: Target, address: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Raises NotSent where no answer came."""
    started = time.monotonic()
    connection = _Pinned(target, address)
    try:
        connection.request("POST", target.path, body, headers)
        response = connection.getresponse()
        return Answer(response.status, time.monotonic() - started, _beginning(response))
    except ssl.SSLCertVerificationError as error:
        raise NotSent(_("Its certificate is not valid: %(why)s.") % {"why": error.verify_message}) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        if connection.too_long or isinstance(error, TimeoutError):
            raise NotSent(_("No answer came within %(n)d seconds.") % {"n": WHOLE}) from None
        raise NotSent(_("It could not be reached (%(why)s).") % {"why": type(error).__name__}) from None
    finally:
        connection.close()


def _beginning(response: http.client.HTTPResponse) -> str:
    """As much as came: the status has told already how it went."""
    try:
        text = response.read(FIRST)
    except (OSError, http.client.HTTPException, ValueError):
        return ""
    return text.decode("utf-8", "replace").replace("\x00", "\ufffd")
