"""A table model of records: it signals the change of a row only if its record is another object than before."""

import html
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

TONE_ROLE = Qt.ItemDataRole.UserRole + 1
LOAD_ROLE = Qt.ItemDataRole.UserRole + 2
CAPTION_ROLE = Qt.ItemDataRole.UserRole + 3
FADED_ROLE = Qt.ItemDataRole.UserRole + 4
"""True in the rows of records that are gone and stay for a moment because a hand may be on its way to them."""

# A view reads hundreds of cells per repaint, so the enum members are looked up once.
_TEXTS = (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole))
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True)
class Column(Generic[R]):
    """A column: its title, the text of a record's cell, and the data of further item roles.

    `order` returns by what the records are sorted, None = unknown, which comes last; without it they cannot be.
    """

    title: str
    text: Callable[[R], str]
    roles: Mapping[int, Callable[[R], Any]] = field(default_factory=dict)
    number: bool = False
    order: Callable[[R], Any] | None = None


class Cell(NamedTuple):
    """What a delegate paints: the text and the data of three roles, in one call; a view paints a hundred at a time."""

    text: str
    caption: str | None
    tone: str | None
    faded: bool


class RecordTable(QAbstractTableModel, Generic[R]):
    """Rows are records with a key; `show_records` changes to another list with few signals.

    The rows that stay are never reset, so selection and scroll position stay with their records.
    """

    def __init__(
        self, columns: Sequence[Column[R]], key: Callable[[R], Hashable], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._key = key
        self._records: list[R] = []
        self._keys: list[Hashable] = []
        self._faded: frozenset[Hashable] = frozenset()

    @property
    def records(self) -> Sequence[R]:
        """The records, in the order of the rows."""
        return self._records

    def is_shown(self, records: Sequence[R]) -> bool:
        """Return whether these very records are shown in this order, none of them as gone."""
        return (
            len(records) == len(self._records)
            and not self._faded
            and all(new is old for new, old in zip(records, self._records, strict=True))
        )

    def key(self, record: R) -> Hashable:
        """Return the key of a record."""
        return self._key(record)

    def record(self, row: int) -> R | None:
        """Return the record of a row, None if there is no such row."""
        return self._records[row] if 0 <= row < len(self._records) else None

    def row_of(self, key: Hashable) -> int:
        """Return the row of a key, or -1 if there is none."""
        return self._keys.index(key) if key in self._keys else -1

    def is_number(self, column: int) -> bool:
        """Return whether a column has numbers, which are at its right."""
        return self._columns[column].number

    def is_sortable(self, column: int) -> bool:
        """Return whether the records can be sorted by a column."""
        return 0 <= column < len(self._columns) and self._columns[column].order is not None

    def in_order(self, records: Sequence[R], column: int, *, descending: bool) -> list[R]:
        """Return records sorted by a sortable column; equal ones keep their order, unknown values come last."""
        order = self._columns[column].order
        assert order is not None
        keys = [order(record) for record in records]
        known = [row for row, key in enumerate(keys) if key is not None]
        known.sort(key=keys.__getitem__, reverse=descending)
        return [records[row] for row in (*known, *(row for row, key in enumerate(keys) if key is None))]

    def cell(self, row: int, column: int) -> Cell:
        """Return what is painted of a cell."""
        record, shown = self._records[row], self._columns[column]
        caption, tone = shown.roles.get(CAPTION_ROLE), shown.roles.get(TONE_ROLE)
        return Cell(
            shown.text(record),
            caption(record) if caption else None,
            tone(record) if tone else None,
            self._keys[row] in self._faded,
        )

    def show_records(self, records: Sequence[R], faded: Collection[Hashable] = ()) -> None:
        """Show these records, in this order; those with the keys in `faded` as ones that are gone."""
        keys = [self._key(record) for record in records]
        if keys != self._keys:
            wanted = set(keys)
            self._remove_rows([row for row, key in enumerate(self._keys) if key not in wanted])
            present = set(self._keys)
            self._reorder([key for key in keys if key in present])
            self._insert_rows([row for row, key in enumerate(keys) if key not in present], records)
        self._replace_changed(records)
        self._fade(frozenset(faded))

    def _remove_rows(self, rows: Sequence[int]) -> None:
        for first, last in _runs(rows, descending=True):
            self.beginRemoveRows(_ROOT, first, last)
            del self._records[first : last + 1], self._keys[first : last + 1]
            self.endRemoveRows()

    def _reorder(self, keys: list[Hashable]) -> None:
        """Bring the rows into the order of their keys; views keep to their records."""
        if keys == self._keys:
            return
        self.layoutAboutToBeChanged.emit()
        rows = {key: row for row, key in enumerate(keys)}
        before = self.persistentIndexList()
        after = [self.index(rows[self._keys[one.row()]], one.column()) for one in before]
        records = dict(zip(self._keys, self._records, strict=True))
        self._records, self._keys = [records[key] for key in keys], keys
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _insert_rows(self, rows: Sequence[int], records: Sequence[R]) -> None:
        for first, last in _runs(rows):
            self.beginInsertRows(_ROOT, first, last)
            self._records[first:first] = records[first : last + 1]
            self._keys[first:first] = [self._key(record) for record in records[first : last + 1]]
            self.endInsertRows()

    def _fade(self, faded: frozenset[Hashable]) -> None:
        changed, self._faded = faded ^ self._faded, faded
        for row in [row for row, key in enumerate(self._keys) if key in changed]:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._columns) - 1))

    def _replace_changed(self, records: Sequence[R]) -> None:
        changed = [row for row, (new, old) in enumerate(zip(records, self._records, strict=True)) if new is not old]
        whole = len(changed) == len(records) > 0
        for first, last in [(0, len(records) - 1)] if whole else _runs(changed):
            self._records[first : last + 1] = records[first : last + 1]
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._records)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        return _alignment(self._columns[section].number) if role == _ALIGNMENT else None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self._columns[index.column()]
        if role in column.roles:
            value = column.roles[role](self._records[index.row()])
            return _plain(value) if role == Qt.ItemDataRole.ToolTipRole else value
        if role == FADED_ROLE:
            return self._keys[index.row()] in self._faded
        if role in _TEXTS:
            return column.text(self._records[index.row()])
        return _alignment(column.number) if role == _ALIGNMENT else None


def _alignment(number: bool) -> Qt.AlignmentFlag:
    return _RIGHT if number else _LEFT


def _plain(tip: str) -> str:
    """Return a tip that Qt does not take for HTML: clients choose names, and instances the words of their errors."""
    if "<" not in tip and "&" not in tip:
        return tip
    return f'<span style="white-space:pre-wrap">{html.escape(tip, quote=False)}</span>'


def _runs(rows: Sequence[int], descending: bool = False) -> list[tuple[int, int]]:
    """Return ascending row numbers as contiguous runs (first, last)."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs[::-1] if descending else runs
