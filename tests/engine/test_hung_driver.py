"""The whole engine on a machine whose driver does not answer: it starts, serves and ends as on any other."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.telemetry import GpuReading
from ollama_panel.engine.driver_thread import HUNG_S, DriverThread
from ollama_panel.engine.host.gpu import Cards, Memory, Sensors
from ollama_panel.engine.host.gpu.main_memory import MainMemory
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.pace import IDLE_S
from tests.fakes.live_engine import CHAT, LiveEngine, chat_pool, live, settings
from tests.fakes.virtual import advance
from tests.fakes.waiting import DEADLINE_S

pytestmark = pytest.mark.usefixtures("fast")


class HungDriver:
    """A driver whose calls do not return before the test is over."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def read(self) -> Memory | None:
        self.over.wait(DEADLINE_S)
        return None

    def sensors(self) -> tuple[GpuReading, ...]:
        self.over.wait(DEADLINE_S)
        return ()


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[LiveEngine]:
    """An engine whose only instance has answered a chat."""
    program = folder / "ollama"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    wanted = settings(("ollama.binary", str(program)), pools=chat_pool())
    async with live(folder, wanted, Overrides(port=0), simulated=str(program)) as panel:
        snapshot = await panel.ready()
        question = {"model": CHAT, "messages": [{"role": "user", "content": "hello"}], "stream": False}
        assert (await panel.client.post(f"{snapshot.proxy.url}/api/chat", json=question)).status_code == 200
        yield panel


async def silent(panel: LiveEngine) -> Snapshot:
    """Return the snapshot that tells of a driver that does not answer."""
    for _ in range(3):
        await advance(HUNG_S)
    return await panel.until(lambda one: any(told.notice.code == "gpu.silent" for told in one.problems))


async def test_a_driver_that_hangs_holds_nothing_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    driver = HungDriver()
    monkeypatch.setattr(Cards, "find", lambda: Cards(driver, driver, Sensors([driver.sensors])))
    try:
        async with served(tmp_path) as panel:
            snapshot = await silent(panel)
            assert snapshot.telemetry is not None
            assert snapshot.telemetry.system.memory_total
            assert snapshot.sample is not None
            assert snapshot.sample.at > snapshot.at - 2 * IDLE_S, "samples are still taken"
    finally:
        driver.over.set()


async def test_cards_of_a_driver_that_hangs_from_the_start_are_found_when_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver, card = HungDriver(), GpuReading("0000:01:00.0", "RTX 4090")

    def find() -> Cards:
        driver.over.wait(DEADLINE_S)
        return Cards(None, MainMemory(), Sensors([lambda: (card,)]))

    monkeypatch.setattr(Cards, "find", find)
    monkeypatch.setattr(DriverThread.call, "__defaults__", (0.1,))
    try:
        async with served(tmp_path) as panel:
            await silent(panel)
            driver.over.set()
            await panel.until(lambda one: one.telemetry and card in one.telemetry.gpus and not one.problems)
    finally:
        driver.over.set()
