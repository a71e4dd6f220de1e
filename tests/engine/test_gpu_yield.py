"""The GPU is given to others by a running engine, in virtual time."""

import asyncio
from pathlib import Path

import pytest

from ollama_panel.core.drill import DrillFault, DrillRequest, DrillState
from ollama_panel.core.errors import PanelError
from ollama_panel.core.gpu_yield import YieldCause, YieldRequest, YieldState
from ollama_panel.core.history.statistics import RequestStatistics
from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.engine import gpu_yield_file
from ollama_panel.engine.gpu_yield_file import Kept
from ollama_panel.engine.metrics import exposition
from tests.engine.test_keep_awake import Lock
from tests.fakes.live_engine import CHAT, EMBEDDING, LiveEngine, chat_pool, live, settings

pytestmark = pytest.mark.usefixtures("fast")

GIVE, CUT = YieldRequest(), YieldRequest(cut=True)


def is_free(one: Snapshot) -> bool:
    return not any(instance.models for instance in one.instances)


def codes(one: Snapshot) -> list[str]:
    return [problem.notice.code for problem in one.problems]


def kept(engine: LiveEngine) -> Kept:
    return gpu_yield_file.read(engine.paths.gpu_yield)


async def test_models_leave_requests_wait_and_all_goes_on(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as engine, asyncio.TaskGroup() as group:
        await engine.ready()
        assert await engine.chats(3) == [200] * 3
        await engine.until(lambda one: not is_free(one))
        given = await engine.engine.control.gpu_yield.give(GIVE)
        assert (given.state, given.cause, given.notes) == (YieldState.YIELDED, YieldCause.USER, ())
        assert given.freed > 0
        assert is_free(engine.snapshot)
        waits = group.create_task(engine.chats(3))
        found = await engine.until(lambda one: one.gpu_yield.waiting == 3)
        assert {render(one.why) for one in found.requests if one.why} == {
            "The GPU is given to other programs: this request waits until you take it back."
        }
        assert b'ollama_panel_gpu_given{cause="user"} 1.0' in exposition(found, RequestStatistics())
        await engine.later(600)
        assert not waits.done()
        back = await engine.engine.control.gpu_yield.take_back()
        assert back.state is YieldState.SERVING
        assert await waits == [200] * 3


async def test_it_is_kept_and_forgotten_when_it_is_taken_back(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as engine:
        await engine.ready()
        await engine.engine.control.gpu_yield.give(GIVE)
        assert kept(engine).since is not None
        await engine.engine.control.gpu_yield.take_back()
        assert kept(engine) == Kept()


async def test_pinned_models_stay_away_meanwhile_and_come_back(tmp_path: Path) -> None:
    pinned = settings(("pools.chat.preload", CHAT), pools=chat_pool())
    async with live(tmp_path, pinned) as engine:
        await engine.ready()
        await engine.until(lambda one: not is_free(one))
        await engine.engine.control.gpu_yield.give(GIVE)
        await engine.later(120)
        assert is_free(engine.snapshot)
        with pytest.raises(PanelError, match="take the GPU back first"):
            await engine.engine.control.models.load(InstanceId("chat-1"), ModelName(CHAT))
        await engine.engine.control.gpu_yield.take_back()
        await engine.until(lambda one: not is_free(one))


async def test_a_model_that_somebody_loads_meanwhile_leaves_again(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as engine:
        url = (await engine.ready()).instances[0].url
        await engine.engine.control.gpu_yield.give(GIVE)
        await engine.client.post(f"{url}/api/generate", json={"model": CHAT, "stream": False})
        await engine.until(lambda one: not is_free(one))
        await engine.until(is_free)
        await engine.engine.control.gpu_yield.take_back()


async def test_what_runs_ends_first_and_can_be_cut_after_all(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool(parallel=1))) as engine, asyncio.TaskGroup() as group:
        await engine.ready()
        long = group.create_task(engine.chat(100_000))
        await engine.until(lambda one: any(request.instance for request in one.requests))
        first = group.create_task(engine.engine.control.gpu_yield.give(GIVE))
        await engine.until(lambda one: one.gpu_yield.state is YieldState.FINISHING)
        assert engine.snapshot.gpu_yield.running == 1
        given = await engine.engine.control.gpu_yield.give(CUT)
        assert (given.state, given.waiting, (await first).state) == (YieldState.YIELDED, 1, YieldState.YIELDED)
        assert not long.done()
        await engine.engine.control.gpu_yield.take_back()
        assert (await long).status_code == 200


async def test_taking_it_back_before_it_is_free_ends_the_wait(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool(parallel=1))) as engine, asyncio.TaskGroup() as group:
        await engine.ready()
        running = group.create_task(engine.chat(2_000))
        await engine.until(lambda one: any(request.instance for request in one.requests))
        given = group.create_task(engine.engine.control.gpu_yield.give(GIVE))
        await engine.until(lambda one: one.gpu_yield.state is YieldState.FINISHING)
        await engine.engine.control.gpu_yield.take_back()
        assert (await given).state is YieldState.SERVING
        assert (await running).status_code == 200
        assert (await engine.chat()).status_code == 200


async def test_a_restart_meanwhile_loads_nothing(tmp_path: Path) -> None:
    pinned = settings(("pools.chat.preload", CHAT), pools=chat_pool())
    async with live(tmp_path, pinned) as engine:
        await engine.ready()
        await engine.until(lambda one: not is_free(one))
        await engine.engine.control.gpu_yield.give(GIVE)
        await engine.engine.apply(settings(("pools.chat.preload", CHAT), pools=chat_pool(parallel=3)))
        record = engine.instance("chat-1")
        assert (record.parallel, record.models) == (3, ())
        stats = (await engine.client.get(record.url + "/sim/stats")).json()
        assert not stats["models"].get(CHAT, {}).get("loads")
        await engine.engine.control.gpu_yield.take_back()
        await engine.until(lambda one: not is_free(one))


async def test_a_drill_ends_for_it_and_none_begins(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool(workers=2))) as engine:
        await engine.ready()
        assert await engine.chats(1) == [200]
        await engine.until(lambda one: one.models and not is_free(one))
        drills, gpu = engine.engine.control.drills, engine.engine.control.gpu_yield
        assert (await drills.begin(DrillRequest((DrillFault.SLOW,)))).state is DrillState.RUNNING
        given = await gpu.give(GIVE)
        ended = await drills.show()
        assert ended is not None
        assert (ended.state, ended.problem) == (DrillState.CANCELLED, notice("drill.given"))
        assert given.state is YieldState.YIELDED
        assert is_free(engine.snapshot)
        with pytest.raises(PanelError) as refused:
            await drills.begin(DrillRequest())
        assert refused.value.notice == notice("gpu_yield.no_load")
        await gpu.take_back()
        assert (await drills.begin(DrillRequest())).state is DrillState.RUNNING
        await drills.cancel()


async def test_the_machine_may_sleep_while_requests_wait_for_the_gpu(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as engine, asyncio.TaskGroup() as group:
        await engine.ready()
        assert engine.composition is not None
        lock = Lock()
        lock.begin()
        engine.composition.operations.keep_awake._lock = lock
        await engine.engine.control.gpu_yield.give(GIVE)
        waits = group.create_task(engine.chats(3))
        await engine.until(lambda one: one.gpu_yield.waiting == 3)
        await engine.later(3600)
        assert lock.log == []
        await engine.engine.control.gpu_yield.take_back()
        await engine.until(lambda one: one.keep_awake.held)
        assert await waits == [200] * 3


async def test_a_request_in_parts_is_one_that_waits_and_lets_the_machine_sleep(tmp_path: Path) -> None:
    wanted = settings(pools=(PoolSettings(PoolName("embedding"), Role.EMBEDDING, 2, 1),))
    async with live(tmp_path, wanted) as engine, asyncio.TaskGroup() as group:
        await engine.ready()
        assert engine.composition is not None
        operations = engine.composition.operations
        asked = {"model": EMBEDDING, "input": [f"text {number} " * 20 for number in range(300)]}
        bulk = group.create_task(engine.client.post(f"{engine.snapshot.proxy.url}/api/embed", json=asked))
        await engine.until(lambda one: one.requests and one.requests[0].why)  # parts are done
        given = await engine.engine.control.gpu_yield.give(GIVE)
        assert (given.state, given.running, given.waiting) == (YieldState.YIELDED, 0, 1)
        assert not operations._busy()
        await engine.engine.control.gpu_yield.take_back()
        answer = await bulk
        assert len(answer.json()["embeddings"]) == 300
        assert engine.snapshot.served == 1


async def test_a_state_folder_that_takes_nothing_is_told_and_the_gpu_is_given_all_the_same(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as engine:
        await engine.ready()
        engine.paths.gpu_yield.mkdir()
        given = await engine.engine.control.gpu_yield.give(GIVE)
        assert given.state is YieldState.YIELDED
        assert "gpu_yield.not_kept" in codes(engine.snapshot)
        back = await engine.engine.control.gpu_yield.take_back()
        assert back.state is YieldState.SERVING
        assert "gpu_yield.not_kept" not in codes(engine.snapshot), "the file says what is so"
        assert (await engine.chat()).status_code == 200
        await engine.engine.control.gpu_yield.give(GIVE)
        engine.paths.gpu_yield.rmdir()
        await engine.until(lambda one: "gpu_yield.not_kept" not in codes(one))
        assert kept(engine).since is not None
        await engine.engine.control.gpu_yield.take_back()
