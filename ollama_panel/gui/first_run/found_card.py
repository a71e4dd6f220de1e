"""What was found on this machine: a row each, with an icon, two lines and how useful it is."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ollama_panel.core.first_run.found import Kind, Part, State
from ollama_panel.core.notices import Notice
from ollama_panel.gui import resources
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import SM, XS
from ollama_panel.gui.widgets.card import Card, rule
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.state_pill import StatePill

_ICONS = {
    Kind.SERVER: "server",
    Kind.STORE: "layers",
    Kind.CARD: "chip",
    Kind.MEMORY: "disk",
    Kind.ADDRESS: "plug",
}
_TONES = {State.GOOD: "ok", State.LOOK: "warn", State.BAD: "danger", State.OPEN: "muted"}
_ROW = 56


class FoundRow(QWidget):
    """One thing that was found."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.part: Part | None = None
        self._icon = QLabel()
        self._icon.setFixedWidth(20)
        self.title, self.detail = ElidedLabel(), ElidedLabel("", "caption")
        self.pill = StatePill(theme)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addStretch()
        lines.addWidget(self.title)
        lines.addWidget(self.detail)
        lines.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SM + XS)
        row.addWidget(self._icon)
        row.addLayout(lines, 1)
        row.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setFixedHeight(_ROW - 1)
        theme.changed.connect(self._restyle)

    def show_part(self, part: Part) -> None:
        """Show one thing."""
        if part == self.part:
            return
        self.part = part
        self.title.show_text(_words(part.title))
        self.detail.show_text(_words(part.detail))
        self.pill.show_state(notice_text(part.verdict), _TONES[part.state])
        self._restyle()

    def _restyle(self) -> None:
        if self.part is not None:
            colour = self._theme.tokens.muted
            self._icon.setPixmap(resources.icon(_ICONS[self.part.kind], colour).pixmap(18, 18))


class FoundCard(Card):
    """All that was found; rows are kept while they show the same thing."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Found"), parent)
        self._theme = theme
        self.rows: list[FoundRow] = []
        self._places: list[QWidget] = []
        self.body.setSpacing(0)
        self.body.addSpacing(SM)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these things, in this order."""
        while len(self.rows) > len(parts):
            self.rows.pop().deleteLater()
            self._places.pop().deleteLater()
        while len(self.rows) < len(parts):
            self._places.append(rule())
            self.rows.append(FoundRow(self._theme))
            self.body.addWidget(self._places[-1])
            self.body.addWidget(self.rows[-1])
        for row, part in zip(self.rows, parts, strict=True):
            row.show_part(part)


def _words(said: Notice | str) -> str:
    return notice_text(said) if isinstance(said, Notice) else said
