"""Relays an inference request: waits in the queue, attempts placements, streams the reply, reports the outcome.

The gate makes all decisions, those about retries too. For those the relay reports the first byte, or the end of a short
reply, in the same step that sends it to the client.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.api import REFUSAL_STATUS, Dialect, failure_of
from ollama_panel.core.ollama.stream import Tail, error_text, starts_with_error
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import FailureKind, Job, Placement, Refusal, RefusalReason, Usage
from ollama_panel.core.scheduling.policy import HEARTBEAT_US, PLAIN_HEARTBEAT_US
from ollama_panel.proxy.attempt import Attempt
from ollama_panel.proxy.body_storage import Body, in_parts
from ollama_panel.proxy.connection import Connection
from ollama_panel.proxy.connection_pool import ConnectionPool
from ollama_panel.proxy.exchange import Exchange
from ollama_panel.proxy.gate import Gate, Heartbeat, Lease
from ollama_panel.proxy.headers import RawHeaders, to_client
from ollama_panel.proxy.reply_body import read_error, read_more
from ollama_panel.proxy.request_rewrite import rewrite
from ollama_panel.proxy.response import Response
from ollama_panel.proxy.upstream import Payload, UpstreamError, error_of
from ollama_panel.proxy.upstream_connection import UpstreamReply

BUFFERED_BYTES = 1_048_576
HEARTBEAT_S = HEARTBEAT_US / 1e6
"""The interval of heartbeats while a request is at an instance that has sent nothing; the queue times its own."""
PLAIN_HEARTBEAT_AFTER_S = PLAIN_HEARTBEAT_US / 1e6
HEARTBEAT_GRACE_S = 0.3
"""How long an instance has for its answer before a heartbeat that is due: with its own head, the client sees more."""

_NO_USAGE = Usage()
_STREAM_TYPES = (b"text/event-stream", b"application/x-ndjson")
PROGRESS_EVERY_S = 0.1
"""How often streamed tokens are reported to the gate: as often as the window is drawn. Each chunk would cost double."""


@dataclass(slots=True, eq=False)
class Relay:
    """One request whose body has been read, and its attempts. Times are seconds of the clock `now`.

    `limit_s` is the time limit of an attempt, 0 = none. `_freed`: the gate was told that the answer is whole. `_early`:
    a heartbeat has sent the response's head.
    """

    _pool: ConnectionPool
    _exchange: Exchange
    _job: Job
    _body: Body
    _limit_s: float
    _now: Callable[[], float]
    _lease: Lease = field(init=False)
    _began: float = field(init=False)
    _waiting_since: float = field(init=False)
    _last_sign: float = field(init=False)
    _waited_s: float = field(default=0.0, init=False)
    _attempts_s: float = field(default=0.0, init=False)
    _heartbeat_timer: asyncio.TimerHandle | None = field(default=None, init=False)
    _dispatched: float = field(default=0.0, init=False)
    _sent: bool = field(default=False, init=False)
    _freed: bool = field(default=False, init=False)
    _cut: PromptCut | None = field(default=None, init=False)
    _streams: bool = field(default=False, init=False)
    _early: bool = field(default=False, init=False)
    _sse: bool = field(init=False)
    _last_failure: FailureKind | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._began = self._waiting_since = self._last_sign = self._now()
        self._sse = self._job.stream and self._exchange.dialect is not Dialect.NATIVE

    @property
    def _response(self) -> Response:
        return self._exchange.response

    async def run(self, gate: Gate) -> Response:
        """Follow the gate's verdicts until the request has its response, and return it."""
        async with gate.admit(self._job) as self._lease:
            try:
                return await self._follow()
            except (ConnectionError, asyncio.CancelledError):
                connection = self._exchange.request.protocol
                if isinstance(connection, Connection) and connection.cut_off is not None:
                    self._lease.client_left(connection.cut_off)
                raise

    async def _follow(self) -> Response:
        while True:
            verdict = await self._lease.wait()
            match verdict:
                case Placement():
                    if await self._attempt(verdict):
                        return self._response
                case Heartbeat():
                    await self._heartbeat(verdict)
                case Refusal():
                    return await self._refuse(verdict)

    async def _heartbeat(self, heartbeat: Heartbeat) -> None:
        now = self._now()
        if self._job.heartbeat and (self._job.stream or now - self._began >= PLAIN_HEARTBEAT_AFTER_S):
            self._last_sign, self._early = now, True
            await self._exchange.heartbeat(heartbeat.position, heartbeat.eta_s, stream=self._job.stream)

    async def _refuse(self, refusal: Refusal) -> Response:
        status = REFUSAL_STATUS[refusal.reason]
        if refusal.reason is RefusalReason.FAILED and self._last_failure is FailureKind.TIMEOUT:
            status = 504
        return await self._exchange.error(status, refusal.notice, retry_after_s=refusal.retry_after_s, sse=self._sse)

    async def _attempt(self, placement: Placement) -> bool:
        """Attempt one placement; return True if the response has ended, complete or aborted."""
        self._dispatched = self._now()
        self._waited_s += self._dispatched - self._waiting_since
        attempt = Attempt(self._limit_s)
        self._lease.on_preempted(attempt.preempt)
        self._schedule_heartbeat()
        try:
            try:
                await self._send(placement)
            finally:
                attempt.end()
                if self._heartbeat_timer is not None:
                    self._heartbeat_timer.cancel()
                self._waiting_since = self._now()
                self._attempts_s += self._waiting_since - self._dispatched
        except UpstreamError as error:
            await self._failed(error.kind, error.notice)
            return self._sent
        except asyncio.CancelledError:
            if not attempt.absorb_cancellation():
                raise
            await self._attempt_ended(attempt.reason)
            return self._sent
        return True

    def _schedule_heartbeat(self) -> None:
        """Schedule the next heartbeat of a response without payload so far: the model is loading, or works."""
        if self._job.heartbeat:
            due = self._last_sign + HEARTBEAT_S
            if not self._job.stream:
                due = max(due, self._began + PLAIN_HEARTBEAT_AFTER_S)
            delay = max(due - self._now(), HEARTBEAT_GRACE_S)
            self._heartbeat_timer = asyncio.get_running_loop().call_later(delay, self._send_heartbeat)

    def _send_heartbeat(self) -> None:
        if not self._sent:
            self._last_sign, self._early = self._now(), True
            self._exchange.send_heartbeat(0, None, stream=self._job.stream)
            self._schedule_heartbeat()

    async def _send(self, placement: Placement) -> None:
        exchange, headers = self._exchange, self._exchange.request_headers()
        payload = self._payload(placement, headers)
        reply = await self._pool.open(
            exchange.request.method, placement.url, exchange.path, headers, payload, has_slot=True
        )
        try:
            await self._deliver(placement, reply)
        finally:
            reply.close()

    async def _failed(self, kind: FailureKind, why: Notice) -> None:
        self._last_failure = kind
        self._lease.failed(kind, sent=self._sent, why=why)
        if self._sent:
            await self._abort(why)

    async def _attempt_ended(self, reason: Notice | None) -> None:
        """Handle the end of an attempt by its time limit (`reason` is None) or by preemption for `reason`."""
        if reason is None:
            await self._failed(FailureKind.TIMEOUT, notice("attempt.timeout", limit=self._limit_s))
        elif self._sent:
            await self._abort(reason)

    async def _abort(self, why: Notice) -> None:
        final_piece = self._exchange.stream_error(502, why, sse=self._sse) if self._streams else b""
        await self._response.abort(final_piece)

    def _payload(self, placement: Placement, headers: RawHeaders) -> Payload:
        body, options, keep_alive = self._body, placement.options, placement.keep_alive
        replaced = self._exchange.dialect is Dialect.NATIVE and not (options is None and keep_alive is None)
        pieces = rewrite(body.view(), options, keep_alive) if replaced else (body.view(),)
        size = sum(map(len, pieces))
        if size <= BUFFERED_BYTES:
            return b"".join(pieces)
        headers.append((b"Content-Length", b"%d" % size))
        return in_parts(map(memoryview, pieces))

    async def _deliver(self, placement: Placement, reply: UpstreamReply) -> None:
        if reply.status >= 400:
            await self._deliver_error(placement, reply)
            return
        first = await reply.read()
        self._streams = reply.header(b"content-type").startswith(_STREAM_TYPES)
        if not (self._streams or reply.done):
            # Buffered, it can be retried if the instance dies, and frees its slot before a slow client has read it.
            await read_more(reply, first, BUFFERED_BYTES)
        if self._streams and (early := starts_with_error(first[0] if first else b"")) is not None:
            raise UpstreamError(failure_of(500, early) or FailureKind.RUNNER, error_of(early))
        if reply.done and not self._streams:
            await self._deliver_whole(placement, reply, first)
        else:
            self._start(placement, reply, _NO_USAGE)
            self._sent = True
            self._lease.first_byte()
            await self._pump(reply, first)

    async def _deliver_whole(self, placement: Placement, reply: UpstreamReply, body: list[bytes]) -> None:
        """Send a complete reply in one piece; the next request gets its slot and its connection before that."""
        usage = Tail.of(body).usage()
        self._sent = True
        reply.close()
        self._free(usage, reply)
        self._start(placement, reply, usage)
        response = self._response
        response.finish(body, self._trailers(usage))
        if response.blocked:
            await response.drain()

    async def _deliver_error(self, placement: Placement, reply: UpstreamReply) -> None:
        body = await read_error(reply, elsewhere=placement.elsewhere)
        self._sent = True
        self._lease.finished(_NO_USAGE, reply.status)  # before a slow client has read it
        if self._response.started:
            await self._exchange.error(reply.status, error_text(body), sse=self._sse)
        else:
            await self._send_error(placement, reply, body)

    async def _send_error(self, placement: Placement, reply: UpstreamReply, body: bytes) -> None:
        """Forward an error: `body`, which was read to classify it, and the rest if it is longer."""
        response = self._response
        self._start(placement, reply, _NO_USAGE)
        if not reply.done:
            response.send([body])
            body = b""
            while not await reply.pipe(response.send):
                await response.drain()
        response.finish([body] if body else ())

    def _start(self, placement: Placement, reply: UpstreamReply, usage: Usage) -> None:
        """Start the response, unless a heartbeat has started it."""
        response = self._response
        if response.started:
            return
        headers = self._exchange.add_headers(to_client(reply.headers))
        cut = self._cut if self._freed else self._lease.prompt_cut()
        headers += (
            (b"X-Panel-Instance", placement.instance.encode()),
            (b"X-Queue-Wait-Time", b"%.3f" % self._waited_s),
            (b"Server-Timing", self._timing(usage, cut)),
        )
        if cut is not None:
            headers.append((b"X-Panel-Prompt-Cut", _cut_fields(cut)))
        if placement.position is not None:
            headers.append((b"X-Queue-Position", b"%d" % placement.position))
        if self._streams and reply.length is None and response.accepts_trailers:
            headers.append((b"Trailer", b"Server-Timing"))
        response.start(reply.status, reply.reason, headers, reply.length)

    def _timing(self, usage: Usage, cut: PromptCut | None) -> bytes:
        """Return `Server-Timing` in milliseconds, with the instance's own phases if its reply is already complete.

        `proxy` is the time that the panel itself took, without reading the body, waiting and failed attempts.
        """
        own = max(self._dispatched - self._exchange.body_read - self._waited_s - self._attempts_s, 0.0)
        first = self._now() - self._dispatched
        times = b"queue;dur=%.1f, proxy;dur=%.2f, first-byte;dur=%.1f" % (self._waited_s * 1e3, own * 1e3, first * 1e3)
        return b", ".join([times, *_phase_timings(usage, cut)])

    async def _pump(self, reply: UpstreamReply, first: list[bytes]) -> None:
        """Stream a reply: write each piece in the callback that receives it, and report progress to the gate.

        The final event frees the slot, before it is passed on: the end of the reply's framing comes later, and until
        the next request is there, the instance idles.
        """
        response, lease, now, streams = self._response, self._lease, self._now, self._streams
        tail = Tail(sse=self._sse)
        reported, reported_at = 0, now()

        def write(pieces: list[bytes]) -> bool:
            nonlocal reported, reported_at
            for piece in pieces:
                tail.feed(piece)
            ended = streams and bool(pieces) and tail.ended(pieces[-1])
            if ended or (streams and now() - reported_at >= PROGRESS_EVERY_S):
                lease.progress(tail.tokens - reported)
                reported, reported_at = tail.tokens, now()
            if ended and tail.error() is None:
                self._free(tail.usage(counted=True), reply)
            return response.send(pieces)

        if not write(first):
            await response.drain()
        try:
            while not await reply.pipe(write):
                await response.drain()
        except UpstreamError:
            if not self._freed:  # else the answer is whole: its instance may be stopped as soon as it has no request
                raise
        if streams and not self._freed and tail.tokens > reported:
            lease.progress(tail.tokens - reported)
        await self._finish(tail, reply)

    def _trailers(self, usage: Usage) -> RawHeaders | None:
        """Return what the head of a stream, or of an answer that began with a heartbeat, could not say yet."""
        if not (self._streams or self._early) or not self._response.accepts_trailers:
            return None
        return [(b"Server-Timing", b", ".join(_phase_timings(usage, self._cut)))]

    def _free(self, usage: Usage, reply: UpstreamReply) -> None:
        """Free the slot, once."""
        if not self._freed:
            self._freed = True
            self._cut = self._lease.finished(usage, reply.status)

    async def _finish(self, tail: Tail, reply: UpstreamReply) -> None:
        """Finish a reply whose framing ended cleanly: its last line may be an error, or its final event be missing.

        Without its final event the response is aborted, so that the client does not take it for complete: that is how
        OpenAI's and Anthropic's streams end if the runner dies (Ollama `middleware/openai.go` drops the error line).
        """
        response, usage = self._response, tail.usage(counted=self._streams)
        error = tail.error() if self._streams else None
        if error is None and self._streams and not tail.complete(self._exchange.route):
            await self._failed(FailureKind.RUNNER, notice("attempt.no_final_event"))
            return
        if error is None:
            self._free(usage, reply)
        response.finish(trailers=self._trailers(usage))
        if error is not None:
            self._lease.failed(failure_of(500, error) or FailureKind.RUNNER, sent=True, why=error_of(error))
        if response.blocked:
            await response.drain()


def _cut_fields(cut: PromptCut) -> bytes:
    """Return what is known of a cut prompt, in tokens, as a dictionary of RFC 8941."""
    named = ((b"prompt", cut.prompt_tokens), (b"kept", cut.kept), (b"context", cut.context))
    known = [b"%b=%d" % (name, value) for name, value in named if value is not None]
    return b", ".join(known if cut.certain else [*known, b"certain=?0"]) or b"?1"


def _phase_timings(usage: Usage, cut: PromptCut | None) -> list[bytes]:
    """Return the instance's own phases as parts of `Server-Timing`, in milliseconds, and whether it cut the prompt."""
    named = ((b"load", usage.load_ns), (b"prefill", usage.prompt_ns), (b"decode", usage.output_ns))
    parts = [b"%b;dur=%.1f" % (name, value / 1e6) for name, value in named if value is not None]
    return parts if cut is None else [*parts, b'prompt-cut;desc="%b"' % _cut_fields(cut)]
