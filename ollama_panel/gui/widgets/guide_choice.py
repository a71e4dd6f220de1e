"""What is chosen of the guides: the program from a list, and the way to set it up."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from ollama_panel.gui.widgets.card import button

PROGRAM = Qt.ItemDataRole.UserRole
"""The role of a program's id."""
TAB = 28
"""The height of the tabs in pixels."""
_LIST, _ROW = 150, 30
"""The width of the list and the height of its rows, in pixels."""


class ProgramList(QListWidget):
    """The programs; a tick at the right says that one has come."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(_LIST)
        self.setProperty("dense", True)
        self.setItemDelegate(_TickAtRight(self))
        self.setIconSize(QSize(16, 16))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def add(self, name: str, text: str) -> None:
        """Add a program, by its id and its name for people."""
        item = QListWidgetItem(text)
        item.setData(PROGRAM, name)
        item.setSizeHint(QSize(0, _ROW))
        self.addItem(item)

    def rows(self) -> list[QListWidgetItem]:
        """Return the programs, hidden ones too."""
        return [self.item(row) for row in range(self.count())]

    def mark(self, item: QListWidgetItem, tick: object, told: str) -> None:
        """Set or remove the tick of an item; `told` is what a screen reader says of one with a tick."""
        name = told.format(program=item.text()) if tick is not None else item.text()
        item.setData(Qt.ItemDataRole.AccessibleTextRole, name)
        item.setData(Qt.ItemDataRole.DecorationRole, tick)


class _TickAtRight(QStyledItemDelegate):
    @override
    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        option.decorationPosition = QStyleOptionViewItem.Position.Right
        option.decorationAlignment = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class WayTabs(QWidget):
    """The ways of a guide as buttons side by side, of which one is chosen."""

    def __init__(self, choose: Callable[[str], None]) -> None:
        super().__init__()
        self._choose = choose
        self._titles: list[tuple[str, str]] = []
        self.group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)

    def show_titles(self, titles: list[tuple[str, str]], chosen: str) -> None:
        """Show the ways, by id and title."""
        if titles != self._titles:
            self._titles = titles
            for old in self.group.buttons():
                self.group.removeButton(old)
                self._row.removeWidget(old)
                old.hide()
                old.deleteLater()
            for place, (way, title) in enumerate(titles):
                made = button(title, self.tr("Shows this way to set it up"))
                made.setCheckable(True)
                made.setFixedHeight(TAB)
                made.setProperty("segment", _edge(place, len(titles)))
                made.clicked.connect(lambda _=False, way=way: self._choose(way))
                self.group.addButton(made, place)
                self._row.addWidget(made)
        for place, (way, _) in enumerate(titles):
            self.group.button(place).setChecked(way == chosen)


def _edge(place: int, count: int) -> str:
    """Return which corners of a button in a row are round, for the style sheet."""
    if count == 1:
        return "only"
    return "first" if place == 0 else "last" if place == count - 1 else "middle"
