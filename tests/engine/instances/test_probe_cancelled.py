"""A probe that is cancelled leaves no connection open, whatever it was at."""

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from ollama_panel.engine.instances import probe

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{"version": "0.32.15"}'
CONNECTIONS = 4


class Server:
    """Answers once `CONNECTIONS` requests are there, so that each has its own connection; ends them all at once."""

    def __init__(self) -> None:
        self.url = ""
        self._writers = list[asyncio.StreamWriter]()
        self._all_there = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Server"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with server:
            self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            yield self
        await self.end_connections()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                if len(self._writers) >= CONNECTIONS:
                    self._all_there.set()
                await self._all_there.wait()
                writer.write(ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def end_connections(self) -> None:
        for writer in self._writers:
            writer.close()
            with suppress(ConnectionError):  # as of a client that has gone in the middle of its request
                await writer.wait_closed()


@pytest.mark.parametrize("turns", range(25))
async def test_a_cancelled_probe_closes_all_connections_that_the_server_has_ended(turns: int) -> None:
    async with probe.new_client() as client, Server().running() as server, asyncio.TaskGroup() as group:
        first = [group.create_task(probe.version(client, server.url)) for _ in range(CONNECTIONS)]
        assert [await one for one in first] == ["0.32.15"] * CONNECTIONS
        await server.end_connections()
        task = group.create_task(probe.version(client, server.url))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
    with warnings.catch_warnings(record=True) as left_open:
        warnings.simplefilter("always")
        del client, first, task
        gc.collect()
    assert [str(one.message) for one in left_open] == []
