"""The wheel scrolls the page; a slider, a number or a choice follows it only with the focus."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QScrollArea,
    QSlider,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

import ollama_panel
from ollama_panel.gui.widgets.pool_dialog import PoolDialog
from ollama_panel.gui.window import MainWindow
from tests.gui.screen import page_of
from tests.gui.snapshots import LLAMA, SETTINGS

PAGES = range(9)
FIT_FOR_THE_WHEEL = "inputs.py"


def turn_wheel(over: QWidget, clicks: int = -1) -> None:
    """Turn the wheel over the middle of a widget; a negative number of clicks turns it towards the user."""
    window = over.window()
    QTest.wheelEvent(window.windowHandle(), QPointF(over.mapTo(window, over.rect().center())), QPoint(0, 120 * clicks))


def area_of(window: MainWindow) -> QScrollArea:
    area = page_of(window).findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    return area


def inputs(parent: QWidget) -> list[QWidget]:
    kinds = (QSlider, QAbstractSpinBox, QComboBox)
    return [one for kind in kinds for one in parent.findChildren(kind) if one.isVisible() and one.isEnabled()]


def value(of: QWidget) -> int:
    if isinstance(of, QComboBox):
        return of.currentIndex()
    assert isinstance(of, QAbstractSlider | QSpinBox)
    return of.value()


@pytest.mark.parametrize("page", PAGES)
def test_the_wheel_changes_nothing_without_the_focus(window: MainWindow, page: int) -> None:
    window.show_page(page)
    area_of(window).setFocus()
    found = inputs(page_of(window))
    for one in found:
        area_of(window).ensureWidgetVisible(one)
        before = value(one)
        for clicks in (-1, 1, 1):
            turn_wheel(one, clicks)
            assert value(one) == before, one.accessibleName()
    assert not any(one.hasFocus() for one in found), "the wheel must not give the focus either"


def areas_around(widget: QWidget) -> list[QScrollArea]:
    """Return the areas that scroll a widget, the innermost first."""
    found: list[QScrollArea] = []
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            found.append(around)
        around = around.parentWidget()
    return found


def test_without_the_focus_the_wheel_scrolls_the_page(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(880, 600)
    window.show_page(0)
    qtbot.waitUntil(lambda: area_of(window).verticalScrollBar().maximum() > 0)
    for one in inputs(area_of(window)):
        areas = areas_around(one)
        for area in areas:
            area.ensureWidgetVisible(one)
        bars = [area.verticalScrollBar() for area in areas]
        before = [bar.value() for bar in bars]
        turn_wheel(one, 1 if any(before) else -1)
        assert [bar.value() for bar in bars] != before, one.accessibleName()


@pytest.mark.parametrize("kind", [QSlider, QSpinBox, QComboBox])
def test_with_the_focus_the_wheel_changes_the_value(window: MainWindow, qtbot: QtBot, kind: type[QWidget]) -> None:
    window.activateWindow()
    one = next(found for found in inputs(page_of(window)) if isinstance(found, kind))
    one.setFocus()
    qtbot.waitUntil(one.hasFocus)
    area_of(window).ensureWidgetVisible(one)
    before = value(one)
    turn_wheel(one, 1 if kind is not QComboBox else -1)
    assert value(one) > before


def test_in_a_dialog_as_on_a_page(window: MainWindow, qtbot: QtBot) -> None:
    dialog = PoolDialog(SETTINGS, SETTINGS.pools[0], (LLAMA,), new=True, parent=window)
    dialog.show()
    dialog.name.setFocus()
    qtbot.waitUntil(dialog.role.isVisible)
    turn_wheel(dialog.role)
    assert dialog.role.currentIndex() == 0


def test_every_slider_number_and_choice_is_one_of_those() -> None:
    """Only one module takes Qt's own, which the wheel changes without the focus."""
    bare = {"QSlider", "QSpinBox", "QDoubleSpinBox", "QComboBox", "QDial", "QDateTimeEdit", "QFontComboBox"}
    root = Path(ollama_panel.__file__).parent
    users = {
        path.name
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "PySide6.QtWidgets"
        if bare & {name.name for name in node.names}
    }
    assert users == {FIT_FOR_THE_WHEEL}
