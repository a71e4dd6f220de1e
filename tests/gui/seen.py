"""What a person sees and a screen reader says, found by name."""

from typing import TypeVar

from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from ollama_panel.gui.window import MainWindow

W = TypeVar("W", bound=QWidget)


def shown(widget: QWidget) -> list[str]:
    """The texts of the labels that are not hidden."""
    return [one.text() for one in widget.findChildren(QLabel) if not one.isHidden() and one.text()]


def named(widget: QWidget, kind: type[W], name: str) -> W:
    """The one child of a kind that has this accessible name."""
    found = [one for one in widget.findChildren(kind) if one.accessibleName() == name]
    assert len(found) == 1, [one.accessibleName() for one in widget.findChildren(kind)]
    return found[0]


def labelled(widget: QWidget, title: str) -> QLabel:
    """The label with the value of a title."""
    (value,) = (one.buddy() for one in widget.findChildren(QLabel) if one.text() == title and one.buddy() is not None)
    assert isinstance(value, QLabel)
    return value


def page_of(window: MainWindow) -> QWidget:
    """The page that the window shows."""
    stack = window.centralWidget().findChild(QStackedWidget)
    assert isinstance(stack, QStackedWidget)
    return stack.currentWidget()
