"""Access rules: CORS as in gin-contrib/cors, and Ollama's check of the Host header (0.32 `server/routes.go`)."""

import socket
from ipaddress import ip_address
from posixpath import normpath
from urllib.parse import urlsplit

_HEADERS = (
    "Authorization,Content-Type,User-Agent,Accept,X-Requested-With,Openai-Beta,X-Stainless-Arch,X-Stainless-Async,"
    "X-Stainless-Custom-Poll-Interval,X-Stainless-Helper-Method,X-Stainless-Lang,X-Stainless-Os,X-Stainless-Package-Version,"
    "X-Stainless-Poll-Helper,X-Stainless-Retry-Count,X-Stainless-Runtime,X-Stainless-Runtime-Version,X-Stainless-Timeout"
)
_LOCAL_DOMAINS = (".localhost", ".local", ".internal")


def origin_allowed(origin: str, host: str, allowed: tuple[str, ...]) -> bool:
    """Return whether a page of `origin` may send requests; a page of this host always may."""
    if origin in (f"http://{host}", f"https://{host}"):
        return True
    return any(_matches(origin, pattern) for pattern in allowed)


def _matches(origin: str, pattern: str) -> bool:
    if "*" not in pattern:
        return origin == pattern
    start, _, end = pattern.partition("*")
    return origin.startswith(start) and origin.endswith(end) and len(origin) >= len(start) + len(end)


def host_allowed(host: str) -> bool:
    """Return whether a Host header names this machine (checked only if the server listens on loopback)."""
    name = _name_of(host).lower()
    try:
        address = ip_address(name)
    except ValueError:
        return name in ("", "localhost", socket.gethostname().lower()) or name.endswith(_LOCAL_DOMAINS)
    return address.is_loopback or address.is_private or address.is_unspecified


def named_host(host: str) -> bool:
    """Return whether a Host header is a name rather than an address: then Ollama itself answers OPTIONS."""
    try:
        ip_address(_name_of(host))
    except ValueError:
        return True
    return False


def _name_of(host: str) -> str:
    try:
        return urlsplit("//" + host).hostname or ""
    except ValueError:
        return host


def cors_headers(origin: str, allowed: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the headers of an answer to an allowed page."""
    if "*" in allowed:
        return [("Access-Control-Allow-Origin", "*")]
    return [("Access-Control-Allow-Origin", origin), ("Vary", "Origin")]


def preflight_headers(origin: str, allowed: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the headers of an answer to a preflight request."""
    return [
        ("Access-Control-Allow-Headers", _HEADERS),
        ("Access-Control-Allow-Methods", "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"),
        ("Access-Control-Max-Age", "43200"),
        *cors_headers(origin, allowed),
        ("Vary", "Access-Control-Request-Method"),
        ("Vary", "Access-Control-Request-Headers"),
    ]


def cleaned(path: str) -> str:
    """Return a path as Go cleans it: without double slashes and dots."""
    clean = normpath("/" + path.lstrip("/"))
    return clean + "/" if path.endswith("/") and clean != "/" else clean
