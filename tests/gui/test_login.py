""" "Start at login" in the menus and on the settings page: what the system has is the truth."""

import pytest
from PySide6.QtWidgets import QCheckBox, QMenu
from pytestqt.qtbot import QtBot

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.pages.settings import SettingsPage
from ollama_panel.gui.theme import Theme
from tests.fakes.desktop import FakeDesktop
from tests.gui.fake_client import FakeClient

REFUSED = notice("file.not_written", path="/home/me/.config/autostart/x", reason="Read-only file system")


@pytest.fixture
def desktop() -> FakeDesktop:
    return FakeDesktop()


@pytest.fixture
def actions(client: FakeClient, desktop: FakeDesktop) -> Actions:
    return Actions(client, desktop=desktop)  # type: ignore[arg-type] # it has what Actions uses


@pytest.fixture
def page(client: FakeClient, theme: Theme, actions: Actions, qtbot: QtBot) -> SettingsPage:
    made = SettingsPage(client, theme, actions.login)  # type: ignore[arg-type] # it has what the page uses
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def box(page: SettingsPage) -> QCheckBox:
    return next(one for one in page.findChildren(QCheckBox) if one.accessibleName() == "Start at login")


def test_the_action_writes_and_removes_what_the_system_reads(actions: Actions, desktop: FakeDesktop) -> None:
    assert not actions.login.isChecked()
    actions.login.trigger()
    assert desktop.at_login
    assert actions.login.isChecked()
    actions.login.trigger()
    assert not desktop.at_login
    assert not actions.login.isChecked()


def test_a_menu_shows_what_the_system_has_when_it_opens(actions: Actions, desktop: FakeDesktop) -> None:
    menu = QMenu()
    actions.fill_tray(menu)
    desktop.at_login = True
    menu.aboutToShow.emit()
    assert actions.login.isChecked()


def test_a_failure_is_reported_and_the_check_mark_tells_the_truth(
    actions: Actions, desktop: FakeDesktop, client: FakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(on: bool) -> None:
        raise PanelError(REFUSED)

    monkeypatch.setattr(desktop, "set_login", refuse)
    actions.login.trigger()
    assert client.reported == ["/home/me/.config/autostart/x cannot be written (Read-only file system)."]
    assert not actions.login.isChecked()


def test_where_the_state_is_unknown_the_action_is_off_and_says_why(actions: Actions, desktop: FakeDesktop) -> None:
    desktop.error = PanelError(notice("desktop.no_home"))
    actions.login.refresh()
    assert not actions.login.isEnabled()
    assert actions.login.toolTip() == "There is no home folder to write to: set the variable HOME."
    desktop.error = None
    actions.login.refresh()
    assert actions.login.isEnabled()


def test_the_check_box_of_the_settings_page_is_the_same_switch(
    box: QCheckBox, actions: Actions, desktop: FakeDesktop
) -> None:
    box.click()
    assert (desktop.at_login, actions.login.isChecked()) == (True, True)
    actions.login.trigger()
    assert (desktop.at_login, box.isChecked()) == (False, False)


def test_the_settings_page_shows_what_the_system_has_when_it_comes_up(
    page: SettingsPage, box: QCheckBox, desktop: FakeDesktop
) -> None:
    page.hide()
    desktop.at_login = True
    page.show()
    assert box.isChecked()


def test_the_check_box_is_no_setting_so_there_is_nothing_to_apply(
    page: SettingsPage, box: QCheckBox, client: FakeClient
) -> None:
    page.show_snapshot(client.snapshot)
    box.click()
    assert not page.apply.isEnabled()
    assert client.calls == []
