"""A chat under a flood on a real Ollama: `python tests/bench/real.py --ollama PROGRAM --model NAME`.

The laboratory's third experiment, on the machine itself: one person chats while a program keeps 64 long prompts
outstanding. Printed are the waits of the person and the tokens of the program, for the chat alone, the flood alone,
both at Ollama itself, and both at the panel. The model may be any that talks; what it says does not matter.
"""

import argparse
import asyncio
import itertools
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from math import isnan
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import msgspec
from typing_extensions import override

sys.path.insert(0, str(Path(__file__).parents[2]))

from ollama_panel.lab.contenders import is_chat
from ollama_panel.lab.experiments import first_token_s
from ollama_panel.lab.statistics import percentile
from ollama_panel.lab.workload import SECOND, Chat, Client, Flood, PlannedRequest
from tests.bench.wire import Wire, session
from tests.fakes.ollama_process import serving
from tests.fakes.panel_process import PanelProcess

SETTLED_S = 10
"""What came earlier met a model that was still being loaded, and an empty queue."""
WORDS = [f"{a}{b}{c}{d}" for a, b, c, d in itertools.product("bdfgklmnprstv", "aeiou", "lmnrst", "aeiou")]
"""About a token each; to a real model two or three."""


class Seen(msgspec.Struct, frozen=True):
    """What one run showed: waits of the person in seconds, who still waits counts as served at the end; seconds per
    token of its answers; tokens per second of the program.
    """

    firsts: list[float]
    paces: list[float]
    batch: float


class Meter(Wire):
    """Counts what comes after the first `SETTLED_S` seconds."""

    def __init__(self, http: aiohttp.ClientSession, urls: Sequence[str], tasks: asyncio.TaskGroup) -> None:
        super().__init__(http, urls, tasks)
        self._answers: dict[int, str] = {}
        self._batch_tokens = 0

    @override
    def body(self, planned: PlannedRequest) -> dict[str, Any]:
        messages = [self._message(*part, first=not at) for at, part in enumerate(planned.prompt)]
        return {"model": planned.model, "messages": messages, "options": {"num_predict": planned.output}}

    def _message(self, name: int, tokens: int, *, first: bool) -> dict[str, str]:
        if name in self._answers:
            return {"role": "assistant", "content": self._answers[name]}
        words = (WORDS[(name + at * at) % len(WORDS)] for at in range(tokens))
        return {"role": "system" if first else "user", "content": f"{name} " + " ".join(words)}

    @override
    def heard(self, planned: PlannedRequest) -> None:
        super().heard(planned)
        if self.open and not is_chat(planned) and self.now > SETTLED_S * SECOND:
            self._batch_tokens += 1

    @override
    def said(self, planned: PlannedRequest, text: str) -> None:
        self._answers[planned.reply] = text

    def seen(self, end: int, seconds: float) -> Seen:
        """Return what a run showed that lasted so many seconds, until `end`."""
        chats = [planned for planned in self.requests if is_chat(planned) and planned.arrived > SETTLED_S * SECOND]
        paces = [
            (planned.done - planned.first) / SECOND / max(1, planned.output - 1)
            for planned in chats
            if planned.first is not None and planned.done is not None
        ]
        return Seen(first_token_s(chats, end), paces, self._batch_tokens / (seconds - SETTLED_S))


async def watch(url: str, clients: Sequence[Client], seconds: float) -> Seen:
    """Let clients meet a server for a while."""
    async with session() as http:
        async with asyncio.TaskGroup() as tasks:
            meter = Meter(http, [url], tasks)
            await meter.run(clients, seconds)
            end = meter.now
        return meter.seen(end, seconds)


@asynccontextmanager
async def panel(program: Path, slots: int, context: int) -> AsyncIterator[str]:
    """The panel, with one instance of as many slots."""
    settings = {
        "version": 1,
        "ollama": {"adopt": False},
        "pools": [{"name": "chat", "role": "chat", "workers": 1, "parallel": slots, "context_length": context}],
    }
    with TemporaryDirectory() as folder:
        async with PanelProcess(Path(folder) / "state", settings, ("--ollama", str(program))) as process:
            await process.ready()
            yield process.url


async def main() -> None:
    """Measure the four runs and print them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--ollama", type=Path, required=True, help="the program")
    parser.add_argument("--model", required=True)
    parser.add_argument("--slots", type=int, default=5, help="slots of the panel's instance; Ollama itself gets four")
    parser.add_argument("--seconds", type=float, default=120.0, help="how long each of the four runs takes")
    parser.add_argument("--prompt", type=int, default=2100, help="words of the flood's prompts")
    parser.add_argument("--output", type=int, default=400, help="tokens of the flood's answers")
    chosen = parser.parse_args()
    context = 2 * (chosen.prompt + chosen.output) + 2048

    def chat() -> Chat:
        return Chat("ui", chosen.model, 1, pause_s=(0.5, 1.0), start_s=1.0)

    def flood() -> Flood:
        return Flood("rag", chosen.model, 8, prompt=chosen.prompt, output=chosen.output)

    runs: dict[str, Seen] = {}
    environment = {"OLLAMA_NUM_PARALLEL": "4", "OLLAMA_CONTEXT_LENGTH": str(context)}
    with serving(chosen.ollama, environment) as address:
        url = f"http://{address}"
        runs["chat alone"] = await watch(url, [chat()], chosen.seconds)
        runs["flood alone"] = await watch(url, [flood()], chosen.seconds)
    with serving(chosen.ollama, environment) as address:
        runs["both, Ollama"] = await watch(f"http://{address}", [chat(), flood()], chosen.seconds)
    async with panel(chosen.ollama, chosen.slots, context) as url:
        runs["both, panel"] = await watch(url, [chat(), flood()], chosen.seconds)
    print(table(runs))


def table(runs: dict[str, Seen]) -> str:
    """Return one line for each run; ratios are over the chat, and over the flood, by itself."""
    alone, batch = runs["chat alone"], runs["flood alone"].batch
    lines = [f"{'':14}{'chats':>6}{'first token p50':>20}{'p95':>20}{'time per token p50':>20}{'flood tokens/s':>20}"]
    for name, seen in runs.items():
        cells = [
            against(percentile(seen.firsts, 50), percentile(alone.firsts, 50)),
            against(percentile(seen.firsts, 95), percentile(alone.firsts, 95)),
            against(percentile(seen.paces, 50), percentile(alone.paces, 50)),
            f"{seen.batch:.1f} {seen.batch / batch:6.1%}" if seen.batch else "—",
        ]
        lines.append(f"{name:14}{len(seen.firsts):6}" + "".join(f"{cell:>20}" for cell in cells))
    return "\n".join(lines)


def against(seconds: float, usual: float) -> str:
    """Return a time and how many times the usual it is, "—" where nothing was seen."""
    return "—" if isnan(seconds) else f"{seconds * 1e3:.1f} ms {seconds / usual:5.1f}x"


if __name__ == "__main__":
    asyncio.run(main())
