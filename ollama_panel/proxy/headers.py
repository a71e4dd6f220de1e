"""Which headers are forwarded, and which belong to one connection only (RFC 9110 section 7.6.1).

Headers are bytes from socket to socket and never decoded, so order, case and invalid text survive.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

RawHeaders: TypeAlias = list[tuple[bytes, bytes]]
"""Headers as read from the socket."""
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


def to_instance(headers: Sequence[tuple[bytes, bytes]], key_headers: frozenset[bytes] = frozenset()) -> RawHeaders:
    """Return the headers to forward to the instance.

    Dropped are `Host` (replaced by the instance's own), `Origin` (checked here), the length (set by who sends the
    body), what the client's `Connection` lists, and `key_headers`, those with an API key of the panel's. Other
    credentials are passed on: they may be for what is behind the panel.
    """
    return _without(headers, _TO_INSTANCE | key_headers if key_headers else _TO_INSTANCE)


def to_client(headers: RawHeaders) -> RawHeaders:
    """Return an instance's headers to forward to the client."""
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
    """Return the headers that `Connection` headers list; never Content-Length, whatever they say."""
    names = (name.strip().lower() for line in named for name in line.split(b","))
    return frozenset(names) - _NOT_HEADERS - {b"content-length"}
