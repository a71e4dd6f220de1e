"""A runner of a real Ollama that is stopped while its server answers: told in the status, and never of a busy one."""

import asyncio
import os
import signal
import sys
from typing import Any

import pytest

from ollama_panel.engine.instances.probe import RunnerProcess, read_processes
from tests.fakes.panel_process import PanelProcess
from tests.fakes.waiting import deadline
from tests.real.conftest import CHAT

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform == "win32", reason="no signal stops a process there"),
]
NOTICED_S = 15.0


@pytest.fixture
def workers() -> int:
    return 1


@pytest.fixture
async def panel(tmp_path, ollama, store, workers):
    chat = {"name": "chat", "role": "chat", "workers": workers, "parallel": 2, "context_length": 2048}
    ollama_settings = {"adopt": False, "models_dir": store["OLLAMA_MODELS"], "restart_hung": False}
    settings = {"version": 2, "ollama": ollama_settings, "pools": [chat]}
    arguments = ("--ollama", str(ollama))
    async with PanelProcess(tmp_path / "state", settings, arguments, {"HOME": store["HOME"]}) as panel:
        await panel.ready()
        yield panel


async def generate(panel: PanelProcess, tokens: int) -> int:
    body = {"model": CHAT, "prompt": "la la", "stream": False, "options": {"num_predict": tokens}}
    return (await panel.client.post(panel.url + "/api/generate", json=body)).status_code


def silent(status: Any) -> list[str]:
    return [model for instance in status["instances"] for model in instance["silent"]]


async def runner(panel: PanelProcess) -> RunnerProcess:
    async with deadline("the loaded model in the status", NOTICED_S):
        await panel.until(lambda status: any(one["models"] for one in status["instances"]))
    (instance,) = [one for one in await panel.instances("chat") if one["models"]]
    (found,) = (await asyncio.to_thread(read_processes, instance["pid"])).listening
    return found


async def test_a_stopped_runner_is_in_the_status_until_it_goes_on(panel: Any) -> None:
    assert await generate(panel, 1) == 200
    process = (await runner(panel)).process
    os.kill(process.pid, signal.SIGSTOP)
    async with deadline("the silence in the status", NOTICED_S):
        await panel.until(lambda status: silent(status) == [CHAT])
    os.kill(process.pid, signal.SIGCONT)
    async with deadline("the end of the silence", NOTICED_S):
        await panel.until(lambda status: not silent(status))


async def test_a_restart_does_not_wait_for_what_stands_still(panel: Any) -> None:
    """It is what the status advises; the request gets its answer from the new process."""
    assert await generate(panel, 1) == 200
    process = (await runner(panel)).process
    os.kill(process.pid, signal.SIGSTOP)
    async with asyncio.TaskGroup() as group:
        stuck = group.create_task(generate(panel, 1))
        async with deadline("the silence in the status", NOTICED_S):
            await panel.until(lambda status: silent(status) == [CHAT])
        async with deadline("the restart", 60):
            assert await panel.command("restart", "chat-1") == (0, "chat-1 is restarted.\n")
        async with deadline("the answer", 60):
            assert await stuck == 200
    assert not process.is_running()


@pytest.mark.parametrize("workers", [2])
async def test_requests_go_to_another_worker_while_a_runner_is_stopped(panel: Any) -> None:
    assert await generate(panel, 1) == 200
    process = (await runner(panel)).process
    os.kill(process.pid, signal.SIGSTOP)
    try:
        async with deadline("the silence in the status", NOTICED_S):
            await panel.until(lambda status: silent(status) == [CHAT])
        async with deadline("answers of the other worker", NOTICED_S):
            assert [await generate(panel, 1) for _ in range(3)] == [200] * 3
    finally:
        os.kill(process.pid, signal.SIGCONT)


async def test_a_busy_runner_is_not_silent_on_busy_cores(panel: Any) -> None:
    spinners = [await asyncio.create_subprocess_exec(sys.executable, "-c", "while True: pass") for _ in range(4)]
    try:
        statuses = await asyncio.gather(*(generate(panel, 150) for _ in range(4)))
    finally:
        for spinner in spinners:
            spinner.kill()
            await spinner.wait()
    assert statuses == [200] * 4
    assert silent(await panel.status()) == []
    assert "Restart the server" not in (panel.state_dir / "logs" / "panel.log").read_text(encoding="utf-8")
