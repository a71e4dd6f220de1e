"""Opens the sockets that the proxy listens on, for both families of addresses where the host means both."""

import asyncio
import contextlib
import errno
import ipaddress
import socket
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from ollama_panel.core.settings.addresses import is_every_address, local_url

BACKLOG = 4096
"""How many connections the kernel may hold; Linux cuts it to `net.core.somaxconn`, which is 4096 since 5.4."""

UNSENT_BYTES = 128 * 1024
"""How much of an answer the system takes beyond what it has sent; connections inherit it. By default Linux takes 4 MB,
the tokens of several minutes: for so long a client that reads nothing would seem to read."""

_BOTH = {
    "": ("0.0.0.0", "::"),
    "::": ("0.0.0.0", "::"),
    "localhost": ("127.0.0.1", "::1"),
}
"""Hosts that mean an address of each family. Go, and so Ollama, also takes IPv4 on `::`."""

_NO_FAMILY = frozenset({errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPFNOSUPPORT, errno.EPROTONOSUPPORT})
_PORT_TRIES = 16
"""How often a port that is free for both families is searched."""


async def open_sockets(host: str, port: int) -> tuple[socket.socket, ...]:
    """Return non-blocking sockets that listen on `host`, all on one port; port 0 = a free one.

    A machine without IPv6, or without IPv4, listens on the other alone. Raises OSError if an address cannot be bound,
    ValueError (UnicodeError, too) or OverflowError if host or port are none.
    """
    host = host.strip("[]")
    both = _BOTH.get(host.lower())
    addresses = both if both is not None else await _resolved(host, port)
    for _ in range(_PORT_TRIES - 1):
        try:
            return _listen_on(addresses, port, partly=both is not None)
        except OSError as error:
            if port or error.errno != errno.EADDRINUSE:
                raise
    return _listen_on(addresses, port, partly=both is not None)


async def addresses_of(host: str) -> frozenset[str]:
    """Return the addresses that a host means now and this machine has. Raises as `open_sockets`."""
    sockets = await open_sockets(host, 0)
    found = addresses(sockets)
    for opened in sockets:
        opened.close()
    return found


async def is_free(host: str, port: int) -> bool:
    """Return whether a server could listen there now. Raises as `open_sockets` for other reasons than the port."""
    try:
        sockets = await open_sockets(host, port)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        return False
    for opened in sockets:
        opened.close()
    return True


def addresses(sockets: Iterable[socket.socket]) -> frozenset[str]:
    """Return the addresses that sockets are bound to."""
    return frozenset(str(one.getsockname()[0]) for one in sockets)


def url_of(sockets: Sequence[socket.socket]) -> str:
    """Return the URL for clients on this machine."""
    return local_url(*sockets[0].getsockname()[:2])


def open_families(sockets: Sequence[socket.socket]) -> tuple[int, ...]:
    """Return the families of which sockets listen on all addresses of the machine."""
    return tuple(int(one.family) for one in sockets if is_every_address(one.getsockname()[0]))


async def _resolved(host: str, port: int) -> tuple[str, ...]:
    """Return the addresses of a host, with their scopes."""
    with contextlib.suppress(ValueError):
        if not ipaddress.ip_address(host).is_link_local:  # that needs the number of its interface
            return (host,)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return tuple(dict.fromkeys(_with_scope(*address) for *_, address in found))


def _with_scope(host: Any, _port: Any, _flow: int = 0, scope: int = 0) -> str:
    return f"{host.partition('%')[0]}%{scope}" if scope else str(host)


def _listen_on(addresses: Iterable[str], port: int, *, partly: bool) -> tuple[socket.socket, ...]:
    """Listen on all addresses; with `partly` one whose family the machine lacks is left out, if another one works."""
    sockets: list[socket.socket] = []
    missing: OSError | None = None
    try:
        for address in addresses:
            try:
                sockets.append(_listening(address, port))
            except OSError as error:
                if not partly or error.errno not in _NO_FAMILY:
                    raise
                missing = error
            else:
                port = sockets[0].getsockname()[1]
        if not sockets:
            raise missing or OSError(errno.EADDRNOTAVAIL, "")
    except BaseException:
        for opened in sockets:
            opened.close()
        raise
    return tuple(sockets)


def _listening(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there it would let another program take the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)  # else IPv4 clients are "::ffff:..."
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
        host, _, scope = address.partition("%")
        listening.bind((host, port, 0, int(scope or 0)) if family == socket.AF_INET6 else (host, port))
        listening.listen(BACKLOG)
        listening.setblocking(False)
    except BaseException:
        listening.close()
        raise
    return listening
