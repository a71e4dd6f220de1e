"""Pinned models with real processes: loaded at the start, after a kill and after an Apply, one load at a time."""

import asyncio
import os
import re
import signal
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.fakes.panel_process import PanelProcess
from tests.fakes.ports import free_port

CHAT, EMBED = "llama3.1:8b", "nomic-embed-text:latest"
POOLS = [
    {"name": "chat", "role": "chat", "workers": 2, "parallel": 2, "preload": [CHAT]},
    {"name": "embedding", "role": "embedding", "workers": 1, "context_length": 2048, "preload": ["nomic-embed-text"]},
]
SETTINGS: dict[str, Any] = {"version": 3, "ollama": {"adopt": False, "first_port": free_port()}, "pools": POOLS}
BEGUN, DONE = 'msg="starting llama-server"', 'msg="llama-server started in '


def all_held(status: Any) -> bool:
    return all(one["phase"] == "ready" and one["models"] for one in status["instances"])


def pid_of(status: Any, name: str) -> int:
    return next(int(one["pid"]) for one in status["instances"] if one["id"] == name)


async def loads(panel: PanelProcess) -> list[tuple[float, float]]:
    """Return when each load of each server has begun and ended, as their logs say, in the order of their begins."""
    found = list[tuple[float, float]]()
    headers = {"Authorization": f"Bearer {panel.secret()}"}
    for one in (await panel.status())["instances"]:
        log = await panel.client.get(f"/panel/v1/instances/{one['id']}/logs?after=0", headers=headers)
        begun = 0.0
        for line in log.json()["lines"]:
            if BEGUN in line or DONE in line:
                at = datetime.fromisoformat(re.findall(r"time=(\S+)", line)[0]).timestamp()
                found += [(begun, at)] if DONE in line else []
                begun = at
    return sorted(found)


def assert_one_at_a_time(found: list[tuple[float, float]]) -> None:
    assert all(end <= begin + 0.01 for (_, end), (begin, _) in pairwise(found)), found


async def asked(panel: PanelProcess, number: int) -> int:
    body = {"model": CHAT, "prompt": f"question {number}", "stream": False, "options": {"num_predict": 2}}
    return (await panel.client.post("/api/generate", json=body)).status_code


async def test_they_are_in_memory_after_a_start_a_kill_and_an_apply_and_requests_go_on(tmp_path: Path) -> None:
    slow = {"OLLAMA_SIM_SPEED": "2"}  # so that loads take about a second
    async with PanelProcess(tmp_path / "state", SETTINGS, environment=slow) as panel:
        at_start = asyncio.gather(*(asked(panel, number) for number in range(4)))
        status = await panel.until(all_held)
        assert await at_start == [200] * 4
        found = await loads(panel)
        assert len(found) == 3
        assert_one_at_a_time(found)

        killed = pid_of(status, "chat-1")
        os.kill(killed, signal.SIGKILL)
        meanwhile = asyncio.gather(*(asked(panel, number) for number in range(8)))
        status = await panel.until(lambda one: all_held(one) and pid_of(one, "chat-1") != killed)
        assert await meanwhile == [200] * 8

        before = pid_of(status, "chat-1")
        code, _ = await panel.command("settings", "set", "pools.chat.parallel", "3")
        meanwhile = asyncio.gather(*(asked(panel, number) for number in range(8)))
        assert code == 0
        status = await panel.until(lambda one: all_held(one) and pid_of(one, "chat-1") != before)
        assert await meanwhile == [200] * 8
        assert_one_at_a_time(await loads(panel))


async def test_commands_load_unload_pin_and_unpin(tmp_path: Path) -> None:
    pools = [POOLS[0] | {"preload": [], "workers": 1}, POOLS[1] | {"preload": []}]
    async with PanelProcess(tmp_path / "state", SETTINGS | {"pools": pools}) as panel:
        await panel.ready()
        await panel.until(lambda status: status["models"])
        assert await panel.command("load", CHAT, "--instance", "chat-1") == (0, f"{CHAT} is loaded on chat-1.\n")
        assert await panel.command("unload", CHAT, "--instance", "chat-1") == (0, f"{CHAT} is unloaded from chat-1.\n")
        assert (await panel.command("unload", CHAT, "--instance", "chat-1"))[0] == 1
        assert await panel.command("pin", "nomic-embed-text") == (0, f"{EMBED} is pinned in the pool embedding.\n")
        await panel.until(
            lambda status: any(one["models"] for one in status["instances"] if one["pool"] == "embedding")
        )
        assert (await panel.command("unpin", "nomic-embed-text"))[0] == 0
        assert (await panel.status())["settings"]["pools"][1]["preload"] == []
        assert (await panel.command("pin", "no-such:1b"))[0] == 1
