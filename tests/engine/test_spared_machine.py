"""A machine on its battery or in heat runs fewer requests at once: the whole engine, with power that is made up."""

import asyncio
from pathlib import Path

import pytest

from ollama_panel.core.limits import LimitReason, ModelLimit
from ollama_panel.core.notices.render import render
from ollama_panel.core.power_rule import HOT_S
from ollama_panel.core.settings import codec
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.telemetry import SystemReading, ThermalPressure
from ollama_panel.engine.host.power import PowerReading
from tests.fakes.live_engine import LiveEngine, chat_pool, live, settings

pytestmark = pytest.mark.usefixtures("fast")

SLOTS = 4
BATTERY = PowerReading(on_battery=True)
MAINS = PowerReading(on_battery=False, low_power=False, thermal_pressure=ThermalPressure.NOMINAL)


class Machine:
    """What it tells can be changed."""

    def __init__(self) -> None:
        self.power = MAINS

    def read(self) -> PowerReading:
        return self.power


def limit(snapshot: Snapshot) -> ModelLimit | None:
    return next((one for instance in snapshot.instances for one in instance.limits), None)


def read(system: SystemReading) -> PowerReading:
    return PowerReading(system.on_battery, system.low_power, system.thermal_pressure)


def at_once(snapshot: Snapshot) -> list[int]:
    """Return how many ran when each request was dispatched, itself included, in the order of dispatch."""
    spans = sorted((one.dispatched or 0.0, one.finished or 0.0) for one in snapshot.finished)
    return [sum(begun <= at < ended for begun, ended in spans) for at, _ in spans]


async def told(panel: LiveEngine, machine: Machine, power: PowerReading) -> str:
    """Change the machine's power; return what is told of the limit once it is in force."""
    machine.power = power
    assert panel.composition is not None
    panel.composition.telemetry.wake()
    await panel.until(lambda one: one.telemetry and read(one.telemetry.system) == power)
    await panel.composition.limits.look()
    found = limit(panel.snapshot)
    assert found is not None
    return render(found.told)


async def test_on_battery_half_of_the_slots_run_and_all_of_them_afterwards(tmp_path: Path) -> None:
    machine = Machine()
    wanted = settings(pools=chat_pool(parallel=SLOTS))
    async with live(tmp_path, wanted, power=machine.read) as panel, asyncio.TaskGroup() as group:
        await panel.ready()
        assert (await panel.chat()).status_code == 200
        full = f"{SLOTS} of {SLOTS} slots: nothing else limits it"
        assert await told(panel, machine, MAINS) == full
        before = [group.create_task(panel.chat(tokens=2000)) for _ in range(SLOTS)]
        await panel.until(lambda one: one.pools[0].in_flight == SLOTS)
        assert await told(panel, machine, BATTERY) == "2 of 4 slots: the machine runs on its battery"
        after = [group.create_task(panel.chat(tokens=100)) for _ in range(6)]
        assert [(await one).status_code for one in (*before, *after)] == 10 * [200]
        assert {one.attempts for one in panel.snapshot.finished} == {1}, "what runs goes on"
        assert max(at_once(panel.snapshot)[-6:]) == 2
        found = limit(panel.snapshot)
        assert found is not None
        assert (found.limit, found.reason) == (2, LimitReason.POWER)
        assert await told(panel, machine, MAINS) == full


async def test_critical_heat_leaves_one_and_counts_for_a_minute_and_the_settings_override_it(tmp_path: Path) -> None:
    machine = Machine()
    wanted = settings(pools=chat_pool(parallel=SLOTS))
    async with live(tmp_path, wanted, power=machine.read) as panel:
        await panel.ready()
        await panel.chat()
        critical = PowerReading(thermal_pressure=ThermalPressure.CRITICAL)
        assert await told(panel, machine, critical) == "1 of 4 slots: the machine is critically hot"
        assert await told(panel, machine, MAINS) == "2 of 4 slots: heat slows the machine down"
        await panel.engine.apply(codec.set(panel.snapshot.settings, "scheduling.power_slots", "3"))
        assert await told(panel, machine, MAINS) == "3 of 4 slots: heat slows the machine down"
        await panel.engine.apply(codec.set(panel.snapshot.settings, "scheduling.spare_machine", "off"))
        assert await told(panel, machine, BATTERY) == "4 of 4 slots: nothing else limits it"
        await panel.engine.apply(codec.set(panel.snapshot.settings, "scheduling.spare_machine", "on"))
        await panel.later(HOT_S)
        assert await told(panel, machine, MAINS) == "4 of 4 slots: nothing else limits it"
