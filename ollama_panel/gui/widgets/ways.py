"""What can be done about a notice: numbered ways, and below each its steps, with a button that copies a command."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ollama_panel.gui import resources
from ollama_panel.gui.notices import WayLine
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, SM, XS
from ollama_panel.gui.widgets.card import flat_button, label

_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class Ways(QWidget):
    """The lines, which can be selected, and the `buttons` that copy."""

    def __init__(self, theme: Theme, copy: Callable[[str], None], parent: QWidget | None = None) -> None:
        """`copy` copies a command."""
        super().__init__(parent)
        self._theme, self._copy = theme, copy
        self._lines: tuple[WayLine, ...] = ()
        self.buttons: list[QToolButton] = []
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(XS)
        theme.changed.connect(self._restyle)

    def show_lines(self, lines: Sequence[WayLine]) -> None:
        """Show these lines in place of those before."""
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        self.buttons.clear()
        while (row := self._rows.takeAt(0)) is not None:
            if (widget := row.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for line in lines:
            self._rows.addWidget(self._row(line))
        self._restyle()

    def _row(self, line: WayLine) -> QWidget:
        if not line.is_step:
            return _selectable(line.text)
        row = QWidget()
        parts = QVBoxLayout(row)
        parts.setContentsMargins(LG, 0, 0, 0)
        parts.setSpacing(0)
        if line.command:
            parts.addLayout(self._command(line.command))
        if line.text:
            parts.addWidget(_selectable(line.text))
        return row

    def _command(self, command: str) -> QHBoxLayout:
        shown = _selectable(command)
        shown.setObjectName("mono")
        name, tip = self.tr("Copy {command}").format(command=command), self.tr("Copies the command to the clipboard")
        copy = flat_button(name, tip)
        copy.clicked.connect(lambda: self._copy(command))
        self.buttons.append(copy)
        parts = QHBoxLayout()
        parts.setSpacing(SM)
        parts.addWidget(copy, 0, Qt.AlignmentFlag.AlignTop)
        parts.addWidget(shown, 1)
        return parts

    def _restyle(self) -> None:
        for button in self.buttons:
            button.setIcon(resources.icon("copy", self._theme.tokens.muted, size=16))


def _selectable(text: str) -> QLabel:
    made = label(text, wrap=True)
    made.setTextInteractionFlags(_SELECTABLE)
    return made
