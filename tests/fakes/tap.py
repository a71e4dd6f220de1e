"""A TCP proxy between a client and a server that records what the server sent.

async with Tap(url) as tap: ...tap.url...; await tap.until(lambda: b"done" in tap.received)
"""

import asyncio
from collections.abc import Callable
from types import TracebackType
from urllib.parse import urlsplit

from tests.fakes.waiting import Changes, deadline


class Tap:
    """Forwards any number of connections; `received` is all that the server sent on them."""

    def __init__(self, url: str) -> None:
        self._port = urlsplit(url).port
        self._changes = Changes(lambda: f"{self.received[-300:]!r} is the end of what came")
        self.received = b""
        self.url = ""

    async def __aenter__(self) -> "Tap":
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        async with deadline("the tap's connections to end"):
            await self._server.wait_closed()

    async def until(self, condition: Callable[[], object]) -> None:
        """Return when `condition` holds; it is looked at after everything that comes."""
        await self._changes.until(condition)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._carry(reader, far_writer))
                group.create_task(self._carry(far_reader, writer, listen=True))
        except* ConnectionError:
            pass  # one side has closed: close the other
        finally:
            writer.close()
            far_writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, listen: bool = False) -> None:
        while data := await reader.read(65536):
            if listen:
                self.received += data
                self._changes.notify()
            writer.write(data)
            await writer.drain()
        writer.close()
