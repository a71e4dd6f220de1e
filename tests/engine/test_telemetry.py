"""The reader of the sensors: how often it reads, and what it tells while a driver hangs."""

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.devices import Devices
from ollama_panel.core.ollama.serverlog_facts import ComputeFound
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import InstanceRecord, Snapshot
from ollama_panel.core.telemetry import GpuReading, GpuVendor, InstanceReading, Telemetry
from ollama_panel.engine.host.gpu import Sensors
from ollama_panel.engine.host.gpu.device_log import DeviceLog
from ollama_panel.engine.pace import IDLE_S, LINGER_S, Pace
from ollama_panel.engine.store import Store
from ollama_panel.engine.telemetry import UNWATCHED_S, WATCHED_S, TelemetryReader, with_named
from tests.fakes.timelines import ToldTimeline
from tests.fakes.waiting import DEADLINE_S, deadline

CARD = GpuReading("0000:01:00.0", "RTX 4090", GpuVendor.NVIDIA, temperature_c=60)
ONE = InstanceId("chat-1")


class Panel:
    """A reader at work on one card."""

    def __init__(self, hung_s: float) -> None:
        self.changed = asyncio.Event()
        self.store = Store(Settings(), ToldTimeline(), self.changed.set, lambda _: 0)
        self.now = 0.0
        self.busy = False
        self.pace = Pace(lambda: self.busy, lambda: self.now, lambda: None)
        self.told: GpuReading | None = CARD
        self.error: Exception | None = None
        self.answers = threading.Event()
        self.answers.set()
        self.demo: GpuReading | None = None
        self.seconds = 0.0
        times = itertools.count(1)
        sensors = Sensors([self._read])
        self.reader = TelemetryReader(
            self.store,
            sensors,
            DeviceLog(),
            lambda: self.seconds + next(times) / 1000,
            self.pace,
            lambda: self.demo,
            hung_s=hung_s,
        )

    def _read(self) -> tuple[GpuReading, ...]:
        self.answers.wait(DEADLINE_S)
        if self.error is not None:
            raise self.error
        return (self.told,) if self.told else ()

    async def next(self) -> Telemetry:
        """Return the readings after those that are there."""
        before = self.snapshot.telemetry
        self.reader.wake()
        async with deadline("the sensors to be read"):
            while self.snapshot.telemetry is before or self.snapshot.telemetry is None:
                self.changed.clear()
                await self.changed.wait()
        return self.snapshot.telemetry

    @property
    def snapshot(self) -> Snapshot:
        return self.store.snapshot(1.0, ())

    @property
    def problems(self) -> list[str]:
        return [problem.notice.code for problem in self.snapshot.problems]


@asynccontextmanager
async def running(hung_s: float = DEADLINE_S) -> AsyncIterator[Panel]:
    panel = Panel(hung_s)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(panel.reader.run())
        while (await panel.next()).gpus != (panel.told,):
            pass
        yield panel
        task.cancel()


async def test_the_machine_its_cards_and_its_servers_are_read() -> None:
    async with running() as panel:
        panel.told = GpuReading("0000:01:00.0", "RTX 4090", GpuVendor.NVIDIA, temperature_c=61)
        panel.store.put_instance(
            InstanceRecord(ONE, PoolName("chat"), Role.CHAT, True, "", Phase.READY, pid=1, rss_bytes=5)
        )
        found = await panel.next()
        assert found.gpus == (panel.told,)
        assert [(one.id, one.rss_bytes) for one in found.instances] == [(ONE, 5)]
        assert found.system.memory_total is not None
        assert found.system.memory_used is not None
        assert 0 < found.system.memory_used < found.system.memory_total
        assert found.system.swap_total is not None
        assert found.system.cpu_percent is None, "the charts have not measured it yet"


async def test_a_server_that_does_not_run_is_unknown() -> None:
    async with running() as panel:
        panel.store.put_instance(InstanceRecord(ONE, PoolName("chat"), Role.CHAT, True, "", Phase.STOPPED))
        assert (await panel.next()).instances == (InstanceReading(ONE),)


async def test_a_driver_that_hangs_is_told_of_once_and_its_cards_are_unknown(caplog: pytest.LogCaptureFixture) -> None:
    async with running(hung_s=0.01) as panel:
        caplog.clear()
        panel.answers.clear()
        for told in ([], ["gpu.silent"], ["gpu.silent"]):
            assert (await panel.next()).gpus == (GpuReading(CARD.id, CARD.name, CARD.vendor),)
            assert panel.problems == told
        assert len(caplog.messages) == 1
        panel.answers.set()
        while panel.problems:
            await panel.next()
        assert (await panel.next()).gpus == (CARD,)


async def test_a_driver_whose_answer_cannot_be_read_ends_nothing_and_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with running() as panel:
        await panel.next()
        panel.error = OverflowError("too large")
        for _ in range(2):
            telemetry = await panel.next()
            assert telemetry.gpus == (GpuReading(CARD.id, CARD.name, CARD.vendor),)
        panel.error = None
        assert (await panel.next()).gpus == (CARD,)
    assert caplog.text.count("the sensors of the cards cannot be read") == 1


async def test_a_card_whose_driver_is_lost_is_lost_until_it_is_back() -> None:
    async with running() as panel:
        panel.told = None
        for _ in range(2):
            assert (await panel.next()).gpus == (GpuReading(CARD.id, CARD.name, CARD.vendor, lost=True),)
        panel.told = CARD
        assert (await panel.next()).gpus == (CARD,)


AMD = ComputeFound("ROCm", "RX 7800 XT", 16, 15, "0000:03:00.0")
VULKAN = ComputeFound("Vulkan", "Arc A770", 8, 7, "", integrated=False)


@pytest.mark.parametrize(
    ("told", "named", "added"),
    [
        ((), (AMD, VULKAN), ["0000:03:00.0", "Arc A770"]),
        ((CARD,), (AMD,), ["0000:03:00.0"]),
        ((CARD,), (VULKAN,), []),  # may be the card that is told
        ((GpuReading("0000:03:00.0"),), (AMD,), []),
        ((CARD,), (), []),
    ],
)
def test_a_card_that_only_a_log_names_is_known_by_its_size(
    told: tuple[GpuReading, ...], named: tuple[ComputeFound, ...], added: list[str]
) -> None:
    found = with_named(told, Devices(named, listed=True))
    assert found[: len(told)] == told
    assert [gpu.id for gpu in found[len(told) :]] == added
    assert all(gpu.memory_total and gpu.memory_used is None for gpu in found[len(told) :])


async def test_the_sensors_are_read_seldom_while_nobody_looks() -> None:
    async with running() as panel:
        panel.pace.watch(True)
        assert panel.reader.interval() == WATCHED_S
        panel.pace.watch(False)
        panel.busy = True
        assert panel.reader.interval() == UNWATCHED_S
        panel.busy, panel.now = False, panel.now + 2 * LINGER_S
        assert 0 < panel.reader.interval() <= IDLE_S


async def test_whoever_asks_gets_readings_of_this_moment() -> None:
    async with running() as panel:
        panel.told = GpuReading(CARD.id, CARD.name, CARD.vendor, temperature_c=65)
        panel.seconds = 100.0
        async with deadline("the sensors to be read"):
            while panel.snapshot.telemetry is None or panel.snapshot.telemetry.gpus != (panel.told,):
                await panel.reader.read()
        panel.told = CARD
        await panel.reader.read()
        assert panel.snapshot.telemetry.gpus != (CARD,), "it was read just now"


async def test_nobody_waits_long_for_a_driver_that_hangs() -> None:
    async with running() as panel:
        panel.seconds = 100.0
        panel.answers.clear()
        async with deadline("the reading to be given up"):
            await panel.reader.read()
        panel.answers.set()


async def test_in_a_demonstration_the_card_is_simulated() -> None:
    async with running() as panel:
        panel.demo = GpuReading("demo", memory_total=8)
        assert (await panel.next()).gpus == (panel.demo,)
