"""The three live charts of the overview, over one time axis."""

from PySide6.QtWidgets import QWidget

from ollama_panel.gui import format as fmt
from ollama_panel.gui.charts.live import LiveChart, Series
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.card import Card

_GIB = 1 / 1024**3


class Trends(Card):
    """The charts of queue and slots, of tokens per second, and of memory."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.body.setSpacing(8)
        self.charts = (
            LiveChart(
                theme,
                self.tr("Requests"),
                (
                    Series("queued", self.tr("waiting"), "warn", fmt.number),
                    Series("in_flight", self.tr("in flight"), "accent", fmt.number),
                    Series("slots", self.tr("slots"), "muted", fmt.number, dashed=True),
                ),
                floor=4,
                time_axis=False,
            ),
            LiveChart(
                theme,
                self.tr("Throughput"),
                (Series("tokens_per_s", self.tr("tokens/s"), "ok", fmt.rate),),
                floor=10,
                time_axis=False,
            ),
            LiveChart(
                theme,
                self.tr("Memory, GiB"),
                (
                    Series("memory_used", self.tr("used"), "info", fmt.gibibytes, scale=_GIB),
                    Series("memory_total", self.tr("all"), "muted", fmt.gibibytes, dashed=True, scale=_GIB),
                ),
                floor=1,
            ),
        )
        for chart, share in zip(self.charts, (10, 10, 12), strict=True):
            chart.setMinimumHeight(76)
            self.body.addWidget(chart, share)

    def add_plots(self) -> None:
        """Add the curves, in the place that is kept for them."""
        for chart in self.charts:
            chart.add_plot()
