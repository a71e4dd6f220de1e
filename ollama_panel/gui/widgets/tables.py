"""The appearance and the behaviour of all tables."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QItemSelectionModel, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QTableView
from typing_extensions import override

from ollama_panel.gui.models.records import Index, RecordTable
from ollama_panel.gui.widgets.layout import scroll_like

R = TypeVar("R")
_ROWS = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
_MORE_ROWS = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows

_HOLD_MS = 5000
"""For how long a pointer that rests over a table keeps its rows in place: one that was left there is no hand."""


@dataclass(frozen=True, slots=True)
class ColumnLayout:
    """The layout of a column: a fixed width in pixels, or 0 for a share of the rest; and its delegate, if any."""

    width: int = 0
    delegate: QStyledItemDelegate | None = None


class Table(QTableView, Generic[R]):
    """Shows records in rows that stay where they are while somebody looks at them.

    What comes above the rows in sight does not move them. While the pointer is over the table, no row leaves from under
    it: the records in sight that are gone are faded until the pointer leaves or rests; then `released` is emitted, and
    the owner shows the records anew. The selection stays with its records, ends with them, and never scrolls.
    The columns in `optional` are hidden while the table is narrower than `wide_from` pixels.
    """

    released = Signal()

    def __init__(self, table: RecordTable[R], name: str, optional: Sequence[int] = (), wide_from: int = 0) -> None:
        super().__init__()
        self._table = table
        self._optional, self._wide_from = tuple(optional), wide_from
        self._at_top, self._moving, self._pointer_y = True, False, 0
        self._outdated = False
        self._hold = QTimer(self, interval=_HOLD_MS, singleShot=True)
        self._hold.timeout.connect(self.released)
        self.setModel(table)
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAutoScroll(False)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def show_records(self, records: Sequence[R], latest: Callable[[R], R] = lambda record: record) -> None:
        """Show these records, in this order; `latest` returns what has become of one that is not among them."""
        scrolled = self._at_top and self.verticalScrollBar().value() > 0
        if not (scrolled or self._outdated) and self._table.is_shown(records):
            return
        self.executeDelayedItemsLayout()
        gone: set[Hashable] = set()
        anchor, place = self._anchor(records)
        if self._holds():
            records, gone = self._with_rows_in_sight(records, latest)
        self._moving = True
        self._table.show_records(records, gone)
        self.executeDelayedItemsLayout()
        self.updateGeometries()
        if anchor is not None:
            self.verticalScrollBar().setValue(self._table.row_of(anchor) * self._height() - place)
        elif not self._holds():
            self.verticalScrollBar().setValue(0)
        self._moving, self._outdated = False, not self.isVisible()

    def select(self, row: int) -> None:
        """Select one row."""
        self.selectionModel().setCurrentIndex(self._table.index(row, 0), _ROWS)

    def take_over(self, old: "Table[R]") -> None:
        """Select and scroll like a table of the same records that this one replaces; the table emits nothing."""
        blocked = self.blockSignals(True)
        flags = _ROWS
        for row in (self._table.row_of(self._table.key(record)) for record in old.selected()):
            if row >= 0:
                self.selectionModel().setCurrentIndex(self._table.index(row, 0), flags)
                flags = _MORE_ROWS
        self.blockSignals(blocked)
        scroll_like(self, old)

    def selected(self) -> list[R]:
        """Return the records of the selected rows, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._table.records[row] for row in rows]

    def _holds(self) -> bool:
        """Return whether the pointer keeps the rows in place; not those of before the table was hidden."""
        return self._hold.isActive() and not self._outdated

    def _height(self) -> int:
        return self.verticalHeader().defaultSectionSize()

    def _in_sight(self) -> range:
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        return range(first, (last if last >= 0 else len(self._table.records) - 1) + 1) if first >= 0 else range(0)

    def _anchor(self, records: Sequence[R]) -> tuple[Hashable | None, int]:
        """Return the key of the row that stays where it is, and its place in pixels; None if the top is to be shown."""
        shown, rows = self._table.records, self._in_sight()
        if self._holds():
            row = self.rowAt(self._pointer_y)
            rows = range(row, row + 1) if row in rows else rows[:1]
        elif self._at_top:
            return None, 0
        else:
            stay = {self._table.key(record) for record in records}
            rows = range(*next(((row, row + 1) for row in rows if self._table.key(shown[row]) in stay), (0, 0)))
        return (self._table.key(shown[rows[0]]), self.rowViewportPosition(rows[0])) if rows else (None, 0)

    def _with_rows_in_sight(self, records: Sequence[R], latest: Callable[[R], R]) -> tuple[Sequence[R], set[Hashable]]:
        """Return the records with those in sight that are not among them, at their places, and the keys of these."""
        shown, key = self._table.records, self._table.key
        keys = [key(record) for record in records]
        known = set(keys)
        gone = [row for row in self._in_sight() if key(shown[row]) not in known]
        merged = list(records)
        for row in reversed(gone):
            after = next((key(one) for one in shown[row + 1 :] if key(one) in known), None)
            place = len(keys) if after is None else keys.index(after)
            merged.insert(place, latest(shown[row]))
            keys.insert(place, key(shown[row]))
            known.add(keys[place])
        return merged, {key(shown[row]) for row in gone}

    def _point(self, y: int) -> None:
        self._pointer_y = y
        self._hold.start()

    def _scrolled(self, value: int) -> None:
        if not self._moving:
            self._at_top = value == 0

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._point(round(event.position().y()) - self.viewport().y())

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hold.stop()
        self.released.emit()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._outdated = True

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(round(event.position().y()))
        super().mouseMoveEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._point(round(event.position().y()))
        super().mousePressEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentIndex()
        super().keyPressEvent(event)
        if self.currentIndex() != before:
            self.scrollTo(self.currentIndex())

    @override
    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        if start <= self.currentIndex().row() <= end:
            self.selectionModel().clear()  # Qt would select the next row
        super().rowsAboutToBeRemoved(parent, start, end)

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, 110)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        for column in self._optional:
            self.setColumnHidden(column, event.size().width() < self._wide_from)
        super().resizeEvent(event)

    def set_up(self, columns: Sequence[ColumnLayout], row_height: int) -> None:
        """Set the look, the columns and the height of the rows."""
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(row_height)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(40)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, layout in enumerate(columns):
            if layout.width:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                header.resizeSection(column, layout.width)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            if layout.delegate is not None:
                self.setItemDelegateForColumn(column, layout.delegate)
