"""The whole engine while nobody wants to know anything, and the first who does."""

import asyncio
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.scheduling import event_log
from ollama_panel.core.scheduling.messages import Arrived, MemoryMeasured
from ollama_panel.core.snapshot import MemoryKind
from ollama_panel.engine import configfile
from ollama_panel.engine.host.gpu import Memory
from ollama_panel.engine.instances import probe
from ollama_panel.engine.pace import IDLE_S, until_next
from tests.fakes.live_engine import CHAT, LiveEngine, chat_pool, live, settings
from tests.fakes.virtual import advance, virtual_loop
from tests.fakes.waiting import deadline

pytestmark = pytest.mark.usefixtures("fast")


class MemoryOfOthers:
    """What other programs use of a GPU with 24 GiB."""

    def __init__(self, panel: LiveEngine) -> None:
        self.used = 0
        assert panel.composition is not None
        panel.composition.sampler._read = self._read

    async def _read(self) -> Memory:
        return Memory(MemoryKind.GPU, 24 * GIB, self.used)


async def rest(panel: LiveEngine) -> None:
    """Return between two looks of an idle panel, some seconds after the last one and before the next one."""
    await panel.later(60)
    await panel.later(until_next(IDLE_S))
    await panel.client.get(panel.instance("chat-1").url + "/api/version")  # the look is over
    await panel.later(1)


async def rest_while_others_load(panel: LiveEngine) -> None:
    """Return some seconds after other programs took 20 GiB of memory beside an idle panel."""
    memory = MemoryOfOthers(panel)
    with virtual_loop().paused():
        await rest(panel)
        memory.used = 20 * GIB
        await panel.later(4)


async def in_a_second(panel: LiveEngine, holds: Callable[[], object]) -> None:
    """Let a second pass, in which the panel and its instances do what they can, and assert that something holds."""
    for _ in range(50):
        await panel.later(0.02)
        await panel.client.get(panel.snapshot.proxy.url + "/panel/health")
    assert holds()


async def test_the_first_request_is_placed_by_the_memory_as_it_is_when_it_comes(tmp_path: Path) -> None:
    async with live(tmp_path, settings(("scheduling.record_events", "on"), pools=chat_pool())) as panel:
        await panel.ready()
        await rest_while_others_load(panel)
        assert (await panel.chat()).status_code == 200
        (recorded,) = panel.paths.recordings.iterdir()
    events = [step.event for step in event_log.read(recorded.read_bytes().splitlines()) if step.event]
    place = next(place for place, event in enumerate(events) if isinstance(event, Arrived))
    measured = [event for event in events[:place] if isinstance(event, MemoryMeasured)]
    assert measured[-2].free == 24 * GIB
    assert measured[-1].free == 4 * GIB


@pytest.mark.parametrize("path", ["metrics", "status"])
async def test_the_first_reader_finds_the_memory_as_it_is_when_he_asks(tmp_path: Path, path: str) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await rest_while_others_load(panel)
        answer = await panel.client.get(f"{panel.snapshot.proxy.url}/panel/{path}")
        if path == "metrics":
            used = re.search(r"^ollama_panel_memory_used_bytes (\S+)$", answer.text, re.MULTILINE)
            assert used is not None
            assert float(used[1]) == 20 * GIB
        else:
            assert answer.json()["sample"]["memory_used"] == 20 * GIB


async def test_the_first_reader_finds_the_models_as_they_are_when_he_asks(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool(workers=2))) as panel:
        await panel.ready()
        await panel.chat()
        await panel.later(1)
        await panel.until(lambda seen: any(one.models for one in seen.instances))
        status = panel.snapshot.proxy.url + "/panel/status"
        with virtual_loop().paused():
            await rest(panel)
            for one in panel.snapshot.instances:
                await panel.client.post(one.url + "/api/generate", json={"model": CHAT, "keep_alive": 0})
            await panel.later(4)
            shown = (await panel.client.get(status)).json()["instances"]
        assert [one["models"] for one in shown] == [[], []]


async def test_a_reader_does_not_wait_long_for_an_instance_that_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await rest(panel)
        hang = asyncio.Event()

        async def hanging(*_: object) -> str:
            await hang.wait()
            raise httpx.ReadTimeout("")

        monkeypatch.setattr(probe, "version", hanging)
        answer = await panel.client.get(panel.snapshot.proxy.url + "/panel/status")
        assert answer.json()["instances"][0]["phase"] == "ready"
        hang.set()


async def test_instances_are_checked_seldom_unless_a_window_shows_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks, version = 0, probe.version

    async def counted(*arguments: Any) -> str:
        nonlocal checks
        checks += 1
        return await version(*arguments)

    async def in_a_minute() -> int:
        """Return the checks of a minute, each second of which takes as long as a look at the instance."""
        before = checks
        for _ in range(60):
            await panel.later(1)
            for path in ("/api/version", "/api/ps"):
                await panel.client.get(panel.instance("chat-1").url + path)
        return checks - before

    monkeypatch.setattr(probe, "version", counted)
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await rest(panel)
        assert 5 <= await in_a_minute() <= 8
        await panel.engine.watch(True)
        assert await in_a_minute() > 20
        await panel.engine.watch(False)
        await rest(panel)
        assert await in_a_minute() <= 8


async def test_the_end_of_an_instance_is_noticed_at_once_while_the_panel_is_idle(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        with virtual_loop().paused():
            await rest(panel)
            panel.kill("chat-1")
            await in_a_second(panel, lambda: panel.instance("chat-1").phase is not Phase.READY)


async def test_what_is_unloaded_is_seen_although_nobody_watches(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await panel.chat()
        await panel.later(1)
        await panel.until(lambda _: panel.instance("chat-1").models)
        with virtual_loop().paused():
            await rest(panel)
            assert panel.instance("chat-1").models
            await panel.engine.unload_all()
            await in_a_second(panel, lambda: not panel.instance("chat-1").models)


async def test_a_window_that_was_open_before_the_engine_ran_is_known(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.engine.watch(True)
        await panel.ready()
        assert panel.composition is not None
        assert panel.composition.pace.watched
        await advance(1)
        await panel.engine.watch(False)
        assert not panel.composition.pace.watched


async def test_a_disk_that_does_not_answer_holds_up_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home on a network may hang: the settings file is looked at in a thread."""
    loop, stamp = asyncio.get_running_loop(), configfile.stamp
    asked, answers = asyncio.Event(), threading.Event()
    threads = set[int]()

    def hanging(path: Path) -> configfile.Stamp:
        threads.add(threading.get_ident())
        loop.call_soon_threadsafe(asked.set)
        if threading.get_ident() != own:
            answers.wait()
        return stamp(path)

    own = threading.get_ident()
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        monkeypatch.setattr(configfile, "stamp", hanging)
        try:
            virtual_loop().skip(2)
            async with deadline("somebody to look at the settings file"):
                await asked.wait()
            assert own not in threads
            assert (await panel.chat()).status_code == 200
        finally:
            answers.set()
