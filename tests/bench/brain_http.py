"""The same flood twice: in virtual time, and over HTTP through the real proxy against a simulated Ollama at 20 x speed.

`python tests/bench/brain_http.py [--seconds N]` prints, for direct Ollama, one plain queue and the panel, how long a
chat waits for its first token while a program keeps long requests outstanding, in simulated seconds. The two columns
must order the three alike.
"""

import argparse
import asyncio
import itertools
import json
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).parents[2]))

import httpx

from ollama_panel.core.scheduling.messages import Policy
from ollama_panel.sim.fronts import Direct, Panel, PlainQueue, is_chat
from ollama_panel.sim.trials import CHAT, first_token_s, run, same
from ollama_panel.sim.workload import SECOND, Chat, Flood
from tests.fakes.small_panel import SmallPanel, Worker
from tests.sim.serving import child

SPEED = 20
SLOTS, OUTSTANDING = 4, 24
PROMPT, OUTPUT = 2000, 200
PLAIN = Policy(reserved_slots=0, max_preemptions=0, batch_share=0.0, homes=False, chat_memory_us=0)
NAMES = ("direct", "one queue", "panel")


def words(number: int, tokens: int) -> str:
    """Return a text of so many tokens that no cache has seen."""
    return f"{number:06d} " + "word " * (tokens * 4 // 5)


async def ask(http: httpx.AsyncClient, number: int, prompt: int, output: int, headers: dict[str, str]) -> float:
    """Send a chat, read it whole, and return seconds to its first token."""
    body = {
        "model": CHAT,
        "messages": [{"role": "user", "content": words(number, prompt)}],
        "options": {"num_predict": output},
    }
    began, first = time.perf_counter(), 0.0
    async with http.stream("POST", "/api/chat", json=body, headers=headers) as answer:
        answer.raise_for_status()
        async for line in answer.aiter_lines():
            if line.strip() and not first and json.loads(line).get("message", {}).get("content"):
                first = time.perf_counter() - began
    return first


async def over_http(name: str, seconds: float) -> float:
    """Return the mean wait of the chat in simulated seconds."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(
            child(OLLAMA_NUM_PARALLEL=str(SLOTS), OLLAMA_CONTEXT_LENGTH="4096", OLLAMA_SIM_SPEED=str(SPEED))
        )
        url = server.url
        if name != "direct":
            policy = PLAIN if name == "one queue" else Policy()
            url = (await stack.enter_async_context(SmallPanel(Worker(url, parallel=SLOTS), policy=policy))).url
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=None))
        plain = name != "panel"
        return await _flood_and_chat(http, seconds, plain=plain)


async def _flood_and_chat(http: httpx.AsyncClient, seconds: float, *, plain: bool) -> float:
    numbers = itertools.count()
    end = time.perf_counter() + seconds
    batch = {"X-Client-ID": "all" if plain else "flood", "X-Queue-Priority": "interactive" if plain else "batch"}
    person = {"X-Client-ID": "all" if plain else "person", "X-Queue-Priority": "interactive"}
    waits: list[float] = []

    async def flood() -> None:
        while time.perf_counter() < end:
            await ask(http, next(numbers), PROMPT, OUTPUT, batch)

    async def chat() -> None:
        while time.perf_counter() < end:
            await asyncio.sleep(8 / SPEED)
            waits.append(await ask(http, next(numbers), 300, 100, person))

    async with asyncio.TaskGroup() as group:
        for _ in range(OUTSTANDING):
            group.create_task(flood())
        group.create_task(chat())
    return mean(waits) * SPEED


def in_virtual_time(name: str, seconds: float) -> float:
    """Return the mean wait of the chat in the laboratory."""
    front = {"direct": Direct(), "one queue": PlainQueue(SLOTS), "panel": Panel()}[name]
    end = seconds * SPEED
    chat = Chat("ui", CHAT, 1, system=1, opening=300, turns=1, output=(100, 1, 90, 110), pause_s=(7.0, 1.0))
    flood = Flood("flood", CHAT, 2, OUTSTANDING, PROMPT, 0, OUTPUT)
    arena = run("rtx-4090", front, same(1, SLOTS, 4096), [chat, flood], end)
    asks = [ask for ask in arena.asks if is_chat(ask) and (ask.first is not None or ask.arrived < arena.now - SECOND)]
    return mean(first_token_s(asks, arena.now))


def main() -> int:
    """Run both and say whether they agree."""
    parser = argparse.ArgumentParser(description="The laboratory against the real proxy.")
    parser.add_argument("--seconds", type=float, default=15.0, help="real seconds of each run over HTTP")
    seconds = parser.parse_args().seconds
    print(f"{'first token of a chat under a flood, simulated s':<50} {'virtual':>9} {'HTTP':>9}")
    virtual, real = {}, {}
    for name in NAMES:
        virtual[name] = in_virtual_time(name, seconds)
        real[name] = asyncio.run(over_http(name, seconds))
        print(f"{name:<50} {virtual[name]:9.2f} {real[name]:9.2f}", flush=True)
    alike = (virtual["panel"] < min(virtual.values()) * 1.001) == (real["panel"] < min(real.values()) * 1.001)
    print("the panel is first in both" if alike else "the two disagree")
    return 0 if alike else 1


if __name__ == "__main__":
    raise SystemExit(main())
