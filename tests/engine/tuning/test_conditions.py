"""Tests of the readings of the machine while a trial is measured."""

import asyncio

import msgspec

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Budget, BudgetSource, InstanceRecord, MemoryKind, Sample, Snapshot
from ollama_panel.core.telemetry import GpuReading, InstanceReading, SystemReading, Telemetry
from ollama_panel.core.tuning.conditions import Reading
from ollama_panel.engine.tuning.conditions import Conditions
from tests.fakes.waiting import Changes

CARD = GpuReading("0000:01:00.0", utilization_percent=40.0)
WORKER = InstanceRecord(InstanceId("chat-1"), PoolName("chat"), Role.CHAT, True, "http://127.0.0.1:1", Phase.READY)
SERVERS = (InstanceReading(InstanceId("chat-1"), 1, 120.0), InstanceReading(InstanceId("chat-2"), 1, 40.0))
MACHINE = Snapshot(
    5.0,
    Settings(),
    cores=4,
    instances=(WORKER,),
    telemetry=Telemetry(5.0, SystemReading(cpu_percent=50.0, on_battery=False), (CARD,), SERVERS),
    sample=Sample(5.0, 0, 0, 0, 0.0, None, 1, 2, MemoryKind.GPU, budget=Budget(9, 5, BudgetSource.DRIVER, others=3)),
)


class Machine:
    """A machine whose snapshot a test changes; `reads` counts how often its sensors were read."""

    def __init__(self) -> None:
        self.snapshot = MACHINE
        self.reads = 0
        self.read_changes = Changes(lambda: f"the sensors were read {self.reads} times")
        self.conditions = Conditions(lambda: self.snapshot, self.read)

    async def read(self) -> None:
        self.reads += 1
        self.read_changes.notify()

    async def first_reading(self) -> Reading:
        """Return what is read between the first two times that the sensors are."""
        self.reads, readings = 0, list[Reading]()
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(self.conditions.watch(readings))
            await self.read_changes.until(lambda: self.reads == 2)
            watching.cancel()
        return readings[0]


async def test_a_reading_has_the_cards_and_the_share_of_all_cores_that_the_servers_take() -> None:
    machine = Machine()
    assert await machine.first_reading() == Reading(5.0, (CARD,), 3, 50.0, 40.0, False)


async def test_what_is_not_known_stays_unknown() -> None:
    machine = Machine()
    machine.snapshot = msgspec.structs.replace(MACHINE, telemetry=None)
    assert await machine.first_reading() == Reading(5.0)
    unknown = (InstanceReading(InstanceId("chat-1")), *SERVERS)
    telemetry = Telemetry(6.0, SystemReading(), (), unknown)
    machine.snapshot = msgspec.structs.replace(MACHINE, telemetry=telemetry, sample=None)
    assert await machine.first_reading() == Reading(6.0)


async def test_main_memory_that_comes_and_goes_is_not_read() -> None:
    machine = Machine()
    assert MACHINE.sample is not None
    sample = msgspec.structs.replace(MACHINE.sample, memory_kind=MemoryKind.SYSTEM)
    machine.snapshot = msgspec.structs.replace(MACHINE, sample=sample)
    assert (await machine.first_reading()).others_bytes is None


def test_before_a_measurement_it_is_told_what_would_disturb_it() -> None:
    machine = Machine()
    (gpu,) = map(render, machine.conditions.now())
    assert gpu == "The GPU is 40 % busy with other programs."
    telemetry = Telemetry(5.0, SystemReading(on_battery=True))
    machine.snapshot = msgspec.structs.replace(MACHINE, telemetry=telemetry)
    (battery,) = map(render, machine.conditions.now())
    assert battery.startswith("The machine runs on its battery")


def test_a_card_that_is_busy_with_the_users_requests_is_not_told() -> None:
    machine = Machine()
    busy = (msgspec.structs.replace(WORKER, in_flight=1),)
    machine.snapshot = msgspec.structs.replace(MACHINE, instances=busy)
    assert machine.conditions.now() == ()
