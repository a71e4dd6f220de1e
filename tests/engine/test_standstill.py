"""The machine sleeps, or the process is stopped, and goes on: nothing is given up, and nothing is restarted.

And somebody sets the clock: nothing depends on what time of day it is.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ollama_panel.core.lifecycle import Phase
from ollama_panel.engine import clock
from ollama_panel.engine.clock import STANDSTILL_S, SteadyClock
from tests.fakes import live_engine
from tests.fakes.live_engine import LiveEngine, chat_pool, live, on_this_loop, settings
from tests.fakes.virtual import advance


def test_a_clock_leaves_out_what_is_longer_than_any_rest_of_the_engine() -> None:
    times = iter([100.0, 101.0, 101.0 + STANDSTILL_S, 200.0, 201.0, 3801.0])
    steady = SteadyClock(lambda: next(times))
    assert [steady.seconds() for _ in range(5)] == [101.0, 111.0, 111.0, 112.0, 112.0]


def test_both_units_show_the_same_time() -> None:
    now = [5.0]
    steady = SteadyClock(lambda: now[0])
    now[0] = 3605.0
    assert (steady.seconds(), steady.micros()) == (5.0, 5_000_000)


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the engine the clock that it has in the product."""

    def system(spawn: object) -> object:
        own = SteadyClock(asyncio.get_running_loop().time)
        return replace(on_this_loop(spawn), seconds=own.seconds, micros=own.micros)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(live_engine, "on_this_loop", system)


async def a_second_passes(panel: LiveEngine) -> None:
    await panel.later(1.5)


async def test_requests_that_run_and_wait_outlive_an_hour_of_sleep(tmp_path: Path, slow: None, steady: None) -> None:
    wanted = settings(("proxy.queue_timeout_s", "30"), ("proxy.request_timeout_s", "60"), pools=chat_pool(parallel=1))
    async with live(tmp_path, wanted) as panel:
        await panel.ready()
        before = panel.instance("chat-1")
        async with asyncio.TaskGroup() as group:
            chats = [group.create_task(panel.chat(tokens=40, stream=True)) for _ in range(3)]
            await panel.until(lambda one: one.instances[0].in_flight and len(one.requests) == 3)
            await a_second_passes(panel)
            await advance(3600)
            await a_second_passes(panel)
        assert [chat.result().status_code for chat in chats] == [200, 200, 200]
        after = panel.instance("chat-1")
        assert (after.pid, after.phase, after.restarts) == (before.pid, Phase.READY, 0)
        assert panel.snapshot.failed == panel.snapshot.refused == 0


async def test_an_instance_that_starts_keeps_its_time(
    tmp_path: Path, fast: None, steady: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_SIM_FAULTS", "slow-start=30")
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        starting = await panel.until(lambda one: one.instances and one.instances[0].pid)
        await a_second_passes(panel)
        await advance(3600)
        ready = await panel.until(lambda one: one.instances[0].phase is not Phase.STARTING)
        assert (ready.instances[0].phase, ready.instances[0].pid) == (Phase.READY, starting.instances[0].pid)


async def test_the_time_of_a_real_wait_still_runs_out(tmp_path: Path, slow: None, steady: None) -> None:
    wanted = settings(("proxy.queue_timeout_s", "5"), pools=chat_pool(parallel=1))
    async with live(tmp_path, wanted) as panel:
        await panel.ready()
        await panel.engine.set_paused(True)
        async with asyncio.TaskGroup() as group:
            chat = group.create_task(panel.chat())
            await panel.until(lambda one: one.requests)
            await a_second_passes(panel)
            await advance(3600)
            assert not chat.done()
            await panel.later(8)
        assert chat.result().status_code == 504


@pytest.mark.parametrize("jump_s", [3600.0, -3600.0, 86400.0 * 365, -86400.0 * 365])
async def test_a_clock_that_is_set_loses_no_request_and_restarts_nothing(
    tmp_path: Path, slow: None, monkeypatch: pytest.MonkeyPatch, jump_s: float
) -> None:
    real: Callable[[], float] = clock.time.time
    async with live(tmp_path, settings(pools=chat_pool(parallel=1))) as panel:
        await panel.ready()
        before = panel.instance("chat-1")
        async with asyncio.TaskGroup() as group:
            chats = [group.create_task(panel.chat(tokens=20, stream=True)) for _ in range(3)]
            await panel.until(lambda one: one.instances[0].in_flight and len(one.requests) == 3)
            monkeypatch.setattr("time.time", lambda: real() + jump_s)
            await a_second_passes(panel)
        assert [chat.result().status_code for chat in chats] == [200, 200, 200]
        assert (await panel.chat()).status_code == 200
        after = panel.instance("chat-1")
        assert (after.pid, after.restarts) == (before.pid, 0)
