"""The listening socket, and the names under which this machine can be reached."""

import socket

import psutil


class PortTaken(RuntimeError):
    """Another program listens there."""


def listening_socket(port: int) -> socket.socket:
    """Bound now, so that a taken port is said at once; it listens only when the site is ready (`listen`)."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("0.0.0.0", port))  # noqa: S104 - a phone on the same network must reach the demo
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"Port {port} is not free ({error.strerror}): try PORT={port + 1} make demo."
        ) from None
    return listener


def lan_addresses() -> list[str]:
    """IPv4 addresses of this machine's interfaces, loopback left out."""
    addresses = [address for interface in psutil.net_if_addrs().values() for address in interface]
    ipv4 = [address.address for address in addresses if address.family == socket.AF_INET]
    return sorted(address for address in ipv4 if not address.startswith("127."))


def host_names() -> list[str]:
    """What a browser may write into the Host header to reach this machine."""
    name = socket.gethostname().lower()
    names = ["localhost", "127.0.0.1", "[::1]", name, *lan_addresses()]
    if "." not in name:
        names.append(f"{name}.local")
    return list(dict.fromkeys(names))
