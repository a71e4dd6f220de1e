"""The guide of a take-over on the screen: done by clicks, closed in the middle, in another language, and undone."""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.desktop.accessibility import button, dialog
from tests.e2e.desktop.display import Display
from tests.e2e.desktop.test_first_run import FirstRunProcess, Programs
from tests.e2e.desktop.window_process import WindowProcess
from tests.fakes.ollama_program import make_simulated
from tests.fakes.their_server import Theirs, answers, is_panel, theirs

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it starts servers by a shell")

GUIDE = dialog("Take over Ollama\u2019s address \u2014 Ollama Panel")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Theirs]:
    """An Ollama that somebody has started by hand, at a port of its own: nobody's real one is moved."""
    program = make_simulated(tmp_path / "theirs")
    async with theirs(tmp_path, f'"{program}" serve') as server:
        yield server


@pytest.fixture
def programs(tmp_path: Path, server: Theirs) -> Iterator[Programs]:
    with ExitStack() as stack:
        made = Programs(tmp_path, stack)
        made.ask(server.port)
        yield made


@pytest.fixture
async def panel(display: Display, tmp_path: Path, programs: Programs) -> AsyncIterator[WindowProcess]:
    program = make_simulated(tmp_path / "ollama")
    async with FirstRunProcess(display, tmp_path / "state", program) as panel:
        yield panel


async def test_the_server_of_a_program_that_goes_past_the_queue_is_moved_by_clicks_and_moved_back(
    panel: WindowProcess, server: Theirs
) -> None:
    user = panel.user
    await user.click(button("Skip"))
    await user.click(button("Connect"))
    await user.click(button("What to change for rag_indexer.py"))
    await user.click(button(f"Take over 127.0.0.1:{server.port}…"))
    await user.find(GUIDE)
    await user.click(button("Take over", GUIDE))
    await user.click(button("Close", GUIDE))
    await panel.until(lambda status: (status["takeover"] or {}).get("stage") == "taken")
    assert await is_panel(server.port)
    await user.click(button(f"{server.port} taken over…"))
    await user.find(GUIDE)
    await panel.settings_set("window.language", "zh_CN")
    await user.click(button(f"已接管 {server.port}…"))
    await user.click(button("撤销", dialog("接管 Ollama 的地址 \u2014 Ollama Panel")))
    await panel.until(lambda status: status["takeover"] is None)
    assert await answers(server.port)
    assert not await is_panel(server.port)
