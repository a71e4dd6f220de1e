"""Servers that were started in several ways, as a running panel tells them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
import pytest

from ollama_panel.core.panel_api import V1
from tests.fakes.ollama_program import allow_links, environment, make_app, make_ollama
from tests.fakes.panel_process import PanelProcess
from tests.fakes.ports import free_port
from tests.fakes.waiting import polled

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it starts servers by a shell")


@pytest.fixture(scope="module")
def ollama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_ollama(tmp_path_factory.mktemp("ollama"))


@pytest.fixture
def started() -> Iterator[ExitStack]:
    """Return where processes are put that a test has started; they end with all below them."""
    with ExitStack() as stack:
        yield stack


def start(started: ExitStack, command: list[str], folder: Path, **variables: str) -> "subprocess.Popen[bytes]":
    """Start a command in a session of its own, which is killed after the test."""
    child = subprocess.Popen(
        command,
        env=environment(**variables),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )

    def end() -> None:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()

    started.callback(end)
    return child


async def machine(panel: PanelProcess, program: Path) -> dict[str, dict[str, Any]]:
    """Return the found servers of a program by their addresses, as a panel sees them now."""
    key = {"Authorization": f"Bearer {panel.secret()}"}
    shown = await panel.client.get(f"{V1}/machine?refresh=true", headers=key)
    assert shown.status_code == 200, shown.text
    return {one["address"]: one for one in shown.json()["found_servers"] if one["program"] == str(program)}


async def test_servers_started_in_four_ways_are_told_with_their_owners(
    tmp_path: Path, ollama: Path, started: ExitStack
) -> None:
    by_hand, by_app, of_other = (f"127.0.0.1:{free_port()}" for _ in range(3))
    log = tmp_path / "by hand.log"
    shell = f'"{ollama}" serve > "{log}" 2>&1; true'  # `true`: the shell stays
    start(started, ["sh", "-c", shell], tmp_path, OLLAMA_HOST=by_hand, OLLAMA_MODELS="/srv/models", OLLAMA_TOKEN="s3")
    app = make_app(tmp_path / "app")
    start(started, [str(app), "app", str(ollama)], tmp_path, OLLAMA_HOST=by_app, HOME="/home/me")
    start(started, [str(ollama), "serve"], tmp_path, OLLAMA_HOST=of_other, OLLAMA_PANEL_RUN="of another panel")
    pools = [{"name": "chat", "role": "chat", "workers": 1}]
    settings = {"version": 2, "ollama": {"adopt": False, "first_port": free_port()}, "pools": pools}
    allow_links(tmp_path / "state")
    async with PanelProcess(tmp_path / "state", settings, ["--ollama", str(ollama)]) as panel:

        async def all_answer() -> dict[str, dict[str, Any]]:
            found = await machine(panel, ollama)
            return found if len([one for one in found.values() if one["version"]]) == 4 else {}

        found = await polled(all_answer, "four servers")
        (worker,) = (one for one in found.values() if one["owner"]["kind"] == "panel")
        owners = {where: (one["owner"]["kind"], one["owner"]["name"]) for where, one in found.items()}
        assert owners == {
            by_hand: ("by_hand", "sh"),
            by_app: ("desktop_app", "Ollama"),
            of_other: ("other_panel", ""),
            worker["address"]: ("panel", ""),
        }
        assert worker["instance"] == "chat-1"
        assert {one["version"] for one in found.values()} == {"0.32.15"}
        mine = found[by_hand]
        assert (mine["store"], mine["store_from"]) == ("/srv/models", "environment")
        assert mine["log"] == {"kind": "file", "path": str(log), "command": ""}
        assert mine["variables"]["OLLAMA_TOKEN"] == "(hidden)"
        assert "OLLAMA_PANEL_RUN" not in worker["variables"]
        assert mine["ours"]
        assert mine["rss_bytes"] > 0
        assert found[by_app]["log"]["path"] == "/home/me/.ollama/logs/server.log"
        shown = await panel.command("machine")
        assert shown[0] == 0
        assert all(where in shown[1] for where in owners)


async def test_what_has_ended_is_told_no_more(tmp_path: Path, ollama: Path, started: ExitStack) -> None:
    address = f"127.0.0.1:{free_port()}"
    server = start(started, [str(ollama), "serve"], tmp_path, OLLAMA_HOST=address)
    async with PanelProcess(tmp_path / "state", {"version": 2, "ollama": {"adopt": False}}) as panel:

        async def there() -> bool:
            return address in await machine(panel, ollama)

        await polled(there, "the server")
        assert psutil.Process(server.pid).name() == "ollama"
        os.kill(server.pid, signal.SIGSTOP)  # a process that stands still is told all the same
        assert await there()
        server.kill()  # nobody has waited for it: it is a zombie

        async def gone() -> bool:
            return not await there()

        await polled(gone, "its end")
