"""A client that measures: `load.py URL requests N SECONDS` or `load.py URL streams N LINES PAUSE_MS`; prints JSON."""

import asyncio
import json
import statistics
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import httptools


class Asker(asyncio.Protocol):
    """One connection that asks again as soon as it has its answer."""

    def __init__(self, request: bytes, until: int, times: list[int], lines: list[int] | None) -> None:
        self.request = request
        self.until = until
        self.times = times
        self.lines = lines
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.parser = httptools.HttpResponseParser(self)
        self.begun = 0
        self.first: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.begun = time.monotonic_ns()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError("the server hung up"))

    def on_headers_complete(self) -> None:
        if (status := self.parser.get_status_code()) != 200:
            raise RuntimeError(f"status {status}")

    def on_body(self, body: bytes) -> None:
        if self.lines is not None:
            now = time.monotonic_ns()
            marker = body.find(b'"at":')
            while marker >= 0:
                self.lines.append(now - int(body[marker + 5 : body.index(b",", marker)]))
                self.first = self.first or self.lines[-1]
                marker = body.find(b'"at":', marker + 5)

    def on_message_complete(self) -> None:
        self.times.append(time.monotonic_ns() - self.begun)
        if time.monotonic_ns() < self.until:
            self.ask()
        elif not self.done.done():
            self.done.set_result(None)
            self.transport.close()


async def measure(url: str, connections: int, seconds: float, prompt: str, *, lines: bool) -> dict[str, Any]:
    address = urlsplit(url)
    body = json.dumps({"model": "m", "stream": lines, "prompt": prompt}).encode()
    head = f"POST /api/generate HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    times: list[int] = []
    delays: list[int] | None = [] if lines else None
    loop = asyncio.get_running_loop()
    until = time.monotonic_ns() + round(seconds * 1e9)
    askers = []
    for _ in range(connections):
        _, asker = await loop.create_connection(
            lambda: Asker(head.encode() + body, until, times, delays), address.hostname, address.port
        )
        askers.append(asker)
    await asyncio.gather(*(asker.done for asker in askers))
    values = sorted(delays if delays is not None else times)
    firsts = [asker.first for asker in askers if asker.first is not None]
    return {
        "count": len(values),
        "p50_us": statistics.median(values) / 1e3,
        "p99_us": values[int(len(values) * 0.99)] / 1e3,
        "max_us": values[-1] / 1e3,
        "first_us": max(firsts, default=0) / 1e3,
    }


def main() -> None:
    url, kind, number, *rest = sys.argv[1:]
    if kind == "requests":
        found = asyncio.run(measure(url, int(number), float(rest[0]), "about two hundred bytes " * 7, lines=False))
    else:
        found = asyncio.run(measure(url, int(number), 0.0, f"stream {rest[0]} {rest[1]}", lines=True))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
