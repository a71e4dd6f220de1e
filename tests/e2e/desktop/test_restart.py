"""A window looks as it did when the panel was quit."""

from pathlib import Path

from tests.e2e.desktop.accessibility import button, window
from tests.e2e.desktop.display import Display
from tests.e2e.desktop.window_process import WindowProcess

MAIN = window("Ollama Panel")


async def test_size_place_and_page_are_as_they_were_left(display: Display, tmp_path: Path) -> None:
    async with WindowProcess(display, tmp_path / "state") as panel:
        await panel.user.active(MAIN)
        await panel.user.resize(1000, 700, x=300, y=250)
        left = await panel.user.sized(MAIN, 1000, 700)
        await panel.user.click(button("Settings"))
        await panel.user.checked(button("Settings"))
        await panel.user.press("ctrl+q")
        assert await panel.ended() == 0
    async with WindowProcess(display, tmp_path / "state") as panel:
        assert (await panel.user.sized(MAIN, 1000, 700)).box == left.box
        await panel.user.checked(button("Settings"))
