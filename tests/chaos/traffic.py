"""Clients that ask all the time while a panel is attacked, and the count of what they did not get.

The simulated Ollama answers the same request always the same way, so every byte of an answer can be checked.
"""

import asyncio
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from ollama_panel.engine.clock import seconds
from tests.chaos.questions import Question, questions
from tests.fakes.waiting import Changes


@dataclass
class Tally:
    """What became of the requests.

    `lost`: refused or failed without a word of an answer. `cut`: broke off with an error after it had begun. `wrong`:
    has bytes too many, too few or others. `late`: a silence in it that is longer than clients wait.
    """

    answered: int = 0
    lost: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    longest_silence_s: float = 0.0

    def __str__(self) -> str:
        counts = ", ".join(f"{len(getattr(self, name))} {name}" for name in ("lost", "cut", "wrong", "late"))
        return f"{self.answered} answered, {counts}; longest silence {self.longest_silence_s:.1f} s"


class Traffic:
    """`clients` clients with a connection each, while an `async with` lasts; each asks one question after another.

    They know the right answers from asking each question once before, while nobody attacks.
    """

    def __init__(self, url: str, headers: Mapping[str, str], clients: int = 6) -> None:
        self.tally = Tally()
        self._url, self._headers, self._clients = url, dict(headers), clients
        self._questions = tuple(questions())
        self._right: dict[str, str] = {}
        self._leaving = False
        self._changes = Changes(lambda: f"of the requests {self.tally}; {self.tally.lost + self.tally.cut}")

    async def __aenter__(self) -> "Traffic":
        async with self._client() as client:
            for question in self._questions:
                reply = await client.post(question.path, json=question.body)
                answer = question.read(reply.content)
                assert answer.whole, answer
                self._right[question.name] = answer.text
        self._leaving = False
        self._group = asyncio.TaskGroup()
        await self._group.__aenter__()
        for number in range(self._clients):
            self._group.create_task(self._ask_on(number), name=f"client {number}")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *error: object) -> None:
        self._leaving = True  # what runs is answered first, and counts
        await self._group.__aexit__(kind, *error)  # type: ignore[arg-type] # what Python passes on

    def begin(self) -> Tally:
        """Count anew, and return the new count."""
        self.tally = Tally()
        return self.tally

    async def answered(self, count: int) -> None:
        """Return when `count` more requests have been answered."""
        wanted = self.tally.answered + count
        await self._changes.until(lambda: self.tally.answered >= wanted)

    def _client(self) -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=1)
        return httpx.AsyncClient(
            base_url=self._url, headers=self._headers, limits=limits, timeout=60.0, trust_env=False
        )

    async def _ask_on(self, number: int) -> None:
        turn = itertools.cycle(self._questions[number:] + self._questions[:number])
        async with self._client() as client:
            while not self._leaving:
                await self._ask(client, next(turn))
                self._changes.notify()

    async def _ask(self, client: httpx.AsyncClient, question: Question) -> None:
        content, problem, heard = b"", "", seconds()
        silence = 0.0
        try:
            async with client.stream("POST", question.path, json=question.body) as reply:
                problem = "" if reply.status_code == 200 else f"status {reply.status_code}"
                async for piece in reply.aiter_bytes():
                    now = seconds()
                    silence, heard = max(silence, now - heard), now
                    content += piece
        except httpx.HTTPError as error:
            problem = f"{type(error).__name__} {error}"
        self._judge(question, content, problem, max(silence, seconds() - heard))

    def _judge(self, question: Question, content: bytes, problem: str, silence: float) -> None:
        tally, answer, right = self.tally, question.read(content), self._right[question.name]
        told = f"{question.name}: {problem} {answer.error}".strip()
        tally.longest_silence_s = max(tally.longest_silence_s, silence)
        if silence > question.silence_s:
            tally.late.append(f"{told} ({silence:.1f} s)")
        if answer.whole and answer.text == right and not problem:
            tally.answered += 1
        elif not answer.whole and answer.text and right.startswith(answer.text):
            tally.cut.append(told)
        elif not answer.whole and not answer.text:
            tally.lost.append(told)
        else:
            tally.wrong.append(f"{told} {answer.text[:200]!r} for {right[:200]!r}")
