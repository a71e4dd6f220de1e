"""The watchdog of a running panel whose simulated servers hang, in a time that leaps."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ollama_panel.core.alerts import alerts
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.scheduling import allowances
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.watchdog_record import WatchdogState
from tests.fakes.live_engine import chat_pool, live, settings
from tests.fakes.virtual import leaping

pytestmark = pytest.mark.timeout(300)  # minutes of many small steps, on a busy machine
HUNG_AFTER_S = 10.0


@pytest.fixture(autouse=True)
async def time_leaps(monkeypatch) -> AsyncIterator[None]:
    monkeypatch.setattr(allowances, "BATCH", 64)
    with leaping():
        yield


def wanted(*pairs: tuple[str, str]) -> Settings:
    return settings(("ollama.hung_after_s", str(HUNG_AFTER_S)), *pairs, pools=chat_pool())


def kept(folder: Path) -> str:
    return "".join(one.read_text() for one in folder.iterdir())


async def test_a_request_that_stands_still_is_answered_after_a_restart(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("OLLAMA_SIM_FAULTS", "stall-after=1")
    async with live(tmp_path, wanted()) as panel:
        await panel.ready()
        assert (await panel.chat()).status_code == 200
        pid = panel.instance("chat-1").pid
        assert (await panel.chat()).status_code == 200
        after = panel.instance("chat-1")
        assert after.pid != pid
        assert (after.watchdog.restarts, after.watchdog.state) == (1, WatchdogState.QUIET)
        assert "watchdog.restarted" in [one.told.code for one in alerts(panel.snapshot)]
        folder = Path(after.watchdog.evidence)
        assert folder.parent == panel.paths.evidence
        about = json.loads((folder / "instance.json").read_text())
        assert (about["why"], about["instance"]["pid"]) == ("hung", pid)
        steps = [line.split()[3] for line in (folder / "watchdog.txt").read_text().splitlines()]
        assert steps[0] == "suspected_working"
        assert steps.count("asked") == steps.count("missed") == 3
        assert steps[-1] == "judged"
        assert len(json.loads((folder / "requests.json").read_text())) == 1
        assert "sky" not in kept(folder)


async def test_the_restart_of_a_worker_that_is_gone_is_told_no_more(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("OLLAMA_SIM_FAULTS", "stall-after=1")
    async with live(tmp_path, wanted()) as panel:
        await panel.ready()
        assert [(await panel.chat()).status_code for _ in range(2)] == [200, 200]
        await panel.until(lambda one: "watchdog.restarted" in said(one))
        await panel.engine.apply(wanted(("pools.chat.workers", "0")))
        await panel.later(10)
        assert said(panel.snapshot) == []


def said(snapshot: Snapshot) -> list[str]:
    return [told.code for told in snapshot.notices if told.code.startswith("watchdog.")]


async def test_a_worker_that_may_not_be_restarted_is_only_told(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("OLLAMA_SIM_FAULTS", "stall-after=2")  # a restarted process loads the model first
    async with live(tmp_path, wanted(("ollama.restart_hung", "off"))) as panel:
        await panel.ready()
        assert await panel.chats(2) == [200, 200]
        pid = panel.instance("chat-1").pid
        async with asyncio.TaskGroup() as group:
            stuck = group.create_task(panel.chat())
            await panel.until(lambda one: one.instances[0].watchdog.state is WatchdogState.HUNG)
            told = panel.instance("chat-1").watchdog.told
            assert told is not None
            assert told.code == "watchdog.hung_left"
            await panel.later(60)
            assert panel.instance("chat-1").pid == pid
            await panel.engine.restart(InstanceId("chat-1"))
        assert stuck.result().status_code == 200
        assert panel.instance("chat-1").watchdog.restarts == 0


async def test_a_process_whose_successor_serves_ends_although_its_request_hangs(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("OLLAMA_SIM_FAULTS", "stall-after=2")
    monkeypatch.setattr(allowances, "SLOWEST", 1.0)  # this machine does not swap: fewer steps
    async with live(tmp_path, wanted(("ollama.restart_hung", "off"))) as panel:
        await panel.ready()
        assert await panel.chats(2) == [200, 200]
        async with asyncio.TaskGroup() as group:
            stuck = group.create_task(panel.chat(tokens=1))
            await panel.later(5)
            await panel.engine.restart(InstanceId("chat-1"))  # before anybody knows that it hangs
        assert stuck.result().status_code == 200
        after = panel.instance("chat-1").watchdog
        assert (after.state, after.restarts) == (WatchdogState.QUIET, 0)
