"""A take-over of the address of a server, by the commands of the panel: forth, back, and killed in the middle."""

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.ollama_program import allow_links, make_killer, make_ollama
from tests.fakes.panel_process import PanelProcess
from tests.fakes.ports import free_port
from tests.fakes.their_server import Theirs, answers, is_panel, name_of, theirs

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it starts servers by a shell")

POOLS = [{"name": "chat", "role": "chat", "workers": 0}]


def panel_of(folder: Path, ollama: Path) -> PanelProcess:
    """Return a panel without workers, which listens where its settings say."""
    if folder.exists():
        return PanelProcess(folder, None, ["--ollama", str(ollama)], listen="")
    allow_links(folder)
    settings = {"version": 2, "ollama": {"adopt": False}, "pools": POOLS, "proxy": {"port": free_port()}}
    return PanelProcess(folder, settings, ["--ollama", str(ollama)], listen="")


async def takeover(panel: PanelProcess) -> Any:
    return (await panel.status())["takeover"]


async def test_a_server_moves_the_panel_has_its_address_too_and_all_goes_back(tmp_path: Path) -> None:
    ollama = make_ollama(tmp_path / "ollama")
    async with theirs(tmp_path, f'"{ollama}" serve') as server, panel_of(tmp_path / "state", ollama) as panel:
        before = await server.process()
        assert before is not None
        name = await name_of(panel, server.port)
        code, told = await panel.command("take-over", name, "--dry-run")
        assert (code, told.splitlines()[-1]) == (0, "Nothing was done: without --dry-run it is.")
        assert f"kill {before.pid}" in told
        assert before.is_running()
        code, told = await panel.command("take-over", name)
        moved_to = (await takeover(panel))["moved_to"]
        assert (code, told.splitlines()[0]) == (
            0,
            f"The panel listens at 127.0.0.1:{server.port}; Ollama runs at {moved_to}.",
        )
        assert await is_panel(server.port)
        assert await panel.status(), "the panel's own address stays"
        instances = {one["url"]: one["phase"] for one in (await panel.status())["instances"]}
        assert instances[f"http://{moved_to}"] == "ready"
        code, told = await panel.command("take-over", "--undo")
        assert (code, told) == (
            0,
            f"All is as before: the panel does not listen at 127.0.0.1:{server.port} any more.\n",
        ), panel.errors
        await back_as_before(panel, server)
        assert (await panel.command("take-over", "--undo"))[0] == 1
        assert "nothing to undo" in panel.errors


async def back_as_before(panel: PanelProcess, server: Theirs) -> None:
    """Return if a server runs at its address, and the panel has nothing of a take-over."""
    assert not await is_panel(server.port)
    assert await answers(server.port)
    after = await server.process()
    assert after is not None
    assert after.environ()["SECRET_TOKEN"] == "mine"
    status = await panel.status()
    assert (status["takeover"], status["settings"]["proxy"]["second_port"], status["instances"]) == (None, 0, [])
    assert not status["settings"]["ollama"]["adopt"]
    assert not (panel.state_dir / "takeover.json").exists()


async def killed_in_the_middle(tmp_path: Path, server: Theirs, program: Path, when: str) -> None:
    """Begin a take-over with a panel that is killed when the server starts or ends."""
    async with panel_of(tmp_path / "state", program) as panel:
        name = await name_of(panel, server.port)
        (tmp_path / "ollama" / f"kill-at-{when}").write_text(str(panel.process.pid))
        assert (await panel.command("take-over", name))[0] == 1
        assert await panel.process.wait() == -9


@pytest.mark.parametrize("when", ["end", "start"])
async def test_a_panel_that_was_killed_says_how_far_it_was_and_finishes(tmp_path: Path, when: str) -> None:
    program = make_killer(tmp_path / "ollama")
    async with theirs(tmp_path, f'"{program}" serve') as server:
        await killed_in_the_middle(tmp_path, server, program, when)
        async with panel_of(tmp_path / "state", program) as panel:
            assert (await takeover(panel))["interrupted"]
            assert not await is_panel(server.port), "it waits for a word"
            code, told = await panel.command("take-over", "the-one-begun")
            assert (code, told.splitlines()[0].startswith("The panel listens at")) == (0, True)
            assert await is_panel(server.port)
            assert (await panel.command("take-over", "--undo"))[0] == 0
            await back_as_before(panel, server)


async def test_a_panel_that_was_killed_goes_back(tmp_path: Path) -> None:
    program = make_killer(tmp_path / "ollama")
    async with theirs(tmp_path, f'"{program}" serve') as server:
        await killed_in_the_middle(tmp_path, server, program, "start")
        async with panel_of(tmp_path / "state", program) as panel:
            assert (await panel.command("take-over", "--undo"))[0] == 0
            await back_as_before(panel, server)
