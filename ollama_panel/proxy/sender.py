"""Works out who sends a request: the client that takes turns with others, and what it says of its urgency."""

import ipaddress
from collections.abc import Mapping, Sequence

from aiohttp import web
from multidict import CIMultiDictProxy

from ollama_panel.core.ids import ClientId
from ollama_panel.core.settings.exposure import is_loopback
from ollama_panel.core.text import printable
from ollama_panel.proxy.exchange import Exchange
from ollama_panel.proxy.identity import Peer
from ollama_panel.proxy.jobs import Sender

MAX_CLIENT_ID = 128
LOCAL = "local"
"""The source of requests from this machine whose processes are unknown: it has addresses without end. The clients of
fronts on this machine begin with it, too, because the name of a process is not known at once."""


def sender_of(exchange: Exchange, peer: str, client_headers: Sequence[str] = ()) -> Sender:
    """Return who sends a request; `peer` is the process or the address behind its connection.

    `client_headers` are those in which a front names its users: if one is present, and the front has a key or runs on
    this machine, the client is "front/user", with the name of the key or `LOCAL`, so that it cannot be another key's.
    """
    headers = exchange.request.headers
    key = exchange.key
    user = _user(headers, client_headers) if client_headers and (key or local_ends(exchange.request)) else ""
    if user:
        client = f"{key.name if key else LOCAL}/{user}"
    else:
        client = key.name if key else _printable(headers.get("X-Client-ID", "")) or peer
    return Sender(
        client=ClientId(client),
        source=key.name if key else source_of(peer),
        user=user,
        request_class=key.request_class if key else None,
        priority=headers.get("X-Queue-Priority", ""),
        deadline_us=_deadline(headers, exchange.arrived),
    )


def source_of(peer: str) -> str:
    """Return the part of the name of a process, "name (pid 7)", that it cannot choose, or an address."""
    _, is_process, number = peer.rpartition("pid ")
    if is_process:
        return f"pid {number.removesuffix(')')}"
    return LOCAL if peer == "::1" or peer.startswith("127.") else peer


def local_ends(request: web.BaseRequest) -> tuple[Peer, Peer] | None:
    """Return the addresses of a connection from this machine, its client's and the server's; None for all others.

    A program that calls the machine by its address in the network has that address itself.
    """
    transport = request.transport
    if transport is None:
        return None
    peer, server = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
    if not (isinstance(peer, tuple) and isinstance(server, tuple)):
        return None
    client, own = _plain(peer[0]), _plain(server[0])
    return ((client, peer[1]), (own, server[1])) if client == own or is_loopback(client) else None


def _plain(host: str) -> str:
    """Return an IPv4 address as such if a socket of IPv6 has it."""
    return host.removeprefix("::ffff:") if "." in host else host


def _user(headers: CIMultiDictProxy[str], names: Sequence[str]) -> str:
    """Return the user that the first present of the headers `names` tells, cut and printable; "" if none does."""
    for name in names:
        values = headers.getall(name, ())
        value = _forwarded_for(",".join(values)) if name.lower() == "x-forwarded-for" else "".join(values[:1])
        if user := _printable(value.strip()):
            return user
    return ""


def _forwarded_for(addresses: str) -> str:
    """Return the last address of `X-Forwarded-For` that is not of this machine.

    Each proxy appends whom it was asked by, so the last one is the word of the front that is trusted, and what comes
    before it may be the client's invention (nginx `ngx_http_realip_module`, uvicorn `ProxyHeadersMiddleware`).
    """
    hosts = [_bare_address(one.strip()) for one in addresses.split(",")]
    return next((host for host in reversed(hosts) if host and not is_loopback(host)), "")


def _bare_address(text: str) -> str:
    """Return an address without the port that some proxies add; "" if it is none."""
    for candidate in (text, text.rpartition(":")[0]):
        try:
            address = ipaddress.ip_address(candidate.strip("[]"))
        except ValueError:
            continue
        return str(getattr(address, "ipv4_mapped", None) or address)
    return ""


def _printable(text: str) -> str:
    """Return what a client says of itself, cut and printable."""
    return printable(text[:MAX_CLIENT_ID])


def _deadline(headers: Mapping[str, str], now: float) -> int | None:
    """Return the client's deadline from `X-Deadline-Ms`, in microseconds of the proxy's clock."""
    text = headers.get("X-Deadline-Ms")
    return int(now * 1e6) + int(text) * 1000 if text and text.isascii() and text.isdigit() and len(text) < 12 else None
