"""The workers beside Ollama's desktop app, which ends the servers of others."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import pytest

from tests.fakes.ollama_program import allow_links, environment, make_ollama
from tests.fakes.panel_process import PanelProcess
from tests.fakes.ports import free_port
from tests.fakes.reaper import reap
from tests.fakes.waiting import deadline

pytestmark = pytest.mark.skipif(shutil.which("pgrep") is None, reason="pgrep, with which the app looks, is missing")

POOLS = [{"name": "chat", "role": "chat", "workers": 1}]


@pytest.fixture
def ollama() -> Iterator[Path]:
    with TemporaryDirectory() as folder:  # its path is short: `ps` shows 80 characters to other programs
        yield make_ollama(Path(folder))


@pytest.fixture
async def panel(tmp_path: Path, ollama: Path) -> AsyncIterator[PanelProcess]:
    allow_links(tmp_path / "state")
    settings = {"version": 2, "ollama": {"adopt": False, "first_port": free_port()}, "pools": POOLS}
    async with PanelProcess(tmp_path / "state", settings, ["--ollama", str(ollama)]) as panel:
        await panel.ready()
        yield panel


async def worker(panel: PanelProcess) -> Any:
    (record,) = await panel.instances("chat")
    return record


async def test_the_app_ends_a_server_beside_and_spares_the_worker(panel: PanelProcess, ollama: Path) -> None:
    before = await worker(panel)
    variables = environment(OLLAMA_HOST=f"127.0.0.1:{free_port()}")
    beside = await asyncio.create_subprocess_exec(ollama, "serve", env=variables, stdout=asyncio.subprocess.PIPE)
    assert beside.stdout is not None
    try:
        async with deadline("the server beside"):
            while b"Listening" not in await beside.stdout.readline():
                pass
            assert reap({beside.pid, before["pid"]}) == [beside.pid]
            await beside.communicate()
    finally:
        if beside.returncode is None:
            beside.kill()
            await beside.communicate()
    assert Path(psutil.Process(before["pid"]).cmdline()[0]).name == "ollama-worker"
    assert Path(psutil.Process(before["pid"]).exe()) == ollama
    assert (await worker(panel))["pid"] == before["pid"]


async def test_an_older_app_spares_the_worker_where_the_system_names_it_by_its_link(panel: PanelProcess) -> None:
    record = await worker(panel)
    if psutil.Process(record["pid"]).name() == "ollama":
        pytest.skip("this system names a process by the file that a link leads to")
    assert reap({record["pid"]}, looks_at_arguments=False) == []


async def test_a_worker_that_somebody_has_ended_is_started_again(panel: PanelProcess) -> None:
    before = await worker(panel)
    os.kill(before["pid"], signal.SIGTERM)

    def anew(status: Any) -> bool:
        (record,) = (one for one in status["instances"] if one["pool"] == "chat")
        return record["phase"] == "ready" and record["pid"] not in (None, before["pid"])

    status = await panel.until(anew)
    assert status["instances"][0]["restarts"] == 1


async def test_a_worker_of_a_killed_panel_is_still_known_as_one(panel: PanelProcess, ollama: Path) -> None:
    record = await worker(panel)
    panel.process.kill()
    await panel.process.wait()
    assert psutil.pid_exists(record["pid"])
    async with PanelProcess(panel.state_dir, None, ["--ollama", str(ollama)]) as again:
        await again.ready()
        assert not psutil.pid_exists(record["pid"])
