"""One part of a request for embeddings: waits at the gate, attempts placements, and returns the answer as a whole.

Its answer is whole or nothing: an instance that dies before the end costs an attempt, never a wrong answer.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.api import Dialect
from ollama_panel.core.records import FailureKind, Job, Placement, Refusal, Usage
from ollama_panel.proxy.attempt import Attempt
from ollama_panel.proxy.connection_pool import ConnectionPool
from ollama_panel.proxy.embedding_answer import Answer, BadAnswerError, read
from ollama_panel.proxy.exchange import Exchange
from ollama_panel.proxy.gate import Gate, Heartbeat, Lease
from ollama_panel.proxy.headers import RawHeaders
from ollama_panel.proxy.reply_body import read_all, read_error
from ollama_panel.proxy.request_rewrite import rewrite
from ollama_panel.proxy.upstream import UpstreamError
from ollama_panel.proxy.upstream_connection import UpstreamReply

MAX_ANSWER_BYTES = 64 << 20
"""A longer answer to a part is not Ollama's: 16 vectors of 16,384 numbers have 5 MB."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer of an instance to a part: vectors, or (`answer` is None) an error, which is not retried."""

    instance: InstanceId
    status: int
    reason: bytes
    headers: RawHeaders
    body: bytes
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The panel's refusal of a part; `late`: the last attempt took longer than the time limit."""

    refusal: Refusal
    late: bool = False


@dataclass(slots=True, eq=False)
class PartRequest:
    """One part. `first` is the place of its first input; `limit_s` limits an attempt, 0 = none.

    `why_ended` returns why it was cancelled, None if that is not known, or the client has left.
    """

    _pool: ConnectionPool
    _exchange: Exchange
    _job: Job
    _body: bytes
    _first: int
    _limit_s: float
    _why_ended: Callable[[], Notice | None]
    _failure: FailureKind | None = None

    async def run(self, gate: Gate) -> Answered | Refused:
        """Follow the gate's verdicts until the part has its answer."""
        async with gate.admit(self._job) as lease:
            try:
                while True:
                    verdict = await lease.wait()
                    match verdict:
                        case Placement():
                            answered = await self._attempt(verdict, lease)
                            if answered is not None:
                                return answered
                        case Refusal():
                            return Refused(verdict, late=self._failure is FailureKind.TIMEOUT)
                        case Heartbeat():
                            pass
            except asyncio.CancelledError:
                why = self._why_ended()
                if why is not None:
                    lease.client_left(why)
                raise

    async def _attempt(self, placement: Placement, lease: Lease) -> Answered | None:
        """Attempt one placement; return None if the gate says what follows."""
        attempt = Attempt(self._limit_s)
        lease.on_preempted(attempt.preempt)
        try:
            try:
                return await self._send(placement, lease)
            finally:
                attempt.end()
        except UpstreamError as error:
            self._failed(lease, error.kind, error.notice)
        except asyncio.CancelledError:
            if not attempt.absorb_cancellation():
                raise
            if attempt.reason is None:
                self._failed(lease, FailureKind.TIMEOUT, notice("attempt.timeout", limit=self._limit_s))
        return None

    def _failed(self, lease: Lease, kind: FailureKind, why: Notice) -> None:
        self._failure = kind
        lease.failed(kind, sent=False, why=why)

    async def _send(self, placement: Placement, lease: Lease) -> Answered:
        exchange, body = self._exchange, self._body
        if exchange.dialect is Dialect.NATIVE:
            body = b"".join(rewrite(body, placement.options, placement.keep_alive))
        headers = [pair for pair in exchange.request_headers() if pair[0].lower() != b"accept-encoding"]
        reply = await self._pool.open(
            exchange.request.method, placement.url, exchange.path, headers, body, has_slot=True
        )
        try:
            if reply.status >= 400:
                answered = await self._error(placement, reply)
                lease.finished(Usage(), reply.status)
            else:
                answered, usage = await self._whole(placement, reply)
                lease.finished(usage, reply.status)
        finally:
            reply.close()
        return answered

    async def _whole(self, placement: Placement, reply: UpstreamReply) -> tuple[Answered, Usage]:
        body = await read_all(reply, MAX_ANSWER_BYTES)
        if not reply.done:
            raise UpstreamError(FailureKind.UPSTREAM, notice("embedding.too_long", limit=MAX_ANSWER_BYTES))
        try:
            answer = read(body, self._exchange.dialect, self._job.items, self._first)
        except BadAnswerError as error:
            raise UpstreamError(FailureKind.UPSTREAM, error.notice) from error
        answered = Answered(placement.instance, reply.status, reply.reason, reply.headers, b"", answer)
        return answered, answer.usage

    async def _error(self, placement: Placement, reply: UpstreamReply) -> Answered:
        body = await read_error(reply, elsewhere=placement.elsewhere)
        return Answered(placement.instance, reply.status, reply.reason, reply.headers, body)
