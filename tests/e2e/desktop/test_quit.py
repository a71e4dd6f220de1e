"""Quitting while requests run, and closing the window where there is no tray."""

from pathlib import Path

import httpx
import pytest

from tests.e2e.desktop.accessibility import QUESTION, button, text, window
from tests.e2e.desktop.chats import chatting
from tests.e2e.desktop.display import Display
from tests.e2e.desktop.window_process import WindowProcess

MAIN = window("Ollama Panel")


async def test_a_window_without_a_tray_asks_before_it_closes_and_enter_does_not_quit(
    display: Display, tmp_path: Path
) -> None:
    async with WindowProcess(display, tmp_path / "state") as panel:
        user = panel.user
        await user.active(MAIN)
        await user.press("alt+F4")
        await user.find(text("Close the panel?", within=QUESTION))
        await user.active(QUESTION)
        await user.press("Return")
        await user.sees_no_more(QUESTION)
        await user.active(MAIN)
        await user.press("alt+F4")
        await user.click(button("Quit", within=QUESTION))
        assert await panel.ended() == 0


async def test_quitting_lets_requests_end_or_goes_on_or_breaks_them_off(display: Display, tmp_path: Path) -> None:
    async with WindowProcess(display, tmp_path / "state") as panel:
        await panel.ready()
        user = panel.user
        async with chatting(panel) as answer:
            await user.active(MAIN)
            await user.press("ctrl+q")
            await user.find(text("1 request is still being served.", within=QUESTION))
            await user.active(QUESTION)
            await user.press("Return")
            await user.sees_no_more(QUESTION)
            await anext(answer)
            await user.press("ctrl+q")
            await user.click(button("Finish and quit", within=QUESTION))
            await user.sees_no_more(MAIN)
            await anext(answer)
            assert panel.process.returncode is None
        assert await panel.ended() == 0


async def test_quitting_at_once_does_not_wait_for_requests(display: Display, tmp_path: Path) -> None:
    async with WindowProcess(display, tmp_path / "state") as panel:
        await panel.ready()
        async with chatting(panel) as answer:
            await panel.user.active(MAIN)
            await panel.user.press("ctrl+q")
            await panel.user.click(button("Quit at once", within=QUESTION))
            with pytest.raises(httpx.HTTPError):
                async for _ in answer:
                    pass
        assert await panel.ended() == 0
