"""What a drill does to real processes, and that all of it is taken back."""

import asyncio
import sys
from collections.abc import AsyncIterator

import psutil
import pytest

from ollama_panel.core.drill import DrillFault
from ollama_panel.core.errors import PanelError
from ollama_panel.engine import drill_harm
from ollama_panel.engine.drill_harm import Harm
from tests.fakes.waiting import polled

PROGRAM = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()', *sys.argv[1:]])"
RUNNER = ("llama-server", "--model", "/models/a", "--port", "4711")


@pytest.fixture
async def server() -> AsyncIterator[psutil.Process]:
    """Return a process with one below it, whose command line is that of a runner."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, *RUNNER, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
    )
    process = psutil.Process(child.pid)
    await polled(lambda: asyncio.to_thread(process.children), "the runner")  # type: ignore[arg-type]
    family = [process, *process.children()]
    yield process
    for one in family:
        if one.is_running():
            one.kill()
    await child.wait()


def stands_still(process: psutil.Process) -> bool:
    return process.status() == psutil.STATUS_STOPPED


async def until_still(process: psutil.Process, *, still: bool = True) -> None:
    async def look() -> bool:
        return stands_still(process) is still

    await polled(look, "the process to stop or go on")


async def test_a_hanging_server_goes_on_when_the_harm_is_undone(server: psutil.Process) -> None:
    harm = Harm(DrillFault.HANG, server.pid)
    await harm.find()
    harm.do()
    await until_still(server)
    assert not stands_still(server.children()[0])
    harm.undo()
    await until_still(server, still=False)


async def test_a_killed_server_is_gone_and_nothing_is_left_to_undo(server: psutil.Process) -> None:
    harm = Harm(DrillFault.KILL, server.pid)
    await harm.find()
    harm.do()
    await polled(lambda: asyncio.to_thread(lambda: not server.is_running() or server.status() == "zombie"), "its end")
    harm.undo()


async def test_a_slow_server_stands_still_and_goes_on_by_turns(
    server: psutil.Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drill_harm, "RUN_S", 0.2)
    monkeypatch.setattr(drill_harm, "STOP_S", 0.2)
    harm = Harm(DrillFault.SLOW, server.pid)
    slowed = await slowed_process(harm, server)
    async with asyncio.TaskGroup() as group:
        slowing = group.create_task(harm.slow_down())
        await until_still(slowed, still=False)
        await until_still(slowed)
        slowing.cancel()
    harm.undo()
    await until_still(slowed, still=False)


async def slowed_process(harm: Harm, server: psutil.Process) -> psutil.Process:
    await harm.find()
    harm.do()
    family = (server, *server.children())

    async def look() -> psutil.Process | None:
        return next((one for one in family if stands_still(one)), None)

    found = await polled(look, "a process that stands still")
    assert found is not None
    return found


async def test_without_a_process_there_is_nothing_to_harm() -> None:
    with pytest.raises(PanelError) as caught:
        await Harm(DrillFault.HANG, 2**22 + 1).find()
    assert caught.value.notice.code == "drill.no_process"


async def test_without_a_runner_none_hangs() -> None:
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE)
    with pytest.raises(PanelError) as caught:
        await Harm(DrillFault.RUNNER_HANG, child.pid).find()
    assert caught.value.notice.code == "drill.no_runner"
    child.kill()
    await child.wait()


async def test_nothing_happens_between_the_last_look_and_the_harm(server: psutil.Process) -> None:
    harm = Harm(DrillFault.KILL, server.pid)
    await harm.find()
    assert server.is_running()
    harm.do()  # no other task can run meanwhile, so that no request of others comes
    await polled(lambda: asyncio.to_thread(lambda: not server.is_running() or server.status() == "zombie"), "its end")
