"""Clients that ask one after another while the workers change, and what the simulated card holds meanwhile."""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from ollama_panel.sim.gpufile import GpuFile
from tests.fakes.waiting import Changes

CLIENTS = 8


@dataclass
class Clients:
    """`CLIENTS` clients with one request open each; the answers are known by how many words were asked for.

    `answered` has the number of each answered request by client, in the order of the answers, `failures` what went
    wrong. They begin no request beyond `allowed`.
    """

    url: str
    model: str
    requests: int
    allowed: int = 0
    answered: dict[int, list[int]] = field(default_factory=lambda: {client: [] for client in range(CLIENTS)})
    failures: list[str] = field(default_factory=list)
    begun: int = 0

    def __post_init__(self) -> None:
        self._changes = Changes(lambda: f"{self.ended} requests have ended, of which failed: {self.failures}")

    @property
    def ended(self) -> int:
        """How many requests have ended."""
        return len(self.failures) + sum(map(len, self.answered.values()))

    async def run(self) -> None:
        """Let all clients ask until so many requests have been asked."""
        async with asyncio.TaskGroup() as group:
            for client in range(CLIENTS):
                group.create_task(self._ask_on(client))

    def allow(self, count: int) -> None:
        """Let so many more requests begin."""
        self.allowed += count
        self._changes.notify()

    async def passed(self, count: int) -> None:
        """Wait until `count` requests have ended."""
        await self._changes.until(lambda: self.ended >= count or self.failures)

    async def _ask_on(self, client: int) -> None:
        async with httpx.AsyncClient(base_url=self.url, timeout=None, trust_env=False) as http:
            number = 0
            while True:
                await self._changes.until(lambda: self.begun < self.allowed or self.begun >= self.requests)
                if self.begun >= self.requests:
                    return
                self.begun += 1
                try:
                    await self._ask(http, client, number)
                    self.answered[client].append(number)
                except (httpx.HTTPError, AssertionError, ValueError) as error:
                    self.failures.append(f"client {client}, request {number}: {type(error).__name__}: {error}")
                number += 1
                self._changes.notify()

    async def _ask(self, http: httpx.AsyncClient, client: int, number: int) -> None:
        """Ask for so many words as no other open request of these clients asks for, every other time in a stream."""
        words = 8 + CLIENTS * (number % 4) + client
        prompt = f"Client {client} asks question {number}."
        body = {"model": self.model, "prompt": prompt, "stream": number % 2 == 0, "options": {"num_predict": words}}
        answer = await http.post("/api/generate", json=body)
        assert answer.status_code == 200, answer.text[:300]
        parts = [json.loads(line) for line in answer.text.splitlines() if line.strip()]
        assert parts[-1].get("done"), f"no whole answer: {parts[-1]}"
        text = "".join(part["response"] for part in parts)
        assert (parts[-1]["eval_count"], len(text.split())) == (words, words), "the answer is that of another request"


class Card:
    """The memory of the simulated card, as the servers publish it: `most` bytes were in use at once."""

    def __init__(self, folder: Path) -> None:
        self._file = GpuFile(folder)
        self.most = self.samples = 0

    async def watch(self) -> None:
        """Look at it all the time, until cancelled."""
        try:
            while True:
                _, used = self._file.others(relist=True)
                self.most = max(self.most, used)
                self.samples += 1
                await asyncio.sleep(0.01)
        finally:
            self._file.close()
