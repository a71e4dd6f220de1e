"""A menu that offers a choice of one of several values."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

T = TypeVar("T")


def add_choices(menu: QMenu, rows: Iterable[tuple[T, str]], chosen: T, choose: Callable[[T], None]) -> None:
    """Add the rows, each a value with its text, to a menu; `choose` gets the value that the user chooses."""
    group = QActionGroup(menu)
    for value, text in rows:
        action = menu.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(value == chosen)
        action.triggered.connect(partial(_choose, choose, value))
        group.addAction(action)


def _choose(choose: Callable[[T], None], value: T, _: bool = True) -> None:
    choose(value)
