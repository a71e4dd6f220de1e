"""A port that is taken, and instances that do not run."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from tests.e2e.desktop.accessibility import button, text, text_beginning
from tests.e2e.desktop.display import Display
from tests.e2e.desktop.window_process import WindowProcess

DEATH = text_beginning("chat-1 and embedding-1: The server ended with exit code 1.")
USE_NEXT, TRY_AGAIN = button("Use next free port"), button("Try again")


@asynccontextmanager
async def panel_on(display: Display, state_dir: Path, taken: socket.socket) -> AsyncIterator[WindowProcess]:
    """A panel whose port somebody else listens on; its window says so."""
    host, port = taken.getsockname()
    async with WindowProcess(display, state_dir, {"proxy": {"port": port}}, serves=False) as panel:
        await panel.user.find(text_beginning(f"The proxy cannot listen on {host}:{port}: "))
        await panel.user.find(text("Not serving"))
        yield panel


async def test_a_taken_port_is_taken_over_when_it_is_free(display: Display, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with panel_on(display, tmp_path / "state", taken) as panel:
            await panel.user.click(TRY_AGAIN)
            await panel.user.find(USE_NEXT)
            taken.close()
            await panel.user.sees_no_more(USE_NEXT)
            await panel.user.find(text("Serving on"))
            assert await panel.announced() == f"http://127.0.0.1:{port}"


async def test_the_next_free_port_can_be_used_instead(display: Display, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with panel_on(display, tmp_path / "state", taken) as panel:
            await panel.user.click(USE_NEXT)
            await panel.user.find(text_beginning("The panel listens on "))
            await panel.user.find(text("Serving on"))
            url = await panel.announced()
            assert port < int(url.rpartition(":")[2]) < port + 100
            async with httpx.AsyncClient(trust_env=False) as client:
                assert (await client.get(url)).status_code == 200


async def test_instances_that_do_not_run_are_loud_while_they_are_tried_again(display: Display, tmp_path: Path) -> None:
    dying = {"OLLAMA_SIM_FAULTS": "die-at-once"}
    async with WindowProcess(display, tmp_path / "state", environment=dying) as panel:
        await panel.user.find(DEATH)
        await panel.user.find(text("Needs attention: 2 instances cannot run"))
        await panel.user.click(button("Start again"))
        await panel.user.find(DEATH)
