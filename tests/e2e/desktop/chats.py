"""Chats that go on until somebody ends them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tests.e2e.desktop.window_process import WindowProcess
from tests.fakes.waiting import deadline

CHAT = {
    "model": "llama3.1:8b",
    "messages": [{"role": "user", "content": "Tell me a long story."}],
    "options": {"num_predict": 1_000_000},
}


@asynccontextmanager
async def chatting(panel: WindowProcess) -> AsyncIterator[AsyncIterator[str]]:
    """A chat that goes on until the end of the block; the value are its further lines."""
    async with panel.client.stream("POST", "/api/chat", json=CHAT) as answer:
        lines = answer.aiter_lines()
        async with deadline("the first line of the answer"):
            await anext(lines)
        yield lines


@asynccontextmanager
async def queued(panel: WindowProcess, clients: Sequence[str]) -> AsyncIterator[dict[str, asyncio.Task[str]]]:
    """A chat of each client, in this order: as many as there are slots at work, the others waiting.

    The values are what they are answered, by client; cancelled, the client goes away.
    """

    async def chat(client: str) -> str:
        body = CHAT | {"stream": False}
        return (await panel.client.post("/api/chat", json=body, headers={"X-Client-ID": client})).text

    async with asyncio.TaskGroup() as group:
        answers = {}
        for client in clients:
            answers[client] = group.create_task(chat(client))
            await panel.until(lambda status, client=client: client in states_of(status))
        try:
            yield answers
        finally:
            for answer in answers.values():
                answer.cancel()


def states_of(status: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    """Return the state of each client's request that has not ended."""
    return {request["client"]: request["state"] for request in status["requests"]}
