"""A live chart: a title with the newest values, and the curves of the last minutes.

The curves are added later: pyqtgraph and numpy take longer to import than the window to open.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.gui.theme import Theme

if TYPE_CHECKING:
    from ollama_panel.gui.charts.plot import Plot
    from ollama_panel.gui.charts.ring import SampleRing


@dataclass(frozen=True, slots=True)
class Series:
    """One curve: a field of the sample ring, its label, its colour token, and the formatter of its value."""

    field: str
    label: str
    colour: str
    write: Callable[[float | None], str]
    dashed: bool = False
    scale: float = 1.0


class LiveChart(QWidget):
    """A title with the newest values, and the curves below. Not in the tab order: its description has the values."""

    def __init__(
        self, theme: Theme, title: str, series: Sequence[Series], floor: float, time_axis: bool = True
    ) -> None:
        super().__init__()
        self._time_axis = time_axis
        self._theme = theme
        self._title = title
        self._series = tuple(series)
        self._floor = floor
        self._labels = [QLabel() for _ in series]
        self._plot: Plot | None = None
        self._place = QWidget()
        self._lay_out()
        self._show_values([None] * len(self._series))
        theme.changed.connect(self._restyle)

    def add_plot(self) -> None:
        """Add the curves, in the place that is kept for them."""
        from ollama_panel.gui.charts.plot import Plot

        self._plot = plot = Plot(self._series, self._floor, self._time_axis)
        for widget in (plot, plot.viewport()):
            widget.setAccessibleName(self._title)
        self._restyle()
        self._body.replaceWidget(self._place, plot)
        self._place.deleteLater()

    def show_ring(self, ring: "SampleRing", span_s: float) -> None:
        """Draw the last `span_s` seconds of the ring and show its newest values."""
        if self._plot is not None:
            self._plot.show_ring(ring, span_s)
        self.show_newest(ring)

    def show_newest(self, ring: "SampleRing") -> None:
        """Show the newest values in the title and in the accessible description."""
        tails = [ring.tail(one.field, 1) for one in self._series]
        self._show_values([float(tail[0]) if len(tail) else None for tail in tails])

    def _show_values(self, values: Sequence[float | None]) -> None:
        texts = []
        for label, one, newest in zip(self._labels, self._series, values, strict=True):
            value = one.write(newest)
            colour = getattr(self._theme.tokens, one.colour)
            mark = "┅" if one.dashed else "━"
            label.setText(f'<span style="color:{colour}">{mark}</span> {one.label} <b>{value}</b>')
            texts.append(f"{one.label} {value}")
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(", ".join(texts))

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.setSpacing(10)
        title = QLabel(self._title)
        title.setProperty("role", "section")
        heading.addWidget(title)
        heading.addStretch()
        for label in self._labels:
            label.setProperty("role", "caption")
            label.setTextFormat(Qt.TextFormat.RichText)
            heading.addWidget(label)
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(2)
        self._body.addLayout(heading)
        self._body.addWidget(self._place, 1)

    def _restyle(self) -> None:
        if self._plot is not None:
            self._plot.restyle(self._theme.tokens, self.font())

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._restyle()
        super().changeEvent(event)
