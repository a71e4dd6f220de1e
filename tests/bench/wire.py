"""An environment for the laboratory's clients whose requests go over HTTP."""

import asyncio
import itertools
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp

from ollama_panel.core.records import RequestClass
from ollama_panel.lab.workload import SECOND, Client, PlannedRequest


class Wire(ABC):
    """Requests go to `urls` in turn; time runs `speed` times as fast as the clock. `requests` is all that was sent."""

    def __init__(
        self, http: aiohttp.ClientSession, urls: Sequence[str], tasks: asyncio.TaskGroup, speed: float = 1.0
    ) -> None:
        self._http, self._urls, self._tasks, self._speed = http, itertools.cycle(urls), tasks, speed
        self._loop = asyncio.get_running_loop()
        self._origin = self._loop.time()
        self._running: list[asyncio.Task[None]] = []
        self.requests: list[PlannedRequest] = []
        self.open = True

    @abstractmethod
    def body(self, planned: PlannedRequest) -> dict[str, Any]:
        """Return what is sent for a request."""

    @abstractmethod
    def said(self, planned: PlannedRequest, text: str) -> None:
        """Take a whole answer."""

    def heard(self, planned: PlannedRequest) -> None:
        """Take note of a part of an answer."""
        if planned.first is None:
            planned.first = self.now

    def headers(self, planned: PlannedRequest) -> dict[str, str]:
        """Return the headers that name the client and its priority."""
        batch = planned.request_class is RequestClass.BATCH
        return {"X-Client-ID": planned.client, "X-Queue-Priority": "batch" if batch else "interactive"}

    @property
    def now(self) -> int:
        return round((self._loop.time() - self._origin) * self._speed * SECOND)

    def later(self, delay: int, call: Callable[[], None]) -> None:
        self._loop.call_later(delay / SECOND / self._speed, call)

    def send(self, planned: PlannedRequest, then: Callable[[PlannedRequest], None] | None = None) -> None:
        if self.open:
            planned.arrived = self.now
            self.requests.append(planned)
            self._running.append(self._tasks.create_task(self._exchange(planned, next(self._urls), then)))

    async def _exchange(self, planned: PlannedRequest, url: str, then: Callable[[PlannedRequest], None] | None) -> None:
        text = ""
        async with self._http.post(f"{url}/api/chat", json=self.body(planned), headers=self.headers(planned)) as answer:
            answer.raise_for_status()
            async for line in answer.content:
                told = json.loads(line)
                if "message" not in told:
                    raise RuntimeError(f"{planned.id} was answered {line!r} after {len(text)} characters")
                text += told["message"]["content"]
                self.heard(planned)
        self.said(planned, text)
        planned.done = self.now
        if then is not None:
            then(planned)

    async def run(self, clients: Sequence[Client], seconds: float) -> None:
        """Let clients send for so many seconds of the clock; what is still under way then is given up."""
        for client in clients:
            client.begin(self)
        await asyncio.sleep(seconds)
        self.open = False
        for task in self._running:
            task.cancel()


def session() -> aiohttp.ClientSession:
    """Return a client that waits as long as it takes, with as many connections as it takes."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout())
