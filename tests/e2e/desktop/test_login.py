"""The start at login, on a desktop whose tray comes later than the panel, and its switch in the menu of the icon."""

from pathlib import Path

from ollama_panel.desktop import freedesktop
from tests.e2e.desktop.accessibility import window
from tests.e2e.desktop.display import Display
from tests.e2e.desktop.tray_host import TrayHost
from tests.e2e.desktop.window_process import WindowProcess

MAIN = window("Ollama Panel")
SWITCH = "Start at login"


async def test_a_tray_that_comes_later_gets_the_icon_and_its_menu_switches_the_login(
    display: Display, tmp_path: Path
) -> None:
    config = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    async with WindowProcess(display, tmp_path / "state", arguments=("--minimized",), environment=config) as panel:
        assert not await panel.user.sees(MAIN)
        async with TrayHost(display.bus) as tray:
            icon = await tray.icon(panel.process.pid)
            assert not await panel.user.sees(MAIN)
            await icon.choose(SWITCH, checked=False)
            await icon.entry(SWITCH, checked=True)
            entry = tmp_path / "config" / "autostart" / freedesktop.DESKTOP_FILE
            assert freedesktop.values(entry.read_text(encoding="utf-8"))["Exec"].endswith(" --minimized")
            entry.unlink()  # as the desktop's own settings do
            await icon.entry(SWITCH, checked=False)
            await icon.choose(SWITCH, checked=False)
            await icon.choose(SWITCH, checked=True)
            await icon.entry(SWITCH, checked=False)
            assert not entry.exists()
