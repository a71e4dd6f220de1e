"""One request on its way through the proxy, and the ways to answer it."""

import re
import secrets
from http import HTTPStatus
from random import getrandbits

from aiohttp import web

from ollama_panel.core.ids import RequestId
from ollama_panel.core.ollama.api import Dialect, Route, error_body, stream_error
from ollama_panel.core.settings.tree import ApiKey
from ollama_panel.proxy import heartbeat
from ollama_panel.proxy.headers import JSON, RawHeaders, to_instance
from ollama_panel.proxy.response import Response

_REASONS = {status.value: status.phrase.encode() for status in HTTPStatus} | {499: b"Client Closed Request"}
"""Reason phrases; Ollama's 499 is in no standard."""
_VALID_ID = re.compile(r"[\x21-\x7e]{1,128}")


def request_id(wanted: str | None) -> RequestId:
    """Return the client's own id if it is fit for a header and a log, else a new one."""
    return RequestId(wanted if wanted and _VALID_ID.fullmatch(wanted) else f"{getrandbits(128):032x}")


class Exchange:
    """A request, what is known of it, and its answer. `cors` are headers for the web page that asked.

    It `arrived` with its headers and was `read` with the end of its body, in seconds of the proxy's clock.
    """

    __slots__ = ("_response", "arrived", "body_read", "cors", "id", "key", "key_header", "path", "request", "route")

    def __init__(self, request: web.BaseRequest, route: Route, path: str, arrived: float) -> None:
        self.request = request
        self.route = route
        self.path = path
        self.arrived = self.body_read = arrived
        self.id = request_id(request.headers.get("X-Request-ID"))
        self._response: Response | None = None
        self.cors: tuple[tuple[bytes, bytes], ...] = ()
        self.key: ApiKey | None = None
        self.key_header = ""

    def alternative_id(self) -> RequestId:
        """Return an id like this one's for when a request with the same id is still running."""
        return RequestId(f"{self.id[:120]}~{secrets.token_hex(3)}")

    @property
    def response(self) -> Response:
        """Return the answer, made when somebody first asks: thousands of requests wait without one."""
        if self._response is None:
            self._response = Response(self.request)
        return self._response

    @property
    def dialect(self) -> Dialect:
        """Return whose API is spoken here."""
        return self.route.dialect

    def request_headers(self) -> RawHeaders:
        """Return the client's headers that an instance gets, without a length."""
        return to_instance(self.request.raw_headers, self.key_header)

    def add_headers(self, headers: RawHeaders) -> RawHeaders:
        """Add what every answer carries."""
        headers.append((b"X-Request-ID", self.id.encode()))
        if self.cors:
            headers += self.cors
        return headers

    async def respond(self, status: int, body: bytes, content_type: bytes, extra: RawHeaders | None = None) -> Response:
        """Send an answer of the panel's own."""
        headers = self.add_headers(extra or [])
        if content_type:
            headers.append((b"Content-Type", content_type))
        await self.response.send_whole(status, reason_of(status), headers, body)
        return self.response

    async def error(
        self, status: int, message: str, *, retry_after_s: int | None = None, close: bool = False, sse: bool = False
    ) -> Response:
        """Say `message` in the dialect of the path; inside the answer when that has begun (`sse`: as an event)."""
        if self.response.started:
            return await self._error_in_stream(status, message, sse=sse)
        if close:
            self.response.force_close()
        extra = [] if retry_after_s is None else [(b"Retry-After", b"%d" % retry_after_s)]
        body = error_body(self.dialect, status, message, f"req_{self.id}")
        return await self.respond(status, body, JSON, extra)

    async def _error_in_stream(self, status: int, message: str, *, sse: bool) -> Response:
        await self.response.write(self.stream_error(status, message, sse=sse))
        await self.response.write_eof()
        return self.response

    def stream_error(self, status: int, message: str, *, sse: bool) -> bytes:
        """Return `message` as a part of a stream."""
        return stream_error(self.dialect, status, message, f"req_{self.id}", sse=sse)

    async def heartbeat(self, position: int, eta_s: int | None, *, stream: bool) -> None:
        """Tell a waiting client that it is not forgotten, as `send_heartbeat`, and wait until it has been told."""
        self.send_heartbeat(position, eta_s, stream=stream)
        await self.response.drain()

    def send_heartbeat(self, position: int, eta_s: int | None, *, stream: bool) -> None:
        """Send what every parser skips; from here on the status is 200. Position 0: it is at an instance."""
        sse = stream and self.dialect is not Dialect.NATIVE
        if not self.response.started:
            headers = self.add_headers([(b"Content-Type", heartbeat.content_type(stream=stream, sse=sse))])
            headers.append((b"X-Queue-Position", b"%d" % position))
            self.response.start(200, b"OK", headers, None)
        self.response.send([heartbeat.encode(position, eta_s, sse=sse)])


def reason_of(status: int) -> bytes:
    """Return the reason phrase of a status."""
    return _REASONS.get(status, b"")
