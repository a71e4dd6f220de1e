"""No chunk is delayed or merged: an instance that sends each chunk only after the last was read makes progress."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from tests.fakes.rawclient import RawClient
from tests.fakes.small_panel import SmallPanel, Worker
from tests.fakes.upstream import (
    END,
    NDJSON,
    SSE,
    FakeUpstream,
    ReceivedRequest,
    ScriptConnection,
    chat_events,
    chat_lines,
    chunk,
    head,
)

STREAMS = 64
KINDS = {
    "/api/chat": (NDJSON, chat_lines(20)),
    "/v1/chat/completions": (SSE, chat_events(20)),
}


class Readers:
    """The script of an instance that sends a chunk when the one before it has been read."""

    def __init__(self, headers: tuple[str, ...], pieces: list[bytes]) -> None:
        self.pieces = pieces
        self._headers = headers
        self._read = [asyncio.Semaphore(0) for _ in range(STREAMS)]

    def has_read(self, number: int) -> None:
        self._read[number].release()

    async def play(self, request: ReceivedRequest, connection: ScriptConnection) -> None:
        number = json.loads(request.body)["number"]
        await connection.send(head("200 OK", *self._headers))
        for piece in self.pieces:
            await connection.send(chunk(piece))
            await self._read[number].acquire()
        await connection.send(END)

    async def listen(self, panel: SmallPanel, path: str, number: int) -> None:
        client = await RawClient.connect(int(panel.url.rpartition(":")[2]))
        asked = {"model": "tiny", "messages": [], "stream": True, "number": number}
        await client.send_request("POST", path, json.dumps(asked).encode())
        assert (await client.head()).status == 200
        for piece in self.pieces:
            assert await client.chunk() == piece
            self.has_read(number)
        assert await client.chunk() == b""
        await client.close()


@pytest.fixture
async def upstream() -> AsyncIterator[FakeUpstream]:
    async with FakeUpstream() as upstream:
        yield upstream


@pytest.mark.parametrize("path", KINDS)
async def test_every_chunk_of_64_streams_passes_at_once_and_on_its_own(path: str, upstream: FakeUpstream) -> None:
    readers = Readers(*KINDS[path])
    upstream.script = readers.play
    async with SmallPanel(Worker(upstream.url, parallel=STREAMS)) as panel, asyncio.TaskGroup() as group:
        for number in range(STREAMS):
            group.create_task(readers.listen(panel, path, number))
