"""The curves of a live chart and their axes, drawn by pyqtgraph.

The axes are cached, the ranges are fixed, the lines are one pixel wide, and long series are reduced to their extremes:
together a quarter of the cost of pyqtgraph's defaults (six charts, 2,400 points). Curves do not compute their bounds.
"""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGraphicsItem
from typing_extensions import override

from ollama_panel.gui import format as fmt
from ollama_panel.gui import tokens
from ollama_panel.gui.charts.live import Series
from ollama_panel.gui.charts.ring import SampleRing, hold, thin
from ollama_panel.gui.tokens import Tokens

_BUCKETS = 360
_GAP_S = 1.5
"""Samples that are farther apart come from a time in which nobody watched and nothing ran."""
_BELOW, _ABOVE = -0.03, 1.13
"""The ends of the value axis as shares of its top tick: room for a line's width and for the tick's label."""
_TICKS = {60.0: 15.0, 600.0: 120.0, 3600.0: 600.0}


class _PlainAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph ships no types
    """An axis with numbers in the user's locale; `times` have their unit."""

    def __init__(self, orientation: str, times: bool = False) -> None:
        super().__init__(orientation)
        self._times = times

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the labels of the ticks."""
        if self._times:
            return [f"-{fmt.duration(-value)}" if value else "" for value in values]
        decimals = 0 if spacing >= 1 else 1 if spacing >= 0.1 else 2
        return [fmt.number(value, decimals) if value >= 0 else "" for value in values]


class _Curve(pg.PlotCurveItem):  # type: ignore[misc]  # pyqtgraph ships no types
    """A curve whose bounds are the range of the plot, instead of being computed from the data at every change."""

    def __init__(self) -> None:
        super().__init__(antialias=True, connect="finite")
        self._extent = QRectF()

    def set_extent(self, extent: QRectF) -> None:
        """Set the range of the plot."""
        self.prepareGeometryChange()
        self._extent = extent

    def boundingRect(self) -> QRectF:
        """Return the range of the plot."""
        return self._extent


class Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph ships no types
    """The curves of some series of the sample ring over the last minutes."""

    def __init__(self, series: Sequence[Series], floor: float, time_axis: bool) -> None:
        self._axes = {"left": _PlainAxis("left"), "bottom": _PlainAxis("bottom", times=True)}
        super().__init__(axisItems=self._axes, viewBox=pg.ViewBox(enableMenu=False))
        self._series = tuple(series)
        self._floor = floor
        self._top = 0.0
        self._span = 0.0
        self._curves = [_Curve() for _ in series]
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._set_up_item(time_axis)

    @override
    def sizeHint(self) -> QSize:
        """Return the preferred size; pyqtgraph's own is 640 x 480."""
        return QSize(200, 50)

    def show_ring(self, ring: SampleRing, span_s: float) -> None:
        """Draw the last `span_s` seconds of the ring."""
        self._set_span(span_s)
        width = span_s / _BUCKETS
        length = ring.since(span_s + width)  # the first bucket, which is cut, is beyond the edge
        at = ring.tail("at", length)
        newest = ring.last.at if ring.last else 0.0
        highest = self._floor
        for curve, one in zip(self._curves, self._series, strict=True):
            times, values = at, ring.tail(one.field, length) * one.scale
            if length > _BUCKETS:
                times, values = thin(times, values, width)
            times, values = hold(times, values, max(_GAP_S, 1.5 * width))
            curve.setData(times - newest, values)
            if len(values) and not np.isnan(values).all():
                highest = max(highest, float(np.nanmax(values)))
        self._set_top(highest)

    def restyle(self, colours: Tokens, font: QFont) -> None:
        """Take the colours of a theme, and a font."""
        self.setBackground(colours.surface)
        for axis in self._axes.values():
            axis.setPen(pg.mkPen(colours.border))
            axis.setTextPen(pg.mkPen(colours.muted))
            axis.setTickFont(_small(font))
        for curve, one in zip(self._curves, self._series, strict=True):
            style = Qt.PenStyle.DashLine if one.dashed else Qt.PenStyle.SolidLine
            curve.setPen(pg.mkPen(getattr(colours, one.colour), width=1, style=style))

    def _set_up_item(self, time_axis: bool) -> None:
        item = self.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        item.setContentsMargins(0, 2, 4, 0)
        self.setMouseEnabled(x=False, y=False)
        self.disableAutoRange()
        item.showGrid(x=False, y=True, alpha=0.6)
        for axis in self._axes.values():
            axis.setStyle(tickLength=0, tickTextOffset=5)
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._axes["left"].setWidth(36)
        self._axes["bottom"].setHeight(18 if time_axis else 3)
        self._axes["bottom"].setStyle(showValues=time_axis)
        for curve in self._curves:
            self.addItem(curve)

    def _set_span(self, span_s: float) -> None:
        if span_s == self._span:
            return
        self._span = span_s
        self._update_extent()
        step = _TICKS.get(span_s, span_s / 4)
        self._axes["bottom"].setTickSpacing(step, step)
        self.setXRange(-span_s, 0, padding=0)

    def _set_top(self, highest: float) -> None:
        top = nice_top(highest)
        if top > self._top or top < 0.6 * self._top:
            self._top = top
            self._update_extent()
            self._axes["left"].setTickSpacing(top / 2, top / 2)
            self.setYRange(_BELOW * top, _ABOVE * top, padding=0)

    def _update_extent(self) -> None:
        extent = QRectF(-self._span, _BELOW * self._top, self._span, (_ABOVE - _BELOW) * self._top)
        for curve in self._curves:
            curve.set_extent(extent)


def nice_top(highest: float) -> float:
    """Return the upper end of an axis: a round number not below `highest`, whose half is round, too."""
    if highest <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(highest))
    return float(next(step * power for step in (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10) if step * power >= highest))


def _small(font: QFont) -> QFont:
    made = QFont(font)
    made.setPixelSize(tokens.CAPTION - 1)
    return made
