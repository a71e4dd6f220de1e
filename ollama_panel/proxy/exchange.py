"""An exchange: one request in the proxy and the response to it."""

import re
import secrets
from collections import Counter
from http import HTTPStatus
from random import getrandbits

from aiohttp import web

from ollama_panel.core.ids import RequestId
from ollama_panel.core.notices import Notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.api import Dialect, Route, error_body, stream_error
from ollama_panel.core.settings.tree import ApiKey
from ollama_panel.proxy import heartbeat
from ollama_panel.proxy.headers import JSON, RawHeaders, to_instance
from ollama_panel.proxy.response import Response

_REASONS = {status.value: status.phrase.encode() for status in HTTPStatus} | {499: b"Client Closed Request"}
"""Reason phrases by status; 499 is non-standard, but Ollama sends it."""
_VALID_ID = re.compile(r"[\x21-\x7e]{1,128}")


def request_id(wanted: str | None) -> RequestId:
    """Return the client's own id if it is safe in a header and a log, else a new one."""
    return RequestId(wanted if wanted and _VALID_ID.fullmatch(wanted) else getrandbits(128).to_bytes(16).hex())


class Exchange:
    """A request, what is known of it, and its response. `cors` are response headers for a web page of another origin.

    `key` is the entry of the API key that it shows, `key_headers` the names of the headers that hold a valid one;
    `needs_key` is False if its sender may do without one where one is needed. `arrived` is when its headers were read,
    `body_read` when its body was, in seconds of the proxy's clock. `errors` counts what is sent of the panel's own
    errors, by code.
    """

    __slots__ = (
        "_errors",
        "_response",
        "arrived",
        "body_read",
        "cors",
        "id",
        "key",
        "key_headers",
        "needs_key",
        "path",
        "request",
        "route",
    )

    def __init__(
        self, request: web.BaseRequest, route: Route, path: str, arrived: float, errors: Counter[str] | None = None
    ) -> None:
        self.request = request
        self.route = route
        self.path = path
        self.arrived = self.body_read = arrived
        self.id = request_id(request.headers.get("X-Request-ID"))
        self._errors = errors
        self._response: Response | None = None
        self.cors: tuple[tuple[bytes, bytes], ...] = ()
        self.key: ApiKey | None = None
        self.key_headers: frozenset[bytes] = frozenset()
        self.needs_key = True

    def alternative_id(self) -> RequestId:
        """Return an id derived from this one, for use while another request with the same id is in progress."""
        return RequestId(f"{self.id[:120]}~{secrets.token_hex(3)}")

    @property
    def response(self) -> Response:
        """Return the response, created at first use: thousands of queued requests need none."""
        if self._response is None:
            self._response = Response(self.request)
        return self._response

    @property
    def dialect(self) -> Dialect:
        """Return whose API the path belongs to."""
        return self.route.dialect

    def request_headers(self) -> RawHeaders:
        """Return the headers for the upstream request, without Content-Length."""
        return to_instance(self.request.raw_headers, self.key_headers)

    def add_headers(self, headers: RawHeaders) -> RawHeaders:
        """Add the headers of every response: the request's id and CORS."""
        headers.append((b"X-Request-ID", self.id.encode()))
        if self.cors:
            headers += self.cors
        return headers

    async def respond(self, status: int, body: bytes, content_type: bytes, extra: RawHeaders | None = None) -> Response:
        """Send a complete response of the panel's own."""
        headers = self.add_headers(extra or [])
        if content_type:
            headers.append((b"Content-Type", content_type))
        await self.response.send_whole(status, reason_of(status), headers, body)
        return self.response

    async def error(
        self,
        status: int,
        why: Notice | str,
        *,
        retry_after_s: int | None = None,
        close: bool = False,
        sse: bool = False,
        extra: RawHeaders | None = None,
    ) -> Response:
        """Send an error in the dialect of the path; inside the stream (`sse`: as an event) if that has started.

        `why` is a notice of the panel's, which is sent in English and with its code, or an instance's own words.
        `extra` are further headers.
        """
        if self.response.started:
            return await self._error_in_stream(status, why, sse=sse)
        if close:
            self.response.force_close()
        headers = list(extra or ())
        if retry_after_s is not None:
            headers.append((b"Retry-After", b"%d" % retry_after_s))
        body = error_body(self.dialect, status, *self._said(why))
        return await self.respond(status, body, JSON, headers)

    async def _error_in_stream(self, status: int, why: Notice | str, *, sse: bool) -> Response:
        await self.response.write(self.stream_error(status, why, sse=sse))
        await self.response.write_eof()
        return self.response

    def stream_error(self, status: int, why: Notice | str, *, sse: bool) -> bytes:
        """Return an error as the final piece of a stream; see `error`."""
        return stream_error(self.dialect, status, *self._said(why), sse=sse)

    def _said(self, why: Notice | str) -> tuple[str, str, str]:
        """Return the message of an error, the request's id for it, and its code."""
        message, code = (why, "") if isinstance(why, str) else (render(why), why.code)
        if code and self._errors is not None:
            self._errors[code] += 1
        return message, f"req_{self.id}", code

    async def heartbeat(self, position: int, eta_s: int | None, *, stream: bool) -> None:
        """Send a heartbeat (see `send_heartbeat`) and wait while the write buffer is full."""
        self.send_heartbeat(position, eta_s, stream=stream)
        await self.response.drain()

    def send_heartbeat(self, position: int, eta_s: int | None, *, stream: bool, trailer: bool = True) -> None:
        """Send a heartbeat, which fixes the status to 200. Position 0: the request is at an instance.

        `trailer`: the answer will end with a `Server-Timing`, if the client accepts trailers.
        """
        sse = stream and self.dialect is not Dialect.NATIVE
        if not self.response.started:
            headers = self.add_headers([(b"Content-Type", heartbeat.content_type(stream=stream, sse=sse))])
            headers.append((b"X-Queue-Position", b"%d" % position))
            if eta_s is not None:
                headers.append((b"X-Queue-ETA", b"%d" % eta_s))
            if trailer and self.response.accepts_trailers:
                headers.append((b"Trailer", b"Server-Timing"))
            self.response.start(200, b"OK", headers, None)
        self.response.send([heartbeat.encode(position, eta_s, sse=sse)])


def reason_of(status: int) -> bytes:
    """Return the reason phrase of a status."""
    return _REASONS.get(status, b"")
