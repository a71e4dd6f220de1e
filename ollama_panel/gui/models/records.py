"""A table model of records: it signals the change of a row only if its record is another object than before."""

import html
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

TONE_ROLE = Qt.ItemDataRole.UserRole + 1
LOAD_ROLE = Qt.ItemDataRole.UserRole + 2
CAPTION_ROLE = Qt.ItemDataRole.UserRole + 3

# A view reads hundreds of cells per repaint, so the enum members are looked up once.
_TEXTS = (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole))
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True)
class Column(Generic[R]):
    """A column: its title, the text of a record's cell, and the data of further item roles."""

    title: str
    text: Callable[[R], str]
    roles: Mapping[int, Callable[[R], Any]] = field(default_factory=dict)
    number: bool = False


class RecordTable(QAbstractTableModel, Generic[R]):
    """Rows are records with a key; `show_records` changes to another list with few signals."""

    def __init__(
        self, columns: Sequence[Column[R]], key: Callable[[R], Hashable], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._key = key
        self._records: list[R] = []
        self._keys: list[Hashable] = []

    def record(self, row: int) -> R | None:
        """Return the record of a row, None if there is no such row."""
        return self._records[row] if 0 <= row < len(self._records) else None

    def row_of(self, key: Hashable) -> int:
        """Return the row of a key, or -1 if there is none."""
        return self._keys.index(key) if key in self._keys else -1

    def show_records(self, records: Sequence[R]) -> None:
        """Show these records, in this order."""
        keys = [self._key(record) for record in records]
        if keys != self._keys and not self._fit_rows(records, keys):
            self.beginResetModel()
            self._records, self._keys = list(records), keys
            self.endResetModel()
            return
        self._replace_changed(records)

    def _fit_rows(self, records: Sequence[R], keys: list[Hashable]) -> bool:
        """Remove and insert rows to match the keys; return False if the remaining rows are in another order."""
        wanted, present = set(keys), set(self._keys)
        stay = [key for key in self._keys if key in wanted]
        if stay != [key for key in keys if key in present]:
            return False
        for first, last in _runs([row for row, key in enumerate(self._keys) if key not in wanted], descending=True):
            self.beginRemoveRows(_ROOT, first, last)
            del self._records[first : last + 1], self._keys[first : last + 1]
            self.endRemoveRows()
        for first, last in _runs([row for row, key in enumerate(keys) if key not in present]):
            self.beginInsertRows(_ROOT, first, last)
            self._records[first:first] = records[first : last + 1]
            self._keys[first:first] = keys[first : last + 1]
            self.endInsertRows()
        return True

    def _replace_changed(self, records: Sequence[R]) -> None:
        changed = [row for row, (new, old) in enumerate(zip(records, self._records, strict=True)) if new is not old]
        for first, last in _runs(changed):
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
