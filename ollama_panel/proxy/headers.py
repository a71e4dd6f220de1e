"""Which headers pass, and which belong to one connection only (RFC 9110 section 7.6.1)."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from multidict import CIMultiDict

RawHeaders: TypeAlias = list[tuple[bytes, bytes]]
"""Headers as they came off the socket: order, case and bytes that are no text."""

_HOP_BY_HOP = frozenset(
    (
        *("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"),
        *("proxy-authenticate", "proxy-authorization", "expect"),
    )
)

_TO_INSTANCE = frozenset(name.encode() for name in _HOP_BY_HOP | {"host", "origin", "content-length"})
_TO_CLIENT = _HOP_BY_HOP | {"access-control-allow-origin", "access-control-allow-credentials"}
_USUAL = frozenset({"close", "keep-alive", "", "upgrade", "te"})


def to_instance(headers: Sequence[tuple[bytes, bytes]], named: str | None, key_header: str = "") -> RawHeaders:
    """Return the client's headers as the instance gets them.

    `Host` becomes the instance's own, `Origin` was judged here, the length is set by who sends the body. `named` is the
    client's `Connection` header: what it lists stays here. So does `key_header`, the one that held a key of the panel.
    """
    dropped = _TO_INSTANCE
    if named is not None:
        dropped = dropped | {name.encode("utf-8", "surrogateescape") for name in _listed(named)}
    if key_header:
        dropped = dropped | {key_header.lower().encode()}
    return [pair for pair in headers if pair[0].lower() not in dropped]


def to_client(headers: Mapping[str, str]) -> CIMultiDict[str]:
    """Return an instance's headers as the client gets them."""
    named = headers.get("Connection")
    dropped = _TO_CLIENT if named is None else _TO_CLIENT | _listed(named)
    return CIMultiDict([(name, value) for name, value in headers.items() if name.lower() not in dropped])


def _listed(named: str) -> frozenset[str]:
    """Return the headers that a `Connection` header lists; the length of a body is none of them, whatever it says."""
    return frozenset(name.strip().lower() for name in named.split(",")) - _USUAL - {"content-length"}
