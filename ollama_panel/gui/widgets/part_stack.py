"""Parts of a page one above the other, each as high as whole rows: no row is cut in half."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

_GAP = 4


class PartStack(QWidget):
    """Gives each part its share of the rows; a widget without a share has its own height.

    `row` is the height of a row in pixels, `head` that of the strip above the rows of a part.
    """

    def __init__(self, parts: Sequence[tuple[QWidget, int]], row: int, head: int) -> None:
        super().__init__()
        self._parts, self._row, self._head = tuple(parts), row, head
        for widget, _ in parts:
            widget.setParent(self)

    @override
    def minimumSizeHint(self) -> QSize:
        heights = (self._least(widget, share) for widget, share in self._parts)
        return QSize(0, sum(heights) + _GAP * (len(self._parts) - 1))

    @override
    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fixed = self.minimumSizeHint().height() - self._row * sum(share > 0 for _, share in self._parts)
        rows = shared(max(0, event.size().height() - fixed) // self._row, [share for _, share in self._parts])
        y = 0
        for (widget, share), count in zip(self._parts, rows, strict=True):
            height = self._head + count * self._row if share else self._least(widget, share)
            widget.setGeometry(0, y, event.size().width(), height)
            y += height + _GAP

    def _least(self, widget: QWidget, share: int) -> int:
        return self._head + self._row if share else widget.sizeHint().height()


def shared(rows: int, shares: Sequence[int]) -> list[int]:
    """Return rows distributed by shares, at least one to each that has a share."""
    whole = sum(shares)
    found = [max(1, rows * share // whole) if share else 0 for share in shares]
    rest = rows - sum(found)
    by_need = sorted(
        (number for number, share in enumerate(shares) if share), key=lambda one: -(rows * shares[one] % whole)
    )
    for number in by_need[: max(0, rest)]:
        found[number] += 1
    return found
