"""The time line of a request: its time in the queue, until the first token, and until the end of the answer."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.snapshot import RequestRecord
from ollama_panel.gui import format as fmt
from ollama_panel.gui.models.requests import where_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG
from ollama_panel.gui.widgets.card import Card, label

COLOURS = ("info", "warn", "ok")


def spans(record: RequestRecord, now: float) -> tuple[float | None, float | None, float | None]:
    """Return the seconds in the queue, from there to the first token, and from there to the end; None = not yet."""
    end = now if record.finished is None else record.finished
    waited = (record.dispatched or end) - record.arrived
    if record.dispatched is None:
        return waited, None, None
    before = (record.first_byte or end) - record.dispatched
    return waited, before, None if record.first_byte is None else end - record.first_byte


class _Bar(QWidget):
    """A bar of the spans, side by side."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._spans: tuple[float | None, ...] = ()
        self.setFixedHeight(12)

    def show_spans(self, spans_s: tuple[float | None, ...]) -> None:
        self._spans = spans_s
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setClipPath(clip)
        painter.fillRect(self.rect(), QColor(self._theme.tokens.track))
        whole = sum(span or 0 for span in self._spans)
        x = 0.0
        for span, colour in zip(self._spans, COLOURS, strict=False):
            width = (span or 0) / whole * self.width() if whole else 0
            painter.fillRect(QRectF(x, 0, width, 12), QColor(getattr(self._theme.tokens, colour)))
            x += width
        painter.end()


class TimeLine(Card):
    """The time line of the selected request, hidden while none is selected."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._theme = theme
        self._name = label("", "section")
        self._why = label("", "muted", wrap=True)
        self._bar = _Bar(theme)
        self._captions = [label("", "caption") for _ in COLOURS]
        for caption in self._captions:
            caption.setTextFormat(Qt.TextFormat.RichText)
        top, legend = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._name)
        top.addSpacing(LG)
        top.addWidget(self._why, 1)
        legend.setSpacing(LG)
        for caption in self._captions:
            legend.addWidget(caption)
        legend.addStretch()
        self.body.addLayout(top)
        self.body.addWidget(self._bar)
        self.body.addLayout(legend)
        self.hide()

    def show_record(self, record: RequestRecord | None, now: float) -> None:
        """Show a request at the time `now`."""
        self.setVisible(record is not None)
        if record is None:
            return
        parts = spans(record, now)
        names = (self.tr("waited"), self.tr("to the first token"), self.tr("answered"))
        texts = [f"{name} {fmt.duration(part)}" for name, part in zip(names, parts, strict=True)]
        self._name.setText(f"{record.id} · {record.model}")
        self._why.setText(where_text(record))
        self._bar.show_spans(parts)
        for caption, text, colour in zip(self._captions, texts, COLOURS, strict=True):
            caption.setText(f'<span style="color:{getattr(self._theme.tokens, colour)}">●</span> {text}')
        self._bar.setAccessibleName(self.tr("Time line"))
        self._bar.setAccessibleDescription(", ".join(texts))
