"""The icon in the tray: which health it shows, and a tray that is missing or comes late."""

import asyncio
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from ollama_panel.core.ids import PoolName
from ollama_panel.core.tuning import profiles
from ollama_panel.core.tuning.profile import ProfileRecord
from ollama_panel.gui import tray
from ollama_panel.gui.shell import _TRAY_TRIES, Shell
from ollama_panel.gui.tray import Tray, state_icon
from ollama_panel.gui.widgets.profiles_dialog import ProfilesDialog
from tests.fakes.tunings import HERE
from tests.gui.conftest import IconInTray
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import SETTINGS, snapshot


def test_every_health_has_an_icon_of_its_own(qapp: QApplication) -> None:
    pictures = [state_icon(tone).pixmap(32).toImage() for tone in ("ok", "warn", "danger", "muted")]
    assert all(one != other for place, one in enumerate(pictures) for other in pictures[:place])


class TestStartInTheTray:
    def test_minimized_without_a_tray_is_a_minimised_window_when_none_came(self, shell: Shell) -> None:
        shell.window.hide()
        shell.show(minimized=True)
        assert not shell.window.isVisible()
        for _ in range(_TRAY_TRIES):
            shell._tray_search.timeout.emit()
        assert shell.window.isVisible()
        assert shell.window.isMinimized()
        assert not shell._tray_search.isActive()

    def test_a_tray_that_comes_late_keeps_it_hidden(self, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
        """At login the panel is often earlier; an icon that was made before the tray never appears there."""
        shell.window.hide()
        shell.show(minimized=True)
        shell._tray_search.timeout.emit()
        assert shell.tray.findChild(QSystemTrayIcon) is None
        monkeypatch.setattr(tray, "QSystemTrayIcon", IconInTray)
        shell._tray_search.timeout.emit()
        assert shell.tray.visible()
        assert not shell.window.isVisible()
        assert not shell._tray_search.isActive()

    def test_a_window_that_was_opened_meanwhile_stays_as_it_is(self, shell: Shell) -> None:
        shell.window.hide()
        shell.show(minimized=True)
        shell.open()
        for _ in range(_TRAY_TRIES):
            shell._tray_search.timeout.emit()
        assert shell.window.isVisible()
        assert not shell.window.isMinimized()

    def test_while_it_quits_no_window_comes_back(self, shell: Shell) -> None:
        shell.show(minimized=True)
        shell.hide()
        assert not shell._tray_search.isActive()

    def test_minimized_with_a_tray_stays_there(self, shell_with_tray: Shell) -> None:
        shell_with_tray.window.hide()
        shell_with_tray.show(minimized=True)
        assert not shell_with_tray.window.isVisible()


def test_without_a_system_tray_the_icon_is_not_visible(actions: Any, loop: asyncio.AbstractEventLoop) -> None:
    tray = Tray(actions)
    tray.show()
    assert not tray.visible()


def test_profiles_are_applied_from_the_tray_which_leads_to_all_of_them(
    shell: Shell, client: FakeClient, qtbot: QtBot
) -> None:
    pool = SETTINGS.pools[0]
    kept = profiles.of_pool("night", msgspec.structs.replace(pool, parallel=6), HERE)
    gone = profiles.of_pool("of no pool", msgspec.structs.replace(pool, name=PoolName("none")), HERE)
    client.push(snapshot(profiles=tuple(map(ProfileRecord.of, (kept, gone)))))
    menu = shell.tray.profiles
    menu.aboutToShow.emit()
    night, everything = [one for one in menu.actions() if not one.isSeparator()]
    assert (night.text(), everything.text()) == ("night (chat)\t12 slots", "Profiles…")
    night.trigger()
    qtbot.waitUntil(lambda: ("apply_profile", ("night", None)) in client.calls)
    everything.trigger()
    assert shell.window.findChildren(ProfilesDialog)
