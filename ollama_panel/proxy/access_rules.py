"""Access rules: which hosts the proxy is called by, and when it wants a key.

The proxy rewrites `Host` for its instances and so disables Ollama's own protection against DNS rebinding; the same
rules apply here. Source: Ollama v0.32 `server/routes.go allowedHostsMiddleware`, recorded as `host_foreign`.
"""

import re
import socket
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import psutil

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.settings.exposure import is_loopback, requires_key
from ollama_panel.core.settings.tree import ProxySettings

_LOCAL_NAMES = frozenset({"", "localhost", "127.0.0.1", "::1"})
_LOCAL_SUFFIXES = (".localhost", ".local", ".internal")
_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
"""RFC 1918 and RFC 4193, which Go calls private; Python's `is_private` has many more."""
_HOST = re.compile(
    r"(?:\[(?P<literal>[0-9a-f.]*:[0-9a-f.:]*(?:%[^\]\s]+)?)\]|(?P<name>[^\[\]:/?#@\\\s]*))(?::[^\[\]:/?#@\\\s]*)?"
)


def exposure_warnings(settings: ProxySettings) -> tuple[Notice, ...]:
    """Return warnings for the user about who can use the proxy with these settings: too many, or nobody."""
    if requires_key(settings):
        return () if settings.api_keys else (notice("proxy.no_key_yet"),)
    return () if is_loopback(settings.host) else (notice("proxy.open_to_all"),)


@lru_cache(maxsize=256)
def bare_host(host: str) -> str | None:
    """Return a Host header in lower case, without port and brackets; None if it is not a host and perhaps a port."""
    host = host.lower()
    if parts := _HOST.fullmatch(host):
        return parts["literal"] or parts["name"]
    return host if _address(host) is not None else None  # an IPv6 address without brackets


def host_allowed(host: str, extra: tuple[str, ...]) -> bool:
    """Return whether `host`, the value of a Host header, can name this machine. `extra` are names the user added."""
    bare = bare_host(host)
    if bare is None:
        return False
    if bare in _LOCAL_NAMES or bare.endswith(_LOCAL_SUFFIXES) or bare in map(str.lower, extra):
        return True
    address = _address(bare)
    if address is None:
        return bare == socket.gethostname().lower()
    return address.is_loopback or address.is_unspecified or _is_private(address) or _is_own(address)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address that `text` is, an IPv4 one also if it is written as IPv6; None if it is none."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _is_private(address: IPv4Address | IPv6Address) -> bool:
    return any(address.version == network.version and address in network for network in _PRIVATE)


def _is_own(address: IPv4Address | IPv6Address) -> bool:
    """Return whether a network card of this machine has the address; False if the system does not say."""
    try:
        cards = psutil.net_if_addrs().values()
    except OSError:
        return False
    return any(one.address.partition("%")[0] == str(address) for card in cards for one in card)
