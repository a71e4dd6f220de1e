"""500 chats at once: at nginx and HAProxy as the panel exports them, at the panel, and at Ollama itself.

`.venv/bin/python -m tests.bench.front_proxies [--rounds N] [--chats N]` prints two tables, medians over rounds in which
every way has its turn: how long each of 500 clients that come at once waits for its first word, and how long somebody
who chats now and then waits beside a client that has sent 490 chats at once. Behind all ways are the same two simulated
servers with four slots each, started anew. Clients have addresses of their own (127.0.x.y), and names of their own in
`X-Client-ID`, which only the panel reads.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import msgspec

from ollama_panel.core.export import render
from ollama_panel.core.ids import PoolName
from ollama_panel.core.launch import InstanceSpec, plan_instances
from ollama_panel.core.settings.tree import PoolSettings, ProxySettings, Settings
from ollama_panel.core.settings.tree_ollama import OllamaSettings
from tests.fakes.front_proxies import HAPROXY, NGINX, haproxy, nginx
from tests.fakes.panel_process import PanelProcess
from tests.fakes.ports import free_port
from tests.sim.serving import CHAT, child

CHECKOUT = Path(__file__).parents[2]
SPEED = 1
"""Of the simulated machine: with more of it, what the ways themselves cost would count for more."""
MACHINE = "rtx-4090"
WORKERS, SLOTS = 2, 4
TOKENS = 60
LIGHT_CHATS, LIGHT_PAUSE_S = 10, 3.0
"""Of who chats now and then; the other client sends the rest at once, which takes longer than all these."""
SIMULATED = {"OLLAMA_SIM_SPEED": str(SPEED), "OLLAMA_SIM_PROFILE": MACHINE}


class Chat(msgspec.Struct):
    """A chat, in seconds of the loop's clock; `first` is its first word. `failure` is "" if it was answered."""

    client: int
    arrived: float
    first: float = 0.0
    done: float = 0.0
    failure: str = ""

    @property
    def wait_s(self) -> float:
        """Seconds of the simulated machine until the first word."""
        return (self.first - self.arrived) * SPEED


class Client:
    """A client with an address and a name of its own; its chats go to `urls` in turn."""

    def __init__(self, number: int, urls: Sequence[str]) -> None:
        self.number = number
        self._urls = urls
        address = f"127.0.{1 + number // 200}.{1 + number % 200}"
        connector = aiohttp.TCPConnector(limit=0, local_addr=(address, 0))
        self._http = aiohttp.ClientSession(
            connector=connector, headers={"X-Client-ID": f"client-{number}"}, timeout=aiohttp.ClientTimeout(total=None)
        )

    async def chat(self, turn: int, tokens: int = TOKENS) -> Chat:
        """Have one chat, and return what became of it."""
        loop = asyncio.get_running_loop()
        chat = Chat(self.number, loop.time())
        message = {"role": "user", "content": f"Question {turn} of client {self.number}"}
        body = {"model": CHAT, "messages": [message], "options": {"num_predict": tokens}}
        try:
            async with self._http.post(f"{self._urls[turn % len(self._urls)]}/api/chat", json=body) as answer:
                if answer.status != 200:
                    chat.failure = f"status {answer.status}"
                    return chat
                ended = False
                async for line in answer.content:
                    if told := json.loads(line.strip() or b"{}"):
                        chat.first = chat.first or loop.time()
                        ended = told.get("done", False)
                chat.failure = "" if ended else "broken off"
        except aiohttp.ClientError as error:
            chat.failure = type(error).__name__
        chat.done = loop.time()
        return chat

    async def close(self) -> None:
        await self._http.close()


def settings_at(port: int, first_port: int) -> Settings:
    pool = PoolSettings(PoolName("chat"), workers=WORKERS, parallel=SLOTS)
    return Settings(
        proxy=ProxySettings(port=port), ollama=OllamaSettings(first_port=first_port, adopt=False), pools=(pool,)
    )


def exported(target: str, settings: Settings, instances: Sequence[InstanceSpec]) -> str:
    return render(target, settings, instances, version="1", date="2026-11-30").text


@asynccontextmanager
async def servers() -> AsyncIterator[tuple[Settings, tuple[InstanceSpec, ...]]]:
    """The workers of the settings, as they are exported: with their ports and variables."""
    settings = settings_at(free_port(), free_port())
    instances = plan_instances(settings, ("ollama",), cores=8, gpu=True)
    async with AsyncExitStack() as stack:
        for instance in instances:
            await stack.enter_async_context(child(**instance.environment, **SIMULATED))
        yield settings, instances


@asynccontextmanager
async def itself() -> AsyncIterator[list[str]]:
    async with servers() as (_, instances):
        yield [instance.url for instance in instances]


@asynccontextmanager
async def behind_nginx() -> AsyncIterator[list[str]]:
    async with servers() as (settings, instances), nginx(exported("nginx", settings, instances), settings.proxy.port):
        yield [f"http://127.0.0.1:{settings.proxy.port}"]


@asynccontextmanager
async def behind_haproxy() -> AsyncIterator[list[str]]:
    async with servers() as (settings, instances), haproxy(exported("haproxy", settings, instances)):
        yield [f"http://127.0.0.1:{settings.proxy.port}"]


@asynccontextmanager
async def behind_panel() -> AsyncIterator[list[str]]:
    settings = settings_at(free_port(), free_port())
    with TemporaryDirectory() as name:
        folder = Path(name)
        program = folder / "ollama"
        program.write_text(f'#!/bin/sh\nPYTHONPATH="{CHECKOUT}" exec "{sys.executable}" -m ollama_panel.sim "$@"\n')
        program.chmod(0o755)
        written = msgspec.to_builtins(settings)
        panel = PanelProcess(folder / "state", written, ("--ollama", str(program)), SIMULATED, listen="")
        async with panel:
            yield [panel.url]


WAYS: dict[str, Callable[[], object]] = {
    "Ollama, servers in turn": itself,
    "nginx": behind_nginx,
    "HAProxy": behind_haproxy,
    "the panel": behind_panel,
}
NEEDED = {"nginx": NGINX, "HAProxy": HAPROXY}


Row = dict[str, float]


async def at_once(urls: Sequence[str], chats: int) -> Row:
    """Let so many clients have a chat at the same time."""
    loop = asyncio.get_running_loop()
    clients = [Client(number, urls) for number in range(chats)]
    try:
        await warmed(clients[: 2 * WORKERS * SLOTS])
        begun = loop.time()
        found = await asyncio.gather(*(client.chat(client.number) for client in clients))
    finally:
        await asyncio.gather(*(client.close() for client in clients))
    waits = sorted(chat.wait_s for chat in found if not chat.failure)
    return {
        "failed": sum(bool(chat.failure) for chat in found),
        "wait p50": quantile(waits, 0.5),
        "wait p95": quantile(waits, 0.95),
        "all answered": (loop.time() - begun) * SPEED,
    }


async def beside_a_hog(urls: Sequence[str], chats: int) -> Row:
    """Let a client send all chats but a few at the same time, and another one those few, one now and then."""
    hog, light = Client(0, urls), Client(1, urls)

    async def at_times(turn: int) -> Chat:
        await asyncio.sleep((turn + 0.5) * LIGHT_PAUSE_S / SPEED)
        return await light.chat(turn)

    try:
        await warmed([hog] * 2 * WORKERS * SLOTS)
        of_hog = [hog.chat(turn) for turn in range(chats - LIGHT_CHATS)]
        of_light = [at_times(turn) for turn in range(LIGHT_CHATS)]
        many, few = await asyncio.gather(asyncio.gather(*of_hog), asyncio.gather(*of_light))
    finally:
        await asyncio.gather(hog.close(), light.close())
    row: Row = {"failed": sum(bool(chat.failure) for chat in (*many, *few))}
    for name, found in (("the few", few), ("the many", many)):
        waits = sorted(chat.wait_s for chat in found if not chat.failure)
        row |= {f"{name}: wait p50": quantile(waits, 0.5), f"{name}: wait p95": quantile(waits, 0.95)}
    return row


async def warmed(clients: Sequence[Client]) -> None:
    """Have the model loaded by every server: by twice as many short chats as there are slots."""
    await asyncio.gather(*(client.chat(turn, 1) for turn, client in enumerate(clients)))


def quantile(ordered: Sequence[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


SCENARIOS = {"each of a client of its own": at_once, "ten of them of one client, the others of another": beside_a_hog}


async def measured(rounds: int, chats: int) -> dict[str, dict[str, list[Row]]]:
    """Return the rows of each scenario and way, in rounds in which all ways have their turns in another order."""
    ways = [name for name in WAYS if NEEDED.get(name, name)]
    rows: dict[str, dict[str, list[Row]]] = {scenario: {name: [] for name in ways} for scenario in SCENARIOS}
    for number in range(rounds):
        for name in random.sample(ways, len(ways)):
            for scenario, run in SCENARIOS.items():
                async with WAYS[name]() as urls:
                    rows[scenario][name].append(await run(urls, chats))
                print(f"round {number + 1}: {name}, {scenario}: {rows[scenario][name][-1]}", file=sys.stderr)
    return rows


def table(rows: dict[str, list[Row]]) -> str:
    """Return the medians as a table of Markdown; times are in simulated seconds."""
    columns = list(next(iter(rows.values()))[0])
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for way, found in rows.items():
        medians = [statistics.median(row[column] for row in found) for column in columns]
        cells = [
            f"{value:.0f}" if "failed" in name else f"{value:.1f} s"
            for name, value in zip(columns, medians, strict=True)
        ]
        lines.append(f"| {way} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(column: str, value: float) -> str:
    return f"{value:.0f}" if column == "failed" else f"{value:.1f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--chats", type=int, default=500)
    options = parser.parse_args()
    for scenario, rows in asyncio.run(measured(options.rounds, options.chats)).items():
        print(f"\n{options.chats} chats, {scenario}\n\n{table(rows)}")


if __name__ == "__main__":
    main()
