"""A thousand requests while the workers change five times: none fails, none is mixed up, and the memory holds all."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from ollama_panel.sim.machine.service_time import PROFILES
from tests.e2e.rolling import CLIENTS, Card, Clients
from tests.fakes.panel_process import PanelProcess

MODEL = "llama3.2:3b"
CHANGES: tuple[tuple[str, object], ...] = (
    ("pools.chat.parallel", 4),
    ("pools.chat.context_length", 8192),
    ("pools.chat.environment.OLLAMA_KEEP_ALIVE", "20m"),
    ("pools.chat.workers", 2),
    ("pools.chat.workers", 1),
)
EACH = 200
"""Requests for each change: it begins when a fourth of them has ended."""


def settings(*, twin: bool) -> dict[str, object]:
    return {
        "version": 2,
        "ollama": {"adopt": False, "twin": twin},
        "pools": [{"name": "chat", "role": "chat", "workers": 1, "parallel": 2}],
    }


class Watch:
    """What the panel says of its workers all the time: whether one was drained, had a successor, or has spilled."""

    def __init__(self, panel: PanelProcess) -> None:
        self._panel = panel
        self.drained = self.succeeded = self.spilled = 0

    async def watch(self) -> None:
        while True:
            for one in (await self._panel.status())["instances"]:
                self.drained += one["draining"]
                self.succeeded += one["successor"]
                self.spilled += any(model["size_vram"] < model["size"] for model in one["models"])
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("twin", [True, False])
async def test_a_thousand_requests_pass_five_changes_of_the_workers(tmp_path: Path, twin: bool) -> None:
    environment = {"OLLAMA_SIM_SPEED": "4", "OLLAMA_SIM_CATALOG": MODEL}
    async with PanelProcess(tmp_path / "state", settings(twin=twin), environment=environment) as panel:
        await panel.ready()
        clients, watch = Clients(panel.url, MODEL, EACH * len(CHANGES)), Watch(panel)
        card = Card(tmp_path / "state" / "simulated-gpu")
        async with asyncio.TaskGroup() as group:
            watching = [group.create_task(one.watch()) for one in (watch, card)]
            asking = group.create_task(clients.run())
            for number, (key, value) in enumerate(CHANGES):
                clients.allow(EACH)
                await clients.passed(number * EACH + EACH // 4)
                await panel.until(lambda status: status["sample"]["budget"] and status["instances"][0]["models"])
                await change(panel, key, value)
            await asking
            for one in watching:
                one.cancel()
    assert clients.failures == []
    assert clients.ended == EACH * len(CHANGES)
    for numbers in clients.answered.values():
        assert numbers == list(range(len(numbers))), "each client got its answers in the order of its questions"
    assert min(map(len, clients.answered.values())) > EACH * len(CHANGES) / CLIENTS / 4
    assert 0 < card.most <= PROFILES["rtx-4090"].gpu_bytes
    assert (watch.spilled, bool(watch.succeeded)) == (0, twin)
    assert card.samples > len(CHANGES) * 20


async def change(panel: PanelProcess, key: str, value: object) -> None:
    """Change a setting and wait until the workers have it; meanwhile the clients go on."""
    headers = {"Authorization": f"Bearer {panel.secret()}"}
    reply = await panel.client.patch("/panel/v1/settings", json={key: value}, headers=headers)
    assert reply.status_code == 200, reply.text
    await panel.until(lambda status: settled(status))


def settled(status: dict[str, Any]) -> bool:
    workers = [one for one in status["instances"] if one["pool"] == "chat"]
    pool = next(one for one in status["settings"]["pools"] if one["name"] == "chat")
    calm = not any(one["progress"] for one in status["pools"]) and len(workers) == pool["workers"]
    return calm and all(
        (one["phase"], one["parallel"], one["draining"], one["successor"]) == ("ready", pool["parallel"], False, False)
        for one in workers
    )
