"""A panel on a simulated machine that is tuned over HTTP, in a time that leaps (`tests.fakes.virtual.leaping`)."""

import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ollama_panel.core.ids import PoolName
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.record import ENDED, TuningRecord, TuningState
from ollama_panel.engine.overrides import Overrides
from ollama_panel.sim.machine.catalog import KNOWN
from ollama_panel.sim.machine.service_time import PROFILES, ServiceTimeModel
from tests.fakes.api_client import ApiClient
from tests.fakes.live_engine import CHAT, LiveEngine, live, settings
from tests.fakes.virtual import leaping, virtual_loop

ANSWER_TOKENS = 24
"""The answers of the user's own requests, which a tuning sends again: short ones take less of the tests' time."""
_REQUESTS = 40


class TunedMachine:
    """A running panel with one pool for chats; `api` calls it."""

    def __init__(self, panel: LiveEngine) -> None:
        self.panel = panel
        self.api = ApiClient(panel)

    async def tune(self, **wanted: Any) -> TuningRecord:
        """Begin a tuning with the user's own requests; return its record when that is shown."""
        answer = await self.api("POST /tuning", {"workload": "own"} | wanted)
        assert answer.status_code == 202, answer.text
        name = answer.json()["id"]
        return tuning(await self.panel.until(lambda one: one.tuning and one.tuning.id == name))

    async def trials(self, count: int) -> TuningRecord:
        """Return when a trial with this number, from 1 on, is being measured."""
        return tuning(await self.panel.until(lambda one: measures(one, count)))

    async def ended(self) -> TuningRecord:
        """Return the tuning when it has ended."""
        while (record := tuning(self.panel.snapshot)).state not in ENDED:
            await self.panel.until(lambda one, before=record: one.tuning is not before)
        return record


def tuning(snapshot: Snapshot) -> TuningRecord:
    """Return the tuning of a snapshot."""
    assert snapshot.tuning is not None
    return snapshot.tuning


def measures(snapshot: Snapshot, count: int) -> bool:
    """Return whether requests of the trial with this number, from 1 on, have been answered."""
    record = tuning(snapshot)
    return (record.state, len(record.outcomes) + 1) == (TuningState.MEASURING, count) and record.partial is not None


def service_time(profile: str) -> ServiceTimeModel:
    """Return how long a step of the simulated machine takes with the model of the tests."""
    return PROFILES[profile].service_time_for(KNOWN[CHAT].load())


@asynccontextmanager
async def tuned_machine(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    profile: str,
    context: int,
    *,
    memory: int | None = None,
    used: bool = False,
) -> AsyncIterator[TunedMachine]:
    """Run a panel on a machine, with one worker of one slot, to its clean end; users have sent short requests before.

    `context` is that of a slot in tokens; `memory` are the bytes that models may use, None = all of the machine.
    `used`: it has run in the folder already.
    """
    monkeypatch.setenv("OLLAMA_SIM_SPEED", "1")
    monkeypatch.setenv("OLLAMA_SIM_PROFILE", profile)
    pool = PoolSettings(PoolName("chat"), Role.CHAT, 1, 1, context_length=context)
    overrides = Overrides(port=0, demo=True, demo_bytes=memory or PROFILES[profile].gpu_bytes)
    with leaping():
        if not used:
            async with live(folder, settings(pools=(pool,)), overrides) as panel:
                await panel.ready()
                assert await panel.chats(_REQUESTS, ANSWER_TOKENS) == [200] * _REQUESTS
        async with live(folder, settings(pools=(pool,)), overrides) as panel:  # the history of before is on the disk
            await panel.ready()
            await panel.until(lambda one: any(model.name == CHAT for model in one.models))
            yield TunedMachine(panel)


class Answer(msgspec.Struct, frozen=True):
    """An answer to a chat: its status, its tokens, the seconds to the first of them, and how many others ran then."""

    status: int
    tokens: int
    first_token_s: float
    beside: int


QUESTION = "Why is the sky blue? " * 80
"""About as long as the prompt of a usual chat (`core.tuning.workload`): a request waits for one step of the
runner, which is long beside a prompt of six words."""
_numbers = itertools.count(1)
"""How the questions begin, so that none is in a cache."""


async def chat(machine: TunedMachine) -> Answer:
    """Send a chat through the panel, and look how many requests its server runs when its first token comes."""
    panel, now = machine.panel, virtual_loop().time
    body = {
        "model": CHAT,
        "messages": [{"role": "user", "content": f"{next(_numbers)}. {QUESTION}"}],
        "options": {"num_predict": ANSWER_TOKENS},
    }
    begun, first, beside, tokens = now(), 0.0, 0, 0
    async with panel.client.stream("POST", f"{panel.snapshot.proxy.url}/api/chat", json=body) as answer:
        async for line in answer.aiter_lines():
            if not line or json.loads(line)["done"]:
                continue
            if not tokens:
                first, beside = now() - begun, await running(machine) - 1
            tokens += 1
    return Answer(answer.status_code, tokens, first, beside)


async def running(machine: TunedMachine) -> int:
    """Return how many requests for the model all servers run."""
    urls = [one.url for one in machine.panel.snapshot.instances if one.url]
    found = [(await machine.panel.client.get(f"{url}/sim/stats")).json()["models"] for url in urls]
    return sum(models[CHAT]["now"] for models in found if CHAT in models)
