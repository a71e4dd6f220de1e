"""Found servers: used, left alone, replaced by the workers and given back, by the commands of the panel."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.ollama_program import allow_links, make_app, make_ollama
from tests.fakes.panel_process import PanelProcess
from tests.fakes.ports import free_port
from tests.fakes.their_server import is_panel, name_of, theirs
from tests.fakes.waiting import polled

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it starts servers by a shell")

POOLS = [{"name": "chat", "role": "chat", "workers": 1}]


@pytest.fixture(scope="module")
def ollama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_ollama(tmp_path_factory.mktemp("ollama"))


def panel_of(folder: Path, ollama: Path) -> PanelProcess:
    """Return a panel that listens where its settings say."""
    proxy = {"port": free_port()}
    settings = {"version": 2, "ollama": {"adopt": False, "first_port": free_port()}, "pools": POOLS, "proxy": proxy}
    if not folder.exists():
        allow_links(folder)
    return PanelProcess(folder, settings, ["--ollama", str(ollama)], listen="")


async def until_instance(panel: PanelProcess, holds: Callable[[Any], bool]) -> Any:
    return await panel.until(lambda status: any(holds(one) for one in status["instances"]))


async def test_a_server_is_replaced_keeps_its_address_and_comes_back_as_it_ran(tmp_path: Path, ollama: Path) -> None:
    async with theirs(tmp_path, f'"{ollama}" serve') as server, panel_of(tmp_path / "state", ollama) as panel:
        await panel.ready()
        before = await server.process()
        assert before is not None
        name = await name_of(panel, server.port)
        code, told = await panel.command("machine", "replace", name)
        assert (code, told.splitlines()[-1]) == (0, "Nothing was done: --yes does it.")
        assert f"127.0.0.1:{server.port}" in told
        assert before.is_running()
        code, told = await panel.command("machine", "replace", name, "--yes")
        assert (code, told) == (
            0,
            f"The panel's workers have taken the place of the server at 127.0.0.1:{server.port}.\n",
        )
        assert await is_panel(server.port)
        assert not before.is_running()
        panel.client.base_url = httpx.URL(f"http://127.0.0.1:{server.port}")
        status = await until_instance(panel, lambda one: one["phase"] == "ready")
        assert status["settings"]["pools"][0]["environment"] == {"OLLAMA_KV_CACHE_TYPE": "q8_0"}
        code, told = await panel.command("machine", "give-back", name)
        assert (code, told) == (0, f"The server at 127.0.0.1:{server.port} runs again as before.\n")
        after = await polled(server.process, "their server")
        assert after is not None
        assert after.environ()["SECRET_TOKEN"] == "mine"
        assert (after.exe(), after.cwd()) == (str(ollama), str(tmp_path))
        assert after.ppid() != panel.process.pid
        assert server.log.read_text().count("Listening on") == 2
        kept = panel.state_dir / "servers.json"
        assert '"replaced":[]' in kept.read_text()
        assert kept.stat().st_mode & 0o077 == 0


async def test_a_killed_panel_leaves_the_way_back_to_the_next_one(tmp_path: Path, ollama: Path) -> None:
    async with theirs(tmp_path, f'"{ollama}" serve') as server:
        async with panel_of(tmp_path / "state", ollama) as panel:
            name = await name_of(panel, server.port)
            assert (await panel.command("machine", "replace", name, "--yes"))[0] == 0
            panel.process.kill()
            await panel.process.wait()
        again = PanelProcess(tmp_path / "state", None, ["--ollama", str(ollama)], listen="")
        async with again:
            assert await is_panel(server.port)
            assert (await again.command("machine", "give-back", name))[0] == 0
            assert await polled(server.process, "their server")


async def test_what_the_panel_may_not_stop_is_waited_for(tmp_path: Path, ollama: Path) -> None:
    app = make_app(tmp_path / "app")
    async with (
        theirs(tmp_path, f'"{app}" app "{ollama}"') as server,
        panel_of(tmp_path / "state", ollama) as panel,
    ):
        before = await server.process()
        assert before is not None
        name = await name_of(panel, server.port)
        code, told = await panel.command("machine", "replace", name, "--yes")
        assert (code, told) == (
            0,
            f"The panel waits until process {before.pid} has ended; then its workers take its place.\n",
        )
        assert (await panel.command("machine", "give-back", name))[1].endswith("stays as it is.\n")
        assert (await panel.command("machine", "replace", name, "--yes"))[0] == 0
        before.kill()

        async def taken() -> bool:
            return await is_panel(server.port)

        await polled(taken, "the panel at the address of the server")


async def test_a_server_anywhere_is_used_and_left_alone(tmp_path: Path, ollama: Path) -> None:
    async with theirs(tmp_path, f'"{ollama}" serve') as server, panel_of(tmp_path / "state", ollama) as panel:
        name, instance = await name_of(panel, server.port), f"adopted-{server.port}"
        assert (await panel.command("machine", "use", name))[0] == 0
        await until_instance(panel, lambda one: one["id"] == instance and one["phase"] == "ready")
        assert (await panel.command("machine", "leave", name))[0] == 0
        await panel.until(lambda status: all(one["id"] != instance for one in status["instances"]))
        assert (await panel.command("machine", "use", "none"))[0] == 1
        assert "There is no server none" in panel.errors
