"""The requests of the user's programs go first, whatever the tuning does when they come."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.record import TuningState
from ollama_panel.core.tuning.trial import Candidate
from ollama_panel.engine.tuning import course
from tests.engine.tuning.world import NARROW, ROOM, TuningWorld, is_as_before, trial, tuning_world
from tests.fakes.live_engine import CHAT, EMBEDDING, chat_pool, settings

pytestmark = pytest.mark.usefixtures("fast")


async def embed(world: TuningWorld) -> int:
    """Send a request for an embedding; return its status."""
    body = {"model": EMBEDDING, "input": "Why is the sky blue?"}
    return (await world.panel.client.post(world.panel.snapshot.proxy.url + "/api/embed", json=body)).status_code


def two_pools(chat: str = "", embedding: str = "") -> Settings:
    """Return a pool for chats and one for embeddings, on these cards."""
    pools = (
        *chat_pool(),
        PoolSettings(PoolName("embedding"), Role.EMBEDDING),
    )
    cards = (chat, embedding)
    return settings(
        pools=tuple(
            msgspec.structs.replace(pool, environment={"CUDA_VISIBLE_DEVICES": card} if card else {})
            for pool, card in zip(pools, cards, strict=True)
        )
    )


def waits_for_the_clock(snapshot: Snapshot) -> bool:
    """Return whether a tuning goes on at a time of the day."""
    reason = snapshot.tuning.reason if snapshot.tuning is not None else None
    return reason is not None and reason.code == "tuning.waits_until"


def is_being_cancelled(snapshot: Snapshot) -> bool:
    """Return whether the former settings come back because a tuning is over; one that has just begun has no trial."""
    record = snapshot.tuning
    return record is not None and (record.state, record.current) == (TuningState.RESTORING, None)


@pytest.mark.parametrize("what", ["load", "wave"])
@pytest.mark.parametrize(("memory", "parallel"), [(NARROW, "4"), (ROOM, "2")])
async def test_a_request_breaks_off_what_is_measured_and_is_served_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, memory: int, parallel: str
) -> None:
    async with tuning_world(tmp_path, monkeypatch, memory=memory, script=(trial(4),)) as world:
        world.bench.waits_in = {what}
        await world.begin()
        await world.bench.until(what)
        answer = await world.panel.chat()
        assert answer.status_code == 200
        assert world.bench.broken_off == [what]
        assert str(world.panel.instance(answer.headers["X-Panel-Instance"]).parallel) == parallel
        waiting = await world.until(TuningState.WAITING)
        assert waiting.reason is not None
        assert "measuring goes on" in render(waiting.reason)
        world.bench.let_go()
        assert len(world.bench.begun) == (1 if what == "load" else 2)
        await world.panel.later(course.QUIET_S)
        done = await world.until(TuningState.DONE)
        assert (done.interruptions, done.outcomes[0].repeated) == (1, 1)
        await world.former_settings()


async def test_a_request_that_comes_while_a_worker_starts_for_a_trial_is_served_by_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tuning_world(tmp_path, monkeypatch, memory=NARROW, script=(trial(4),)) as world:
        world.starts.hold()
        await world.begin()
        await world.starts.begun()
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(world.panel.chat())
            await world.panel.until(lambda snapshot: snapshot.requests)
            world.starts.let_go()
        assert asked.result().headers["X-Panel-Instance"] == "chat-1"
        assert world.panel.instance("chat-1").parallel == 4
        assert world.bench.begun == []
        await world.until(TuningState.WAITING)
        await world.panel.later(course.QUIET_S)
        await world.until(TuningState.DONE)


async def test_a_request_while_the_former_settings_come_back_is_served_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tuning_world(tmp_path, monkeypatch, memory=NARROW, script=(trial(4),)) as world:
        world.bench.waits_in = {"wave"}
        await world.begin()
        await world.bench.until("wave")
        world.starts.hold()
        world.bench.let_go()
        await world.starts.begun()
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(world.panel.chat())
            await world.panel.until(lambda snapshot: snapshot.requests)
            world.starts.let_go()
        assert asked.result().status_code == 200
        done = await world.until(TuningState.DONE)
        assert done.interruptions == 0
        await world.former_settings()


async def test_a_request_with_a_longer_context_gets_the_former_settings_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tuning_world(tmp_path, monkeypatch, memory=NARROW, script=(trial(4),)) as world:
        world.bench.waits_in = {"wave"}
        await world.begin()
        await world.bench.until("wave")
        context = 2 * world.panel.snapshot.settings.pools[0].context_length
        body = {"model": CHAT, "messages": [{"role": "user", "content": "Why?"}], "options": {"num_ctx": context}}
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(world.panel.client.post(world.panel.snapshot.proxy.url + "/api/chat", json=body))
            await world.former_settings()
        assert asked.result().status_code == 200
        assert world.panel.instance("chat-1").parallel == 2
        world.bench.let_go()
        await world.panel.later(course.QUIET_S)
        await world.until(TuningState.DONE)


async def test_a_cancel_while_the_former_settings_come_back_lets_no_longer_context_in_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_workers = msgspec.structs.replace(trial(4), candidate=Candidate(parallel=4, workers=2))
    async with tuning_world(tmp_path, monkeypatch, memory=NARROW, script=(two_workers,)) as world:
        world.bench.waits_in = {"wave"}
        await world.begin()
        await world.bench.until("wave")
        world.starts.hold()
        context = 2 * world.panel.snapshot.settings.pools[0].context_length
        body = {"model": CHAT, "messages": [{"role": "user", "content": "Why?"}], "options": {"num_ctx": context}}
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(world.panel.client.post(world.panel.snapshot.proxy.url + "/api/chat", json=body))
            await world.starts.begun()
            group.create_task(world.control.cancel_tuning())
            snapshot = await world.panel.until(is_being_cancelled)
            assert all(one.draining for one in snapshot.instances)
            world.starts.let_go()
        answer = asked.result()
        assert (answer.status_code, answer.headers["X-Panel-Instance"]) == (200, "chat-1")
        await world.former_settings()


async def test_after_three_interruptions_a_quiet_time_is_waited_for_with_the_former_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tuning_world(tmp_path, monkeypatch, memory=NARROW, script=(trial(4),)) as world:
        world.bench.waits_in = {"wave"}
        await world.begin()
        for times in (1, 2, 3):
            await world.bench.until("wave", times)
            assert (await world.panel.chat()).status_code == 200
            if times < 3:
                await world.panel.later(course.QUIET_S)
        snapshot = await world.panel.until(waits_for_the_clock)
        assert is_as_before(await world.former_settings())
        assert snapshot.tuning is not None
        assert snapshot.tuning.reason is not None
        assert "3 times" in render(snapshot.tuning.reason)
        assert ":00" in render(snapshot.tuning.reason)
        await world.control.resume_tuning()
        world.bench.let_go()
        await world.panel.later(course.QUIET_S)
        assert (await world.until(TuningState.DONE)).interruptions == 3


async def test_a_tuning_goes_on_by_itself_at_the_quiet_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course, "MOST_INTERRUPTIONS", 1)
    async with tuning_world(tmp_path, monkeypatch, script=(trial(4),)) as world:
        world.bench.waits_in = {"wave"}
        await world.begin()
        await world.bench.until("wave")
        assert (await world.panel.chat()).status_code == 200
        await world.panel.until(waits_for_the_clock)
        world.bench.let_go()
        await world.panel.later(24 * 3600)
        await world.until(TuningState.DONE)


async def test_long_traffic_gets_the_former_settings_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with tuning_world(tmp_path, monkeypatch, memory=NARROW, script=(trial(4),)) as world:
        world.bench.waits_in = {"wave"}
        await world.begin()
        await world.bench.until("wave")
        async with world.panel.load(clients=1):
            await world.until(TuningState.WAITING)
            await world.panel.later(course.PATIENCE_S)
            await world.former_settings()
        world.bench.let_go()
        await world.panel.later(course.QUIET_S)
        await world.until(TuningState.DONE)


@pytest.mark.parametrize(("chat", "embedding", "disturbs"), [("", "", True), ("0", "0", True), ("0", "1", False)])
async def test_a_request_for_another_pool_interrupts_unless_it_runs_on_another_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chat: str, embedding: str, disturbs: bool
) -> None:
    async with tuning_world(tmp_path, monkeypatch, script=(trial(4),), wanted=two_pools(chat, embedding)) as world:
        world.bench.waits_in = {"wave"}
        await world.begin()
        await world.bench.until("wave")
        assert await embed(world) == 200
        assert world.bench.broken_off == (["wave"] if disturbs else [])
        world.bench.let_go()
        await world.panel.later(course.QUIET_S)
        await world.until(TuningState.DONE)
