"""The lock against sleep is held while requests run: with a lock that is made up, in virtual time, to the instant."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.keep_awake import LINGER_S, RETRY_S, KeepAwakeRecord
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.engine.keep_awake import KeepAwake
from ollama_panel.engine.pace import IDLE_S
from tests.fakes.virtual import advance, virtual_loop


class Lock:
    """A lock that notes when it is taken and given back; `fails` is why it is not given."""

    def __init__(self) -> None:
        self.log: list[tuple[str, float]] = []
        self.fails = ""
        self.held = False

    def _note(self, what: str) -> None:
        self.log.append((what, round(asyncio.get_running_loop().time() - self.began, 2)))

    def begin(self) -> None:
        self.began = asyncio.get_running_loop().time()

    async def hold(self) -> str:
        if self.held and not self.fails:
            return "made up"
        self._note("asked" if self.fails else "held")
        self.held = not self.fails
        if self.fails:
            raise PanelError(notice("keep_awake.refused", service="bus", reason=self.fails))
        return "made up"

    async def release(self) -> None:
        self._note("released")
        self.held = False

    def close(self) -> None:
        self._note("closed")


class Panel:
    def __init__(self) -> None:
        self.lock = Lock()
        self.open = 0
        self.enabled = True
        self.changes = 0
        now = asyncio.get_running_loop().time
        self.awake = KeepAwake(
            self.lock, lambda: bool(self.open), lambda: self.enabled, lambda: True, now, self._changed
        )

    def _changed(self) -> None:
        self.changes += 1

    async def begin(self) -> None:
        self.awake.request()
        self.open += 1
        await advance(0)

    def end(self) -> None:
        self.open -= 1
        self.awake.ended()


@asynccontextmanager
async def running() -> AsyncIterator[Panel]:
    panel = Panel()
    with virtual_loop().paused():
        async with asyncio.TaskGroup() as group:
            panel.lock.begin()
            task = group.create_task(panel.awake.run())
            await advance(0)
            yield panel
            task.cancel()
        assert panel.lock.log[-1][0] == "closed"
        assert panel.awake.record == KeepAwakeRecord()


async def test_the_lock_is_held_from_the_first_request_until_some_time_after_the_last() -> None:
    async with running() as panel:
        await advance(100)
        assert panel.lock.log == []
        await panel.begin()
        assert panel.lock.log == [("held", 100.0)]
        assert (panel.awake.record.held, panel.awake.record.method) == (True, "made up")
        await panel.begin()
        await advance(63)
        panel.end()
        await advance(60)
        assert panel.lock.log == [("held", 100.0)]
        panel.end()
        await advance(4)
        await panel.begin()
        panel.end()
        await advance(LINGER_S - 0.01)
        assert panel.awake.record.held
        await advance(0.02)
        assert not panel.awake.record.held
        assert panel.lock.log == [("held", 100.0), ("released", 227 + LINGER_S + 0.01)]
        assert panel.changes == 2


async def test_what_runs_without_a_request_is_seen_within_seconds() -> None:
    async with running() as panel:
        panel.open = 1
        await advance(IDLE_S)
        assert panel.awake.record.held
        await advance(300)
        assert panel.awake.record.held
        panel.open = 0
        await advance(2 * LINGER_S)
        assert not panel.awake.record.held


async def test_switching_it_off_gives_the_lock_back_at_once_and_switching_it_on_takes_it_again() -> None:
    async with running() as panel:
        await panel.begin()
        await advance(1)
        panel.enabled = False
        panel.awake.look()
        await advance(0)
        assert panel.lock.log == [("held", 0.0), ("released", 1.0)]
        await advance(50)
        panel.enabled = True
        panel.awake.look()
        await advance(0)
        assert panel.lock.log[2:] == [("held", 51.0)]


async def test_a_system_without_a_lock_is_told_once_and_asked_again_later(caplog: pytest.LogCaptureFixture) -> None:
    async with running() as panel:
        panel.lock.fails = "there is no bus"
        with caplog.at_level(logging.WARNING):
            for _ in range(20):
                await panel.begin()
                await advance(15)
                panel.end()
            assert panel.lock.log == [("asked", 0.0)]
            assert panel.awake.record.problem is not None
            assert "there is no bus" in render(panel.awake.record.problem)
            await advance(RETRY_S)
            await panel.begin()
            await advance(0)
        assert len(panel.lock.log) == 2
        assert len(caplog.records) == 1
        panel.lock.fails = ""
        await advance(RETRY_S)
        await advance(IDLE_S)
        assert panel.awake.record.problem is None
        assert panel.awake.record.held


async def test_a_lock_that_is_lost_is_taken_again_or_told_and_asked_for_again_soon() -> None:
    async with running() as panel:
        await panel.begin()
        since = panel.awake.record.since
        panel.lock.held = False
        await advance(LINGER_S)
        assert [what for what, _ in panel.lock.log] == ["held", "held"]
        assert (panel.awake.record.held, panel.awake.record.since) == (True, since)
        panel.lock.fails = "the service has ended"
        await advance(LINGER_S)
        assert not panel.awake.record.held
        assert panel.awake.record.problem is not None
        panel.lock.fails = ""
        await advance(2 * IDLE_S)
        assert panel.awake.record.held
        assert panel.awake.record.problem is None
