"""The doctor looks by itself when the panel has started, and every hour, while nobody is at work."""

import asyncio

from ollama_panel.core.errors import PanelError
from ollama_panel.core.findings import DoctorRecord
from ollama_panel.core.notices import notice
from ollama_panel.engine.doctor.watch import AGAIN_S, LOOK_S, SETTLE_S, DoctorWatch
from ollama_panel.engine.system import System
from tests.fakes.virtual import pass_by


class Doctor:
    """Counts the looks; each fails."""

    def __init__(self) -> None:
        self.looks = 0

    async def check(self) -> DoctorRecord:
        self.looks += 1
        raise PanelError(notice("apply.no_systemd"))


class Engine:
    """What the watch asks of an engine."""

    def __init__(self) -> None:
        self.started, self.open = False, 1

    def system(self, *, examined: bool) -> System:
        return System(seconds=asyncio.get_running_loop().time, examined=examined)


async def test_it_waits_for_the_start_and_until_nobody_is_at_work() -> None:
    doctor, engine = Doctor(), Engine()
    watch = DoctorWatch(doctor, lambda: engine.started, lambda: engine.open, engine.system(examined=True))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(watch.run())
        await pass_by(SETTLE_S + 2 * LOOK_S)
        engine.started = True
        await pass_by(SETTLE_S + 2 * LOOK_S)
        assert doctor.looks == 0, "somebody is at work"
        engine.open = 0
        await pass_by(2 * LOOK_S)
        assert doctor.looks == 1
        engine.open = 1
        await pass_by(AGAIN_S + 2 * LOOK_S)
        assert doctor.looks == 1, "somebody is at work"
        engine.open = 0
        await pass_by(2 * LOOK_S)
        assert doctor.looks == 2
        task.cancel()


async def test_a_machine_that_nobody_is_to_look_at_is_left_alone() -> None:
    doctor, engine = Doctor(), Engine()
    await DoctorWatch(doctor, lambda: True, lambda: 0, engine.system(examined=False)).run()
    assert doctor.looks == 0
