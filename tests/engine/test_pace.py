"""How often the engine looks at what changes by itself: seldom, while nobody wants to know. All in virtual time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ollama_panel.core.ids import RequestId
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.scheduling.messages import MemoryMeasured
from ollama_panel.core.series import RECENT_S
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import MemoryKind
from ollama_panel.engine.host.gpu import Memory
from ollama_panel.engine.pace import IDLE_S, LINGER_S, READER_S, Pace, until_next
from ollama_panel.engine.sampler import SWAP_S, Sampler
from ollama_panel.engine.store import Store
from tests.fakes.timelines import ToldTimeline, job
from tests.fakes.virtual import advance, virtual_loop
from tests.fakes.waiting import deadline

STEP_S = 0.25
REQUEST = RequestId("r1")


class Panel:
    """A sampler at work; `reads` are the moments at which the memory was read, `used` is what it finds."""

    def __init__(self) -> None:
        now = asyncio.get_running_loop().time
        self.timeline = ToldTimeline()
        self.store = Store(Settings(), self.timeline, lambda: None, lambda _: 0)
        counts = self.timeline.counts
        self.pace = Pace(lambda: bool(counts.open()), now, lambda: self.sampler.wake())
        self.measured = list[MemoryMeasured]()
        self.loaded = False
        self.others = 0
        self.swap: int | None = None
        self.sampler = Sampler(
            self.store,
            counts,
            self._read,
            self.measured.append,
            now,
            self.pace,
            others=lambda: self.others,
            loaded=lambda: self.loaded,
        )
        self.reads = list[float]()
        self.used = 10
        self.driver_answers = asyncio.Event()
        self.driver_answers.set()

    async def _read(self) -> Memory:
        await self.driver_answers.wait()
        self.reads.append(asyncio.get_running_loop().time())
        return Memory(MemoryKind.GPU, 100, self.used, swap_used=self.swap)

    async def rates(self, seconds: float) -> tuple[int, int]:
        """Let time pass; return how many samples were taken and how often the memory was read."""
        begun = asyncio.get_running_loop().time()
        await passes(seconds)
        return sum(one.at > begun for one in self.sampler.samples()), sum(at > begun for at in self.reads)

    def arrives(self) -> None:
        self.pace.request()
        self.timeline.arrive(job(REQUEST), at=asyncio.get_running_loop().time())

    def ends(self) -> None:
        self.timeline.leave(REQUEST, asyncio.get_running_loop().time())


async def passes(seconds: float) -> None:
    for _ in range(round(seconds / STEP_S)):
        await advance(STEP_S)
        await settle()


async def settle() -> None:
    """Let every task run that can."""
    for _ in range(10):
        await asyncio.sleep(0)


@asynccontextmanager
async def idle() -> AsyncIterator[Panel]:
    """A sampler in whose panel nothing has happened for a minute."""
    with virtual_loop().paused():
        await advance(until_next(IDLE_S))
        panel = Panel()
        async with asyncio.TaskGroup() as group:
            task = group.create_task(panel.sampler.run())
            await passes(60)
            yield panel
            task.cancel()


async def test_while_nobody_wants_to_know_a_look_every_ten_seconds_is_enough() -> None:
    async with idle() as panel:
        assert await panel.rates(60) == (6, 6)


async def test_all_who_rest_wake_at_the_same_moments() -> None:
    async with idle() as panel:
        await passes(3.5)
        panel.pace.request()
        await passes(2 * IDLE_S)
        before = len(panel.reads)
        await passes(30)
        assert len(panel.reads) == before + 3
        assert [at % IDLE_S for at in panel.reads[before:]] == pytest.approx([0, 0, 0], abs=1e-6)


async def test_a_window_gets_four_samples_a_second_and_the_memory_once() -> None:
    async with idle() as panel:
        panel.pace.watch(True)
        await settle()
        assert await panel.rates(60) == (240, 60)
        panel.pace.watch(False)
        await passes(LINGER_S + IDLE_S)
        assert await panel.rates(60) == (6, 6)


async def test_a_request_is_accompanied_every_second_until_its_tokens_have_left_the_charts() -> None:
    async with idle() as panel:
        panel.arrives()
        await settle()
        assert await panel.rates(60) == (60, 60)
        panel.timeline.dispatch(REQUEST)
        assert await panel.rates(60) == (60, 60)
        panel.timeline.progress(REQUEST, 40, asyncio.get_running_loop().time())
        panel.ends()
        await passes(LINGER_S + IDLE_S)
        assert panel.sampler.samples()[-1].tokens_per_s == 0
        assert await panel.rates(60) == (6, 6)


@pytest.mark.parametrize("begins", ["arrives", "pace.reader", "pace.request"])
async def test_who_ends_a_rest_has_a_sample_at_once(begins: str) -> None:
    async with idle() as panel:
        await passes(3)
        before = len(panel.reads)
        *path, name = begins.split(".")
        getattr(panel.pace if path else panel, name)()
        await settle()
        assert len(panel.reads) == before + 1
        newest = panel.sampler.samples()[-1]
        assert newest.at == panel.reads[-1] == asyncio.get_running_loop().time()
        assert newest.queued == (begins == "arrives")


async def test_a_request_that_is_over_at_once_leaves_its_trace() -> None:
    async with idle() as panel:
        panel.arrives()
        panel.timeline.dispatch(REQUEST)
        panel.timeline.progress(REQUEST, 40, asyncio.get_running_loop().time())
        panel.ends()
        assert (await panel.rates(LINGER_S))[0] >= LINGER_S
        assert max(one.tokens_per_s for one in panel.sampler.samples()) == 10


async def test_many_requests_wake_once() -> None:
    async with idle() as panel:
        await passes(3)
        before = len(panel.reads)
        for _ in range(100):
            panel.pace.request()
        await settle()
        assert len(panel.reads) == before + 1


async def test_a_reader_every_15_seconds_always_finds_the_numbers_of_this_second() -> None:
    async with idle() as panel:
        for _ in range(8):
            panel.pace.reader()
            await panel.sampler.measured()
            assert asyncio.get_running_loop().time() - panel.reads[-1] <= 1
            await passes(15)
        await passes(READER_S)
        assert await panel.rates(60) == (6, 6)


async def test_the_memory_is_measured_for_whoever_needs_it_but_not_again_at_once() -> None:
    async with idle() as panel:
        await passes(5)
        panel.used = 70
        assert not panel.sampler.is_fresh()
        await panel.sampler.measured()
        assert panel.measured[-1].free == 30
        assert panel.store.snapshot(0.0, ()).sample == panel.sampler.samples()[-1]
        assert panel.sampler.samples()[-1].memory_used == 70
        reads = len(panel.reads)
        assert panel.sampler.is_fresh()
        await panel.sampler.measured()
        assert len(panel.reads) == reads


async def test_a_mac_that_swaps_while_models_are_loaded_is_told_of() -> None:
    def told(panel: Panel) -> list[str]:
        return [render(problem.told) for problem in panel.store.snapshot(0.0, ()).problems]

    async with idle() as panel:
        panel.pace.watch(True)
        panel.swap = 5 * GIB
        await passes(2)
        panel.swap = 7 * GIB + 1
        await passes(2)
        assert told(panel) == [], "no model is loaded"
        panel.loaded = True
        await passes(2)
        assert "2.0 GiB" in told(panel)[0]
        await passes(SWAP_S)
        assert told(panel) == [], "it has what it needs"


async def test_what_other_programs_take_is_told_anew_when_it_has_changed_by_what_can_be_seen() -> None:
    async with idle() as panel:
        told = list[int]()
        for mib in (1024, 1020, 1028, 1019, 1200, 1150, 1090, 0):
            panel.others = mib << 20
            await passes(IDLE_S)
            budget = panel.sampler.samples()[-1].budget
            assert budget is not None
            told.append(budget.others >> 20)
        assert told == [1024, 1024, 1024, 1024, 1200, 1200, 1090, 0]


async def test_nobody_waits_long_for_a_driver_that_hangs() -> None:
    async with idle() as panel, asyncio.TaskGroup() as group:
        await passes(5)
        panel.driver_answers.clear()
        waiting = group.create_task(panel.sampler.measured())
        await settle()
        assert not waiting.done()
        await passes(0.25)
        async with deadline("the measurement to be given up"):
            await waiting


async def test_a_driver_that_hangs_delays_one_request_and_not_each() -> None:
    async with idle() as panel, asyncio.TaskGroup() as group:
        await passes(5)
        panel.driver_answers.clear()
        group.create_task(panel.sampler.measured())
        await passes(60)
        later = group.create_task(panel.sampler.measured())
        await settle()
        assert later.done()
        panel.driver_answers.set()
        await passes(3)
        reads = len(panel.reads)
        await panel.sampler.measured()
        assert len(panel.reads) == reads + 1


async def test_samples_are_kept_for_a_quarter_of_an_hour_however_many_they_are() -> None:
    async with idle() as panel:
        panel.pace.watch(True)
        await passes(60)
        panel.pace.watch(False)
        watched = len(panel.sampler.samples())
        await passes(RECENT_S - 90)
        assert len(panel.sampler.samples()) > watched
        await passes(90)
        times = [one.at for one in panel.sampler.samples()]
        assert times[-1] - times[0] == pytest.approx(RECENT_S, abs=IDLE_S)
        assert len(times) < 120
