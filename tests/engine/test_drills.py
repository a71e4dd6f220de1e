"""How a drill begins, fails and is cancelled; `tests/e2e/test_drill.py` has real processes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from ollama_panel.core.drill import DrillFault, DrillRequest, DrillState
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.launch import Inherited
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.tuning.placement import Placement
from ollama_panel.engine.drill_place import DrillWorld
from ollama_panel.engine.drills import Drills
from tests.fakes.waiting import deadline

TINY = ModelFacts(ModelName("tiny:latest"), size=1000)
CHAT = PoolName("chat")


class Workers:
    """Workers that do not start; `room` says whether the memory holds one more.

    `begun` is set when they are to be taken away, which takes until `free` is.
    """

    def __init__(self, *, room: bool = True) -> None:
        self.room = room
        self.placed = list[Placement | None]()
        self.preparing, self.held = asyncio.Event(), asyncio.Event()
        self.begun, self.free = asyncio.Event(), asyncio.Event()
        self.free.set()

    def fits_beside(self, _needed: int | None, _gpu: bool) -> bool:
        return self.room

    async def prepare(self, placement: Placement, *, fresh: bool) -> tuple[str, ...]:
        self.placed.append(placement)
        self.preparing.set()
        await self.held.wait()
        raise PanelError(notice("instance.down"))

    async def restore(self, *, serve: bool = True) -> Notice | None:
        self.begun.set()
        await self.free.wait()
        self.placed.append(None)
        return None


class World:
    """An engine with a pool for chats, as far as a drill looks at it."""

    def __init__(self, *, room: bool = True, instances: int = 1, models: tuple[ModelFacts, ...] = (TINY,)) -> None:
        settings = Settings()
        self.workers = Workers(room=room)
        self.tuning: Any = SimpleNamespace(record=None)
        records = [
            InstanceRecord(InstanceId(f"chat-{number}"), CHAT, Role.CHAT, True, "http://x", Phase.READY)
            for number in range(1, instances + 1)
        ]
        self.store: Any = SimpleNamespace(
            proxy=SimpleNamespace(url="http://127.0.0.1:1"),
            models=models,
            settings=settings,
            inherited=Inherited(),
            pool_for=lambda _: CHAT,
            instances=lambda: records,
            instance=lambda name: next((one for one in records if one.id == name), None),
        )
        system = SimpleNamespace(seconds=asyncio.get_running_loop().time)
        context: Any = SimpleNamespace(system=system, gpu=False, client=httpx.AsyncClient(), changed=lambda: None)
        nobody: Any = SimpleNamespace(headers=dict)
        self.dispatcher: Any = SimpleNamespace(policy=Policy())
        world = DrillWorld(self.workers, nobody, self.dispatcher, nobody, self.tuning, lambda _: None)
        self.drills = Drills(context, self.store, world)


@asynccontextmanager
async def running(world: World) -> AsyncIterator[Drills]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(world.drills.run())
        yield world.drills
        task.cancel()


async def refused(world: World, request: DrillRequest = DrillRequest()) -> str:  # noqa: B008 - it is frozen
    with pytest.raises(PanelError) as caught:
        world.drills.begin(request)
    return caught.value.notice.code


async def test_it_runs_all_faults_at_one_more_worker() -> None:
    record = World().drills.begin(DrillRequest())
    assert (record.state, record.instance) == (DrillState.RUNNING, "chat-2")
    assert [one.fault for one in record.steps] == list(DrillFault)


async def test_only_the_faults_that_are_named_each_once() -> None:
    record = World().drills.begin(DrillRequest((DrillFault.SLOW, DrillFault.KILL, DrillFault.SLOW)))
    assert [one.fault for one in record.steps] == [DrillFault.SLOW, DrillFault.KILL]


async def test_why_none_is_possible_is_said() -> None:
    assert await refused(World(models=())) == "drill.no_models"
    assert await refused(World(), DrillRequest(model="other")) == "drill.no_model"
    assert await refused(World(room=False)) == "drill.no_room"
    world = World()
    world.store.proxy.url = ""
    assert await refused(world) == "trial.proxy_off"
    world = World()
    world.dispatcher.policy = Policy(given=notice("waiting.given"))
    assert await refused(world) == "gpu_yield.no_load"
    world = World()
    world.drills.begin(DrillRequest())
    assert await refused(world) == "drill.running"


async def test_a_worker_that_does_not_start_fails_it_and_is_taken_away() -> None:
    world = World()
    async with running(world) as drills, deadline("the end of the drill"):
        drills.begin(DrillRequest())
        world.workers.held.set()
        await drills._ended.wait()
        assert drills.record is not None
        assert (drills.record.state, drills.record.score) == (DrillState.FAILED, None)
        assert drills.record.problem == notice("instance.down")
        assert world.workers.placed[-1] is None


@pytest.mark.parametrize("turns", [0, 1, 5])
async def test_it_can_be_cancelled_at_any_time(turns: int) -> None:
    world = World()
    async with running(world) as drills, deadline("the end of the drill"):
        drills.begin(DrillRequest())
        for _ in range(turns):
            await asyncio.sleep(0)
        assert (await drills.cancel()).state is DrillState.CANCELLED
        assert world.workers.placed[-1:] in ([], [None])
        with pytest.raises(PanelError):
            await drills.cancel()
        assert drills.begin(DrillRequest()).state is DrillState.RUNNING, "another one can begin"
        await drills.cancel()


async def test_the_next_cannot_begin_before_the_last_has_ended() -> None:
    world, caught = World(), list[str]()
    async with running(world) as drills, deadline("the end of the drill"):

        def changed() -> None:
            if drills.record is not None and drills.record.state is DrillState.FAILED and not caught:
                with pytest.raises(PanelError) as refusal:
                    drills.begin(DrillRequest())
                caught.append(refusal.value.notice.code)

        drills._context.changed = changed
        drills.begin(DrillRequest())
        world.workers.held.set()
        await drills._ended.wait()
        assert caught == ["drill.running"]
        assert drills.record is not None
        assert drills.record.state is DrillState.FAILED


@pytest.mark.parametrize("fails", [True, False])
async def test_its_instance_is_taken_away_however_often_it_is_cancelled(fails: bool) -> None:
    world = World()
    world.workers.free.clear()
    async with running(world) as drills, asyncio.TaskGroup() as group, deadline("the end of the drill"):
        drills.begin(DrillRequest())
        await world.workers.preparing.wait()
        if fails:  # it ends by itself
            world.workers.held.set()
            await world.workers.begun.wait()
        cancelled = [group.create_task(drills.cancel())]
        await world.workers.begun.wait()
        cancelled.append(group.create_task(drills.cancel()))
        group.create_task(drills.rest_for_others())
        await asyncio.sleep(0)
        world.workers.free.set()
        expected = DrillState.FAILED if fails else DrillState.CANCELLED
        assert [(await one).state for one in cancelled] == [expected] * 2
        assert world.workers.placed[-1] is None


async def test_it_ends_for_others_who_get_the_gpu() -> None:
    world = World()
    async with running(world) as drills, deadline("the end of the drill"):
        await drills.rest_for_others()
        assert drills.record is None, "there was none"
        drills.begin(DrillRequest())
        await drills.rest_for_others()
        assert drills.record is not None
        assert (drills.record.state, drills.record.problem) == (DrillState.CANCELLED, notice("drill.given"))
        drills.begin(DrillRequest())
        assert (await drills.cancel()).problem is None


async def test_no_harm_is_done_if_a_request_of_others_has_come_while_the_processes_were_looked_for() -> None:
    drills, found = World().drills, list[bool]()
    looks = iter([True, False, True, True])
    harm: Any = SimpleNamespace(find=lambda: noted(found))
    drills._is_ours = lambda *_: next(looks)
    assert await drills._its_turn(InstanceId("chat-2"), SimpleNamespace(), harm)
    assert len(found) == 2


async def noted(found: list[bool]) -> None:
    found.append(True)
