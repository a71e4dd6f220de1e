"""One run of a comparison: every request is sent at its time, whether those before have ended or not (open loop)."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from itertools import count

import aiohttp
import msgspec

from ollama_panel.cli.compare.arrivals import Arrival
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName
from ollama_panel.core.records import RequestClass
from ollama_panel.core.tuning.prompts import Calibration, Writer
from ollama_panel.core.tuning.task import WorkloadKind
from ollama_panel.core.tuning.workload import preset
from ollama_panel.engine.tuning.exchange import Exchange, carry_out, now
from ollama_panel.engine.tuning.load import calibrated, new_session

WARMING = 32
"""Requests that are sent at once before a run, more than a small pool has slots: all its workers load the model."""

Calibrations = dict[ModelName, Calibration]


class Ended(msgspec.Struct, frozen=True):
    """A request: seconds to its first token, None = it has none, and to its end; its tokens; `failed` says why."""

    first_s: float | None = None
    total_s: float = 0.0
    tokens: int = 0
    failed: str = ""


class Run(msgspec.Struct, frozen=True):
    """What became of the requests, in the order of their arrivals. `seconds` is from the first one to the last end."""

    seconds: float
    requests: tuple[Ended, ...]

    @property
    def failures(self) -> int:
        """How many failed."""
        return sum(bool(one.failed) for one in self.requests)

    @property
    def requests_per_s(self) -> float:
        """How many were answered, for each second."""
        return (len(self.requests) - self.failures) / self.seconds

    @property
    def tokens_per_s(self) -> float:
        """The tokens that were generated, or embedded, for each second."""
        return sum(one.tokens for one in self.requests) / self.seconds

    def first_times(self) -> list[float]:
        """Return the seconds to the first token, of those that had one."""
        return [one.first_s for one in self.requests if one.first_s is not None]

    def total_times(self) -> list[float]:
        """Return the seconds to the end, of those that were answered."""
        return [one.total_s for one in self.requests if not one.failed]


async def warm_up(url: str, arrivals: Sequence[Arrival], unique: str) -> Calibrations:
    """Load the models that are asked for, and return how each of them counts. Raises PanelError if one does not answer.

    The calibration of a model is that of its requests for answers if it has both kinds.
    """
    kinds = {one.model: one.embeds for one in sorted(arrivals, key=lambda one: not one.embeds)}
    found = Calibrations()
    async with new_session() as session:
        for model, embeds in kinds.items():
            workload = preset(WorkloadKind.EMBEDDINGS if embeds else WorkloadKind.CHAT)
            writer = Writer(model, workload, f"{unique} warming")
            found[model] = await calibrated(session, url, writer)
            async with asyncio.TaskGroup() as group:
                for _ in range(WARMING):
                    exchange = Exchange(now(), stream=writer.streams)
                    group.create_task(carry_out(session, url + writer.path, writer.sized(1), exchange))
    return found


async def replay(
    url: str,
    arrivals: Sequence[Arrival],
    unique: str,
    calibrations: Calibrations,
    on_progress: Callable[[int, int], None] = lambda ended, failed: None,
) -> Run:
    """Send all requests at their times and return what became of them.

    `on_progress` gets how many have ended, and how many of them have failed. When it is cancelled, all connections are
    closed.
    """
    ended = [Ended()] * len(arrivals)
    failed, done = 0, count(1)

    async def send(place: int, body: bytes, session: aiohttp.ClientSession) -> None:
        nonlocal failed
        await asyncio.sleep(began + arrivals[place].at - now())
        ended[place] = one = await _sent(session, url, arrivals[place], body)
        failed += bool(one.failed)
        on_progress(next(done), failed)

    async with AsyncExitStack() as stack:
        sessions = {
            sender: await stack.enter_async_context(new_session(_headers(*sender)))
            for sender in {(one.client, one.request_class) for one in arrivals}
        }
        bodies = [one.body(unique, calibrations[one.model]) for one in arrivals]
        began = now()
        async with asyncio.TaskGroup() as group:
            for place, (one, body) in enumerate(zip(arrivals, bodies, strict=True)):
                group.create_task(send(place, body, sessions[one.client, one.request_class]))
        return Run(now() - began, tuple(ended))


async def _sent(session: aiohttp.ClientSession, url: str, arrival: Arrival, body: bytes) -> Ended:
    answer = Exchange(now(), stream=not arrival.embeds)
    try:
        await carry_out(session, url + arrival.path, body, answer)
    except PanelError as error:
        return Ended(total_s=now() - answer.sent, failed=str(error))
    first = None if answer.first is None else answer.first - answer.sent
    return Ended(first, answer.seconds, answer.tokens)


def _headers(client: str, request_class: RequestClass) -> dict[str, str]:
    """Return what tells a panel whose request it is, and whether it is batch work; others do not read it."""
    batch = {"X-Queue-Priority": "batch"} if request_class is RequestClass.BATCH else {}
    return batch | ({"X-Client-ID": client} if client.isprintable() and client else {})
