"""A text to copy, in the colours of its language, with a button in its corner."""

import re

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QColor, QResizeEvent, QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from typing_extensions import override

from ollama_panel.core.connect.records import Language
from ollama_panel.gui import resources
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import SM
from ollama_panel.gui.widgets.card import button

_STRING = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|https?://[^\s'\"\\]+"
_COMMENT = {Language.JAVASCRIPT: r"//(?!/).*$", Language.JSON: r"(?!)", Language.FIELDS: r"(?!)"}
_NAME = {
    Language.SHELL: r"\b[A-Z][A-Z0-9_]+(?==)",
    Language.POWERSHELL: r"\$env:\w+",
    Language.PYTHON: r"\b\w+(?=\s*=[^=])|\b(?:from|import|for|in|print|as|await|async|def|with)\b",
    Language.JAVASCRIPT: r"\b\w+(?=:\s)|\b(?:import|from|const|await|for|of|new)\b",
    Language.JSON: r"\"[^\"]*\"(?=\s*:)",
    Language.YAML: r"^[\s-]*[\w.-]+(?=:)",
    Language.TOML: r"^\s*\[.*\]|^\s*[\w.-]+(?=\s*=)",
    Language.FIELDS: r"^[^:]+(?=:)",
}


class _Colours(QSyntaxHighlighter):
    """Colours names and strings, and fades comments; a light hand, not a parser."""

    def __init__(self, view: QPlainTextEdit, theme: Theme) -> None:
        super().__init__(view.document())
        self._theme = theme
        self._pattern = re.compile("")
        theme.changed.connect(self.rehighlight)

    def set_language(self, language: Language) -> None:
        comment = _COMMENT.get(language, r"(?<!\S)#.*$")
        self._pattern = re.compile(
            f"(?P<comment>{comment})|(?P<name>{_NAME[language]})|(?P<string>{_STRING})", re.MULTILINE
        )

    @override
    def highlightBlock(self, text: str) -> None:
        colours = self._theme.tokens
        tones = {"comment": colours.muted, "name": colours.info, "string": colours.ok}
        for found in self._pattern.finditer(text):
            if found.lastgroup is not None:
                look = QTextCharFormat()
                look.setForeground(QColor(tones[found.lastgroup]))
                self.setFormat(found.start(), found.end() - found.start(), look)


class CodeView(QPlainTextEdit):
    """A text that can be read, selected and copied. `copy_wanted` is emitted by the button in the corner."""

    copy_wanted = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        """`name` is the accessible name."""
        super().__init__(parent)
        self.setObjectName("mono")
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._theme = theme
        self._colours = _Colours(self, theme)
        self.copy_button = button(self.tr("Copy"), self.tr("Copies the text above"), small=True)
        self.copy_button.setParent(self)
        self.copy_button.setProperty("raised", True)
        self.copy_button.setIconSize(QSize(14, 14))
        self.copy_button.clicked.connect(self.copy_wanted)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_text(self, text: str, language: Language) -> None:
        """Show a text; one that has not changed stays scrolled and selected as it is."""
        if text != self.toPlainText():
            self._colours.set_language(language)
            self.setPlainText(text)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        size, room = self.copy_button.sizeHint(), self.viewport().geometry()
        self.copy_button.resize(size)
        self.copy_button.move(room.right() - size.width() - SM + 4, room.bottom() - size.height() - SM + 4)

    def _restyle(self) -> None:
        self.copy_button.setIcon(resources.icon("copy", self._theme.tokens.text, size=14))
        self._place()
