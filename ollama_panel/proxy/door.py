"""What is checked before a request is looked at: address, web page, key, and what the user has switched off."""

import msgspec
from aiohttp.http import HttpVersion11

from ollama_panel.core.api import Kind, methods_of
from ollama_panel.proxy.answer import Answer
from ollama_panel.proxy.connection import Connection
from ollama_panel.proxy.exchange import Exchange, reason_of
from ollama_panel.proxy.guard import (
    PREFLIGHT,
    PREFLIGHT_VARY,
    host_allowed,
    is_loopback,
    known_key,
    origin_allowed,
    shown_key,
)
from ollama_panel.proxy.headers import RawHeaders
from ollama_panel.proxy.options import ProxyOptions

CROWDED_RETRY_S = 1


class Refused(msgspec.Struct, frozen=True):
    """Why a request may not pass. Without a message the answer has no body, as Ollama's own to strange pages."""

    status: int
    message: str = ""
    retry_after_s: int | None = None


class Door:
    """The checks, for one set of options."""

    def __init__(self, options: ProxyOptions) -> None:
        self._options = options
        self._check_host = is_loopback(options.host)
        self._keys = bool(options.api_keys) or options.key_needed

    async def check(self, exchange: Exchange) -> Answer | None:
        """Answer a request that may not pass; None when it may. Answers `Expect` on the way."""
        refused = (
            self._check_connection(exchange)
            or self._check_version(exchange)
            or self._check_address(exchange)
            or self._check_page(exchange)
        )
        if refused is None and (allowed := _preflight(exchange)) is not None:
            exchange.answer.start(204, reason_of(204), exchange.sign(allowed), None)
            await exchange.answer.write_eof()
            return exchange.answer
        refused = (
            refused or self._check_key(exchange) or self._check_blocked(exchange) or self._check_expectation(exchange)
        )
        return None if refused is None else await _say(exchange, refused)

    @staticmethod
    def _check_connection(exchange: Exchange) -> Refused | None:
        protocol = exchange.request.protocol
        if isinstance(protocol, Connection) and protocol.crowded:
            return Refused(429, f"too many connections from {protocol.client}", CROWDED_RETRY_S)
        return None

    @staticmethod
    def _check_version(exchange: Exchange) -> Refused | None:
        request = exchange.request
        if request.version.major != 1:
            return Refused(505, "the panel speaks HTTP/1.1")
        if request.version < HttpVersion11 and "Transfer-Encoding" in request.headers:
            return Refused(400, "HTTP/1.0 has no Transfer-Encoding")
        if request.method == "CONNECT":
            return Refused(405, "the panel is no tunnel")
        return None

    def _check_address(self, exchange: Exchange) -> Refused | None:
        request = exchange.request
        hosts = request.headers.getall("Host", ())
        if len(hosts) > 1 or (not hosts and request.version >= HttpVersion11):
            return Refused(400, "the request needs exactly one Host header")
        if self._check_host and hosts and not host_allowed(hosts[0], self._options.allowed_hosts):
            return Refused(403)
        return None

    def _check_page(self, exchange: Exchange) -> Refused | None:
        headers = exchange.request.headers
        origin = headers.get("Origin")
        if origin is None:
            return None
        host = headers.get("Host", "")
        if not origin_allowed(origin, host, self._options.allowed_origins):
            return Refused(403)
        if origin.partition("://")[2] != host:
            exchange.cors = ((b"Access-Control-Allow-Origin", origin.encode()), (b"Vary", b"Origin"))
        return None

    def _check_key(self, exchange: Exchange) -> Refused | None:
        if not self._keys:
            return None
        options = self._options
        shown = shown_key(exchange.request.headers)
        exchange.key = known_key(shown.key, options.api_keys)
        if exchange.key is not None:
            exchange.key_header = shown.header
            return None
        if not options.key_needed or _is_open(exchange):
            return None
        return Refused(401, "this panel wants an API key: send it as Authorization: Bearer KEY")

    def _check_blocked(self, exchange: Exchange) -> Refused | None:
        if self._options.management or not exchange.route.guarded:
            return None
        return Refused(403, f"{exchange.request.method} {exchange.path} is switched off in this panel's settings")

    def _check_expectation(self, exchange: Exchange) -> Refused | None:
        request = exchange.request
        expected = request.headers.get("Expect")
        if expected is None or request.version < HttpVersion11:
            return None
        if expected.lower() != "100-continue":
            return Refused(417, f"the panel cannot meet Expect: {expected}")
        length = request.content_length
        bounded = exchange.route.kind not in (Kind.UPLOAD, Kind.UNKNOWN)
        if bounded and length is not None and length > self._options.max_body_bytes:
            return None  # reading refuses it; the client need not send it first
        if request.transport is not None:
            request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return None


def _preflight(exchange: Exchange) -> RawHeaders | None:
    """Return the headers that answer a browser's question before its real request, None when this is no such question.

    An allowed page on another origin asks with OPTIONS; `cors` was set for it.
    """
    if exchange.request.method != "OPTIONS" or not exchange.cors:
        return None
    headers = [*PREFLIGHT, exchange.cors[0], *PREFLIGHT_VARY]
    exchange.cors = ()
    if methods := methods_of(exchange.path):
        headers.append((b"Allow", ", ".join(methods).encode()))
    return headers


async def _say(exchange: Exchange, refused: Refused) -> Answer:
    if not refused.message:
        return await exchange.reply(refused.status, b"", b"")
    return await exchange.error(refused.status, refused.message, retry_after_s=refused.retry_after_s, close=True)


def _is_open(exchange: Exchange) -> bool:
    return exchange.route.kind is Kind.HEALTH or exchange.path == "/panel/health"
