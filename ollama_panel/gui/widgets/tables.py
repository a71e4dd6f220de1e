"""The appearance and the behaviour of all tables."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QTableView
from typing_extensions import override


@dataclass(frozen=True, slots=True)
class ColumnLayout:
    """The layout of a column: a fixed width in pixels, or 0 for a share of the rest; and its delegate, if any."""

    width: int = 0
    delegate: QStyledItemDelegate | None = None


class Table(QTableView):
    """A table with a small size hint; the columns in `optional` are hidden while it is narrower than `wide_from`."""

    def __init__(self, optional: Sequence[int] = (), wide_from: int = 0) -> None:
        super().__init__()
        self._optional, self._wide_from = tuple(optional), wide_from
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, 110)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        for column in self._optional:
            self.setColumnHidden(column, event.size().width() < self._wide_from)
        super().resizeEvent(event)


def set_up(
    view: QTableView, model: QAbstractItemModel, name: str, columns: Sequence[ColumnLayout], row_height: int = 40
) -> None:
    """Set the model, the accessible name and the columns of a table."""
    view.setModel(model)
    view.setAccessibleName(name)
    view.setShowGrid(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setTabKeyNavigation(False)
    view.setWordWrap(False)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(row_height)
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header = view.horizontalHeader()
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
            view.setItemDelegateForColumn(column, layout.delegate)
