"""The columns of the parts of a page: one width and one order for all, so that they line up, kept between runs."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu

from ollama_panel.gui.widgets.request_part import WIDTHS, RequestPart
from ollama_panel.gui.window_state import WindowState

_KEY = "requests/columns"
_WIDTHS_KEPT = range(40, 1201)
"""The widths in pixels that are taken from the file: others would hide a column."""


class KeptColumns(msgspec.Struct, frozen=True):
    """What is kept: the widths by column, the columns from left to right, and by which one each part is sorted."""

    widths: tuple[int, ...] = ()
    order: tuple[int, ...] = ()
    sorts: tuple[tuple[int, bool], ...] = ()


class PartColumns(QObject):
    """Lets a change of a column in one part be one in all. `sorted` is emitted when another order of rows is wanted."""

    sorted = Signal()

    def __init__(self, parts: Sequence[RequestPart], state: WindowState, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._state = tuple(parts), state
        self._placing = True
        self._widths, self._order = list(WIDTHS), list(range(len(WIDTHS)))
        self._restore(state.value(_KEY, KeptColumns()))
        for part in self._parts:
            header = part.header
            header.sectionResized.connect(lambda column, _, width, part=part: self._resized(part, column, width))
            header.sectionMoved.connect(self._moved)
            header.sorted_by.connect(lambda column, descending, part=part: self.sort(part, column, descending))
            header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            header.customContextMenuRequested.connect(
                lambda place, part=part: self._menu(part).popup(part.header.viewport().mapToGlobal(place))
            )
        self._placing = False

    def sort(self, part: RequestPart, column: int, descending: bool) -> None:
        """Sort a part by a column, -1 = in the order that it has by itself."""
        part.header.show_order(column, descending)
        self._keep()
        self.sorted.emit()

    def reset(self) -> None:
        """Bring back the widths and the orders of the beginning."""
        self._widths, self._order = list(WIDTHS), list(range(len(WIDTHS)))
        for part in self._parts:
            part.header.show_order(-1, False)
        self._place()
        self._keep()
        self.sorted.emit()

    def fill(self, menu: QMenu, part: RequestPart) -> None:
        """Add the choice of an order, and the way back to the usual columns, to a menu of a part."""
        orders = menu.addMenu(self.tr("Sort by"))
        header = part.header
        for column in range(len(WIDTHS)):
            if not part.can_sort_by(column):
                continue
            title = header.title(column) if column else self.tr("Client")
            first = part.starts_descending(column)
            for descending in (first, not first):
                text = self.tr("{column}, descending") if descending else self.tr("{column}, ascending")
                action = orders.addAction(text.format(column=title))
                action.setCheckable(True)
                action.setChecked((header.column, header.descending) == (column, descending))
                action.triggered.connect(
                    lambda _=False, column=column, descending=descending: self.sort(part, column, descending)
                )
        orders.addSeparator()
        orders.addAction(self.tr("Not sorted")).triggered.connect(lambda: self.sort(part, -1, False))
        menu.addAction(self.tr("Usual columns")).triggered.connect(lambda: self.reset())

    def _menu(self, part: RequestPart) -> QMenu:
        menu = QMenu(part)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill(menu, part)
        return menu

    def _resized(self, part: RequestPart, column: int, width: int) -> None:
        """Take the width that the user drags a column to; the tables set others themselves, as for a narrow window."""
        if not (self._placing or part.placing) and WIDTHS[column]:
            self._widths[column] = width
            self._place()
            self._keep()

    def _moved(self, _: int, before: int, after: int) -> None:
        if not self._placing:
            self._order.insert(after, self._order.pop(before))
            self._place()
            self._keep()

    def _place(self) -> None:
        self._placing = True
        for part in self._parts:
            for place, column in enumerate(self._order):
                part.header.moveSection(part.header.visualIndex(column), place)
            part.show_widths(self._widths)
        self._placing = False

    def _restore(self, kept: KeptColumns) -> None:
        if len(kept.widths) == len(WIDTHS):
            pairs = zip(kept.widths, WIDTHS, strict=True)
            self._widths = [wide if usual and wide in _WIDTHS_KEPT else usual for wide, usual in pairs]
        if sorted(kept.order) == list(range(len(WIDTHS))) and kept.order[0] == 0:
            self._order = list(kept.order)
        if len(kept.sorts) == len(self._parts):
            for part, (column, descending) in zip(self._parts, kept.sorts, strict=True):
                if part.can_sort_by(column):
                    part.header.show_order(column, descending)
        self._place()

    def _keep(self) -> None:
        sorts = tuple((part.header.column, part.header.descending) for part in self._parts)
        self._state.set(_KEY, KeptColumns(tuple(self._widths), tuple(self._order), sorts))
