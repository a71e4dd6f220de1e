"""Commands to type, which can be selected; a long one goes on in the next line."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QResizeEvent, QSyntaxHighlighter, QTextCharFormat, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget
from typing_extensions import override

from ollama_panel.gui.theme import Theme

_PAD = 22
"""Pixels: the frame, the padding and the margins of the document, above and below."""


class _Colours(QSyntaxHighlighter):
    """Colours the program of each line, and fades comments."""

    def __init__(self, view: QPlainTextEdit, theme: Theme) -> None:
        super().__init__(view.document())
        self._theme = theme
        theme.changed.connect(self.rehighlight)

    @override
    def highlightBlock(self, text: str) -> None:
        begin = len(text) - len(text.lstrip())
        comment = text[begin : begin + 1] == "#"
        look = QTextCharFormat()
        look.setForeground(QColor(self._theme.tokens.muted if comment else self._theme.tokens.info))
        first, _, _ = text[begin:].partition(" ")
        self.setFormat(begin, len(text) - begin if comment else len(first), look)


class CommandBox(QPlainTextEdit):
    """Takes the height of its text. Tab passes it by: a button beside it copies."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("command")
        self.setReadOnly(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._colours = _Colours(self, theme)

    def show_command(self, text: str, name: str) -> None:
        """Show commands, one in each line; `name` is the accessible name."""
        self.setAccessibleName(name)
        if text != self.toPlainText():
            self.setPlainText(text)
            self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        lines = round(self.document().documentLayout().documentSize().height())
        height = lines * self.fontMetrics().lineSpacing() + _PAD
        if height != self.height():
            self.setFixedHeight(height)
