"""A stage for the laboratory's clients whose requests travel over HTTP."""

import asyncio
import itertools
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp

from ollama_panel.core.records import RequestClass
from ollama_panel.lab.workload import SECOND, Ask, Client


class Wire(ABC):
    """Requests go to `urls` in turn; time runs `speed` times as fast as the clock. `asks` is all that was sent."""

    def __init__(
        self, http: aiohttp.ClientSession, urls: Sequence[str], tasks: asyncio.TaskGroup, speed: float = 1.0
    ) -> None:
        self._http, self._urls, self._tasks, self._speed = http, itertools.cycle(urls), tasks, speed
        self._loop = asyncio.get_running_loop()
        self._origin = self._loop.time()
        self._running: list[asyncio.Task[None]] = []
        self.asks: list[Ask] = []
        self.open = True

    @abstractmethod
    def body(self, ask: Ask) -> dict[str, Any]:
        """Return what is sent for a request."""

    @abstractmethod
    def said(self, ask: Ask, text: str) -> None:
        """Take a whole answer."""

    def heard(self, ask: Ask) -> None:
        """Take note of a part of an answer."""
        if ask.first is None:
            ask.first = self.now

    def headers(self, ask: Ask) -> dict[str, str]:
        """Return who asks, and how urgently."""
        batch = ask.request_class is RequestClass.BATCH
        return {"X-Client-ID": ask.client, "X-Queue-Priority": "batch" if batch else "interactive"}

    @property
    def now(self) -> int:
        return round((self._loop.time() - self._origin) * self._speed * SECOND)

    def later(self, delay: int, call: Callable[[], None]) -> None:
        self._loop.call_later(delay / SECOND / self._speed, call)

    def send(self, ask: Ask, then: Callable[[Ask], None] | None = None) -> None:
        if self.open:
            ask.arrived = self.now
            self.asks.append(ask)
            self._running.append(self._tasks.create_task(self._exchange(ask, next(self._urls), then)))

    async def _exchange(self, ask: Ask, url: str, then: Callable[[Ask], None] | None) -> None:
        text = ""
        async with self._http.post(f"{url}/api/chat", json=self.body(ask), headers=self.headers(ask)) as answer:
            answer.raise_for_status()
            async for line in answer.content:
                told = json.loads(line)
                if "message" not in told:
                    raise RuntimeError(f"{ask.id} was answered {line!r} after {len(text)} characters")
                text += told["message"]["content"]
                self.heard(ask)
        self.said(ask, text)
        ask.done = self.now
        if then is not None:
            then(ask)

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
