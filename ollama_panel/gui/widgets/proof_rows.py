"""What proves that the values of an export are in force, with the line that is quoted."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ollama_panel.core.applying.record import Proof, ProofState
from ollama_panel.core.applying.told import of_proof
from ollama_panel.gui import resources
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import SM
from ollama_panel.gui.widgets.card import label

_ICON = 16
_MARKS = {
    ProofState.HOLDS: ("check", "ok"),
    ProofState.DIFFERS: ("warning", "danger"),
    ProofState.UNKNOWN: ("info", "muted"),
}


class ProofRows(QWidget):
    """A row for each value: a mark, a sentence, and the line of the log, the unit or the process that says so."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._proofs: tuple[Proof, ...] = ()
        self._marks: list[QLabel] = []
        self.rows: list[QWidget] = []
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(SM)
        theme.changed.connect(self._restyle)

    def show_proofs(self, proofs: Sequence[Proof]) -> None:
        """Show these in place of those before."""
        if tuple(proofs) == self._proofs:
            return
        self._proofs = tuple(proofs)
        for gone in self.rows:
            self._lines.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self.rows, self._marks = [], []
        for proof in proofs:
            self._add(proof)
        self._restyle()

    def _add(self, proof: Proof) -> None:
        mark, told, line = (
            label(),
            label(notice_text(of_proof(proof).showing()), wrap=True),
            label(proof.line, wrap=True),
        )
        line.setObjectName("mono")
        line.setVisible(bool(proof.line))
        mark.setFixedWidth(_ICON)
        mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        for one in (told, line):
            one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(told)
        texts.addWidget(line)
        row = QWidget()
        row.setAccessibleName(told.text())
        both = QHBoxLayout(row)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(SM)
        both.addWidget(mark)
        both.addLayout(texts, 1)
        self._marks.append(mark)
        self.rows.append(row)
        self._lines.addWidget(row)

    def _restyle(self) -> None:
        for mark, proof in zip(self._marks, self._proofs, strict=True):
            name, tone = _MARKS[proof.state]
            mark.setPixmap(resources.pixmap(name, getattr(self._theme.tokens, tone), _ICON, self.devicePixelRatioF()))
