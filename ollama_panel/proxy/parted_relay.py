"""Relays a request for embeddings in parts: sends them to the free slots, and puts their answers together in order.

Nothing is sent to the client before all parts are answered, as an error behind the head could not be told: one instance
also answers at once. Until then the vectors are kept as request bodies are, in memory or on disk.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from ollama_panel.core.ids import InstanceId, RequestId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.api import REFUSAL_STATUS
from ollama_panel.core.ollama.stream import error_text
from ollama_panel.core.records import Job, Part
from ollama_panel.core.scheduling.policy import HEARTBEAT_US, PLAIN_HEARTBEAT_US
from ollama_panel.proxy.body_storage import Body, BodyBuffer, BodyError, BodyStore, in_parts
from ollama_panel.proxy.connection import Connection
from ollama_panel.proxy.connection_pool import ConnectionPool
from ollama_panel.proxy.embedding_answer import Answer, Totals
from ollama_panel.proxy.embedding_inputs import Inputs
from ollama_panel.proxy.exchange import Exchange
from ollama_panel.proxy.gate import Gate
from ollama_panel.proxy.headers import RawHeaders, to_client
from ollama_panel.proxy.jobs import CHARACTERS_PER_TOKEN
from ollama_panel.proxy.part_request import Answered, PartRequest, Refused
from ollama_panel.proxy.response import Response

WAITING_BESIDE = 1
"""How many parts wait while others run: the one that gets the next free slot at once."""
AHEAD = 4
"""The answers that wait for an earlier one are at most so many times as many as parts are under way."""

_PartTask = asyncio.Task[None]


@dataclass(slots=True, eq=False)
class PartedRelay:
    """One request whose body has been read, and its parts: the first input of each, and the one after its last.

    `limit_s` is the time limit of an attempt, 0 = none. Times are seconds of the clock `now`. `_bad` is the bad end of
    the first part that has one. `_waiting` are answers by the number of their part, until the one before has come.
    """

    _pool: ConnectionPool
    _exchange: Exchange
    _job: Job
    _inputs: Inputs
    _parts: Sequence[tuple[int, int]]
    _store: BodyStore
    _limit_s: float
    _now: Callable[[], float]
    _began: float = field(init=False)
    _next: int = field(default=0, init=False)
    _joined: int = field(default=0, init=False)
    _tasks: dict[int, _PartTask] = field(default_factory=dict, init=False)
    _waiting: dict[int, Answer] = field(default_factory=dict, init=False)
    _bad: tuple[int, Answered | Refused | BodyError] | None = field(default=None, init=False)
    _first: Answered | None = field(default=None, init=False)
    _instances: dict[InstanceId, int] = field(default_factory=dict, init=False)
    _totals: Totals = field(default_factory=Totals, init=False)
    _vectors: BodyBuffer = field(init=False)
    _timer: asyncio.TimerHandle | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._began = self._now()
        self._vectors = BodyBuffer(self._store, self._store.disk_bytes)

    async def run(self, gate: Gate) -> Response:
        """Send all parts and answer the request."""
        self._schedule_heartbeat(PLAIN_HEARTBEAT_US / 1e6)
        try:
            with gate.whole(self._job) as self._job:
                async with asyncio.TaskGroup() as group:
                    self._send_more(gate, group)
        except BaseException:
            self._vectors.discard()
            raise
        finally:
            if self._timer is not None:
                self._timer.cancel()
        if self._bad is not None:
            self._vectors.discard()
            return await self._fail(self._bad[1])
        body = self._vectors.body()
        try:
            return await self._answer(body)
        finally:
            body.close()

    def _send_more(self, gate: Gate, group: asyncio.TaskGroup) -> None:
        """Let as many parts be under way as there are slots, and one that waits; none after a bad end."""
        places = gate.places(self._job)
        most = (places.slots if places is not None else 1) + WAITING_BESIDE
        while self._bad is None and self._next < len(self._parts) and len(self._tasks) < most:
            if self._next - self._joined > AHEAD * most:
                return
            number, self._next = self._next, self._next + 1
            self._tasks[number] = group.create_task(self._send(number, gate, group))

    async def _send(self, number: int, gate: Gate, group: asyncio.TaskGroup) -> None:
        begin, end = self._parts[number]
        body = self._inputs.body(begin, end)
        job = self._part(number, len(body))
        request = PartRequest(self._pool, self._exchange, job, body, begin, self._limit_s, self._why_ended)
        try:
            result = await request.run(gate)
            if isinstance(result, Answered) and result.answer is not None:
                self._add(number, result, result.answer)
            else:
                self._end_at(number, result)
        except BodyError as error:
            self._end_at(number, error)
        finally:
            del self._tasks[number]
        self._send_more(gate, group)

    def _part(self, number: int, size: int) -> Job:
        job, (begin, end) = self._job, self._parts[number]
        sizes = job.items, job.prompt_tokens, job.body_bytes
        part = Part(job.id, number, len(self._parts), *sizes, round(self._began * 1e6))
        return msgspec.structs.replace(
            job,
            id=RequestId(f"{job.id}/{number + 1}"),
            items=end - begin,
            prompt_tokens=size // CHARACTERS_PER_TOKEN,
            body_bytes=size,
            heartbeat=False,
            part=part,
        )

    def _add(self, number: int, answered: Answered, answer: Answer) -> None:
        """Add an answer, and those that have waited for it."""
        if number == 0:
            self._first = answered
        self._instances[answered.instance] = self._instances.get(answered.instance, 0) + 1
        self._waiting[number] = answer
        while (following := self._waiting.pop(self._joined, None)) is not None:
            self._totals.add(following)
            self._keep(b"," + following.vectors if self._joined else following.vectors)
            self._joined += 1

    def _keep(self, vectors: bytes) -> None:
        """Keep the next vectors. Raises `BodyError` if there is no room for them."""
        limit = self._store.disk_bytes
        if self._vectors.size + len(vectors) > limit:
            raise BodyError(507, notice("embedding.answer_too_long", limit=limit))
        self._vectors.add(vectors)

    def _end_at(self, number: int, end: Answered | Refused | BodyError) -> None:
        """End the request for a part that has no vectors, and with it all parts behind; those before may end worse."""
        if self._bad is None or number < self._bad[0]:
            self._bad = number, end
        for other, task in self._tasks.items():
            if other > number:
                task.cancel()

    def _why_ended(self) -> Notice | None:
        """Return why a part ends that is cancelled; None if another one has ended it, or the client has left."""
        if self._bad is not None and isinstance(self._bad[1], BodyError):
            return self._bad[1].notice
        connection = self._exchange.request.protocol
        return connection.cut_off if isinstance(connection, Connection) else None

    # Heartbeats

    def _schedule_heartbeat(self, after_s: float) -> None:
        if self._job.heartbeat:
            self._timer = asyncio.get_running_loop().call_later(after_s, self._send_heartbeat)

    def _send_heartbeat(self) -> None:
        self._exchange.send_heartbeat(0, None, stream=False, trailer=False)
        self._schedule_heartbeat(HEARTBEAT_US / 1e6)

    # The answer

    async def _answer(self, body: Body) -> Response:
        """Send the answer; the first part's is its head."""
        response, first = self._exchange.response, self._first
        assert first is not None, "all parts are answered"
        head, tail = self._totals.frame(self._exchange.dialect, round((self._now() - self._began) * 1e9))
        if not response.started:
            length = len(head) + body.size + len(tail)
            headers = self._headers(first)
            headers.append((b"Content-Length", b"%d" % length))
            response.start(first.status, first.reason, headers, length)
        async for piece in in_parts([head, memoryview(body.view()), tail]):
            if not response.send([piece]):
                await response.drain()
        await response.write_eof()
        return response

    def _headers(self, answered: Answered) -> RawHeaders:
        headers = [pair for pair in to_client(answered.headers) if pair[0].lower() != b"content-length"]
        headers = self._exchange.add_headers(headers)
        names = self._instances or {answered.instance: 1}
        headers.append((b"X-Panel-Instance", ", ".join(sorted(names)).encode()))
        headers.append((b"X-Panel-Parts", b"%d" % len(self._parts)))
        return headers

    async def _fail(self, end: Answered | Refused | BodyError) -> Response:
        """Send the error that the request has ended with: an instance's as it is, unless a heartbeat was sent."""
        exchange = self._exchange
        match end:
            case Refused(refusal, late):
                status = 504 if late else REFUSAL_STATUS[refusal.reason]
                return await exchange.error(status, refusal.notice, retry_after_s=refusal.retry_after_s)
            case BodyError():
                return await exchange.error(end.status, end.notice, retry_after_s=end.retry_after_s)
            case Answered():
                if exchange.response.started:
                    return await exchange.error(end.status, error_text(end.body))
                await exchange.response.send_whole(end.status, end.reason, self._headers(end), end.body)
                return exchange.response
