"""The whole engine on simulated servers, which are real child processes: what a user may do while clients talk."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import httpx
import pytest

from ollama_panel.core import codec
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, PoolName, RequestId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling import record
from ollama_panel.core.settings import PoolSettings, Settings
from ollama_panel.core.snapshot import RequestState, Snapshot
from ollama_panel.engine.engine import Engine, Overrides
from ollama_panel.engine.paths import Paths
from tests.fakes.live_engine import CHAT, LiveEngine, answers, live, settings

ONE = InstanceId("chat-1")


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_SIM_SPEED", "20")
    monkeypatch.delenv("OLLAMA_HOST", raising=False)


@pytest.fixture
def slow(fast: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_SIM_SPEED", "3")


def chat_pool(workers: int = 1, parallel: int = 2) -> tuple[PoolSettings, ...]:
    return (PoolSettings(PoolName("chat"), Role.CHAT, workers, parallel),)


def parallels(snapshot: Snapshot) -> list[int | None]:
    return [one.parallel for one in snapshot.instances if answers(one)]


def busy(snapshot: Snapshot) -> bool:
    return any(one.state is RequestState.RUNNING for one in snapshot.requests)


async def test_a_chat_goes_through_and_its_time_line_is_told(tmp_path: Path) -> None:
    async with live(tmp_path) as panel:
        await panel.ready()
        answer = await panel.chat(tokens=5)
        assert answer.status_code == 200
        assert answer.headers["X-Panel-Instance"] == "chat-1"
        snapshot = await panel.until(lambda one: one.finished)
        (record,) = snapshot.finished
        assert (record.state, record.instance, record.output_tokens) == (RequestState.DONE, ONE, 5)
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
        first = await panel.until(lambda one: one.finished and not panel.instance("chat-1").tokens_per_s)
        second = await panel.until(lambda one: one.at > first.at)
        assert second.finished[0] is first.finished[0]
        assert second.pools[1] is first.pools[1]
        assert second.settings is first.settings


async def test_more_parallel_under_load_costs_no_request_and_is_used(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool(workers=2))) as panel:
        await panel.ready()
        async with asyncio.TaskGroup() as group:
            load = group.create_task(panel.chats(120, tokens=100))
            await panel.until(lambda one: one.served >= 10)
            progress = panel.until(lambda one: "parallel 2 → 4" in one.pools[0].progress)
            told = group.create_task(progress)
            await panel.engine.apply(codec.set(panel.snapshot.settings, "pools.chat.parallel", "4"))
            more = group.create_task(panel.chats(60, tokens=100))
        assert set(load.result()) | set(more.result()) == {200}
        assert "chat-" in told.result().pools[0].progress
        assert parallels(panel.snapshot) == [4, 4]
        assert await panel.peaks() == {"chat-1": 4, "chat-2": 4}


async def test_a_killed_worker_costs_no_request_that_had_received_nothing(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool(workers=2))) as panel:
        await panel.ready()
        async with asyncio.TaskGroup() as group:
            load = group.create_task(panel.chats(60, tokens=50))
            await panel.until(lambda one: one.served >= 10)
            pid = panel.instance("chat-1").pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
        assert set(load.result()) == {200}
        await panel.until(lambda _: answers(panel.instance("chat-1")))
        assert panel.instance("chat-1").restarts == 1


async def test_workers_come_and_go_under_load(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        async with asyncio.TaskGroup() as group:
            load = group.create_task(panel.chats(80, tokens=50))
            for workers in ("3", "1"):
                await panel.engine.apply(codec.set(panel.snapshot.settings, "pools.chat.workers", workers))
                assert len((await panel.ready()).instances) == int(workers)
        assert set(load.result()) == {200}


async def test_the_newest_of_two_applies_wins_and_both_return(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        three, four = (codec.set(panel.snapshot.settings, "pools.chat.parallel", number) for number in "34")
        await asyncio.gather(panel.engine.apply(three), panel.engine.apply(four))
        snapshot = await panel.until(lambda one: all(map(answers, one.instances)))
        assert parallels(snapshot) == [4]
        assert codec.load(panel.paths.settings.read_bytes())[0] == four
        assert snapshot.pools[0].progress == ""


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
        snapshot = await panel.until(lambda one: parallels(one) == [3])
        assert snapshot.settings.pools[0].parallel == 3


async def test_a_file_broken_while_the_panel_runs_changes_nothing_but_is_said(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        panel.paths.settings.write_bytes(b"{ half")
        snapshot = await panel.until(lambda one: one.problems)
        assert "The settings stay as they are." in snapshot.problems[0].message
        assert snapshot.settings.pools == chat_pool()
        panel.paths.settings.write_bytes(codec.dump(settings(pools=chat_pool())))
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
        await panel.until(lambda _: panel.instance("chat-1").models)
        await panel.engine.unload_all()
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


async def test_a_recorded_run_replays_to_the_same_actions(tmp_path: Path) -> None:
    wanted = settings(("scheduling.record_events", "on"), pools=chat_pool())
    async with live(tmp_path, wanted) as panel:
        await panel.ready()
        await panel.chats(5)
    lines = panel.paths.events.read_bytes().splitlines()
    steps = list(record.replay(record.read(lines)))
    assert len(steps) > 20
    assert all(list(step.actions) == actions for step, actions in steps)


async def test_the_door_closes_and_opens_for_this_run(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await panel.engine.set_proxy(False)
        snapshot = await panel.until(lambda one: not one.proxy.on)
        assert snapshot.settings.proxy.enabled
        await panel.engine.set_proxy(True)
        await panel.ready()
        assert (await panel.chat()).status_code == 200


async def test_a_taken_port_is_said_and_another_one_is_taken_when_the_settings_change(tmp_path: Path) -> None:
    async with live(tmp_path / "first") as first:
        taken = (await first.ready()).proxy.url.rpartition(":")[2]
        wanted = settings(("proxy.port", taken), pools=chat_pool())
        async with live(tmp_path / "second", wanted, Overrides(demo=True)) as second:
            snapshot = await second.until(lambda one: one.proxy.problem)
            assert taken in snapshot.proxy.problem
            assert not snapshot.proxy.on
            free = str(free_port())
            await second.engine.apply(codec.set(snapshot.settings, "proxy.port", free))
            snapshot = await second.ready()
            assert snapshot.proxy.url.endswith(free)
            assert snapshot.proxy.problem == ""


async def test_the_proxy_moves_to_another_port_while_a_stream_runs_on_the_old_one(tmp_path: Path, slow: None) -> None:
    first, second = free_port(), free_port()
    wanted = settings(("proxy.port", str(first)), pools=chat_pool())
    async with live(tmp_path, wanted, Overrides(demo=True)) as panel:
        await panel.ready()
        async with asyncio.TaskGroup() as group:
            stream = group.create_task(panel.chat(tokens=400, stream=True))
            await panel.until(busy)
            await panel.engine.apply(codec.set(wanted, "proxy.port", str(second)))
            await panel.until(lambda one: one.proxy.url.endswith(str(second)))
        assert '"done":true' in stream.result().text
        assert (await panel.chat()).status_code == 200


async def test_a_missing_program_is_a_sentence_and_nothing_crashes(tmp_path: Path) -> None:
    wanted = settings(("ollama.binary", "/nowhere/ollama"), pools=chat_pool())
    async with live(tmp_path, wanted, Overrides(port=0)) as panel:
        snapshot = await panel.until(lambda one: one.instances and one.instances[0].phase is Phase.FAILED)
        assert snapshot.problems[0].where == "ollama.binary"
        assert "/nowhere/ollama" in snapshot.problems[0].message
        assert not snapshot.demo
        assert snapshot.instances[0].detail


async def test_a_worker_that_dies_at_once_tells_its_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_SIM_FAULTS", "die-at-once")
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        snapshot = await panel.until(lambda one: one.instances and one.instances[0].phase is Phase.BACKOFF)
        assert "It is started again" in snapshot.instances[0].detail


async def test_settings_under_which_a_worker_dies_stop_half_way_and_leave_the_other(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool(workers=2))) as panel:
        await panel.ready()
        fatal = codec.set(panel.snapshot.settings, "pools.chat.environment.OLLAMA_SIM_FAULTS", "die-at-once")
        async with asyncio.TaskGroup() as group:
            attempt = group.create_task(refused(panel, fatal))
            await panel.until(lambda _: panel.instance("chat-1").phase is Phase.BACKOFF)
            assert set(await panel.chats(3)) == {200}
            await panel.engine.apply(settings(pools=chat_pool(workers=2)))
        assert attempt.result() == ""
        await panel.until(lambda one: all(map(answers, one.instances)))


async def refused(panel: LiveEngine, wanted: Settings) -> str:
    try:
        await panel.engine.apply(wanted)
    except PanelError as error:
        return str(error)
    return ""


async def test_an_ollama_that_runs_already_is_used_and_never_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with live(tmp_path / "other", settings(pools=chat_pool(workers=1, parallel=1))) as other:
        found = (await other.ready()).instances[0]
        monkeypatch.setenv("OLLAMA_HOST", found.url)
        wanted = settings(
            ("ollama.adopt", "on"), ("ollama.binary", str(a_program(tmp_path))), pools=chat_pool(workers=0)
        )
        async with live(tmp_path / "ours", wanted, Overrides(port=0)) as ours:
            snapshot = await ours.until(lambda one: one.instances and answers(one.instances[0]))
            adopted = snapshot.instances[0]
            assert not adopted.managed
            assert adopted.url == found.url
            assert "not the panel's to change" in adopted.detail
            assert set(await ours.chats(3)) == {200}
            await ours.engine.stop_all()
        assert (await other.chat()).status_code == 200


async def test_a_model_that_only_the_adopted_server_has_is_asked_for_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with live(tmp_path / "other", settings(pools=chat_pool(parallel=1))) as other:
        monkeypatch.setenv("OLLAMA_HOST", (await other.ready()).instances[0].url)
        monkeypatch.setenv("OLLAMA_SIM_CATALOG", "gemma3:4b")
        program = str(a_program(tmp_path, f'exec "{sys.executable}" -m ollama_panel.sim "$@"'))
        wanted = settings(("ollama.adopt", "on"), ("ollama.binary", program), pools=chat_pool())
        async with live(tmp_path / "ours", wanted, Overrides(port=0)) as ours:
            await ours.until(lambda one: {CHAT, "gemma3:4b"} <= {facts.name for facts in one.models})
            answers = [await ours.chat() for _ in range(3)]
            assert {one.headers["X-Panel-Instance"] for one in answers} == {ours.snapshot.instances[1].id}
            assert {one.status_code for one in answers} == {200}
            assert (await ours.chat(model="gemma3:4b")).headers["X-Panel-Instance"] == "chat-1"


async def test_a_port_that_somebody_took_from_a_dead_worker_is_given_up(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        before = panel.instance("chat-1")
        assert before.pid is not None
        port = int(before.url.rpartition(":")[2])
        os.kill(before.pid, signal.SIGKILL)
        await panel.until(lambda _: panel.instance("chat-1").phase is Phase.BACKOFF)
        with socket.create_server(("127.0.0.1", port)):
            await panel.until(lambda _: answers(panel.instance("chat-1")))
            assert panel.instance("chat-1").url != before.url
            assert (await panel.chat()).status_code == 200


async def test_a_second_engine_on_the_same_folder_is_told_who_was_first(tmp_path: Path) -> None:
    async with live(tmp_path) as panel:
        await panel.ready()
        with pytest.raises(PanelError, match=f"process {os.getpid()}"):
            await Engine(Paths(tmp_path), lambda _: None).run()


async def test_the_end_waits_for_streams_and_leaves_no_process_and_no_note(tmp_path: Path, slow: None) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        assert panel.paths.panel.exists()
        pid = panel.instance("chat-1").pid
        async with asyncio.TaskGroup() as group:
            stream = group.create_task(panel.chat(tokens=400, stream=True))
            await panel.until(busy)
            panel.engine.end()
            await panel.task
        assert '"done":true' in stream.result().text
        assert not panel.paths.panel.exists()
        assert pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_a_second_wish_to_end_does_not_wait(tmp_path: Path, slow: None) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        async with asyncio.TaskGroup() as group:
            stream = group.create_task(cut_off(panel))
            await panel.until(busy)
            panel.engine.end()
            panel.engine.end()
            await panel.task
        assert stream.result()


async def cut_off(panel: LiveEngine) -> bool:
    try:
        return '"done":true' not in (await panel.chat(tokens=4000, stream=True)).text
    except httpx.HTTPError:
        return True


async def test_an_engine_that_dies_says_so_and_takes_its_children_with_it(tmp_path: Path) -> None:
    seen = list[Snapshot]()
    engine = Engine(Paths(tmp_path), seen.append, Overrides(port=0, demo=True))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(outcome(engine))
        await engine.busy()
        parts = engine._parts
        assert parts is not None
        parts.dispatcher.step = None  # type: ignore[assignment, method-assign]
    assert "The engine has stopped: TypeError" in running.result()
    assert "TypeError" in seen[-1].fatal
    with pytest.raises(PanelError, match="does not run any more"):
        await engine.busy()


async def outcome(engine: Engine) -> str:
    try:
        await engine.run()
    except PanelError as error:
        return str(error)
    return ""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def a_program(folder: Path, command: str = "exit 1") -> Path:
    """Return a program that does `command`, in the place of Ollama."""
    path = folder / "ollama"
    path.write_text(f"#!/bin/sh\n{command}\n")
    path.chmod(0o755)
    return path
