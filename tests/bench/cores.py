"""Cores shared without a GPU: `python tests/bench/cores.py --ollama PROGRAM --chat NAME --embedding NAME`.

One Ollama by itself and the panel, with its own settings, stand side by side; rounds alternate, so that both meet the
same machine. Measured are a chat while nothing embeds, embeddings while nobody chats, both at once, and a burst of 48
chats and 12 embeddings. Compared are ratios of the same round: those hold on any machine, tokens per second do not. A
part is repeated if other programs used the cores meanwhile: they hold up runners that spin far more than their share.
"""

import argparse
import asyncio
import itertools
import json
import os
import shutil
import statistics
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import msgspec
import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.real import WORDS
from tests.bench.wire import session
from tests.fakes.ollama_process import serving
from tests.fakes.panel_process import PanelProcess
from tests.fakes.ports import free_port

DIRECT, PANEL = "Ollama", "panel"
CHATS, EMBEDDINGS = 48, 12
PROMPT_WORDS = 40
ANSWER = 48
Row = dict[str, float]
TARGETS = {"decode": (">=", 0.95), "prefill": (">=", 0.95), "makespan": ("<=", 1.1)}
"""For the panel's value over that of Ollama by itself."""
SHARES = {"chat share": (">=", 0.8), "embedding share": (">=", 0.8)}
"""For the panel's own value: 1 is half of what a kind does alone, which is its fair share of a machine."""


class Side:
    """One way to the models."""

    _numbers = itertools.count()

    def __init__(self, http: aiohttp.ClientSession, url: str, chat: str, embedding: str) -> None:
        self._http, self._url, self._chat, self._embedding = http, url, chat, embedding

    def _text(self, words: int) -> str:
        """Return a text that no cache knows."""
        number = next(self._numbers)
        return " ".join(WORDS[(number * 31 + at * at) % len(WORDS)] for at in range(words))

    async def chat(self, answer: int, words: int = 4, model: str = "") -> dict[str, Any]:
        """Return the last message of a chat's stream."""
        body = {
            "model": model or self._chat,
            "messages": [{"role": "user", "content": self._text(words)}],
            "options": {"num_predict": answer},
        }
        last = b""
        async with self._http.post(f"{self._url}/api/chat", json=body) as reply:
            reply.raise_for_status()
            async for line in reply.content:
                last = line
        told: dict[str, Any] = json.loads(last)
        assert told["done"], told
        return told

    async def embed(self, texts: int = 4) -> None:
        """Embed some texts."""
        body = {"model": self._embedding, "input": [self._text(8) for _ in range(texts)]}
        async with self._http.post(f"{self._url}/api/embed", json=body) as reply:
            reply.raise_for_status()
            await reply.read()

    async def alone(self) -> Row:
        """Return tokens per second of a chat: those that it wrote, and those that it read."""
        told = await self.chat(ANSWER, PROMPT_WORDS)
        return {
            "decode": told["eval_count"] / told["eval_duration"] * 1e9,
            "prefill": told["prompt_eval_count"] / told["prompt_eval_duration"] * 1e9,
        }

    async def throughput(self, seconds: float, *, chats: bool, embeddings: bool) -> Row:
        """Return tokens of a chat and embedded texts per second while the kinds asked for are busy throughout."""
        end = asyncio.get_running_loop().time() + seconds
        counts: Row = {"chat": 0, "embedding": 0}

        async def repeat(name: str, step: Callable[[], Awaitable[float]]) -> None:
            while asyncio.get_running_loop().time() < end:
                began = asyncio.get_running_loop().time()
                amount = await step()
                took = asyncio.get_running_loop().time() - began
                counts[name] += amount * min(1.0, (end - began) / took)

        async def chat() -> float:
            return float((await self.chat(32))["eval_count"])

        async def embed() -> float:
            await self.embed()
            return 4

        async with asyncio.TaskGroup() as tasks:
            if chats:
                tasks.create_task(repeat("chat", chat))
            if embeddings:
                tasks.create_task(repeat("embedding", embed))
                tasks.create_task(repeat("embedding", embed))
        return {name: count / seconds for name, count in counts.items()}

    async def burst(self, model: str) -> float:
        """Return the seconds until 48 chats and 12 embeddings are answered that came at once."""
        began = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as tasks:
            for number in range(CHATS):
                tasks.create_task(self.chat(8 + number * 13 % 57, model=model))
                if number % (CHATS // EMBEDDINGS) == 0:
                    tasks.create_task(self.embed())
        return asyncio.get_running_loop().time() - began


class Phase(msgspec.Struct, frozen=True):
    """A part of a round; `measure` takes a side."""

    measure: Callable[[Side], Awaitable[Row]]
    prepare: Callable[[Side], Awaitable[object]]


def phases(seconds: float, burst: str) -> tuple[Phase, ...]:
    """Return the parts of a round; each first loads its models, should others have taken their place."""

    async def chat(side: Side) -> Row:
        return {"chat": (await side.throughput(seconds, chats=True, embeddings=False))["chat"]}

    async def embedding(side: Side) -> Row:
        return {"embedding": (await side.throughput(seconds, chats=False, embeddings=True))["embedding"]}

    async def both(side: Side) -> Row:
        row = await side.throughput(seconds, chats=True, embeddings=True)
        return {f"{name}, both": value for name, value in row.items()}

    async def loaded(side: Side) -> None:
        await side.chat(1)
        await side.embed()

    async def burst_loaded(side: Side) -> None:
        await side.chat(1, model=burst)
        await side.embed()

    async def makespan(side: Side) -> Row:
        return {"makespan": await side.burst(burst)}

    usual = [Phase(measure, loaded) for measure in (Side.alone, chat, embedding, both)]
    return (Phase(makespan, burst_loaded), *usual)


class Others:
    """What the rest of the machine does; it must rest while we measure."""

    def __init__(self, most: float) -> None:
        self._most = most
        self.repeated = 0

    def _seconds(self) -> float:
        """Return the CPU time that others have used so far, in seconds; that of a hypervisor's other guests, too."""
        times = psutil.cpu_times()._asdict()
        names = ("user", "nice", "system", "irq", "softirq", "steal")
        total: float = sum(times.get(name, 0.0) for name in names)
        me = psutil.Process()
        return total - sum(map(_own_s, (me, *me.children(recursive=True))))

    async def quietly(self, phase: Phase, side: Side) -> Row:
        """Return what a phase measures, repeated until others used few of the cores meanwhile."""
        while True:
            await self._rest()
            await phase.prepare(side)
            before, began = self._seconds(), asyncio.get_running_loop().time()
            row = await phase.measure(side)
            share = (self._seconds() - before) / (asyncio.get_running_loop().time() - began)
            if share <= self._most:
                return row
            self.repeated += 1

    async def _rest(self) -> None:
        """Wait until others are at rest."""
        while True:
            before = self._seconds()
            await asyncio.sleep(0.5)
            if self._seconds() - before <= 0.5 * self._most:
                return


def _own_s(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    except psutil.NoSuchProcess:
        return 0.0


@asynccontextmanager
async def sides(options: argparse.Namespace) -> AsyncIterator[dict[str, Side]]:
    """Ollama by itself with as many slots as the panel's chat pool, and the panel with its defaults."""
    settings = {"version": 1, "ollama": {"adopt": False, "first_port": options.port or free_port()}}
    environment = {"OLLAMA_NUM_PARALLEL": str(options.parallel), "OLLAMA_CONTEXT_LENGTH": "4096"}
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        panel = PanelProcess(Path(folder) / "state", settings, ("--ollama", str(options.ollama)))
        await stack.enter_async_context(panel)
        await panel.ready()
        address = stack.enter_context(serving(options.ollama, environment))
        http = await stack.enter_async_context(session())
        urls = {DIRECT: f"http://{address}", PANEL: panel.url}
        yield {name: Side(http, url, options.chat, options.embedding) for name, url in urls.items()}


async def measure(options: argparse.Namespace) -> dict[str, dict[str, list[float]]]:
    """Return the values of all rounds."""
    rows: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in (DIRECT, PANEL)}
    others = Others(options.others)
    async with sides(options) as both:
        for number in range(options.rounds):
            for phase in phases(options.seconds, options.burst or options.chat):
                for name in sorted(both, reverse=number % 2 == 0):
                    row = await others.quietly(phase, both[name])
                    values = ", ".join(f"{key} {value:.1f}" for key, value in row.items())
                    print(f"round {number + 1}: {name}: {values} ({others.repeated} repeated)", file=sys.stderr)
                    for key, value in row.items():
                        rows[name][key].append(value)
    for seen in rows.values():
        for kind in ("chat", "embedding"):
            pairs = zip(seen[f"{kind}, both"], seen[kind], strict=True)
            seen[f"{kind} share"] = [2 * busy / alone for busy, alone in pairs]
    return rows


def shown(values: Sequence[float]) -> str:
    digits = 2 if max(values) < 10 else 1
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def table(rows: dict[str, dict[str, list[float]]]) -> str:
    lines = [f"{'median (range)':18}{DIRECT:>26}{PANEL:>26}{'panel / Ollama':>26}"]
    for key, theirs in rows[DIRECT].items():
        cells = (theirs, rows[PANEL][key], ratios(rows, key))
        lines.append(f"{key:18}" + "".join(f"{shown(values):>26}" for values in cells))
    return "\n".join(lines)


def ratios(rows: dict[str, dict[str, list[float]]], key: str) -> list[float]:
    return [ours / theirs for ours, theirs in zip(rows[PANEL][key], rows[DIRECT][key], strict=True)]


def verdicts(rows: dict[str, dict[str, list[float]]]) -> str:
    values = {key: ratios(rows, key) for key in TARGETS} | {key: rows[PANEL][key] for key in SHARES}
    lines = []
    for key, (sign, bound) in (TARGETS | SHARES).items():
        value = statistics.median(values[key])
        kept = value >= bound if sign == ">=" else value <= bound
        lines.append(f"{key}: {value:.2f}, wanted {sign} {bound}: {'kept' if kept else 'MISSED'}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--ollama", type=Path, default=Path(shutil.which("ollama") or "ollama"), help="the program")
    parser.add_argument("--chat", required=True, help="a model that talks")
    parser.add_argument("--burst", default="", help="a small, fast model for the burst; else the same")
    parser.add_argument("--embedding", required=True, help="a model that embeds")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each of three phases lasts")
    parser.add_argument("--parallel", type=int, default=2, help="slots of the Ollama by itself")
    parser.add_argument("--port", type=int, default=0, help="the first port of the panel's instances; else a free one")
    parser.add_argument("--others", type=float, default=0.15, help="the most cores that others may use meanwhile")
    options = parser.parse_args()
    if not os.access(options.ollama, os.X_OK):
        raise SystemExit(f"There is no Ollama at {options.ollama}: name the program with --ollama.")
    rows = asyncio.run(measure(options))
    print(table(rows), verdicts(rows), sep="\n\n")


if __name__ == "__main__":
    main()
