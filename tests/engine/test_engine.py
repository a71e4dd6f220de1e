"""The whole engine on simulated servers: the commands of a user while requests run."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, PoolName, RequestId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import RaiseContext
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling import context_switches, event_log
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import RequestState, Snapshot
from ollama_panel.engine import context_raises
from ollama_panel.engine.overrides import Overrides
from ollama_panel.lab.replay import Replay
from tests.fakes.live_engine import CHAT, LiveEngine, answers, chat_pool, live, settings

pytestmark = pytest.mark.usefixtures("fast")

ONE = InstanceId("chat-1")


def parallels(snapshot: Snapshot) -> list[int | None]:
    return [one.parallel for one in snapshot.instances if answers(one)]


async def test_a_chat_goes_through_and_its_time_line_is_told(tmp_path: Path) -> None:
    async with live(tmp_path) as panel:
        await panel.ready()
        answer = await panel.chat(tokens=5)
        assert answer.status_code == 200
        assert answer.headers["X-Panel-Instance"] == "chat-1"
        snapshot = await panel.until(lambda one: one.finished)
        (event_log,) = snapshot.finished
        assert (event_log.state, event_log.instance, event_log.output_tokens) == (RequestState.DONE, ONE, 5)
        assert panel.composition is not None
        known = panel.composition.dispatcher.state.fleet.instances[ONE].facts
        assert known.version == snapshot.ollama_version == "0.32.15"
        assert snapshot.demo
        assert snapshot.served == 1
        snapshot = await panel.until(lambda one: one.models)
        assert CHAT in {facts.name for facts in snapshot.models}
        assert len(await panel.engine.samples()) >= 1
        assert (await panel.engine.log_lines(ONE))[0] >= 1


async def test_what_did_not_change_stays_the_identical_object(tmp_path: Path) -> None:
    async with live(tmp_path) as panel:
        await panel.ready()
        await panel.chat()
        first = await panel.until(lambda one: one.finished)
        second = await panel.until(lambda one: one.at > first.at)
        assert second.finished[0] is first.finished[0]
        assert second.pools[1] is first.pools[1]
        assert second.settings is first.settings


async def test_a_problem_with_a_variable_names_the_variable_once(tmp_path: Path) -> None:
    wanted = codec.set(settings(), "pools.chat.environment.OLLAMA_MAX_WORKERS", "4")
    wanted = codec.set(wanted, "pools.chat.environment.OLLAMA_HOST", "127.0.0.1:1")
    async with live(tmp_path, wanted) as panel:
        told = [render(one.told) for one in (await panel.ready()).problems]
    for name, text in zip(("OLLAMA_MAX_WORKERS", "OLLAMA_HOST"), told, strict=True):
        assert text.startswith("pools.chat.environment: ")
        assert text.count(name) == 1


async def test_more_parallel_under_load_costs_no_request_and_is_used(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool(workers=2))) as panel:
        await panel.ready()
        async with panel.load(clients=12, tokens=100) as answers:
            await panel.until(lambda one: one.served >= 10)
            await panel.engine.apply(codec.set(panel.snapshot.settings, "pools.chat.parallel", "4"))
            await panel.peaked({"chat-1": 4, "chat-2": 4})
        assert set(answers) == {200}
        assert parallels(panel.snapshot) == [4, 4]


async def test_a_killed_worker_costs_no_request_that_had_received_nothing(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool(workers=2))) as panel:
        await panel.ready()
        async with panel.load(clients=12) as statuses:
            await panel.until(lambda one: one.served >= 10)
            panel.kill("chat-1")
            await panel.until(lambda _: panel.instance("chat-1").phase is Phase.BACKOFF)
            await panel.later(2)
            await panel.until(lambda _: answers(panel.instance("chat-1")))
        assert set(statuses) == {200}
        assert panel.instance("chat-1").restarts == 1


async def test_workers_come_and_go_under_load(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        async with panel.load(clients=8) as answers:
            for workers in (3, 1):
                await panel.engine.apply(codec.set(panel.snapshot.settings, "pools.chat.workers", str(workers)))
                await panel.until(lambda one, workers=workers: len(one.instances) == workers)
                await panel.ready()
        assert set(answers) == {200}


async def test_the_newest_of_two_applies_wins_and_both_return(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        three, four = (codec.set(panel.snapshot.settings, "pools.chat.parallel", number) for number in "34")
        await asyncio.gather(panel.engine.apply(three), panel.engine.apply(four))
        snapshot = await panel.until(lambda one: parallels(one) == [4])
        assert codec.load(panel.paths.settings.read_bytes())[0] == four
        assert snapshot.pools[0].progress is None


async def test_a_worker_that_is_wanted_again_while_it_is_removed_goes_on(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool(workers=2))) as running, asyncio.TaskGroup() as group:
        await running.ready()
        for _ in range(4):
            group.create_task(running.chat(tokens=300))
        await running.until(lambda snapshot: all(one.in_flight for one in snapshot.instances))
        removing = group.create_task(running.engine.apply(settings(pools=chat_pool(workers=1))))
        await running.until(lambda snapshot: any(one.draining for one in snapshot.instances))
        await running.engine.apply(settings(pools=chat_pool(workers=2)))
        await removing
        await running.engine.apply(settings(pools=chat_pool(workers=2, parallel=3)))
        snapshot = await running.ready()
    assert [one.parallel for one in snapshot.instances] == [3, 3]


async def test_an_instance_of_a_removed_pool_stays_its_own_until_its_requests_have_ended(tmp_path: Path) -> None:
    async with live(tmp_path) as running, asyncio.TaskGroup() as group:
        await running.ready()
        chat = group.create_task(running.chat(tokens=3000))
        await running.until(lambda snapshot: snapshot.pools[0].in_flight)
        rest = tuple(pool for pool in running.snapshot.settings.pools if pool.name != "chat")
        removing = group.create_task(running.engine.apply(settings(pools=rest)))
        snapshot = await running.until(lambda one: one.instances[-1].draining)
        assert (snapshot.instances[-1].pool, snapshot.instances[-1].role) == ("chat", Role.CHAT)
        (embedding,) = snapshot.pools
        assert (embedding.slots, embedding.in_flight, embedding.progress) == (1, 0, None)
        await removing
        assert (await chat).status_code == 200


async def test_settings_that_are_not_valid_change_nothing(tmp_path: Path) -> None:
    async with live(tmp_path) as panel:
        await panel.ready()
        before = panel.paths.settings.read_bytes()
        with pytest.raises(PanelError, match="pools must hold at least one pool"):
            await panel.engine.apply(Settings(pools=()))
        assert panel.paths.settings.read_bytes() == before


async def test_a_file_that_somebody_else_changed_is_applied(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        panel.paths.settings.write_bytes(codec.dump(settings(pools=chat_pool(parallel=3))))
        await panel.later(1)
        snapshot = await panel.until(lambda one: parallels(one) == [3])
        assert snapshot.settings.pools[0].parallel == 3


async def test_a_file_broken_while_the_panel_runs_changes_nothing_but_is_said(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        panel.paths.settings.write_bytes(b"{ half")
        await panel.later(1)
        snapshot = await panel.until(lambda one: one.problems)
        assert "The settings stay as they are." in render(snapshot.problems[0].notice)
        assert snapshot.settings.pools == chat_pool()
        panel.paths.settings.write_bytes(codec.dump(settings(pools=chat_pool())))
        await panel.later(1)
        await panel.until(lambda one: not one.problems)


async def test_a_stopped_instance_stays_stopped_until_it_is_started(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool(workers=2))) as panel:
        await panel.ready()
        await panel.engine.ensure_stopped(ONE)
        await panel.until(lambda _: panel.instance("chat-1").phase is Phase.STOPPED)
        await panel.engine.apply(codec.set(panel.snapshot.settings, "pools.chat.parallel", "3"))
        assert panel.instance("chat-1").phase is Phase.STOPPED
        assert set(await panel.chats(4)) == {200}
        await panel.engine.ensure_running(ONE)
        await panel.until(lambda one: parallels(one) == [3, 3])


async def test_an_instance_that_was_stopped_and_restarted_follows_the_settings_again(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await panel.engine.ensure_stopped(ONE)
        await panel.engine.restart(ONE)
        await panel.engine.apply(codec.set(panel.snapshot.settings, "pools.chat.parallel", "3"))
        await panel.until(lambda one: parallels(one) == [3])


async def test_all_instances_stop_and_start_and_waiting_requests_survive(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await panel.engine.stop_all()
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(panel.chat())
            await panel.until(lambda one: one.pools[0].queued == 1)
            assert await panel.engine.busy() == 1
            await panel.engine.start_all()
        assert waiting.result().status_code == 200


async def test_memory_is_freed_on_demand(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await panel.chat()
        await panel.later(1)
        await panel.until(lambda _: panel.instance("chat-1").models)
        await panel.engine.unload_all()
        await panel.later(1)
        await panel.until(lambda _: not panel.instance("chat-1").models)


async def test_a_waiting_request_can_be_cancelled(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await panel.engine.stop_all()
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(panel.chat())
            snapshot = await panel.until(lambda one: one.requests)
            assert snapshot.requests[0].position == 1
            await panel.engine.cancel_request(RequestId(snapshot.requests[0].id))
        assert waiting.result().status_code >= 400
        assert "cancelled" in waiting.result().text
        await panel.until(lambda one: one.finished and one.finished[0].state is RequestState.CANCELLED)


async def test_while_paused_requests_wait_and_none_is_lost(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await panel.engine.set_paused(True)
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(panel.chats(3))
            snapshot = await panel.until(lambda one: one.pools[0].queued == 3)
            assert snapshot.paused
            await panel.engine.set_paused(False)
        assert set(waiting.result()) == {200}


async def test_an_apply_does_not_end_a_pause(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await panel.engine.set_paused(True)
        await panel.engine.apply(codec.set(panel.snapshot.settings, "proxy.queue_limit", "50"))
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(panel.chats(3))
            await panel.until(lambda one: one.pools[0].queued == 3)
            await panel.engine.set_paused(False)
        assert set(waiting.result()) == {200}


async def test_a_recorded_run_replays_to_the_same_actions_and_records(tmp_path: Path) -> None:
    wanted = settings(("scheduling.record_events", "on"), pools=chat_pool())
    async with live(tmp_path, wanted) as panel:
        await panel.ready()
        await panel.chats(10)
        assert panel.composition is not None
        timeline = panel.composition.timeline
    again, (recorded,) = Replay(), panel.paths.recordings.iterdir()
    steps = list(again.take(event_log.read(recorded.read_bytes().splitlines())))
    assert len(steps) > 20
    assert all(list(step.actions) == actions for step, actions in steps)
    assert again.records() == timeline.finished_records() != ()
    assert again.timeline.counts.served_by == timeline.counts.served_by


async def test_the_door_closes_and_opens_for_this_run(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await panel.engine.set_proxy(False)
        snapshot = await panel.until(lambda one: not one.proxy.on)
        assert snapshot.settings.proxy.enabled
        await panel.engine.set_proxy(True)
        await panel.ready()
        assert (await panel.chat()).status_code == 200


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """An idle model is reloaded at once, and conflicts are looked for all the time."""
    monkeypatch.setattr(context_switches, "IDLE_US", 1000)
    monkeypatch.setattr(context_raises, "_POLL_S", 0.05)


async def reload_again_and_again(panel: LiveEngine) -> None:
    """Ask for a long context and without one in turns: a first load, then three pairs of reloads."""
    url = panel.snapshot.proxy.url
    prompt = [{"role": "user", "content": "hi"}]
    native = {"model": CHAT, "messages": prompt, "stream": False, "options": {"num_ctx": 16_384, "num_predict": 1}}
    for _ in range(4):
        for path, body in (
            ("/api/chat", native),
            ("/v1/chat/completions", {"model": CHAT, "messages": prompt, "max_tokens": 1}),
        ):
            answer = await panel.client.post(url + path, json=body)
            assert answer.status_code == 200


@pytest.mark.usefixtures("hasty")
async def test_who_reloads_a_model_again_and_again_is_told_and_nothing_is_changed_unasked(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await reload_again_and_again(panel)
        snapshot = await panel.until(lambda one: one.notices)
        (notice,) = snapshot.notices
        assert notice.code == "context_conflict.known"
        assert notice.action == RaiseContext((PoolName("chat"),), 16_384)
        await panel.later(1)
        assert panel.snapshot.settings.pools[0].context_length == 4096


@pytest.mark.usefixtures("hasty")
async def test_the_context_is_raised_by_itself_where_the_user_allows_it(tmp_path: Path) -> None:
    wanted = settings(("scheduling.raise_context", "on"), pools=chat_pool())
    async with live(tmp_path, wanted) as panel:
        await panel.ready()
        await reload_again_and_again(panel)
        snapshot = await panel.until(lambda one: one.settings.pools[0].context_length == 16_384)
        snapshot = await panel.until(lambda one: not one.notices and all(map(answers, one.instances)))
        assert len(snapshot.instances) == 1


@pytest.mark.parametrize(("model", "gib"), [("qwen3.5:27b", 24), ("granite4:tiny-h", 8), ("gemma4:e4b", 13)])
async def test_a_longer_context_that_fits_is_given_to_a_model_whose_layers_differ(
    tmp_path: Path, model: str, gib: int
) -> None:
    """Its numbers by layer are null unless they are asked for; by those of its widest layer it would not fit."""
    (pool,) = chat_pool()
    pool = msgspec.structs.replace(pool, context_length=4096, environment={"OLLAMA_SIM_CATALOG": model})
    overrides = Overrides(port=0, demo=True, demo_bytes=gib * GIB)
    async with live(tmp_path, settings(pools=(pool,)), overrides) as panel:
        await panel.ready()
        await panel.until(lambda one: model in {facts.name for facts in one.models})
        body = {"model": model, "prompt": "Hello", "stream": False, "options": {"num_ctx": 32768, "num_predict": 1}}
        answer = await panel.client.post(panel.snapshot.proxy.url + "/api/generate", json=body)
        assert answer.status_code == 200
        (loaded,) = (await panel.client.get(panel.instance("chat-1").url + "/api/ps")).json()["models"]
        assert loaded["context_length"] == 32768
