"""Which headers pass, and which belong to one connection only (RFC 9110 section 7.6.1).

Headers stay bytes from socket to socket: order, case, and what is no text survive, and nothing is decoded in between.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

RawHeaders: TypeAlias = list[tuple[bytes, bytes]]
"""Headers as they came off the socket."""
JSON = b"application/json; charset=utf-8"

_HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"expect",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)

_TO_INSTANCE = _HOP_BY_HOP | {b"host", b"origin", b"content-length"}
_TO_CLIENT = _HOP_BY_HOP | {b"access-control-allow-origin", b"access-control-allow-credentials"}
_NOT_HEADERS = frozenset({b"close", b"keep-alive", b"", b"upgrade", b"te"})


def to_instance(headers: Sequence[tuple[bytes, bytes]], key_header: str = "") -> RawHeaders:
    """Return the client's headers as the instance gets them.

    `Host` becomes the instance's own, `Origin` was judged here, the length is set by who sends the body. What the
    client's `Connection` lists stays here, and so does `key_header`, the one that held a key of the panel.
    """
    return _without(headers, _TO_INSTANCE | {key_header.lower().encode()} if key_header else _TO_INSTANCE)


def to_client(headers: RawHeaders) -> RawHeaders:
    """Return an instance's headers as the client gets them."""
    return _without(headers, _TO_CLIENT)


def _without(headers: Sequence[tuple[bytes, bytes]], dropped: frozenset[bytes]) -> RawHeaders:
    kept, named = [], []
    for pair in headers:
        name = pair[0].lower()
        if name not in dropped:
            kept.append(pair)
        elif name == b"connection":
            named.append(pair[1])
    listed = _listed(named) if named else None
    return [pair for pair in kept if pair[0].lower() not in listed] if listed else kept


def _listed(named: Iterable[bytes]) -> frozenset[bytes]:
    """Return the headers that `Connection` headers list; the length of a body is none of them, whatever they say."""
    names = (name.strip().lower() for line in named for name in line.split(b","))
    return frozenset(names) - _NOT_HEADERS - {b"content-length"}
