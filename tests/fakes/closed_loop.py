"""A closed loop of clients by plain httpx, to check what the tuner measures: it shares no code with the tuner's own.

Each client sends its next request when the answer to its last one has ended. The tokens of an answer count evenly over
the time from its first piece to its end, as far as that lies within the measured time.
"""

import asyncio
import itertools
import json
import random
from collections.abc import Sequence
from typing import NamedTuple

import httpx

from tests.fakes.waiting import real_seconds

_WORDS = ["water", "stone", "river", "cloud", "field", "light", "paper", "glass", "table", "garden"]
_FEW, _MANY = 20, 120


class Length(NamedTuple):
    """A request: the tokens of its prompt and of its answer."""

    prompt: int
    answer: int


class _Answer(NamedTuple):
    """When it was sent, its first piece and its end, in seconds; the tokens that the server has counted."""

    sent: float
    first: float
    ended: float
    prompt_tokens: int
    tokens: int


class ClosedLoop:
    """Clients of one model at a server; use it as an asynchronous context manager."""

    def __init__(self, url: str, model: str, lengths: Sequence[Length]) -> None:
        self._http = httpx.AsyncClient(
            base_url=url, timeout=600, limits=httpx.Limits(max_connections=None), trust_env=False
        )
        self._model = model
        self._lengths = lengths
        self._numbers = itertools.count()
        self._overhead, self._per_word = 0.0, 1.0

    async def __aenter__(self) -> "ClosedLoop":
        few, many = await self._ask(_FEW, 1), await self._ask(_MANY, 1)
        self._per_word = (many.prompt_tokens - few.prompt_tokens) / (_MANY - _FEW)
        self._overhead = few.prompt_tokens - _FEW * self._per_word
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def tokens_per_s(self, clients: int, requests: int) -> float:
        """Return the tokens per second of so many clients, from their first answers until so many more have ended.

        With whole cycles of the lengths, long and short ones are there in their shares.
        """
        answers, stop = list[_Answer](), asyncio.Event()
        warm = asyncio.Barrier(clients + 1)

        async def client() -> None:
            await self._next()
            await warm.wait()
            while not stop.is_set():
                answers.append(await self._next())
                if len(answers) >= requests:
                    stop.set()

        async with asyncio.TaskGroup() as group:
            for _ in range(clients):
                group.create_task(client())
            await warm.wait()
            begun = real_seconds()
            await stop.wait()
            ended = real_seconds()
        return sum(_share(one, begun, ended) * one.tokens for one in answers) / (ended - begun)

    async def _next(self) -> _Answer:
        length = self._lengths[next(self._numbers) % len(self._lengths)]
        return await self._ask(max(1, round((length.prompt - self._overhead) / self._per_word)), length.answer)

    async def _ask(self, words: int, answer: int) -> _Answer:
        text = " ".join(random.choices(_WORDS, k=words))
        messages = [{"role": "user", "content": text}]
        body = {"model": self._model, "messages": messages, "options": {"num_predict": answer}}
        sent, first, line = real_seconds(), 0.0, b""
        async with self._http.stream("POST", "/api/chat", json=body) as response:
            response.raise_for_status()
            async for piece in response.aiter_raw():
                first = first or real_seconds()
                line = (line + piece).rstrip(b"\n").rpartition(b"\n")[2] + (b"\n" if piece.endswith(b"\n") else b"")
        counts = json.loads(line)
        return _Answer(sent, first, real_seconds(), counts["prompt_eval_count"], counts["eval_count"])


def _share(answer: _Answer, begun: float, ended: float) -> float:
    """Return the share of an answer's text that came between two times."""
    within = min(answer.ended, ended) - max(answer.first, begun)
    return max(0.0, within) / max(answer.ended - answer.first, 1e-9)
