"""Labels of one line or some that end in an ellipsis where the text is too long; their tooltip has the whole text."""

from itertools import pairwise

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override


class ElidedLabel(QLabel):
    """Takes the width that there is, and never asks for more. `elided` is where it is cut."""

    elided = Qt.TextElideMode.ElideRight

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        """`role` is the one in the style sheet."""
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if role:
            self.setProperty("role", role)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Show a text, on one line."""
        if text != self.text():
            self.setText(text)
            self._tell_the_rest()

    def is_cut(self) -> bool:
        """Return whether the text is longer than the label."""
        return self.fontMetrics().horizontalAdvance(self._line()) > self.contentsRect().width()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_the_rest()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        place = self.contentsRect()
        line = self.fontMetrics().elidedText(self._line(), self.elided, place.width())
        flags = int((self.alignment() | Qt.TextFlag.TextSingleLine).value)
        self.style().drawItemText(painter, place, flags, self.palette(), self.isEnabled(), line, self.foregroundRole())
        painter.end()

    def _line(self) -> str:
        return " ".join(self.text().split())

    def _tell_the_rest(self) -> None:
        self.setToolTip(self.text() if self.is_cut() else "")


class LinesLabel(ElidedLabel):
    """Goes on in more lines before it cuts; it always takes the height of all."""

    def __init__(self, lines: int, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        self._count = lines
        super().__init__(text, role, parent)

    @override
    def is_cut(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self._lines()[-1]) > self.contentsRect().width()

    @override
    def sizeHint(self) -> QSize:
        line = QLocale().nativeLanguageName()  # Chinese may come from a higher font
        return QSize(super().sizeHint().width(), self.fontMetrics().size(0, "\n".join([line] * self._count)).height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        place, lines = self.contentsRect(), self._lines()
        lines[-1] = self.fontMetrics().elidedText(lines[-1], Qt.TextElideMode.ElideRight, place.width())
        text = "\n".join(filter(None, lines))
        flags = int(self.alignment().value)
        self.style().drawItemText(painter, place, flags, self.palette(), self.isEnabled(), text, self.foregroundRole())
        painter.end()

    def _lines(self) -> list[str]:
        """Return the words that fit in each line but the last, and the rest."""
        text, ends = self._line(), [0]
        layout = QTextLayout(text, self.font())
        layout.beginLayout()
        for _ in range(self._count - 1):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(self.contentsRect().width())
            ends.append(line.textStart() + line.textLength())
        layout.endLayout()
        return [text[begin:end].rstrip() for begin, end in pairwise(ends)] + [text[ends[-1] :]]


class TwoLineLabel(LinesLabel):
    """Has two lines."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(2, text, role, parent)
