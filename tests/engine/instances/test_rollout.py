"""The roll-out of settings, with a fleet whose instances do what the test says."""

import asyncio

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.instances.rollout import Rollout
from ollama_panel.engine.instances.successor import Told
from ollama_panel.engine.store import Store
from tests.fakes.waiting import deadline

WORKERS = [InstanceId(f"chat-{number}") for number in (1, 2, 3)]


def spec(worker: InstanceId, parallel: int, **more: str) -> InstanceSpec:
    port = 40_000 + WORKERS.index(worker)
    environment = {"OLLAMA_NUM_PARALLEL": str(parallel), **more}
    return InstanceSpec(worker, 1, PoolName("chat"), Role.CHAT, ("ollama",), "127.0.0.1", port, environment)


class ScriptedFleet:
    """Every instance is ready after it was replaced, and then in the phase of `later`, if it is there."""

    def __init__(self, later: dict[InstanceId, Phase]) -> None:
        self.running = {worker: spec(worker, 2) for worker in WORKERS}
        self.replaced: list[InstanceId] = []
        self.told: list[str] = []
        self.store: Store | None = None
        self._later = later

    def __contains__(self, worker: InstanceId) -> bool:
        return worker in self.running

    def specs(self) -> dict[InstanceId, InstanceSpec]:
        return dict(self.running)

    def configure(self, worker: InstanceId, wanted: InstanceSpec) -> None:
        self.running[worker] = wanted

    def keep(self, worker: InstanceId) -> None:
        pass

    def refresh(self) -> None:
        pass

    async def replace(self, worker: InstanceId, wanted: InstanceSpec, told: Told) -> InstanceRecord:
        self.replaced.append(worker)
        self.running[worker] = wanted
        assert self.store is not None
        (shown,) = [pool.progress for pool in self.store.snapshot(0.0, ()).pools if pool.progress]
        self.told.append(render(shown))
        return record(worker, Phase.READY)

    async def wait_settled(self, worker: InstanceId) -> InstanceRecord:
        return record(worker, self._later.get(worker, Phase.READY))


def record(worker: InstanceId, phase: Phase) -> InstanceRecord:
    return InstanceRecord(worker, PoolName("chat"), Role.CHAT, True, "", phase)


async def apply(fleet: ScriptedFleet, parallel: int = 3, **more: str) -> str:
    """Roll out another number of parallel requests and more variables; return the reason if that fails."""
    timeline = Timeline()
    store = Store(Settings(), timeline, lambda: None, lambda _: 1)
    fleet.store = store
    wanted = tuple(spec(worker, parallel, **more) for worker in WORKERS)
    rollout = Rollout(fleet, store, timeline.counts, lambda: wanted, fleet.replace)  # type: ignore[arg-type] # it stands in for a Fleet
    async with asyncio.TaskGroup() as group:
        running = group.create_task(rollout.run())
        try:
            async with deadline("the end of the roll-out"):
                await rollout.apply()
        except PanelError as error:
            return str(error)
        finally:
            running.cancel()
    return ""


async def test_all_workers_get_new_settings_one_after_the_other() -> None:
    fleet = ScriptedFleet({})
    assert await apply(fleet) == ""
    assert fleet.replaced == WORKERS


async def test_the_pool_says_which_worker_restarts_and_why_as_long_as_it_does() -> None:
    fleet = ScriptedFleet({})
    await apply(fleet)
    assert fleet.told == [f"{number} of 3: Restarting chat-{number}: Parallel 2 → 3." for number in (1, 2, 3)]
    assert fleet.store is not None
    assert {pool.progress for pool in fleet.store.snapshot(0.0, ()).pools} == {None}


async def test_a_worker_that_dies_soon_after_it_got_new_settings_is_the_last_to_get_them() -> None:
    fleet = ScriptedFleet({WORKERS[0]: Phase.FAILED})
    assert (await apply(fleet)).startswith("chat-1 does not run with these settings")
    assert fleet.replaced == WORKERS[:1]


async def test_who_deletes_from_the_store_counts_from_the_next_start_on_without_a_restart() -> None:
    fleet = ScriptedFleet({})
    assert await apply(fleet, parallel=2, OLLAMA_NOPRUNE="1") == ""
    assert fleet.replaced == []
    assert {one.environment["OLLAMA_NOPRUNE"] for one in fleet.running.values()} == {"1"}
