"""Where a message may go: an address that a team writes must never make this machine ask its own network for anything.

The name is resolved once for each message; every address that it has must be public, and the connection goes to the one
that was looked at (post.py). A name that answers otherwise a moment later is not asked again.
"""

import ipaddress
import queue
import socket
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from projects.exceptions import Invalid

LONGEST = 500
PATIENCE = 5.0  # seconds for a name to be found
PORTS = {"https": 443, "http": 80}
NAT64 = ipaddress.ip_network("64:ff9b::/96")
COMPATIBLE = ipaddress.ip_network("::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotSent(Exception):
    """No answer came, or none was asked for; the message says why, for the log that the team reads."""


@dataclass(frozen=True)
class Target:
    scheme: str
    host: str
    port: int
    path: str


def parse(address: str) -> Target:
    """Raises Invalid, with what to write instead. Asks nobody: a name is resolved when a message is sent."""
    if len(address) > LONGEST or not address.isascii() or not address.isprintable() or " " in address:
        raise Invalid(_("address: write up to %(n)d plain characters, without blanks.") % {"n": LONGEST})
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Invalid(_("address: this is no address of the web.")) from None
    schemes = ["https", "http"] if settings.WEBHOOK_HTTP else ["https"]
    if parts.scheme not in schemes or not parts.hostname or port == 0:
        raise Invalid(_("address: write one such as https://example.org/voorwerp."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Invalid(
            _("address: leave out name, password and what comes after #. Messages are signed instead.")
        )
    host = parts.hostname
    try:
        host.encode("idna")
        literal: Address | None = ipaddress.ip_address(host)
    except UnicodeError:
        raise Invalid(_("address: there is no such name of a machine.")) from None
    except ValueError:
        literal = None
    if (literal is not None and not may_go_to(literal)) or (
        host == "localhost" and not settings.WEBHOOK_NETWORKS
    ):
        raise Invalid(_("address: that is not on the public internet."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or PORTS[parts.scheme], path)


def resolve(target: Target) -> str:
    """The address to connect to. Raises NotSent where there is none, or one of several is not public."""
    found = _looked_up(target)
    for each in found:
        if not may_go_to(ipaddress.ip_address(each)):
            raise NotSent(
                _("%(host)s leads to an address that is not on the public internet.") % {"host": target.host}
            )
    return found[0]


def may_go_to(address: Address) -> bool:
    """Public, also where it holds another address inside; or in one of the operator's WEBHOOK_NETWORKS."""
    if any(address in network for network in settings.WEBHOOK_NETWORKS if network.version == address.version):
        return True
    inner = _inside(address)
    if inner is not None:
        return may_go_to(inner)
    private = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return address.is_global and not private and not site_local


def _inside(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a machine on the way would make of it: mapped, compatible, NAT64, 6to4, Teredo."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in NAT64 or (address in COMPATIBLE and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour is not None:
        return address.sixtofour
    return address.teredo[1] if address.teredo is not None else None


def _looked_up(target: Target) -> list[str]:
    """In a thread of its own, since a resolver knows no limit of time."""
    answer: queue.Queue[list[str] | OSError] = queue.Queue()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            answer.put([str(row[4][0]) for row in rows])
        except (OSError, UnicodeError) as error:
            answer.put(error if isinstance(error, OSError) else OSError(str(error)))

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answer.get(timeout=PATIENCE)
    except queue.Empty:
        found = []
    if isinstance(found, OSError) or not found:
        raise NotSent(_("There is no machine named %(host)s.") % {"host": target.host})
    return found
