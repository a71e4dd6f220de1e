"""Access rules: which Host and Origin headers and API keys the proxy accepts.

The proxy rewrites `Host` for its instances and so disables Ollama's own protection against DNS rebinding; the same
rules apply here. Sources: Ollama `server/routes.go allowedHostsMiddleware`, `envconfig/config.go AllowedOrigins`,
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

from ollama_panel.core.notices import Notice, notice
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
"""The fixed headers of a preflight response: Ollama's list, and the request headers that the panel understands."""

PREFLIGHT_VARY = (
    (b"Vary", b"Origin"),
    (b"Vary", b"Access-Control-Request-Method"),
    (b"Vary", b"Access-Control-Request-Headers"),
)


def is_loopback(host: str) -> bool:
    """Return whether listening on `host` means that only this machine can connect."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def requires_key(settings: ProxySettings) -> bool:
    """Return whether clients must present an API key: always, never, or if other machines can reach the proxy."""
    if settings.require_key is KeyRule.AUTO:
        return not is_loopback(settings.host)
    return settings.require_key is KeyRule.ALWAYS


def exposure_warnings(settings: ProxySettings) -> tuple[Notice, ...]:
    """Return warnings for the user about who can reach the proxy with these settings."""
    if is_loopback(settings.host):
        return ()
    if not requires_key(settings):
        return (notice("proxy.open_to_all", port=settings.port),)
    if not settings.api_keys:
        return (notice("proxy.no_key_yet", port=settings.port),)
    return ()


def bare_host(host: str) -> str:
    """Return a Host header without its port, in lower case."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0].lstrip("[")
    return host.rpartition(":")[0] if host.count(":") == 1 else host


@lru_cache(maxsize=256)
def host_allowed(host: str, extra: tuple[str, ...]) -> bool:
    """Return whether `host`, the value of a Host header, can name this machine. `extra` are names the user added."""
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
    """Return whether a web page of `origin` may send requests to this server, whose Host header is `host`.

    `extra` are the origins that the user added: exact ones, or `*` for all.
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
    """Return the digest of a key, to be stored. Plain SHA-256 is enough: keys are 256 random bits, not passwords."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def new_key(name: str) -> tuple[str, ApiKey]:
    """Return a new key, to be shown once, and its entry for the settings."""
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    return key, ApiKey(name, digest_of(key))


class PresentedKey(msgspec.Struct, frozen=True):
    """The API key in a request, and the name of the header it came in; both "" if there is none."""

    key: str = ""
    header: str = ""


def presented_key(headers: Mapping[str, str]) -> PresentedKey:
    """Return the key from `Authorization: Bearer` (Ollama, OpenAI) or `X-API-Key` (Anthropic)."""
    bearer = headers.get("Authorization", "")
    if bearer[:7].lower() == "bearer ":
        return PresentedKey(bearer[7:].strip(), "Authorization")
    key = headers.get("X-API-Key", "")
    return PresentedKey(key, "X-API-Key") if key else PresentedKey()


def find_key(presented: str, keys: Iterable[ApiKey]) -> ApiKey | None:
    """Return the entry of a presented key, or None if it is unknown. Takes the same time for every entry."""
    if not presented:
        return None
    digest = digest_of(presented)
    found = None
    for key in keys:
        if hmac.compare_digest(key.digest, digest):
            found = key
    return found
