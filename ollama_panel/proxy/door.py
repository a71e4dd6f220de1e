"""What is checked before a request is looked at: address, web page, key, and what the user has switched off."""

from aiohttp.http import HttpVersion11
from multidict import CIMultiDict

from ollama_panel.core.api import Kind, methods_of
from ollama_panel.proxy.answer import Answer
from ollama_panel.proxy.connection import Connection
from ollama_panel.proxy.exchange import Exchange, web_reason
from ollama_panel.proxy.guard import (
    PREFLIGHT,
    PREFLIGHT_VARY,
    host_allowed,
    is_loopback,
    known_key,
    origin_allowed,
    shown_key,
)
from ollama_panel.proxy.options import ProxyOptions

CROWDED_RETRY_S = 1


class Door:
    """The checks, for one set of options."""

    def __init__(self, options: ProxyOptions) -> None:
        self._options = options
        self._check_host = is_loopback(options.host)

    async def check(self, exchange: Exchange) -> Answer | None:
        """Answer a request that may not pass; None when it may. Answers `Expect` on the way."""
        protocol = exchange.request.protocol
        if isinstance(protocol, Connection) and protocol.crowded:
            message = f"too many connections from {protocol.client}"
            return await exchange.error(429, message, retry_after_s=CROWDED_RETRY_S, close=True)
        return (
            await self._check_version(exchange)
            or await self._check_address(exchange)
            or await self._check_page(exchange)
            or await self._check_key(exchange)
            or await self._check_blocked(exchange)
            or await self._check_expectation(exchange)
        )

    @staticmethod
    async def _check_version(exchange: Exchange) -> Answer | None:
        request = exchange.request
        if request.version.major != 1:
            return await exchange.error(505, "the panel speaks HTTP/1.1", close=True)
        if request.version < HttpVersion11 and "Transfer-Encoding" in request.headers:
            return await exchange.error(400, "HTTP/1.0 has no Transfer-Encoding", close=True)
        if request.method == "CONNECT":
            return await exchange.error(405, "the panel is no tunnel", close=True)
        return None

    async def _check_address(self, exchange: Exchange) -> Answer | None:
        request = exchange.request
        hosts = request.headers.getall("Host", ())
        if len(hosts) > 1 or (not hosts and request.version >= HttpVersion11):
            return await exchange.error(400, "the request needs exactly one Host header", close=True)
        if self._check_host and hosts and not host_allowed(hosts[0], self._options.allowed_hosts):
            return await exchange.reply(403, b"", "")
        return None

    async def _check_page(self, exchange: Exchange) -> Answer | None:
        headers = exchange.request.headers
        origin = headers.get("Origin")
        if origin is None:
            return None
        host = headers.get("Host", "")
        if not origin_allowed(origin, host, self._options.allowed_origins):
            return await exchange.reply(403, b"", "")
        if origin.partition("://")[2] == host:
            return None
        if exchange.request.method == "OPTIONS":
            return await self._preflight(exchange, origin)
        exchange.cors = (("Access-Control-Allow-Origin", origin), ("Vary", "Origin"))
        return None

    @staticmethod
    async def _preflight(exchange: Exchange, origin: str) -> Answer:
        headers = CIMultiDict(PREFLIGHT)
        headers["Access-Control-Allow-Origin"] = origin
        headers.extend(("Vary", name) for name in PREFLIGHT_VARY)
        if methods := methods_of(exchange.path):
            headers["Allow"] = ", ".join(methods)
        await exchange.answer.start(204, web_reason(204), exchange.sign(headers))
        await exchange.answer.write_eof()
        return exchange.answer

    async def _check_key(self, exchange: Exchange) -> Answer | None:
        options = self._options
        if not options.api_keys and not options.key_needed:
            return None
        shown = shown_key(exchange.request.headers)
        exchange.key = known_key(shown.key, options.api_keys)
        if exchange.key is not None:
            exchange.key_header = shown.header
            return None
        if not options.key_needed or _is_open(exchange):
            return None
        message = "this panel wants an API key: send it as Authorization: Bearer KEY"
        return await exchange.error(401, message, close=True)

    async def _check_blocked(self, exchange: Exchange) -> Answer | None:
        if self._options.management or not exchange.route.guarded:
            return None
        message = f"{exchange.request.method} {exchange.path} is switched off in this panel's settings"
        return await exchange.error(403, message, close=True)

    async def _check_expectation(self, exchange: Exchange) -> Answer | None:
        request = exchange.request
        expected = request.headers.get("Expect")
        if expected is None or request.version < HttpVersion11:
            return None
        if expected.lower() != "100-continue":
            return await exchange.error(417, f"the panel cannot meet Expect: {expected}", close=True)
        length = request.content_length
        bounded = exchange.route.kind not in (Kind.UPLOAD, Kind.UNKNOWN)
        if bounded and length is not None and length > self._options.max_body_bytes:
            return None  # reading refuses it; the client need not send it first
        if request.transport is not None:
            request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return None


def _is_open(exchange: Exchange) -> bool:
    return exchange.route.kind is Kind.HEALTH or exchange.path == "/panel/health"
