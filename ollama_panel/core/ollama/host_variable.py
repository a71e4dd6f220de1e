"""OLLAMA_HOST, read as Ollama reads it (0.32 `envconfig/config.go Host`, `ConnectableHost`), where nothing is an error.

Our own code because no library has these rules: what is no port becomes the default, whatever the host.
"""

import ipaddress
import re

import msgspec

from ollama_panel.core.ollama.environment_kinds import plain

DEFAULT_PORT = 11434

_DEFAULT_PORTS = {"http": 80, "https": 443}
_PORT = re.compile(r"[+-]?[0-9]{1,18}")
_LOCAL_NAMES = {"": "127.0.0.1", "localhost": "localhost"}


class HostVariable(msgspec.Struct, frozen=True):
    """What a value means: to listen on `host` ("" = all addresses) and `port`.

    `path` is what clients put before every path; the server ignores it. `port_is_right` is False where the default
    stands for something that is no port.
    """

    scheme: str
    host: str
    port: int
    path: str = ""
    port_is_right: bool = True

    @property
    def local(self) -> tuple[str, int] | None:
        """The address at which a server that listens there is reached from this machine; None if it never is.

        Only addresses that are this machine's whatever its network count: loopback, and all addresses at once.
        """
        if self.scheme != "http" or self.port == 0:
            return None
        if self.host in _LOCAL_NAMES:
            return _LOCAL_NAMES[self.host], self.port
        address = _address(self.host)
        if address is None or not (address.is_loopback or address.is_unspecified):
            return None
        if address.is_unspecified:
            return "127.0.0.1" if address.version == 4 else "::1", self.port
        return str(address), self.port

    @property
    def is_everywhere(self) -> bool:
        """Whether it means all addresses of this machine, so that other machines reach the server."""
        address = _address(self.host)
        return self.host == "" or (address is not None and address.is_unspecified)


def read(value: str) -> HostVariable:
    """Return what a value of OLLAMA_HOST means. Never fails, as Ollama does not."""
    text = plain(value).strip()
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = ("https", "ollama.com:443") if text == "ollama.com" else ("http", text)
    default = _DEFAULT_PORTS.get(scheme, DEFAULT_PORT) if separator else DEFAULT_PORT
    place, _, path = rest.partition("/")
    found = _split(place)
    if found is None:
        address = _address(place.strip("[]"))
        return HostVariable(scheme, str(address) if address else place or "127.0.0.1", default, path)
    host, written = found
    port = int(written) if _PORT.fullmatch(written) else -1
    right = 0 <= port <= 65535
    return HostVariable(scheme, host, port if right else default, path, right)


def url_of(host: str, port: int) -> str:
    """Return the URL of a server, without a slash at the end."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _split(place: str) -> tuple[str, str] | None:
    """Return host and port as Go's `net.SplitHostPort` finds them; None if there is no port, or no end of the host."""
    host, colon, port = place.rpartition(":")
    if not colon:
        return None
    if host.startswith("["):
        if not host.endswith("]"):
            return None
        host = host[1:-1]
    elif ":" in host:
        return None
    return None if "[" in host or "]" in host or "]" in port or "[" in port else (host, port)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the IP address; None for a name, and for one with a zone, which Go does not take either."""
    try:
        return None if "%" in text else ipaddress.ip_address(text)
    except ValueError:
        return None
