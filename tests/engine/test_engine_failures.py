"""The whole engine in failures and at its end: each problem is reported, nothing is lost or left behind."""

import asyncio
import json
import os
import socket
import sys
from pathlib import Path

import httpx
import msgspec
import psutil
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices.render import render
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import RequestState, Snapshot
from ollama_panel.engine.engine import Engine
from ollama_panel.engine.instances import process
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.paths import Paths
from tests.fakes.live_engine import CHAT, LiveEngine, answers, chat_pool, live, on_this_loop, settings
from tests.fakes.ports import free_port
from tests.fakes.virtual import advance

pytestmark = pytest.mark.usefixtures("fast")
NO_SUCCESSOR = ("ollama.twin", "off")
"""A worker whose settings change is restarted in its place, also where the memory would hold both."""


def busy(snapshot: Snapshot) -> bool:
    return any(one.state is RequestState.RUNNING for one in snapshot.requests)


async def test_a_taken_port_is_said_and_another_one_is_taken_when_the_settings_change(tmp_path: Path) -> None:
    async with live(tmp_path / "first") as first:
        taken = (await first.ready()).proxy.url.rpartition(":")[2]
        wanted = settings(("proxy.port", taken), pools=chat_pool())
        async with live(tmp_path / "second", wanted, Overrides(demo=True)) as second:
            snapshot = await second.until(lambda one: one.proxy.problem)
            assert taken in render(snapshot.proxy.problem)
            assert not snapshot.proxy.on
            free = str(free_port())
            await second.engine.apply(codec.set(snapshot.settings, "proxy.port", free))
            snapshot = await second.ready()
            assert snapshot.proxy.url.endswith(free)
            assert snapshot.proxy.problem is None


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
            assert not stream.done()
            await panel.later(10)
        assert '"done":true' in stream.result().text
        assert (await panel.chat()).status_code == 200


def test_a_door_that_everybody_could_reach_without_a_key_is_said(tmp_path: Path) -> None:
    engine = Engine(Paths(tmp_path), lambda _: None)
    wanted = settings(("proxy.require_key", "never"))
    assert engine._proxy_warnings(wanted) == ()
    (problem,) = engine._proxy_warnings(codec.set(wanted, "proxy.host", "0.0.0.0"))
    assert "without a key" in render(problem.notice)


async def test_a_missing_program_is_a_sentence_and_nothing_crashes(tmp_path: Path) -> None:
    wanted = settings(("ollama.binary", "/nowhere/ollama"), pools=chat_pool())
    async with live(tmp_path, wanted, Overrides(port=0)) as panel:
        snapshot = await panel.until(lambda one: one.instances and one.instances[0].phase is Phase.FAILED)
        assert snapshot.problems[0].where == "ollama.binary"
        assert "/nowhere/ollama" in render(snapshot.problems[0].notice)
        assert not snapshot.demo
        assert render(snapshot.instances[0].detail).startswith("There is no program /nowhere/ollama")


async def test_programs_get_a_notice_as_a_code_with_values_and_as_a_sentence(tmp_path: Path) -> None:
    wanted = settings(("ollama.binary", "/nowhere/ollama"), pools=chat_pool())
    async with live(tmp_path, wanted, Overrides(port=0)) as panel:
        snapshot = await panel.until(lambda one: one.instances and one.instances[0].phase is Phase.FAILED)
        status = json.loads(await panel.engine.control.status())
        detail = status["instances"][0]["detail"]
        assert (detail["code"], detail["values"]) == ("program.missing", {"path": "/nowhere/ollama"})
        assert detail["text"] == render(snapshot.instances[0].detail)
        assert status["problems"][0]["notice"]["text"] == render(snapshot.problems[0].notice)
        read = msgspec.json.decode(await panel.engine.control.status(), type=Snapshot)
        assert (read.instances[0].detail, read.problems) == (snapshot.instances[0].detail, snapshot.problems)


async def test_a_worker_that_dies_at_once_tells_its_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_SIM_FAULTS", "die-at-once")
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        snapshot = await panel.until(lambda one: one.instances and one.instances[0].phase is Phase.BACKOFF)
        assert "It is started again" in render(snapshot.instances[0].detail)


async def test_settings_under_which_a_worker_dies_stop_half_way_and_leave_the_other(tmp_path: Path) -> None:
    async with live(tmp_path, settings(NO_SUCCESSOR, pools=chat_pool(workers=2))) as panel:
        await panel.ready()
        fatal = codec.set(panel.snapshot.settings, "pools.chat.environment.OLLAMA_SIM_FAULTS", "die-at-once")
        async with asyncio.TaskGroup() as group:
            attempt = group.create_task(apply_error(panel, fatal))
            await panel.until(lambda _: panel.instance("chat-1").phase is Phase.BACKOFF)
            assert set(await panel.chats(3)) == {200}
            await panel.engine.apply(settings(NO_SUCCESSOR, pools=chat_pool(workers=2)))
        assert attempt.result() == ""
        await panel.until(lambda one: all(map(answers, one.instances)))


async def test_a_worker_that_was_given_up_and_mended_is_no_problem_any_more(tmp_path: Path) -> None:
    wanted = settings(("ollama.binary", str(tmp_path / "ollama")), pools=chat_pool())
    async with live(tmp_path / "state", wanted, Overrides(port=0)) as panel:
        snapshot = await panel.until(lambda one: "instances" in problem_sources(one))
        assert render(snapshot.problems[-1].notice).startswith("chat-1 does not run with these settings: ")
        a_program(tmp_path, f'exec "{sys.executable}" -m ollama_panel.sim "$@"')
        await panel.engine.ensure_running(InstanceId("chat-1"))
        await panel.until(lambda one: "instances" not in problem_sources(one) and answers(one.instances[0]))


async def test_a_worker_that_was_given_up_gets_another_port_if_its_own_was_taken_meanwhile(tmp_path: Path) -> None:
    wanted = settings(("ollama.binary", str(tmp_path / "ollama")), pools=chat_pool())
    async with live(tmp_path / "state", wanted, Overrides(port=0)) as panel:
        await panel.until(lambda one: "instances" in problem_sources(one))
        before = panel.instance("chat-1")
        a_program(tmp_path, f'exec "{sys.executable}" -m ollama_panel.sim "$@"')
        with socket.create_server(("127.0.0.1", before.port)):
            await panel.engine.apply(wanted)
            await panel.until(lambda _: answers(panel.instance("chat-1")))
        assert panel.instance("chat-1").port != before.port


def problem_sources(snapshot: Snapshot) -> list[str]:
    return [problem.where for problem in snapshot.problems]


async def test_an_apply_that_the_end_overtakes_says_so(tmp_path: Path) -> None:
    async with live(tmp_path, settings(NO_SUCCESSOR, pools=chat_pool())) as panel:
        await panel.ready()
        fatal = codec.set(panel.snapshot.settings, "pools.chat.environment.OLLAMA_SIM_FAULTS", "die-at-once")
        async with asyncio.TaskGroup() as group:
            attempt = group.create_task(apply_error(panel, fatal))
            await panel.until(lambda _: panel.instance("chat-1").phase is Phase.BACKOFF)
            panel.engine.end()
            await panel.task
        assert attempt.result() == "The panel has ended before the settings were in force everywhere."


async def apply_error(panel: LiveEngine, wanted: Settings) -> str:
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
            assert "not the panel's to change" in render(adopted.detail)
            assert set(await ours.chats(3)) == {200}
            await ours.engine.stop_all()
        assert (await other.chat()).status_code == 200


async def test_a_model_that_only_the_adopted_server_has_is_asked_for_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with live(tmp_path / "other", settings(pools=chat_pool(parallel=1))) as other:
        monkeypatch.setenv("OLLAMA_HOST", (await other.ready()).instances[0].url)
        monkeypatch.setenv("OLLAMA_SIM_CATALOG", "gemma3:4b")
        program = str(a_program(tmp_path))
        own = ("ollama.models_dir", str(tmp_path / "models"))
        wanted = settings(("ollama.adopt", "on"), ("ollama.binary", program), own, pools=chat_pool())
        async with live(tmp_path / "ours", wanted, Overrides(port=0), simulated=program) as ours:
            await ours.until(lambda one: {CHAT, "gemma3:4b"} <= {facts.name for facts in one.models})
            snapshot = await ours.until(lambda one: one.notices)
            assert [one.code for one in snapshot.notices] == ["stores.some_elsewhere"]
            assert {one.models for one in snapshot.stores} == {("gemma3:4b",), (CHAT, "nomic-embed-text:latest")}
            answers = [await ours.chat() for _ in range(3)]
            assert {one.headers["X-Panel-Instance"] for one in answers} == {ours.snapshot.instances[1].id}
            assert {one.status_code for one in answers} == {200}
            assert (await ours.chat(model="gemma3:4b")).headers["X-Panel-Instance"] == "chat-1"


async def test_a_port_that_somebody_took_from_a_dead_worker_is_given_up(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        before = panel.instance("chat-1")
        port = int(before.url.rpartition(":")[2])
        panel.kill("chat-1")
        await panel.until(lambda _: panel.instance("chat-1").phase is Phase.BACKOFF)
        with socket.create_server(("127.0.0.1", port)):
            await panel.later(2)
            await panel.until(lambda _: panel.instance("chat-1").phase is Phase.STARTING)
            await panel.later(5)  # who has the port takes the panel's question, and never answers it
            await panel.until(lambda _: answers(panel.instance("chat-1")))
            assert panel.instance("chat-1").url != before.url
            assert (await panel.chat()).status_code == 200


async def test_a_second_engine_on_the_same_folder_is_told_who_was_first(tmp_path: Path) -> None:
    async with live(tmp_path) as panel:
        await panel.ready()
        with pytest.raises(PanelError, match=f"process {os.getpid()}"):
            await Engine(Paths(tmp_path), lambda _: None).run()


async def test_the_end_waits_for_streams_and_leaves_no_process_and_no_note(tmp_path: Path, slow: None) -> None:
    async with live(tmp_path, settings(pools=chat_pool()), processes=True) as panel:
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


async def test_an_engine_that_dies_says_so_and_takes_its_children_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = list[Snapshot]()
    engine = Engine(Paths(tmp_path), seen.append, Overrides(port=0, demo=True), on_this_loop(process.spawn))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(outcome(engine))
        await engine.busy()
        composition = engine._composition
        assert composition is not None
        await composition.rollout.apply()
        pids = [one.pid for one in composition.store.instances()]
        monkeypatch.setattr(Dispatcher, "step", None)
        await advance(1)  # the memory is measured, and the dispatcher is to be told
    assert "The engine has stopped: TypeError" in running.result()
    assert "TypeError" in render(seen[-1].fatal)
    assert [pid is not None and psutil.pid_exists(pid) for pid in pids] == [False, False]
    with pytest.raises(PanelError, match="does not run any more"):
        await engine.busy()


async def outcome(engine: Engine) -> str:
    try:
        await engine.run()
    except PanelError as error:
        return str(error)
    return ""


def a_program(folder: Path, command: str = "exit 1") -> Path:
    """Return a program that does `command`, in the place of Ollama."""
    path = folder / "ollama"
    path.write_text(f"#!/bin/sh\n{command}\n")
    path.chmod(0o755)
    return path
