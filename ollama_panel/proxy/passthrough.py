"""Forwards requests that need no slot: management, uploads, cloud models, paths that only a newer Ollama knows.

They go to the first instance that is up and never queue.
"""

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.api import Kind
from ollama_panel.core.records import FailureKind
from ollama_panel.proxy.connection_pool import ConnectionPool
from ollama_panel.proxy.exchange import Exchange
from ollama_panel.proxy.gate import Gate, Upstream
from ollama_panel.proxy.headers import JSON, to_client
from ollama_panel.proxy.reply_body import read_all
from ollama_panel.proxy.response import Response
from ollama_panel.proxy.upstream import Payload, UpstreamError
from ollama_panel.proxy.upstream_connection import UpstreamReply

RETRY_AFTER_S = 2
"""Retry-After if no instance is up: starting `ollama serve` takes 1 to 2 s (measured)."""

MAX_NOT_FOUND_BYTES = 65_536
MAX_CHANGE_BYTES = 65_536
_STORE_CHANGES = frozenset({"create", "copy", "pull", "delete"})
_SUCCESS = b'"success"'
"""The status in the last line of a stream about such a change (Ollama `server/routes.go` and `images.go`, v0.32)."""
NO_QUEUE = ((b"X-Queue-Wait-Time", b"0.000"), (b"Server-Timing", b"queue;dur=0.0"))
_RETRIED_ON_404 = frozenset({"show", "model", "copy", "delete", "push"})
"""Of inference requests only stops and those of cloud models come here: a 404 says that nothing was done."""


async def forward(pool: ConnectionPool, exchange: Exchange, payload: Payload, gate: Gate) -> Response:
    """Forward the request to the first instance that can be reached, and stream its reply back.

    If the connection broke after the request was sent, the request may have taken effect: only read-only requests are
    then sent to the next instance. A request about one model goes to the next instance also if the first does not have
    the model: an adopted instance may have a store of its own. Changes of a store go to those first that can change
    theirs: a worker may only read that of a service. The reply to one ends when the panel knows what is there now.
    """
    status, why, not_found = 503, notice("request.no_instance"), b""
    upstreams = await gate.upstreams()
    if exchange.route.action in _STORE_CHANGES or exchange.route.kind is Kind.UPLOAD:
        upstreams = tuple(sorted(upstreams, key=lambda one: not one.writes))
    for number, upstream in enumerate(upstreams):
        last = number == len(upstreams) - 1
        try:
            reply = await _open(pool, exchange, upstream, payload)
        except UpstreamError as error:
            status, why = 503 if error.kind is FailureKind.CONNECT else 502, error.notice
            if not (isinstance(payload, bytes | None) and (status == 503 or _is_read_only(exchange))):
                break
            continue
        try:
            about_a_model = exchange.route.action in _RETRIED_ON_404 or exchange.route.kind is Kind.INFERENCE
            retried = about_a_model and isinstance(payload, bytes | None)
            if last or reply.status != 404 or not retried:
                return await _deliver(exchange, upstream, reply, gate)
            not_found = await read_all(reply, MAX_NOT_FOUND_BYTES)
        except UpstreamError as error:
            why = error.notice
        finally:
            reply.close()
    if not_found:
        return await exchange.respond(404, not_found, JSON)
    return await exchange.error(status, why, retry_after_s=RETRY_AFTER_S)


def _is_read_only(exchange: Exchange) -> bool:
    """Return whether a request changes nothing and is cheap, so that it may be sent again."""
    route = exchange.route
    return exchange.request.method in ("GET", "HEAD") or (route.kind is Kind.MANAGEMENT and not route.guarded)


async def _open(pool: ConnectionPool, exchange: Exchange, upstream: Upstream, payload: Payload) -> UpstreamReply:
    request = exchange.request
    headers = exchange.request_headers()
    if request.content_length is not None and not isinstance(payload, bytes | None):
        headers.append((b"Content-Length", b"%d" % request.content_length))
    return await pool.open(request.method, upstream.url, exchange.path, headers, payload)


async def _deliver(exchange: Exchange, upstream: Upstream, reply: UpstreamReply, gate: Gate) -> Response:
    """Forward a reply. If it breaks before the head was written, the client still gets an error status."""
    response = exchange.response
    changes = exchange.route.action in _STORE_CHANGES and reply.status < 400
    held: list[bytes] = []

    def write(pieces: list[bytes]) -> bool:
        end = _end_of_change(pieces) if changes and not held else 0
        now, later = (pieces[:end], pieces[end:]) if changes else (pieces, [])
        held.extend(later)
        return response.send(now)

    try:
        if changes and not _is_stream(reply):
            first = list(filter(None, [await read_all(reply, MAX_CHANGE_BYTES)]))
            await gate.store_changed(upstream.instance)
            changes = False
        else:
            first = await reply.read() if reply.ready else []
        headers = exchange.add_headers(to_client(reply.headers))
        headers += ((b"X-Panel-Instance", upstream.instance.encode()), *NO_QUEUE)
        response.start(reply.status, reply.reason, headers, reply.length)
        if first:
            write(first)
        if not first or held:
            response.flush()
        while not await reply.pipe(write):
            await response.drain()
        if changes:
            await gate.store_changed(upstream.instance)
            response.send(held)
        await response.write_eof()
    except UpstreamError as error:
        await _upstream_broke(exchange, reply, error.notice)
    return response


def _end_of_change(pieces: list[bytes]) -> int:
    """Return the number of the piece that says that a change is done, or how many there are if none does."""
    return next((number for number, piece in enumerate(pieces) if _SUCCESS in piece), len(pieces))


async def _upstream_broke(exchange: Exchange, reply: UpstreamReply, why: Notice) -> None:
    if not exchange.response.started:
        await exchange.error(502, why)
        return
    await exchange.response.abort(exchange.stream_error(502, why, sse=False) if _is_stream(reply) else b"")


def _is_stream(reply: UpstreamReply) -> bool:
    return reply.header(b"content-type").startswith(b"application/x-ndjson")


def streams_body(kind: Kind) -> bool:
    """Return whether a request's body is streamed, not buffered: uploads are gigabytes, unknown ones may be."""
    return kind in (Kind.UPLOAD, Kind.UNKNOWN)
