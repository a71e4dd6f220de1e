"""A part of the queue page: the requests that are at work, that wait, or that have ended."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate
from typing_extensions import override

from ollama_panel.core.snapshot import RequestRecord
from ollama_panel.gui.models.records import RecordTable
from ollama_panel.gui.models.requests import FIFTH, FOURTH, LAST, SIXTH, WHAT
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.card import label
from ollama_panel.gui.widgets.delegates import NumberDelegate, TextDelegate, brush
from ollama_panel.gui.widgets.part_header import PartHeader
from ollama_panel.gui.widgets.request_delegates import (
    ClientDelegate,
    ProgressDelegate,
    ReasonDelegate,
    StrongNumberDelegate,
)
from ollama_panel.gui.widgets.tables import ColumnLayout, Table

ROW = 32
"""The height of a row in pixels."""
_WIDE_FROM = 800
"""The width in pixels from which all columns are shown."""

WIDTHS = (164, 178, 0, 74, 80, 74, 64)
"""The widths of the columns until the user changes them; 0 takes what the others leave."""
_LEAST, _LEAST_REST = 64, 240
"""Pixels: how narrow a column is made so that so much is left for what happens."""


class RequestPart(Table[RequestRecord]):
    """One part, with a heading of its own; one that `works` shows progress, and its times grow without a change.

    `chosen` is emitted when the user changes the selection, not when a selected request leaves the part: that is then
    selected no more, whatever has become of it. `deleted` is emitted at the delete key, `asked` with a place on the
    screen when the user wants the menu of the selected requests. `placing`: it sets the widths of its columns itself.
    """

    chosen = Signal()
    deleted = Signal()
    asked = Signal(QPoint)

    def __init__(
        self, theme: Theme, table: RecordTable[RequestRecord], name: str, *, works: bool = False, waits: bool = False
    ) -> None:
        super().__init__(table, name, (FIFTH, LAST), _WIDE_FROM)
        self._theme = theme
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # then Qt scrolls pixels, not all rows
        self._counts_on, self._works = works or waits, works
        self._updating = self.placing = False
        self._widths = list(WIDTHS)
        self.header = PartHeader(theme, self)
        self.setHorizontalHeader(self.header)
        number = NumberDelegate(theme, self)
        delegates: list[QStyledItemDelegate] = [
            ClientDelegate(theme, self),
            TextDelegate(theme, self),
            ProgressDelegate(theme, self) if works else ReasonDelegate(theme, self),
            *(number for _ in WIDTHS[FOURTH:]),
        ]
        if waits:
            delegates[SIXTH] = StrongNumberDelegate(theme, self)
        self.set_up([ColumnLayout(width, one) for width, one in zip(WIDTHS, delegates, strict=True)], ROW)
        for column, width in enumerate(WIDTHS):
            if width:
                self.header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        self.header.make_sortable()
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # it must not move the columns
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask)
        self._hint = label("", "muted")
        self._hint.setParent(self.viewport())
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.selectionModel().selectionChanged.connect(self._select)

    def show_part(
        self,
        records: Sequence[RequestRecord],
        count: str,
        hint: str,
        latest: Callable[[RequestRecord], RequestRecord],
    ) -> None:
        """Show these requests in the order that the user wants; `count` is in the heading, `hint` if there are none."""
        self._updating = True
        if self.header.column >= 0:
            records = self._table.in_order(records, self.header.column, descending=self.header.descending)
        self.show_records(records, latest)
        self._updating = False
        self.header.show_count(count)
        self._hint.setText(hint)
        self._hint.setVisible(not self._table.records)
        self._place_hint()
        self.count_on()

    def show_widths(self, widths: Sequence[int]) -> None:
        """Set the widths that the user wants for the columns; they are narrower where there is less room."""
        self._widths = list(widths)
        self._place_columns()

    def can_sort_by(self, column: int) -> bool:
        """Return whether the part can be sorted by a column."""
        return self._table.is_sortable(column)

    def starts_descending(self, column: int) -> bool:
        """Return whether the largest comes first when the user begins to sort by a column."""
        return self._table.is_number(column)

    def deselect(self) -> None:
        """Select nothing, without a signal."""
        self._updating = True
        self.selectionModel().clear()
        self._updating = False

    def count_on(self) -> None:
        """Show how the time has gone on in rows that have not changed."""
        if not self._counts_on:
            return
        place = self.viewport()
        columns = range(WHAT if self._works else FOURTH, LAST + 1)
        left = min(self.columnViewportPosition(column) for column in columns if not self.isColumnHidden(column))
        place.update(left, 0, place.width() - left, place.height())

    def _select(self) -> None:
        if not self._updating:
            self.chosen.emit()

    def _ask(self, place: QPoint) -> None:
        """Select the row that is meant, unless it is among the selected ones, and ask for the menu."""
        row = self.rowAt(place.y())
        if row >= 0:
            if not self.selectionModel().isRowSelected(row, self.rootIndex()):
                self.select(row)
            self.asked.emit(self.viewport().mapToGlobal(place))

    def _place_columns(self) -> None:
        shown = [column for column in range(len(WIDTHS)) if not self.isColumnHidden(column)]
        widths = fitted([self._widths[column] for column in shown], self.viewport().width())
        self.placing = True
        for column, width in zip(shown, widths, strict=True):
            if width:
                self.header.resizeSection(column, width)
        self.placing = False

    def _place_hint(self) -> None:
        self._hint.setGeometry(8, 0, self.viewport().width() - 16, min(ROW, self.viewport().height()))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), brush(self._theme.tokens.surface))
        painter.end()
        super().paintEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.placing = True  # columns that are hidden or shown tell a width, too
        super().resizeEvent(event)
        self._place_columns()
        self._place_hint()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.deleted.emit()
        elif event.key() == Qt.Key.Key_Menu or (
            event.key() == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        ):
            self._ask(self.visualRect(self.currentIndex()).bottomLeft())
        else:
            super().keyPressEvent(event)


def fitted(widths: Sequence[int], room: int) -> list[int]:
    """Return widths in pixels that leave enough of the `room` to the column with the width 0: the wide ones give."""
    spare = [max(0, width - _LEAST) for width in widths]
    missing = min(sum(widths) + _LEAST_REST - room, sum(spare))
    if missing <= 0:
        return list(widths)
    return [width - round(missing * part / sum(spare)) for width, part in zip(widths, spare, strict=True)]
