"""The burst of the end-to-end tests: concurrent requests of official clients to one URL."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import ollama
import openai

from tests.fakes.waiting import Changes

QUESTION = [{"role": "user", "content": "Why is the sky blue?"}]


@dataclass
class Burst:
    """Requests of official clients against one address; `failures` holds what any of them raised.

    `passed(n)` returns when `n` requests have ended, so that a test can act half-way without looking at a clock.
    """

    url: str
    chat_model: str
    embedding_model: str
    tokens: int = 16
    ended: int = 0
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._changes = Changes(lambda: f"{self.ended} requests have ended, of which failed: {self.failures}")

    async def chats(self, count: int) -> None:
        """Run `count` chats of the ollama client, every other one streaming."""
        async with ollama.AsyncClient(self.url, timeout=None) as client:
            calls = (self._streamed if i % 2 else self._whole for i in range(count))
            await asyncio.gather(*(self._record(call, client) for call in calls))

    async def embeddings(self, count: int) -> None:
        """Run `count` embedding requests of the ollama client, two texts each."""
        async with ollama.AsyncClient(self.url, timeout=None) as client:
            await asyncio.gather(*(self._record(self._embedded, client) for _ in range(count)))

    async def openai_chats(self, count: int) -> None:
        """Run `count` chats of the openai client, every other one streaming."""
        async with openai.AsyncOpenAI(base_url=f"{self.url}/v1", api_key="none", max_retries=0, timeout=None) as client:
            calls = (self._openai_streamed if i % 2 else self._openai_whole for i in range(count))
            await asyncio.gather(*(self._record(call, client) for call in calls))

    async def passed(self, count: int) -> None:
        """Wait until `count` requests have ended."""
        await self._changes.until(lambda: self.ended >= count)

    async def _record(self, call: Callable[..., Awaitable[None]], client: object) -> None:
        try:
            await call(client)
        except Exception as error:  # noqa: BLE001 - whatever a client raises is a failed request
            self.failures.append(f"{call.__name__}: {type(error).__name__}: {error}")
        self.ended += 1
        self._changes.notify()

    @property
    def _options(self) -> dict[str, int]:
        return {"num_predict": self.tokens}

    async def _whole(self, client: ollama.AsyncClient) -> None:
        answer = await client.chat(self.chat_model, messages=QUESTION, options=self._options)
        assert answer.done
        assert answer.message.content

    async def _streamed(self, client: ollama.AsyncClient) -> None:
        parts = [
            part
            async for part in await client.chat(self.chat_model, messages=QUESTION, options=self._options, stream=True)
        ]
        assert parts[-1].done
        assert len(parts) > self.tokens // 2

    async def _embedded(self, client: ollama.AsyncClient) -> None:
        answer = await client.embed(self.embedding_model, input=["one text", "another text"])
        assert len(answer.embeddings) == 2

    async def _openai_whole(self, client: openai.AsyncOpenAI) -> None:
        answer = await client.chat.completions.create(
            model=self.chat_model,
            messages=QUESTION,
            max_tokens=self.tokens,  # type: ignore[arg-type]
        )
        assert answer.choices[0].message.content

    async def _openai_streamed(self, client: openai.AsyncOpenAI) -> None:
        stream = await client.chat.completions.create(
            model=self.chat_model,
            messages=QUESTION,
            max_tokens=self.tokens,
            stream=True,  # type: ignore[arg-type]
        )
        parts = [part async for part in stream]
        assert parts[-1].choices == [] or parts[-1].choices[0].finish_reason
