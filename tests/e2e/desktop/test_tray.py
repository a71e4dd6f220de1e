"""The panel in the tray: a window that is closed, a start without one, and what the icon's menu does."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.desktop.accessibility import button, window
from tests.e2e.desktop.display import Display
from tests.e2e.desktop.tray_host import TrayHost
from tests.e2e.desktop.window_process import WindowProcess

MAIN = window("Ollama Panel")


@pytest.fixture(scope="module")
async def tray(display: Display) -> AsyncIterator[TrayHost]:
    """A desktop with a tray, for all tests of this module."""
    async with TrayHost(display.bus) as tray:
        yield tray


@pytest.fixture(scope="module")
async def panel(
    tray: TrayHost, display: Display, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[WindowProcess]:
    async with WindowProcess(display, tmp_path_factory.mktemp("panel") / "state") as panel:
        await panel.ready()
        yield panel


async def test_a_closed_window_goes_to_the_tray_and_comes_back(panel: WindowProcess, tray: TrayHost) -> None:
    user, icon = panel.user, await tray.icon(panel.process.pid)
    await user.active(MAIN)
    await user.press("alt+F4")
    await user.sees_no_more(MAIN)
    await tray.notified("Still serving. Open or quit the panel from this icon.")
    assert (await panel.client.get("/api/version")).status_code == 200
    await icon.choose("Open panel")
    await user.active(MAIN)
    await user.press("alt+F4")
    await user.sees_no_more(MAIN)
    await icon.press()
    await user.active(MAIN)


async def test_a_start_at_login_shows_no_window_until_one_asks_for_it(
    tray: TrayHost, display: Display, tmp_path: Path
) -> None:
    async with WindowProcess(display, tmp_path / "state", arguments=("--minimized",)) as panel:
        icon = await tray.icon(panel.process.pid)
        await icon.choose("Pause the queue", checked=False)
        await icon.entry("Pause the queue", checked=True)
        assert not await panel.user.sees(MAIN)
        await icon.choose("Open panel")
        await panel.user.active(MAIN)
        await icon.choose("Quit")
        assert await panel.ended() == 0
        assert not await icon.is_there()


async def test_the_start_at_login_is_switched_in_the_menu(
    panel: WindowProcess, tray: TrayHost, display: Display
) -> None:
    icon = await tray.icon(panel.process.pid)
    await icon.choose("Start at login", checked=False)
    await icon.entry("Start at login", checked=True)
    (entry,) = (display.home / ".config" / "autostart").glob("*.desktop")
    (command,) = (line for line in entry.read_text().splitlines() if line.startswith("Exec="))
    assert command.endswith("--minimized")
    await icon.choose("Start at login", checked=True)
    await icon.entry("Start at login", checked=False)
    assert not entry.exists()


async def test_a_proxy_that_is_off_is_loud_and_can_be_switched_on(panel: WindowProcess, tray: TrayHost) -> None:
    icon = await tray.icon(panel.process.pid)
    await icon.choose("Proxy on", checked=True)
    await panel.user.click(button("Switch on"))
    await panel.user.sees_no_more(button("Switch on"))
    await icon.entry("Proxy on", checked=True)
