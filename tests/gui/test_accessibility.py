"""Every control can be reached by keyboard and has an accessible name."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QSlider, QWidget

from ollama_panel.gui.window import MainWindow
from tests.gui.screen import page_of

PAGES = range(5)


def tab_chain(window: MainWindow) -> list[QWidget]:
    """Return every visible, enabled widget that accepts the focus by Tab, in tab order."""
    from PySide6.QtCore import Qt

    chain: list[QWidget] = []
    widget = window.nextInFocusChain()
    while widget is not window:
        inner = isinstance(widget.parentWidget(), QAbstractSpinBox)
        if not inner and widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            chain.append(widget)
        widget = widget.nextInFocusChain()
    return chain


def name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


@pytest.mark.parametrize("page", PAGES)
def test_every_tab_stop_has_an_accessible_name(window: MainWindow, page: int) -> None:
    window.show_page(page)
    nameless = [repr(widget) for widget in tab_chain(window) if not name_of(widget)]
    assert nameless == []


@pytest.mark.parametrize("page", PAGES)
def test_every_control_is_a_tab_stop(window: MainWindow, page: int) -> None:
    window.show_page(page)
    chain = tab_chain(window)
    kinds = (QAbstractButton, QSlider, QAbstractSpinBox, QComboBox, QLineEdit)
    current = page_of(window)
    controls = [
        widget
        for kind in kinds
        for widget in current.findChildren(kind)
        if widget.isVisible() and widget.isEnabled() and not isinstance(widget.parentWidget(), QAbstractSpinBox)
        if widget.objectName() != "qt_toolbar_ext_button" and not isinstance(widget.parentWidget(), QLineEdit)
    ]
    assert controls
    assert [repr(widget) for widget in controls if widget not in chain and widget.focusProxy() not in chain] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_control_has_a_tooltip(window: MainWindow, page: int) -> None:
    window.show_page(page)
    current = page_of(window)
    controls = [
        *current.findChildren(QAbstractButton),
        *current.findChildren(QSlider),
        *current.findChildren(QComboBox),
    ]
    silent = [
        widget.accessibleName() or widget.property("text") or repr(widget)
        for widget in controls
        if widget.isVisible()
        and not widget.toolTip()
        and widget.objectName() != "qt_toolbar_ext_button"
        and not isinstance(widget.parentWidget(), QLineEdit)
    ]
    assert silent == []


def test_tooltips_of_sliders_name_the_restart(window: MainWindow) -> None:
    for slider in window.overview.findChildren(QSlider):
        assert (
            "A change restarts" in slider.accessibleDescription() or "A change starts" in slider.accessibleDescription()
        )


def test_the_first_tab_stop_is_in_the_sidebar_and_the_page_follows(window: MainWindow) -> None:
    chain = tab_chain(window)
    inside = [window.sidebar.isAncestorOf(widget) for widget in chain]
    assert inside[0]
    assert inside == sorted(inside, reverse=True)


@pytest.mark.parametrize("page", PAGES)
def test_no_control_is_cut_off_by_the_window(window: MainWindow, page: int) -> None:
    window.resize(1024, 700)
    window.show_page(page)
    for widget in tab_chain(window):
        right = widget.mapTo(window, QPoint(widget.width(), 0)).x()
        assert right <= window.width(), repr(widget)
