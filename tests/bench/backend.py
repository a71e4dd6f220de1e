"""A stand-in for Ollama that answers at once, so that only what is between it and the client is measured.

`backend.py serve` listens on OLLAMA_HOST like `ollama serve`; a request's prompt says what it wants: `stream 200 10` is
200 lines, one every 10 ms, each with its time; `hold` is no answer at all; all else is a reply of 6 KB. `/gaps` tells
how long it had nothing to do after each stream, until the next request, in nanoseconds.
"""

import asyncio
import json
import os
import sys
import time
from typing import ClassVar

import httptools

VECTOR = ",".join(f"{n / 7919:.7f}" for n in range(600))
PADDING = "x" * 40
FACTS = {
    "/": b"Ollama is running",
    "/api/version": b'{"version":"0.32.15"}',
    "/api/tags": json.dumps(
        {
            "models": [
                {
                    "name": "m:latest",
                    "model": "m:latest",
                    "size": 1000,
                    "digest": "d",
                    "details": {"format": "gguf", "family": "llama"},
                    "capabilities": ["completion"],
                }
            ]
        }
    ).encode(),
    "/api/ps": json.dumps(
        {
            "models": [
                {
                    "name": "m:latest",
                    "model": "m:latest",
                    "size": 1000,
                    "size_vram": 1000,
                    "digest": "d",
                    "context_length": 4096,
                }
            ]
        }
    ).encode(),
    "/api/show": b'{"details":{"format":"gguf","family":"llama"},"model_info":{},"capabilities":["completion"]}',
}
REPLY = b'{"model":"m","done":true,"done_reason":"stop","response":"%b","eval_count":8}' % VECTOR.encode()


def whole(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


class Served(asyncio.Protocol):
    """One connection."""

    gaps: ClassVar[list[int]] = []
    idle_since: ClassVar[int] = 0

    def __init__(self) -> None:
        self.parser = httptools.HttpRequestParser(self)
        self.path = ""
        self.body = b""
        self.stream: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self.stream is not None:
            self.stream.cancel()

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self.path = url.decode()

    def on_body(self, body: bytes) -> None:
        if not self.path.startswith("/api/blobs/"):
            self.body += body

    def on_message_complete(self) -> None:
        body, self.body = self.body, b""
        if self.path in FACTS:
            self.transport.write(whole(FACTS[self.path]))
            return
        if self.path == "/gaps":
            self.transport.write(whole(json.dumps(Served.gaps).encode()))
            Served.gaps.clear()
            return
        if Served.idle_since:
            Served.gaps.append(time.monotonic_ns() - Served.idle_since)
            Served.idle_since = 0
        wanted = str(json.loads(body or b"{}").get("prompt", "")).split()
        if wanted[:1] == ["stream"]:
            self.transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            self.next_line(int(wanted[1]), float(wanted[2]) / 1e3, asyncio.get_running_loop().time())
        elif wanted[:1] != ["hold"]:
            self.transport.write(whole(REPLY))

    def next_line(self, left: int, pause: float, due: float) -> None:
        line = {"model": "m", "at": time.monotonic_ns(), "response": " word", "pad": PADDING, "done": left == 0}
        data = json.dumps(line, separators=(",", ":")).encode() + b"\n"
        end = b"0\r\n\r\n" if left == 0 else b""
        Served.idle_since = 0 if left else time.monotonic_ns()
        self.transport.write(b"%x\r\n%b\r\n%b" % (len(data), data, end))
        if left:
            loop = asyncio.get_running_loop()
            self.stream = loop.call_at(due + pause, self.next_line, left - 1, pause, due + pause)


async def serve() -> None:
    host, _, port = os.environ.get("OLLAMA_HOST", "127.0.0.1:11434").rpartition(":")
    server = await asyncio.get_running_loop().create_server(Served, host, int(port), backlog=4096)
    address = server.sockets[0].getsockname()
    print(
        f'time=x level=INFO source=routes.go:2008 msg="Listening on {address[0]}:{address[1]} (version 0.32.15)"',
        file=sys.stderr,
        flush=True,
    )
    await server.serve_forever()


if __name__ == "__main__":
    if "--version" in sys.argv or "-v" in sys.argv:
        print("ollama version is 0.32.15")
    else:
        asyncio.run(serve())
