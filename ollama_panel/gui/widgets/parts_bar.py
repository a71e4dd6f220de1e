"""The spans of a request that has ended as one bar, with a legend below it: what each was, and how long it took."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ollama_panel.core.request_spans import Part, Span
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import SM
from ollama_panel.gui.widgets.card import label
from ollama_panel.gui.widgets.span_bar import COLOURS, SpanBar

_BAR = 12
_COLUMNS = 2
_MOST = len(Part) - 1
"""The entries of the legend for which there is room: a request has `Part.INSTANCE`, or prompt and answer."""


class PartsBar(QWidget):
    """Keeps its place while there are no spans."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        """`name` is the accessible name."""
        super().__init__(parent)
        self._theme = theme
        self._bar = SpanBar(theme)
        self._bar.setFixedHeight(_BAR)
        self._bar.setAccessibleName(name)
        self._spans: tuple[Span, ...] = ()
        self._texts: tuple[str, ...] = ()
        self.captions = [label("", "caption") for _ in range(_MOST)]
        legend = QGridLayout()
        legend.setContentsMargins(0, 0, 0, 0)
        legend.setHorizontalSpacing(SM)
        legend.setVerticalSpacing(3)
        for place, caption in enumerate(self.captions):
            caption.setTextFormat(Qt.TextFormat.RichText)
            caption.setMinimumHeight(16)
            legend.addWidget(caption, place // _COLUMNS, place % _COLUMNS)
        for column in range(_COLUMNS):
            legend.setColumnStretch(column, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SM)
        rows.addWidget(self._bar)
        rows.addLayout(legend)
        theme.changed.connect(self._show)

    def show_spans(self, spans: Sequence[Span], texts: Sequence[str]) -> None:
        """Show spans, in the order of time, with a text for each."""
        if (tuple(spans), tuple(texts)) != (self._spans, self._texts):
            self._spans, self._texts = tuple(spans), tuple(texts)
            self._show()

    def _show(self) -> None:
        self._bar.show_spans(self._spans, ("", "", ""))
        self._bar.setAccessibleDescription(", ".join(self._texts))
        for place, caption in enumerate(self.captions):
            if place < len(self._spans):
                colour = getattr(self._theme.tokens, COLOURS[self._spans[place].part])
                caption.setText(f'<span style="color:{colour}">●</span> {self._texts[place]}')
            else:
                caption.setText("")
