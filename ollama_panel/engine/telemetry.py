"""Reads the sensors: once a second while a window shows the state, else as seldom as their history needs it."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.devices import Devices
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.telemetry import GpuReading, InstanceReading, SystemReading, Telemetry
from ollama_panel.engine.driver_thread import HUNG_S, DriverThread
from ollama_panel.engine.host.gpu import Sensors
from ollama_panel.engine.host.gpu.device_log import DeviceLog
from ollama_panel.engine.host.gpu.main_memory import MainMemory, swap
from ollama_panel.engine.host.power import PowerReading, ReadPower
from ollama_panel.engine.host.process_load import ProcessLoads
from ollama_panel.engine.pace import Pace
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)

WATCHED_S = 1.0
"""The interval of readings while a window shows them."""

UNWATCHED_S = 5.0
"""The interval while requests run, or somebody reads the status or the metrics; else it is `pace.IDLE_S`."""

FRESH_S = 2.0
"""The age from which the sensors are read anew for somebody who asks: as that of the memory (`sampler.FRESH_S`)."""

_WAIT_S = 0.2
"""How long somebody waits for a reading."""

_TOLD_AFTER = 2
"""How often a driver is given up before people are told: after a sleep of the machine, time-outs are over at once."""


class TelemetryReader:
    """Reads all sensors and puts what they tell into the store.

    `log` has the cards that servers' logs name, `power` reads battery and heat. `demo_gpu` returns the simulated card
    in a demonstration, else None. A driver that takes more than `hung_s` seconds is given up.
    """

    def __init__(
        self,
        store: Store,
        sensors: Sensors,
        log: DeviceLog,
        now: Callable[[], float],
        pace: Pace,
        demo_gpu: Callable[[], GpuReading | None] = lambda: None,
        hung_s: float = HUNG_S,
        power: ReadPower = PowerReading,
    ) -> None:
        self._store = store
        self._sensors = sensors
        self._now = now
        self._pace = pace
        self._demo_gpu = demo_gpu
        self._log = log
        self._hung_s = hung_s
        self._power = power
        self._loads = ProcessLoads()
        self._thread = DriverThread("sensors")
        self._main = MainMemory()
        self._given_up = 0
        self._failed = False
        self._told: tuple[Problem, ...] = ()
        self.gpus: tuple[GpuReading, ...] = ()
        self._read_at = float("-inf")
        self._due = asyncio.Event()
        self._taken = asyncio.Event()

    def wake(self) -> None:
        """Read the sensors now."""
        self._due.set()

    async def read(self) -> None:
        """Return when the sensors were read just now, or could not be read in a fifth of a second."""
        if self._now() - self._read_at < FRESH_S:
            return
        self.wake()
        with suppress(TimeoutError):
            async with asyncio.timeout(_WAIT_S):
                await self._taken.wait()

    def interval(self) -> float:
        """Return in how many seconds the sensors are to be read again."""
        return self._pace.interval(WATCHED_S if self._pace.watched else UNWATCHED_S)

    async def run(self) -> None:
        """Read the sensors until cancelled."""
        try:
            while True:
                self._due.clear()
                async with asyncio.TaskGroup() as group:
                    gpus, instances = group.create_task(self._gpus()), group.create_task(self._instances())
                    power = group.create_task(asyncio.to_thread(self._power))
                self._read_at, self.gpus, system = self._now(), gpus.result(), self._system(power.result())
                self._store.set_telemetry(Telemetry(self._read_at, system, self.gpus, instances.result()))
                taken, self._taken = self._taken, asyncio.Event()
                taken.set()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self.interval()):
                        await self._due.wait()
        finally:
            self._thread.close()

    async def _gpus(self) -> tuple[GpuReading, ...]:
        simulated = self._demo_gpu()
        if simulated is not None:
            return (simulated,)
        try:
            found = await self._thread.call(self._sensors.read, self._hung_s)
        except TimeoutError:
            self._given_up += 1
            if self._given_up >= _TOLD_AFTER:
                self._report([notice("gpu.silent", seconds=round(self._hung_s))])
            return self._sensors.unknown()
        except Exception:  # noqa: BLE001 - nothing that a driver tells may end the panel
            if not self._failed:
                _LOG.exception("the sensors of the cards cannot be read")
            self._failed = True
            return self._sensors.unknown()
        self._given_up = 0
        self._report([])
        return with_named(found, self._log.devices)

    def _report(self, found: Iterable[Notice]) -> None:
        """Report what is wrong with the cards, and log what is new."""
        problems = tuple(Problem("gpu", one) for one in found)
        for problem in problems:
            if problem not in self._told:
                _LOG.warning(render(problem.told))
        self._told = problems
        self._store.set_problems("sensors", problems)

    def _system(self, power: PowerReading) -> SystemReading:
        """Return the reading of the machine; how busy the CPU is has just been measured for the charts."""
        sample, memory, swapped = self._store.sample, self._main.read(), swap()
        return SystemReading(
            cpu_percent=sample.cpu_percent if sample else None,
            memory_used=memory.used if memory else None,
            memory_total=memory.total if memory else None,
            swap_used=swapped[0] if swapped else None,
            swap_total=swapped[1] if swapped else None,
            on_battery=power.on_battery,
            low_power=power.low_power,
            thermal_pressure=power.thermal_pressure,
        )

    async def _instances(self) -> tuple[InstanceReading, ...]:
        """Return the readings of the instances; the health check has read how much memory their processes have."""
        records = self._store.instances()
        servers = {one.id: _key(one) for one in records if one.pid is not None}
        loads = await asyncio.to_thread(self._loads.read, servers, self._now())
        return tuple(InstanceReading(one.id, one.rss_bytes, loads.get(one.id)) for one in records)


def with_named(told: tuple[GpuReading, ...], devices: Devices) -> tuple[GpuReading, ...]:
    """Return the cards with those that only the servers' logs name, of which nothing but their size is known.

    Such are AMD's and Intel's on Windows. A device without an address may be any of those that are told.
    """
    known = {gpu.id for gpu in told}
    more = [one for one in devices.gpus if one.address not in known and (one.address or not told)]
    named = (
        GpuReading(one.address or one.name, one.name, None, memory_total=one.total, unified=one.integrated)
        for one in more
    )
    return (*told, *named)


def _key(record: InstanceRecord) -> tuple[int, object]:
    """Return the process of an instance, and what changes whenever a runner starts or ends."""
    return record.pid or 0, tuple(model.name for model in record.models)
