"""Works out who sends a request: the client that takes turns with others, and what it says of its urgency."""

from collections.abc import Mapping

from aiohttp import web

from ollama_panel.core.ids import ClientId
from ollama_panel.core.text import valid_text
from ollama_panel.proxy.access_rules import is_loopback
from ollama_panel.proxy.exchange import Exchange
from ollama_panel.proxy.identity import Peer
from ollama_panel.proxy.jobs import Sender

MAX_CLIENT_ID = 128
LOCAL = "local"
"""The source of requests from this machine whose processes are unknown: it has addresses without end."""


def sender_of(exchange: Exchange, peer: str) -> Sender:
    """Return who sends a request; `peer` is the process or the address behind its connection."""
    headers = exchange.request.headers
    key = exchange.key
    return Sender(
        client=ClientId(key.name if key else _claimed_id(headers) or peer),
        source=key.name if key else source_of(peer),
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
    """Return the addresses of a connection from this machine, its client's and the server's; None for all others."""
    transport = request.transport
    if transport is None:
        return None
    peer, server = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
    if not (isinstance(peer, tuple) and isinstance(server, tuple)) or not is_loopback(_plain(peer[0])):
        return None
    return (_plain(peer[0]), peer[1]), (_plain(server[0]), server[1])


def _plain(host: str) -> str:
    """Return an IPv4 address as such if a socket of IPv6 has it."""
    return host.removeprefix("::ffff:") if "." in host else host


def _claimed_id(headers: Mapping[str, str]) -> str:
    """Return the client's `X-Client-ID`, cut and printable; "" if there is none."""
    text = headers.get("X-Client-ID")
    if not text:
        return ""
    return "".join(letter for letter in valid_text(text[:MAX_CLIENT_ID]) if letter.isprintable())


def _deadline(headers: Mapping[str, str], now: float) -> int | None:
    """Return the client's deadline from `X-Deadline-Ms`, in microseconds of the proxy's clock."""
    text = headers.get("X-Deadline-Ms")
    return int(now * 1e6) + int(text) * 1000 if text and text.isascii() and text.isdigit() and len(text) < 12 else None
