"""Checks before a request is handled: connection limit, Host, Origin, API key, and what the user has disabled."""

import re
from collections.abc import Iterable

import msgspec
from aiohttp.http import HttpVersion11
from multidict import MultiMapping

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.api import Kind, methods_of
from ollama_panel.core.ollama.sizes import MIB
from ollama_panel.core.panel_api import grants
from ollama_panel.core.settings.exposure import is_loopback, requires_key
from ollama_panel.core.settings.tree import ApiKey, ProxySettings, Scope
from ollama_panel.proxy.access_rules import host_allowed
from ollama_panel.proxy.connection import Connection
from ollama_panel.proxy.credentials import PresentedKey, digest_of, find_key, is_key, presented_keys
from ollama_panel.proxy.exchange import Exchange, reason_of
from ollama_panel.proxy.headers import RawHeaders
from ollama_panel.proxy.panel_api.routes import is_v1, needs
from ollama_panel.proxy.response import Response
from ollama_panel.proxy.web_pages import origin_allowed, preflight, same_origin

OVER_LIMIT_RETRY_S = 1
_CHALLENGE = (b"WWW-Authenticate", b'Bearer realm="Ollama Panel"')
_CHALLENGE_ANEW = (b"WWW-Authenticate", b'Bearer realm="Ollama Panel", error="invalid_token"')
_CHALLENGE_MORE = (b"WWW-Authenticate", b'Bearer realm="Ollama Panel", error="insufficient_scope"')
"""RFC 6750 section 3; the second if a key was shown that is none, the third if one was that does not open this."""
_OWN_PAGES = ("same-origin", "none")
"""The values of Sec-Fetch-Site (W3C Fetch Metadata) of the panel's own pages, and of an address that somebody types."""


class Rejection(msgspec.Struct, frozen=True):
    """The response to a request that does not pass: a status and why.

    Without `why` it has no body, like Ollama's own to other origins; so it answers a preflight, with `headers`.
    """

    status: int
    why: Notice | None = None
    retry_after_s: int | None = None
    headers: RawHeaders | None = None

    async def send(self, exchange: Exchange) -> Response:
        """Send the response."""
        if self.why is not None:
            retry_after_s, extra = self.retry_after_s, self.headers
            return await exchange.error(self.status, self.why, retry_after_s=retry_after_s, close=True, extra=extra)
        if self.headers is None:
            return await exchange.respond(self.status, b"", b"")
        exchange.response.start(self.status, reason_of(self.status), exchange.add_headers(self.headers), None)
        await exchange.response.write_eof()
        return exchange.response


class RequestChecks:
    """The checks, for one set of options.

    `own_secret` is shown by commands of the panel's owner, who can read the state folder; "" = there is none.
    `own_key` opens what a key of the settings opens, for the panel itself.
    """

    def __init__(self, options: ProxySettings, own_secret: str = "", own_key: ApiKey | None = None) -> None:
        self._options = options
        self._keys = options.api_keys if own_key is None else (*options.api_keys, own_key)
        self._own_digest = digest_of(own_secret) if own_secret else ""
        self._check_host = is_loopback(options.host)
        self._requires_key = requires_key(options)

    def check(self, exchange: Exchange) -> Rejection | None:
        """Return the rejection of a request, or None if it may pass. Answers `Expect: 100-continue` too."""
        return (
            self._check_connection(exchange)
            or self._check_version(exchange)
            or self._check_host_header(exchange)
            or self._check_origin(exchange)
            or self._check_key(exchange)
            or self._check_management(exchange)
            or self._answer_expect(exchange)
        )

    @staticmethod
    def _check_connection(exchange: Exchange) -> Rejection | None:
        protocol = exchange.request.protocol
        if isinstance(protocol, Connection) and protocol.over_limit:
            return Rejection(429, notice("access.too_many_connections", client=protocol.client), OVER_LIMIT_RETRY_S)
        return None

    @staticmethod
    def _check_version(exchange: Exchange) -> Rejection | None:
        request = exchange.request
        if request.version.major != 1:
            return Rejection(505, notice("http.version"))
        if request.version < HttpVersion11 and "Transfer-Encoding" in request.headers:
            return Rejection(400, notice("http.transfer_encoding"))
        if request.method == "CONNECT":
            return Rejection(405, notice("http.connect"))
        return None

    def _check_host_header(self, exchange: Exchange) -> Rejection | None:
        request = exchange.request
        hosts = request.headers.getall("Host", ())
        if len(hosts) > 1 or (not hosts and request.version >= HttpVersion11):
            return Rejection(400, notice("http.host"))
        called = (*hosts, *_host_of_target(request.raw_path))
        if self._check_host and not all(host_allowed(host, self._options.allowed_hosts) for host in called):
            return Rejection(403)
        return None

    def _check_origin(self, exchange: Exchange) -> Rejection | None:
        headers = exchange.request.headers
        origin = headers.get("Origin")
        if exchange.route.kind is Kind.PANEL and is_v1(exchange.path) and _is_foreign_page(headers):
            return Rejection(403, notice("access.foreign_page"))
        if origin is None or same_origin(origin, headers.get("Host", "")):
            return None
        extra = self._options.allowed_origins
        if not origin_allowed(origin, extra):
            return Rejection(403)
        if exchange.request.method == "OPTIONS":
            private = headers.get("Access-Control-Request-Private-Network") == "true"
            return Rejection(204, headers=preflight(origin, extra, methods_of(exchange.path), private=private))
        exchange.cors = ((b"Access-Control-Allow-Origin", origin.encode()), (b"Vary", b"Origin"))
        return None

    def _check_key(self, exchange: Exchange) -> Rejection | None:
        scope, strict = self.needed(exchange)
        if not (strict or self._options.api_keys or self._requires_key):
            return None
        shown = presented_keys(exchange.request.headers)
        self._find_key(exchange, shown, scope)
        if scope is None:
            return None
        if exchange.key is not None:
            return None if grants(exchange.key.scopes, scope) else _too_little(exchange.key, scope)
        if self._is_owner(exchange, shown) or not (strict or (self._requires_key and exchange.needs_key)):
            return None
        return Rejection(401, notice("access.key_needed"), headers=[_CHALLENGE_ANEW if shown else _CHALLENGE])

    @staticmethod
    def needed(exchange: Exchange) -> tuple[Scope | None, bool]:
        """Return the scope that a request needs, None for a sign of life, and whether it always needs a key."""
        kind = exchange.route.kind
        if kind is Kind.PANEL:
            return needs(exchange.request.method, exchange.path)
        return None if kind is Kind.HEALTH else Scope.USE, False

    def _find_key(self, exchange: Exchange, shown: Iterable[PresentedKey], scope: Scope | None) -> None:
        """Note the first valid key that is shown, rather one with the scope, and all headers with a valid one."""
        found = [(key, one.header) for one in shown if (key := find_key(one.key, self._keys)) is not None]
        if found:
            fit = (key for key, _ in found if scope is None or grants(key.scopes, scope))
            exchange.key = next(fit, found[0][0])
            exchange.key_headers = frozenset(header for _, header in found)

    def _is_owner(self, exchange: Exchange, shown: Iterable[PresentedKey]) -> bool:
        """Return whether the panel's owner asks for its own paths, by a command that has read the state folder."""
        return exchange.route.kind is Kind.PANEL and any(is_key(one.key, self._own_digest) for one in shown)

    def still_opens(self, key: ApiKey | None, scope: Scope | None) -> bool:
        """Return whether a key that was valid still opens what needs a scope; None: no key of the settings was used."""
        if key is None or scope is None:
            return True
        return any(one.digest == key.digest and grants(one.scopes, scope) for one in self._keys)

    def _check_management(self, exchange: Exchange) -> Rejection | None:
        if self._options.management or not exchange.route.guarded:
            return None
        return Rejection(403, notice("access.management_off", method=exchange.request.method, path=exchange.path))

    def _answer_expect(self, exchange: Exchange) -> Rejection | None:
        request = exchange.request
        expected = request.headers.get("Expect")
        if expected is None or request.version < HttpVersion11:
            return None
        if expected.lower() != "100-continue":
            return Rejection(417, notice("http.expect", expected=expected))
        length = request.content_length
        bounded = exchange.route.kind not in (Kind.UPLOAD, Kind.UNKNOWN)
        if bounded and length is not None and length > self._options.max_body_mib * MIB:
            return None  # `read_body` refuses it before the client has sent it
        if request.transport is not None:
            request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return None


def _is_foreign_page(headers: MultiMapping[str]) -> bool:
    """Return whether a web page of another origin sends a request, as far as its browser tells."""
    origins = headers.getall("Origin", ())
    if not all(same_origin(origin, headers.get("Host", "")) for origin in origins):
        return True
    return headers.get("Sec-Fetch-Site", "none") not in _OWN_PAGES


def _too_little(key: ApiKey, scope: Scope) -> Rejection:
    return Rejection(403, notice("access.scope", key=key.name, scope=scope.value), headers=[_CHALLENGE_MORE])


def _host_of_target(target: str) -> tuple[str, ...]:
    """Return the host in the first line of a request, which has a whole URL only for proxies (RFC 9112 section 3.2.2).

    To Ollama, as to all servers in Go, it counts more than the header.
    """
    before, is_url, rest = target.partition("://")
    if not is_url or "/" in before:
        return ()
    return (re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2],)
