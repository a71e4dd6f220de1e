"""Web pages: which origins may use the proxy, and the answer to their preflights.

Sources: Ollama v0.32 `envconfig/config.go AllowedOrigins`, gin-contrib/cors 1.7.2 as recorded (`preflight`,
`origin_foreign`, `origin_local`), the SDKs of OpenAI and Anthropic. Private Network Access: WICG, draft of 2024. What
replaces it in Chrome since 142, Local Network Access, asks the user and sends no header.
"""

from functools import lru_cache

from ollama_panel.core.settings.origins import names_a_host, stands_for
from ollama_panel.proxy.headers import RawHeaders

_LOCAL = tuple(
    f"{scheme}://{host}{port}"
    for host in ("localhost", "127.0.0.1", "0.0.0.0", "[::1]")
    for scheme in ("http", "https")
    for port in ("", ":*")
)
_APPS = ("app://*", "file://*", "tauri://*", "vscode-webview://*", "vscode-file://*")

_PREFLIGHT: tuple[tuple[bytes, bytes], ...] = (
    (
        b"Access-Control-Allow-Headers",
        b"Authorization,Content-Type,User-Agent,Accept,X-Requested-With,Openai-Beta,X-Stainless-Arch,X-Stainless-Async,"
        b"X-Stainless-Custom-Poll-Interval,X-Stainless-Helper-Method,X-Stainless-Lang,X-Stainless-Os,"
        b"X-Stainless-Package-Version,X-Stainless-Poll-Helper,X-Stainless-Retry-Count,X-Stainless-Runtime,"
        b"X-Stainless-Runtime-Version,X-Stainless-Timeout,"
        b"X-Api-Key,X-Request-Id,X-Client-Id,X-Queue-Priority,X-Deadline-Ms,Idempotency-Key,X-Stainless-Helper,"
        b"Openai-Organization,Openai-Project,Anthropic-Version,Anthropic-Beta,Anthropic-Dangerous-Direct-Browser-Access",
    ),
    (b"Access-Control-Allow-Methods", b"GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"),
    (b"Access-Control-Max-Age", b"43200"),
)
"""The fixed headers of a preflight response: Ollama's list, those the panel reads, and the SDKs' others."""

_VARY = (
    (b"Vary", b"Origin"),
    (b"Vary", b"Access-Control-Request-Method"),
    (b"Vary", b"Access-Control-Request-Headers"),
)


def same_origin(origin: str, host: str) -> bool:
    """Return whether a page of `origin` came from this server, which the client calls `host`."""
    return origin in (f"http://{host}", f"https://{host}")


@lru_cache(maxsize=256)
def origin_allowed(origin: str, extra: tuple[str, ...]) -> bool:
    """Return whether a web page of `origin` may send requests. `extra` are the origins that the user added."""
    return origin.isascii() and any(stands_for(entry, origin) for entry in (*_LOCAL, *_APPS, *extra))


def preflight(origin: str, extra: tuple[str, ...], methods: tuple[str, ...], *, private: bool) -> RawHeaders:
    """Return the headers of the response to a preflight of an allowed origin.

    `methods` are those of the path, if it is known. `private`: a page of the internet asks to use a private network,
    which it may if the user has named its host.
    """
    headers = [*_PREFLIGHT, (b"Access-Control-Allow-Origin", origin.encode()), *_VARY]
    if private and origin_allowed(origin, tuple(filter(names_a_host, extra))):
        headers.append((b"Access-Control-Allow-Private-Network", b"true"))
    if methods:
        headers.append((b"Allow", ", ".join(methods).encode()))
    return headers
