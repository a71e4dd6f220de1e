"""An HTTP client that sends exactly the given bytes and returns exactly what was received."""

import asyncio
import json
import socket
import struct

import msgspec

from tests.fakes.waiting import deadline


class RawResponse(msgspec.Struct):
    """A response: `chunks` as they were framed; `complete` False if it ended too early."""

    status: int
    line: str
    headers: list[tuple[str, str]]
    chunks: list[bytes]
    complete: bool = True

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)

    @property
    def json(self) -> dict[str, object]:
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class RawClient:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def connect(cls, port: int) -> "RawClient":
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 20))

    async def close(self) -> None:
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except ConnectionError:
            return

    def abort(self) -> None:
        """Abort the connection, as a killed client does."""
        self.writer.transport.abort()

    def reset(self) -> None:
        """Reset the connection, as the system does for a killed client with unread data."""
        connection: socket.socket = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.abort()

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        async with deadline(f"somebody to read {len(data)} bytes"):
            await self.writer.drain()

    async def send_request(
        self, method: str, path: str, body: bytes | None = None, *headers: str, http: str = "1.1"
    ) -> None:
        """Send a request."""
        lines = [f"{method} {path} HTTP/{http}", *([] if http == "1.0" else ["Host: localhost"]), *headers]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        await self.send("\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b""))

    async def get(self, *, has_body: bool = True) -> RawResponse:
        """Read a response; `has_body` False after HEAD."""
        got = await self.head()
        if has_body and got.status not in (204, 304):
            await self._body(got)
        return got

    async def exchange(self, method: str, path: str, body: bytes | None = None, *headers: str) -> RawResponse:
        await self.send_request(method, path, body, *headers)
        return await self.get(has_body=method != "HEAD")

    async def head(self) -> RawResponse:
        """Read status line and headers."""
        async with deadline("the head of an answer"):
            raw = await self.reader.readuntil(b"\r\n\r\n")
        line, *rest = raw.decode("latin-1").rstrip("\r\n").split("\r\n")
        headers = [(name, value.strip()) for name, _, value in (each.partition(":") for each in rest)]
        return RawResponse(int(line.split(" ")[1]), line, headers, [])

    async def chunk(self) -> bytes:
        """Read one chunk; after the last, b"", the end of the response has been read, too."""
        data = await self.chunk_data()
        if not data:
            async with deadline("the end of an answer after its last chunk"):
                assert await self.reader.readexactly(2) == b"\r\n"
        return data

    async def chunk_data(self) -> bytes:
        """Read one chunk; after the last, b"", trailers may follow."""
        async with deadline("the next chunk of an answer"):
            size = int((await self.reader.readline()).strip(), 16)
            data = await self.reader.readexactly(size)
            if size:
                assert await self.reader.readexactly(2) == b"\r\n"
            return data

    async def rest(self, got: RawResponse) -> None:
        """Read the body of a response whose head was read."""
        await self._body(got)

    async def _body(self, got: RawResponse) -> None:
        try:
            if got.header("Transfer-Encoding") == "chunked":
                while data := await self.chunk():
                    got.chunks.append(data)
            elif (length := got.header("Content-Length")) is not None:
                async with deadline(f"{length} bytes of an answer"):
                    got.chunks.append(await self.reader.readexactly(int(length)))
            else:
                async with deadline("the connection's end, which ends the answer"):
                    got.chunks.append(await self.reader.read())
        except asyncio.IncompleteReadError as error:
            got.chunks.append(error.partial)
            got.complete = False
        except (ConnectionError, ValueError):
            got.complete = False

    async def read_to_end(self) -> None:
        """Read all that comes until the peer has closed."""
        async with deadline("the other side to send the rest and close the connection"):
            await self.reader.read()

    async def closed_by_peer(self) -> bool:
        """Wait until the peer has closed; return whether no more data came."""
        try:
            async with deadline("the other side to close the connection"):
                return await self.reader.read(1) == b""
        except ConnectionError:
            return True
