"""What a tuning has found, in a sentence, with its gains and its price; or how it has ended without."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.notices import Notice
from ollama_panel.core.tuning.record import TuningRecord, TuningState
from ollama_panel.core.tuning.verdict import VerdictKind
from ollama_panel.gui import resources
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, SM, tint
from ollama_panel.gui.widgets.card import Card, set_tone
from ollama_panel.gui.widgets.elided_label import ElidedLabel, LinesLabel
from ollama_panel.gui.widgets.tuning_progress import LINES, STRIP

_SIGN, _ICON = 36, 20
"""Pixels."""
_SIGNS = {
    VerdictKind.BETTER: ("check", "ok"),
    VerdictKind.SAME: ("check", "info"),
    VerdictKind.UNCERTAIN: ("warning", "warn"),
    VerdictKind.OUT_OF_BOUNDS: ("warning", "warn"),
}


class TuningVerdict(Card):
    """The strip in the place of the progress, and as high."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setFixedHeight(STRIP)
        self.body.setContentsMargins(LG, SM, LG, SM)
        self.sign = _Sign(theme)
        self.headline = ElidedLabel("", "headline")
        self.lines = LinesLabel(LINES, "", "muted")
        self.lines.setAlignment(Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.headline)
        words.addWidget(self.lines)
        words.addStretch()
        row = QHBoxLayout()
        row.setSpacing(LG)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.body.addLayout(row)

    def show_record(self, record: TuningRecord, invalid: Notice | None = None) -> None:
        """Show how a tuning has ended; `invalid` says why its measurements do not hold any more."""
        verdict = record.verdict
        if verdict is not None:
            icon, tone = _SIGNS[verdict.kind]
            headline, lines = notice_text(verdict.headline), [notice_text(line) for line in verdict.lines]
        elif record.state is TuningState.FAILED:
            icon, tone = "warning", "danger"
            headline = notice_text(record.reason).rstrip(".\N{IDEOGRAPHIC FULL STOP}") or self.tr(
                "The tuning has failed"
            )
            problems = [notice_text(one.problem) for one in record.outcomes if one.problem is not None]
            lines = [self._restored(), *problems[-1:]]
        else:
            icon, tone = "close", "muted"
            headline = self.tr("Cancelled after %n trial(s)", "", len(record.outcomes))
            lines = [self._restored()]
            if record.reason is not None:
                lines = [notice_text(record.reason), self.tr("What was measured until then is below.")]
        if invalid is not None:
            icon, tone = "warning", "warn"
            lines.insert(0, notice_text(invalid))
        self._show(icon, tone, headline, lines)

    def show_two(self, headline: str, line: str) -> None:
        """Show what two tunings have found side by side."""
        self._show("layers", "info", headline, [line])

    def _restored(self) -> str:
        return self.tr("Your settings are in force as before; what was measured until then is below.")

    def _show(self, icon: str, tone: str, headline: str, lines: list[str]) -> None:
        self.sign.show_sign(icon, tone)
        self.headline.show_text(headline)
        set_tone(self.headline, "danger" if tone == "danger" else "")
        self.lines.show_text(" ".join(filter(None, lines)))


class _Sign(QWidget):
    """An icon on a round ground in its colour."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon, self._tone = "", "muted"
        self.setFixedSize(QSize(_SIGN, _SIGN))
        theme.changed.connect(self.update)

    def show_sign(self, icon: str, tone: str) -> None:
        if (icon, tone) != (self._icon, self._tone):
            self._icon, self._tone = icon, tone
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._icon:
            return
        colours = self._theme.tokens
        colour = getattr(colours, self._tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tint(colour, colours.surface)))
        painter.drawEllipse(QRectF(self.rect()))
        place = (_SIGN - _ICON) // 2
        painter.drawPixmap(place, place, resources.pixmap(self._icon, colour, _ICON, self.devicePixelRatioF()))
        painter.end()
