"""What the clients of a trial cost: how many tokens a second they could count, and the CPU for each.

    python -m tests.bench.load_overhead [--clients 1,8,32] [--seconds 5]

The server is a process of its own that sends a line as soon as the last one is written. The same lines are read with
httpx, too. One machine makes some thousand tokens a second at most: the clients must be far from their limit there.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

import httpx

from ollama_panel.core.ids import ModelName
from ollama_panel.core.tuning.prompts import Writer
from ollama_panel.core.tuning.task import WorkloadKind
from ollama_panel.core.tuning.workload import Planned, Workload
from ollama_panel.engine.thread import new_loop
from ollama_panel.engine.tuning.load import measure, new_session

TOKENS = 200
LINE = {"model": "m", "created_at": "2026-01-01T00:00:00.000000Z", "message": {"role": "assistant", "content": " word"}}
END = {"done": True, "done_reason": "length", "total_duration": 1, "prompt_eval_count": 100, "eval_count": TOKENS}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
WORKLOAD = Workload(WorkloadKind.CHAT, (Planned(100, TOKENS),))


def chunk(line: dict[str, object]) -> bytes:
    content = json.dumps(line, separators=(",", ":")).encode() + b"\n"
    return b"%x\r\n%b\r\n" % (len(content), content)


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection, each line in a piece of its own."""
    line, end = chunk({**LINE, "done": False}), chunk({**LINE, **END}) + b"0\r\n\r\n"
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]))
            for piece in (HEAD, *[line] * TOKENS, end):
                writer.write(piece)
                await writer.drain()  # so that it ends when the client has gone
                await asyncio.sleep(0)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def serve() -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def by_panel(url: str, clients: int, seconds: float) -> float:
    async with new_session() as session:
        writer = Writer(ModelName("m"), WORKLOAD, "bench")
        wave = await measure(session, [url], writer, clients, most_s=seconds)
    return wave.tokens


async def by_httpx(url: str, clients: int, seconds: float) -> float:
    lines = 0

    async def client(http: httpx.AsyncClient) -> None:
        nonlocal lines
        while True:
            async with http.stream("POST", f"{url}/api/chat", content=b"{}") as response:
                async for piece in response.aiter_bytes():
                    lines += piece.count(b"\n")

    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(trust_env=False, verify=False, limits=limits, timeout=60) as http:
        try:
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                for _ in range(clients):
                    group.create_task(client(http))
        except TimeoutError:
            return lines
    raise AssertionError


def measured(way: Callable[[str, int, float], Awaitable[float]], url: str, clients: int, seconds: float) -> str:
    begun, busy = time.perf_counter(), time.process_time()
    with asyncio.Runner(loop_factory=new_loop) as runner:

        async def run() -> float:
            return await way(url, clients, seconds)

        tokens = runner.run(run())
    wall, cpu = time.perf_counter() - begun, time.process_time() - busy
    return f"{tokens / seconds:>10,.0f} tokens/s {cpu / max(tokens, 1) * 1e6:>6.1f} us each, {cpu / wall:.0%} of a core"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", default="1,8,32")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
        return
    command = [sys.executable, "-m", "tests.bench.load_overhead", "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = f"http://127.0.0.1:{int(server.stdout.readline())}"
            for clients in map(int, options.clients.split(",")):
                for name, way in (("panel", by_panel), ("httpx", by_httpx)):
                    print(f"{clients:>4} clients {name}: {measured(way, url, clients, options.seconds)}", flush=True)
        finally:
            server.kill()


if __name__ == "__main__":
    main()
