"""A part of the preview of an import: what is taken, ignored or wrong, each with its file and line."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ollama_panel.core.sources.record import Place
from ollama_panel.gui import format as fmt
from ollama_panel.gui.tokens import SM
from ollama_panel.gui.widgets.card import Card, label, set_tone
from ollama_panel.gui.widgets.elided_label import ElidedLabel


class Line(NamedTuple):
    """A line of a part: the sentence, where it is from, and what is said of it besides, "" = nothing."""

    text: str
    places: tuple[Place, ...] = ()
    note: str = ""


class ImportPart(Card):
    """A card with a title and a count. It is hidden while it has no lines. `tone` is that of its sentences."""

    def __init__(self, title: str, about: str, tone: str = "") -> None:
        super().__init__(title)
        self._tone = tone
        self.count = label("", "muted")
        self.heading.addWidget(self.count)
        self.body.addWidget(label(about, "caption", wrap=True))
        self._list = QVBoxLayout()
        self._list.setSpacing(SM)
        self.body.addLayout(self._list)
        self.rows: list[_Row] = []
        self.show_lines(())

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines."""
        while len(self.rows) > len(lines):
            gone = self.rows.pop()
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(lines):
            row = _Row(self._tone)
            self.rows.append(row)
            self._list.addWidget(row)
        for row, line in zip(self.rows, lines, strict=True):
            row.show_line(line)
        self.count.setText(fmt.number(len(lines)))
        self.setVisible(bool(lines))


class _Row(QWidget):
    """The sentence, and below it where it is from."""

    def __init__(self, tone: str) -> None:
        super().__init__()
        self.told, self.place = label("", wrap=True), ElidedLabel("", "caption")
        self.note = label("", "caption", wrap=True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_tone(self.told, tone)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for one in (self.told, self.place, self.note):
            whole.addWidget(one)

    def show_line(self, line: Line) -> None:
        self.told.setText(line.text)
        self.place.show_text(_where(line.places))
        self.place.setVisible(bool(line.places))
        self.note.setText(line.note)
        self.note.setVisible(bool(line.note))


def _where(places: Sequence[Place]) -> str:
    """Return files with their lines, and the text of the line if there is but one."""
    named = dict.fromkeys(f"{one.path}:{one.line}" if one.line else one.path for one in places)
    text = places[0].text.strip().removeprefix("- ") if len(named) == 1 else ""  # without the mark of a list of YAML
    return " · ".join([", ".join(named), *([text] if text else [])])
