"""One HTTP exchange over a raw socket: what was sent is what was written down, and what came is not beautified."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any


@dataclass
class Answer:
    """What came back; in `recorded` bodies paths were shortened later, so their chunk sizes are not exact."""

    status: int
    headers: list[tuple[str, str]]
    body: str
    recorded: bool = False

    def header(self, name: str) -> list[str]:
        return sorted(value for key, value in self.headers if key.lower() == name.lower())

    @property
    def chunked(self) -> bool:
        return self.header("Transfer-Encoding") == ["chunked"]

    @property
    def text(self) -> str:
        if not self.chunked:
            return self.body
        return "".join(self.body.split("\r\n")[1::2] if self.recorded else self.chunks)

    @property
    def chunks(self) -> list[str]:
        """The body in the chunks it came in; one that has a length is one."""
        return chunks_of(self.body) if self.chunked else [self.body]


def chunks_of(body: str) -> list[str]:
    """Undo chunked coding; the end must be there."""
    raw, found = body.encode(), []
    while True:
        head, _, raw = raw.partition(b"\r\n")
        size = int(head, 16)
        if size == 0:
            assert raw == b"\r\n"
            return found
        found.append(raw[:size].decode())
        raw = raw[size + 2 :]


async def exchange(address: tuple[str, int], request: dict[str, Any]) -> Answer:
    reader, writer = await asyncio.open_connection(*address)
    try:
        writer.write(_request_bytes(address, request))
        status, headers = await _head(reader)
        return Answer(status, headers, (await reader.read()).decode())
    finally:
        writer.close()


async def _head(reader: asyncio.StreamReader) -> tuple[int, list[tuple[str, str]]]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    pairs = [line.split(": ", 1) for line in lines[1:] if line]
    return int(lines[0].split()[1]), [(name, value) for name, value in pairs]


def _request_bytes(address: tuple[str, int], request: dict[str, Any]) -> bytes:
    lines = [f"{request['method']} {request['path']} HTTP/{request['http']}"]
    headers = dict(request["headers"])
    if "Host" not in headers:
        lines.append("Host: {}:{}".format(*address))
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body_bytes(request)


def body_bytes(request: dict[str, Any]) -> bytes:
    """The recorded body: text as it was, a document as it was encoded (its Content-Length says so)."""
    body = request["body"]
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()
