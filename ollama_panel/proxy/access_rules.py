"""Who may talk to the proxy at all: Host, Origin and API keys.

The proxy rewrites `Host` for its instances and so switches off Ollama's own protection against DNS rebinding; the same
rules stand here. Sources: Ollama `server/routes.go allowedHostsMiddleware`, `envconfig/config.go AllowedOrigins`,
gin-contrib/cors as recorded (`preflight`, `origin_foreign`, `origin_local`, `host_foreign`).
"""

import hashlib
import hmac
import ipaddress
import secrets
import socket
from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from ollama_panel.core.settings.tree import ApiKey, KeyRule, ProxySettings

KEY_PREFIX = "op-"

_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "[::1]", "::1"})
_LOCAL_SUFFIXES = (".localhost", ".local", ".internal")
_APP_SCHEMES = frozenset({"app", "file", "tauri", "vscode-webview", "vscode-file"})

PREFLIGHT: tuple[tuple[bytes, bytes], ...] = (
    (
        b"Access-Control-Allow-Headers",
        b"Authorization,Content-Type,User-Agent,Accept,X-Requested-With,Openai-Beta,X-Stainless-Arch,X-Stainless-Async,"
        b"X-Stainless-Custom-Poll-Interval,X-Stainless-Helper-Method,X-Stainless-Lang,X-Stainless-Os,"
        b"X-Stainless-Package-Version,X-Stainless-Poll-Helper,X-Stainless-Retry-Count,X-Stainless-Runtime,"
        b"X-Stainless-Runtime-Version,X-Stainless-Timeout,X-Api-Key,X-Request-Id,X-Client-Id,X-Queue-Priority",
    ),
    (b"Access-Control-Allow-Methods", b"GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"),
    (b"Access-Control-Max-Age", b"43200"),
)
"""The fixed part of the answer to a preflight: Ollama's list, and the headers that the panel understands."""

PREFLIGHT_VARY = (
    (b"Vary", b"Origin"),
    (b"Vary", b"Access-Control-Request-Method"),
    (b"Vary", b"Access-Control-Request-Headers"),
)


def is_loopback(host: str) -> bool:
    """Say whether listening on `host` means that only this machine can connect."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def requires_key(settings: ProxySettings) -> bool:
    """Say whether clients must show a key: always, never, or when the proxy can be reached from elsewhere."""
    if settings.require_key is KeyRule.AUTO:
        return not is_loopback(settings.host)
    return settings.require_key is KeyRule.ALWAYS


def exposure_warnings(settings: ProxySettings) -> tuple[str, ...]:
    """Return what a user should know about who can reach the proxy with these settings, as sentences."""
    if is_loopback(settings.host):
        return ()
    if not requires_key(settings):
        return (
            f"Everybody who can reach {settings.host}:{settings.port} can use and change your models without a key.",
        )
    if not settings.api_keys:
        return (
            f"The proxy on {settings.host}:{settings.port} wants API keys, but there is none: nobody can use it yet.",
        )
    return ()


def bare_host(host: str) -> str:
    """Return a Host header without its port, in lower case."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0].lstrip("[")
    return host.rpartition(":")[0] if host.count(":") == 1 else host


@lru_cache(maxsize=256)
def host_allowed(host: str, extra: tuple[str, ...]) -> bool:
    """Say whether a request for `host` (as in the Host header) may be meant for this machine."""
    bare = bare_host(host)
    named = bare in map(str.lower, extra)
    if not bare or bare in _LOCAL_NAMES or named or bare.endswith(_LOCAL_SUFFIXES):
        return True
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return bare == socket.gethostname().lower()
    return address.is_loopback or address.is_private or address.is_unspecified


@lru_cache(maxsize=256)
def origin_allowed(origin: str, host: str, extra: tuple[str, ...]) -> bool:
    """Say whether a web page of `origin` may use this server, asked for as `host`.

    `extra` are the user's additions: exact origins, or `*` for all.
    """
    scheme, separator, rest = origin.partition("://")
    if not origin.isascii():
        return False
    if "*" in extra or origin in extra:
        return True
    if not separator:
        return False
    if scheme in _APP_SCHEMES:
        return True
    return scheme in ("http", "https") and (rest == host or bare_host(rest) in _LOCAL_NAMES)


def digest_of(key: str) -> str:
    """Return what is kept of a key. Plain SHA-256 will do: keys are 256 random bits, not passwords."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def new_key(name: str) -> tuple[str, ApiKey]:
    """Return a new key, to be presented once, and what the settings keep of it."""
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    return key, ApiKey(name, digest_of(key))


class PresentedKey(msgspec.Struct, frozen=True):
    """The key that a request shows, and the name of the header that it stands in."""

    key: str = ""
    header: str = ""


def presented_key(headers: Mapping[str, str]) -> PresentedKey:
    """Return the key in `Authorization: Bearer` (Ollama, OpenAI) or `X-API-Key` (Anthropic)."""
    bearer = headers.get("Authorization", "")
    if bearer[:7].lower() == "bearer ":
        return PresentedKey(bearer[7:].strip(), "Authorization")
    key = headers.get("X-API-Key", "")
    return PresentedKey(key, "X-API-Key") if key else PresentedKey()


def find_key(presented: str, keys: Iterable[ApiKey]) -> ApiKey | None:
    """Return the entry of the key, None when it is not one of ours; takes equally long for each."""
    if not presented:
        return None
    digest = digest_of(presented)
    found = None
    for key in keys:
        if hmac.compare_digest(key.digest, digest):
            found = key
    return found
