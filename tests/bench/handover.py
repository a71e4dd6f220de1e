"""How much of an instance's throughput remains behind the panel: `python tests/bench/handover.py` prints one table.

A simulated Ollama is kept saturated in three ways, in turn, so that each round compares them on the same server:
`direct`, by four times as many clients as it has slots, so that it queues requests itself; `bound`, by as many clients
as slots, each of which asks again as soon as it has its answer: nothing that sends a request only when a slot is free
can be faster; and `panel`, by four times as many clients as slots through the panel, which sends one when a slot is
free. Shares are of the direct way's output tokens per second, median (least to most). Short answers are the hard case:
each costs a hand-over. The last lines are how long an instance of one slot that answers at once has nothing to do
between two answers, with a client that asks again as soon as it has its answer, and behind the panel. Run it on a quiet
machine.
"""

import argparse
import asyncio
import json
import random
import re
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httptools
import httpx

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.contestants import panel, running, serving, until
from tests.fakes.ports import free_port

HERE = Path(__file__).parent
MODEL = "llama3.1:8b"
CLIENTS_PER_SLOT = 4
SHORT_STREAM: dict[str, object] = {"model": "m", "stream": True, "prompt": "stream 4 2"}
"""For `backend.py`: four lines and the last one, one every 2 ms."""
_COUNT = re.compile(rb'"eval_count": ?(\d+)')


class Asker(asyncio.Protocol):
    """One client's connection: asks again as soon as it has its answer, and counts the tokens of the whole ones."""

    def __init__(self, request: bytes, until_s: float) -> None:
        self.request, self.until_s = request, until_s  # of the loop's clock
        self.ends: list[tuple[float, int]] = []
        self.tail = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.parser = httptools.HttpResponseParser(self)
        self.tail = b""
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError("the server hung up"))

    def on_body(self, body: bytes) -> None:
        self.tail = (self.tail + body)[-2000:]

    def on_message_complete(self) -> None:
        if (status := self.parser.get_status_code()) != 200:
            raise RuntimeError(f"status {status}: {self.tail!r}")
        found = _COUNT.search(self.tail)
        if b'"done":true' not in self.tail:
            raise RuntimeError(f"no whole answer: {self.tail!r}")
        loop = asyncio.get_running_loop()
        self.ends.append((loop.time(), int(found[1]) if found else 0))
        if loop.time() < self.until_s:
            loop.call_soon(self.ask)
        elif not self.done.done():
            self.done.set_result(None)
            self.transport.close()


async def ask(url: str, bodies: list[dict[str, object]], until_s: float) -> list[tuple[float, int]]:
    """Let a client for each body ask until then; return when each answer ended, in order, and its number of tokens."""
    address = urlsplit(url)
    loop = asyncio.get_running_loop()
    askers = []
    for content in bodies:
        body = json.dumps(content).encode()
        head = f"POST /api/generate HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        _, asker = await loop.create_connection(
            lambda request=head + body: Asker(request, until_s), address.hostname, address.port
        )
        askers.append(asker)
    await asyncio.gather(*(asker.done for asker in askers))
    return sorted(end for asker in askers for end in asker.ends)


async def tokens_per_s(url: str, clients: int, tokens: int, seconds: float, *, stream: bool) -> float:
    """Return the output tokens per second between the first and the last end of an answer while all clients ask."""
    until_s = asyncio.get_running_loop().time() + seconds
    options = {"model": MODEL, "stream": stream, "options": {"num_predict": tokens}}
    bodies = [{**options, "prompt": f"{number} tell me something"} for number in range(clients)]
    whole = [end for end in await ask(url, bodies, until_s) if end[0] <= until_s]
    return sum(count for _, count in whole[1:]) / (whole[-1][0] - whole[0][0])


@contextmanager
def pair(folder: Path, parallel: int) -> Iterator[tuple[str, str]]:
    """Start the panel with one simulated instance; return the URLs of the instance and of the panel."""
    folder.mkdir()
    program = folder / "ollama"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ollama_panel.sim "$@"\n')
    program.chmod(0o755)
    port, first = free_port(), free_port()
    settings = {
        "version": 2,
        "proxy": {"port": port},
        "ollama": {"adopt": False, "first_port": first},
        "pools": [{"name": "chat", "role": "chat", "workers": 1, "parallel": parallel}],
    }
    state = folder / "state"
    state.mkdir()
    (state / "settings.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "ollama_panel", "serve", "--state-dir", str(state), "--ollama", str(program)]
    with running(command, PYTHONPATH=str(HERE.parent.parent)):
        url = f"http://127.0.0.1:{port}"
        until(lambda: serving(url, MODEL), "the panel")
        yield f"http://127.0.0.1:{first}", url


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each run")
    parser.add_argument("--parallel", type=int, nargs="*", default=[1, 2, 4, 8])
    parser.add_argument("--tokens", type=int, nargs="*", default=[1, 8, 32, 128])
    parser.add_argument("--whole", action="store_true", help="ask for answers that are not streamed")
    options = parser.parse_args()
    shares = ("bound : direct", "panel : direct", "panel : bound")
    print(f"{'slots':>5} {'tokens':>6} {'direct, tokens/s':>17} " + " ".join(f"{share:>24}" for share in shares))
    with tempfile.TemporaryDirectory() as folder:
        for parallel in options.parallel:
            rates: dict[int, list[dict[str, float]]] = defaultdict(list)
            with pair(Path(folder) / str(parallel), parallel) as (instance, proxy):
                for _ in range(options.rounds):
                    for tokens in options.tokens:
                        measured = round_of(
                            instance, proxy, parallel, tokens, options.seconds, stream=not options.whole
                        )
                        rates[tokens].append(measured)
            for tokens in options.tokens:
                direct = statistics.median(one["direct"] for one in rates[tokens])
                shares = (
                    shown(rates[tokens], *two) for two in (("bound", "direct"), ("panel", "direct"), ("panel", "bound"))
                )
                print(
                    f"{parallel:5} {tokens:6} {direct:17.1f} " + " ".join(f"{share:>24}" for share in shares),
                    flush=True,
                )
        print_gaps(Path(folder) / "gaps", options.rounds, options.seconds / 2)


def round_of(
    instance: str, proxy: str, parallel: int, tokens: int, seconds: float, *, stream: bool
) -> dict[str, float]:
    """Return the tokens per second of each way, measured one after another in random order."""
    many = CLIENTS_PER_SLOT * parallel
    ways = [("direct", instance, many), ("bound", instance, parallel), ("panel", proxy, many)]
    random.shuffle(ways)
    return {way: asyncio.run(tokens_per_s(url, clients, tokens, seconds, stream=stream)) for way, url, clients in ways}


def gaps_us(url: str, instance: str, clients: int, seconds: float) -> list[float]:
    """Return how long the instance had nothing to do after each answer while clients ask for short streams."""
    httpx.get(f"{instance}/gaps", trust_env=False)

    async def run() -> None:
        await ask(url, [SHORT_STREAM] * clients, asyncio.get_running_loop().time() + seconds)

    asyncio.run(run())
    found: list[int] = httpx.get(f"{instance}/gaps", trust_env=False).json()
    return [gap / 1e3 for gap in found[1:]]


def print_gaps(folder: Path, rounds: int, seconds: float) -> None:
    gaps: dict[str, list[float]] = defaultdict(list)
    with panel(folder, "serve", slots=1) as contestant:
        first_port = json.loads((folder / "state" / "settings.json").read_text())["ollama"]["first_port"]
        instance = f"http://127.0.0.1:{first_port}"
        for _ in range(rounds):
            gaps["a client"] += gaps_us(instance, instance, 1, seconds)
            gaps["the panel"] += gaps_us(contestant.url, instance, CLIENTS_PER_SLOT, seconds)
    for way, values in gaps.items():
        tenths = statistics.quantiles(values, n=10)
        spread = f"({tenths[0]:.0f} to {tenths[8]:.0f}, 10 to 90 %)"
        print(f"{way:>9}: {tenths[4]:.0f} us of nothing to do per answer {spread}")


def shown(rates: list[dict[str, float]], ours: str, theirs: str) -> str:
    ratios = [one[ours] / one[theirs] for one in rates]
    return f"{statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})"


if __name__ == "__main__":
    main()
