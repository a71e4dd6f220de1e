"""What can be an address to listen on: an address of IPv4 or IPv6, or the name of a host."""

import ipaddress
import re

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE | re.ASCII)
"""RFC 1123, section 2.1, and the underscore, which names of containers have."""
_LONGEST_NAME = 253
"""Characters of a host name: the 255 bytes of RFC 1035, section 2.3.4, without the first length and the root."""


_USABLE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""An address that means "every one" is none to connect to: that of this machine instead."""


def local_url(host: str, port: int) -> str:
    """Return the URL, for clients on this machine, of a server that listens on a host."""
    bare = without_brackets(host)
    usable = _USABLE.get(bare, bare)
    return f"http://[{usable}]:{port}" if ":" in usable else f"http://{usable}:{port}"


def is_every_address(host: str) -> bool:
    """Return whether to listen on a host is to listen on all addresses of the machine."""
    return host in _USABLE


def without_brackets(host: str) -> str:
    """Return an address without the brackets of a URL, as the system's functions take it."""
    return host[1:-1] if host.startswith("[") and host.endswith("]") and ":" in host else host


def is_host(text: str) -> bool:
    """Return whether a text is an address or a host name; an address of IPv6 may have brackets and a zone."""
    if not text.isprintable() or " " in text:
        return False
    bare = without_brackets(text)
    return _is_address(bare) if ":" in bare or "%" in bare else _is_address(bare) or _is_name(bare)


def host_in(text: str) -> str | None:
    """Return the host in a text that has more: blanks, a scheme, a port or a path; None if there is none."""
    rest = text.strip()
    rest = rest.partition("://")[2] if "://" in rest else rest
    rest = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    bare = re.sub(r":\d*\Z", "", rest) if rest.count(":") == 1 or "]:" in rest else rest
    return bare if is_host(bare) else None


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_name(text: str) -> bool:
    """Return whether a text is a host name. One that ends in a number would be taken for an address of IPv4."""
    if len(text) > _LONGEST_NAME + 1:  # before the codec, which takes long for long texts
        return False
    try:
        name = text.encode("idna").decode("ascii").removesuffix(".")
    except UnicodeError:
        return False
    labels = name.split(".")
    return len(name) <= _LONGEST_NAME and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdecimal()
