"""Embeddings in parts, on simulated workers of which each has a machine of its own.

    python -m tests.bench.embeddings [--rounds 7] [--inputs 256] [--speed 1]

Two panels stand side by side, one with one embedding worker, one with two; rounds alternate, so that both meet the same
machine. Printed are, each as median and range over the rounds:

* how many times as fast two workers answer one request with many inputs;
* the 95th percentile of single short embeddings beside such requests without end, sent in parts and as they come;
* what a single embedding takes that is never divided, with `scheduling.split_embeddings` on and off.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from tests.fakes.panel_process import PanelProcess
from tests.fakes.ports import free_port

MODEL = "nomic-embed-text"
SINGLES = 40
QUICK = 400


def settings(workers: int, *, split: bool = True) -> dict[str, object]:
    return {
        "version": 1,
        "ollama": {"adopt": False, "first_port": free_port()},
        "scheduling": {"split_embeddings": split},
        "pools": [{"name": "embedding", "role": "embedding", "workers": workers, "parallel": 1}],
    }


def texts(number: int) -> list[str]:
    return [f"chunk {place} " + "of a chapter with some words " * (place % 4) for place in range(number)]


async def timed(client: httpx.AsyncClient, inputs: Sequence[str], url: str = "") -> float:
    """Return the seconds of one request."""
    began = time.perf_counter()
    reply = await client.post(url + "/api/embed", json={"model": MODEL, "input": inputs})
    reply.raise_for_status()
    assert len(reply.json()["embeddings"]) == len(inputs)
    return time.perf_counter() - began


async def warm(panel: PanelProcess) -> None:
    await panel.ready()
    warmed = set[str]()
    while urls := {one["url"] for one in await panel.instances("embedding")} - warmed:
        for url in urls:
            try:
                await timed(panel.client, ["warm"], url)
            except httpx.TransportError:  # a successor with another port takes its place
                await asyncio.sleep(0.1)
            else:
                warmed.add(url)
    await panel.until(lambda status: all(one["models"] for one in status["instances"]))


async def beside_bulk(panel: PanelProcess, inputs: Sequence[str]) -> float:
    """Return the 95th percentile of single embeddings, in seconds, while bulk requests come one after another."""

    async def bulk() -> None:
        while True:
            await timed(panel.client, inputs)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(bulk()) for _ in range(2)]
        await asyncio.sleep(0.3)
        found = []
        for _ in range(SINGLES):
            found.append(await timed(panel.client, ["what is a chapter?"]))
            await asyncio.sleep(0.02)
        for task in tasks:
            task.cancel()
    return statistics.quantiles(found, n=20)[-1]


async def single(panel: PanelProcess) -> float:
    """Return the median milliseconds of a single embedding on an idle panel."""
    return statistics.median([await timed(panel.client, ["what is a chapter?"]) for _ in range(QUICK)]) * 1e3


def told(name: str, values: Sequence[float], unit: str) -> None:
    print(f"{name:58} {statistics.median(values):8.2f} {unit} ({min(values):.2f} to {max(values):.2f})")


async def main(number: int, inputs: int, own_speed: str) -> None:
    asked = texts(inputs)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        program = folder / "ollama"
        program.write_text(f'#!/bin/sh\nunset OLLAMA_SIM_GPU\nexec {sys.executable} -m ollama_panel.sim "$@"\n')
        program.chmod(0o755)

        async def start(name: str, workers: int, *, split: bool = True, speed: str = own_speed) -> PanelProcess:
            wanted, environment = settings(workers, split=split), {"OLLAMA_SIM_SPEED": speed}
            server = PanelProcess(folder / name, wanted, ("--ollama", str(program)), environment)
            panel = await stack.enter_async_context(server)
            await warm(panel)
            return panel

        one, two = await start("one", 1), await start("two", 2)
        ratios, alone = list[float](), list[float]()
        for _ in range(number):
            alone.append(await timed(one.client, asked))
            ratios.append(alone[-1] / await timed(two.client, asked))
        told(f"{inputs} inputs, one worker", alone, "s")
        told("speed-up with two workers", ratios, "x")
        whole = await start("whole", 2, split=False)
        for name, panel in (("as it comes", whole), ("in parts", two)):
            found = [await beside_bulk(panel, asked) for _ in range(max(2, number // 2))]
            told(f"p95 of single embeddings beside bulk, {name}", [value * 1e3 for value in found], "ms")
        fast = {split: await start(f"fast-{split}", 2, split=split, speed="1000") for split in (True, False)}
        singles: dict[bool, list[float]] = {True: [], False: []}
        for _ in range(number):
            for split, panel in fast.items():
                singles[split].append(await single(panel))
        for split, values in singles.items():
            told(f"a single embedding, split_embeddings {'on' if split else 'off'}", values, "ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--inputs", type=int, default=256)
    parser.add_argument("--speed", default="1", help="of the simulated machines; on a busy machine less, such as 0.25")
    arguments = parser.parse_args()
    asyncio.run(main(arguments.rounds, arguments.inputs, arguments.speed))
