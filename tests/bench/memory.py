"""What floods leave behind: `python tests/bench/memory.py [--rest 60] [--only NAME ...]` prints one table.

A headless panel in demo mode, one for each flood, is measured at rest, at the peak of the flood, and some time after
it: the memory in use (RSS) that does not come back is what a flood costs for ever. Needs Linux or macOS, and about
11,000 descriptors for the longest queue; fewer make that flood smaller.
"""

import argparse
import asyncio
import json
import resource
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.contestants import CHECKOUT, answers, running, until
from tests.fakes.ports import free_port

MODEL = "llama3.1:8b"
SPARE_DESCRIPTORS = 200
MIB = 1 << 20
TARGET = 1.5
"""How many times the memory before it may be in use some time after a flood."""

Flood = Callable[[str, int], Awaitable[None]]
"""Floods the panel at a host and port, and returns while the flood is at its peak, with its connections in `OPEN`."""

OPEN: list[asyncio.StreamWriter] = []


def chat(size: int, *, stream: bool = True, tokens: int = 5) -> bytes:
    """Return the body of a chat of about `size` bytes."""
    asked = {"role": "user", "content": "x" * size}
    options = {"num_predict": tokens}
    return json.dumps({"model": MODEL, "stream": stream, "options": options, "messages": [asked]}).encode()


def post(body: bytes, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return b"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%b" % (size, body)


async def send(host: str, port: int, data: bytes) -> None:
    _, writer = await asyncio.open_connection(host, port, limit=65_536)
    OPEN.append(writer)
    with suppress(ConnectionError, TimeoutError):
        writer.write(data)
        async with asyncio.timeout(30):
            await writer.drain()


async def in_groups(number: int, one: Callable[[], Awaitable[None]], together: int = 200) -> None:
    for start in range(0, number, together):
        await asyncio.gather(*(one() for _ in range(min(together, number - start))))


async def waiting(host: str, port: int) -> None:
    """10,000 requests that wait."""
    request = post(chat(1500, tokens=100_000))
    await in_groups(min(10_000, room()), lambda: send(host, port, request))


async def stalled(host: str, port: int) -> None:
    """200 bodies that stop shortly before their end."""
    request = post(b"x" * (79 * MIB // 10), 8 * MIB)
    await in_groups(200, lambda: send(host, port, request), together=20)


async def large(host: str, port: int) -> None:
    """2,000 whole bodies of 1 MB."""
    request = post(chat(MIB, tokens=100_000))
    await in_groups(min(2000, room()), lambda: send(host, port, request), together=50)


async def slow_readers(host: str, port: int) -> None:
    """200 clients that do not read their long answers."""
    request = post(chat(100, tokens=50_000))
    await in_groups(200, lambda: send(host, port, request))


FLOODS = {"waiting": waiting, "stalled": stalled, "large": large, "slow readers": slow_readers}


def room() -> int:
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE_DESCRIPTORS


async def peak(process: psutil.Process, flood: Awaitable[None], hold_s: float) -> int:
    """Return the most memory in use while the flood rises and stays, in bytes."""
    most = 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, process.memory_info().rss)
            await asyncio.sleep(0.1)

    async with asyncio.TaskGroup() as group:
        watching = group.create_task(watch())
        await flood
        await asyncio.sleep(hold_s)
        watching.cancel()
    return most


async def measure(name: str, rest_s: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        arguments = ["serve", "--demo", "--listen", f"127.0.0.1:{port}", "--state-dir", folder + "/state"]
        with running([sys.executable, "-m", "ollama_panel", *arguments], PYTHONPATH=str(CHECKOUT)) as started:
            url = f"http://127.0.0.1:{port}"
            until(lambda: answers(url + "/panel/status"), "the panel")
            process = psutil.Process(started.pid)
            await asyncio.sleep(5)
            before = process.memory_info().rss
            try:
                most = await peak(process, FLOODS[name]("127.0.0.1", port), 5)
            finally:  # else the panel would drain for longer than it is waited for
                for writer in OPEN:
                    writer.transport.abort()
                OPEN.clear()
            await asyncio.sleep(rest_s)
            after = process.memory_info().rss
            whole = "" if answers(url) else "  it does not answer"
    print(
        f"{name:<14} {before / MIB:>7.0f} {most / MIB:>7.0f} {after / MIB:>7.0f} {after / before:>9.2f}{whole}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rest", type=float, default=60.0, help="seconds from the end of a flood to the last look")
    parser.add_argument("--only", nargs="*", choices=[*FLOODS], default=[*FLOODS])
    options = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 22_000)), hard))
    print(f"{'RSS in MiB':<14} {'before':>7} {'peak':>7} {'after':>7} {'after/before':>12}  (at most {TARGET:g})")
    for name in options.only:
        asyncio.run(measure(name, options.rest))


if __name__ == "__main__":
    main()
