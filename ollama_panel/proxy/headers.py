"""Which headers pass, and which belong to one connection only (RFC 9110 section 7.6.1)."""

from collections.abc import Mapping

from multidict import CIMultiDict

HOP_BY_HOP = frozenset(
    (
        *("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"),
        *("proxy-authenticate", "proxy-authorization", "expect"),
    )
)

_TO_INSTANCE = HOP_BY_HOP | {"host", "origin", "content-length"}
_TO_CLIENT = HOP_BY_HOP | {"access-control-allow-origin", "access-control-allow-credentials"}


def to_instance(headers: Mapping[str, str], key_header: str = "") -> CIMultiDict[str]:
    """Return the client's headers as the instance gets them: case and order kept.

    `Host` becomes the instance's own, `Origin` was judged here, the length is set by who sends the body, and
    `key_header` (the one that held a key of the panel) is nobody else's business.
    """
    return _without(headers, _TO_INSTANCE | {key_header.lower()} if key_header else _TO_INSTANCE)


def to_client(headers: Mapping[str, str]) -> CIMultiDict[str]:
    """Return an instance's headers as the client gets them."""
    return _without(headers, _TO_CLIENT)


def _without(headers: Mapping[str, str], dropped: frozenset[str]) -> CIMultiDict[str]:
    named = headers.get("Connection")
    if named is not None:
        listed = frozenset(name.strip().lower() for name in named.split(","))
        if not listed <= {"close", "keep-alive", ""}:
            dropped = dropped | (listed - {"content-length"})
    return CIMultiDict([(name, value) for name, value in headers.items() if name.lower() not in dropped])
