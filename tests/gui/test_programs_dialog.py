"""The choice of the programs that get the GPU, among those that run now."""

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ollama_panel.gui import running_programs
from ollama_panel.gui.widgets.programs_dialog import ProgramsDialog
from ollama_panel.gui.window import MainWindow


@pytest.fixture
def dialog(window: MainWindow) -> ProgramsDialog:
    made = ProgramsDialog(("firefox", "game.exe", "blender"), ("blender", "resolve"), window)
    made.show()
    return made


def rows(dialog: ProgramsDialog) -> list[str]:
    items = [dialog.list.item(row) for row in range(dialog.list.count())]
    return [one.text() for one in items if not one.isHidden()]


def test_what_was_chosen_comes_first_be_it_that_it_does_not_run(dialog: ProgramsDialog) -> None:
    assert rows(dialog) == ["blender", "resolve", "firefox", "game.exe"]
    assert dialog.programs() == ("blender", "resolve")


def test_the_search_hides_others_and_keeps_their_ticks(dialog: ProgramsDialog) -> None:
    dialog.search.setText("GAME")
    assert rows(dialog) == ["game.exe"]
    dialog.list.item(3).setCheckState(Qt.CheckState.Checked)
    dialog.search.clear()
    assert dialog.programs() == ("blender", "resolve", "game.exe")


def test_enter_on_a_row_changes_its_tick(dialog: ProgramsDialog) -> None:
    dialog.list.itemActivated.emit(dialog.list.item(0))
    dialog.list.itemActivated.emit(dialog.list.item(2))
    assert dialog.programs() == ("resolve", "firefox")


def test_the_names_are_those_of_the_system() -> None:
    assert psutil.Process().name() in running_programs.running_programs()


def test_the_settings_take_what_was_chosen_as_a_draft(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running_programs, "running_programs", lambda: ("blender", "firefox"))
    window.show_page_named("settings")
    line = window.settings.machine.editors["machine.yield_programs"]
    assert isinstance(line, QLineEdit)
    (choose,) = (one for one in line.findChildren(QAction) if "run now" in one.toolTip())
    choose.trigger()
    qtbot.waitUntil(lambda: bool(window.findChildren(ProgramsDialog)))
    (asked,) = window.findChildren(ProgramsDialog)
    asked.list.item(0).setCheckState(Qt.CheckState.Checked)
    asked.take.click()
    qtbot.waitUntil(lambda: line.text() == "blender")
    assert window.settings.apply.isEnabled()
