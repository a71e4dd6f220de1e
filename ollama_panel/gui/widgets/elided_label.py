"""Labels of one line or two that end in an ellipsis where the text is too long; their tooltip has the whole text."""

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override


class ElidedLabel(QLabel):
    """Takes the width that there is, and never asks for more."""

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
        line = self.fontMetrics().elidedText(self._line(), Qt.TextElideMode.ElideRight, place.width())
        flags = int((self.alignment() | Qt.TextFlag.TextSingleLine).value)
        self.style().drawItemText(painter, place, flags, self.palette(), self.isEnabled(), line, self.foregroundRole())
        painter.end()

    def _line(self) -> str:
        return " ".join(self.text().split())

    def _tell_the_rest(self) -> None:
        self.setToolTip(self.text() if self.is_cut() else "")


class TwoLineLabel(ElidedLabel):
    """Goes on in a second line before it cuts; it always takes the height of both."""

    @override
    def is_cut(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self._lines()[1]) > self.contentsRect().width()

    @override
    def sizeHint(self) -> QSize:
        line = QLocale().nativeLanguageName()  # Chinese may come from a higher font
        return QSize(super().sizeHint().width(), self.fontMetrics().size(0, f"{line}\n{line}").height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        place, (first, rest) = self.contentsRect(), self._lines()
        second = self.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, place.width())
        text = "\n".join(filter(None, (first, second)))
        flags = int(self.alignment().value)
        self.style().drawItemText(painter, place, flags, self.palette(), self.isEnabled(), text, self.foregroundRole())
        painter.end()

    def _lines(self) -> tuple[str, str]:
        """Return the words that fit in the first line, and the rest."""
        text = self._line()
        layout = QTextLayout(text, self.font())
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(self.contentsRect().width())
        layout.endLayout()
        end = line.textLength() if line.isValid() else 0
        return text[:end].rstrip(), text[end:]
