"""Finds widgets by what a user sees and a screen reader reads."""

from typing import TypeVar

from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from ollama_panel.core.alerts import Alert
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.window import MainWindow

W = TypeVar("W", bound=QWidget)


def shown(widget: QWidget) -> list[str]:
    """Return the texts of the labels that are not hidden."""
    return [one.text() for one in widget.findChildren(QLabel) if not one.isHidden() and one.text()]


def named(widget: QWidget, kind: type[W], name: str) -> W:
    """Return the only child of a kind with this accessible name."""
    found = [one for one in widget.findChildren(kind) if one.accessibleName() == name]
    assert len(found) == 1, [one.accessibleName() for one in widget.findChildren(kind)]
    return found[0]


def labelled(widget: QWidget, title: str) -> QLabel:
    """Return the label with the value of a title."""
    (value,) = (one.buddy() for one in widget.findChildren(QLabel) if one.text() == title and one.buddy() is not None)
    assert isinstance(value, QLabel)
    return value


def page_of(window: MainWindow) -> QWidget:
    """Return the current page of the window."""
    stack = window.centralWidget().findChild(QStackedWidget)
    assert isinstance(stack, QStackedWidget)
    return stack.currentWidget()


def alert_about(window: MainWindow, words: str) -> Alert:
    """Return the only open alert with these words."""
    (found,) = [one for one in window.alerts.open if words in notice_text(one.told)]
    return found


def alert_texts(window: MainWindow) -> list[str]:
    """Return what the open alerts say, the most serious first."""
    return [notice_text(one.told) for one in window.alerts.open]
