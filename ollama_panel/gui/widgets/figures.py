"""The row of key figures."""

import numpy as np
from PySide6.QtWidgets import QHBoxLayout

from ollama_panel.core.snapshot import Sample, Snapshot
from ollama_panel.gui import format as fmt
from ollama_panel.gui.charts.ring import Floats, SampleRing
from ollama_panel.gui.phases import memory_label
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG
from ollama_panel.gui.widgets.kpi import Kpi

_CURVE_S = 120.0
_STEP_S = 0.25
_MINUTE = int(60 / _STEP_S)
_FULL = 0.9


class Figures(QHBoxLayout):
    """The key figures: throughput, active requests, time to the first token, memory."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setSpacing(LG - 2)
        self._throughput = Kpi(
            theme, self.tr("Throughput"), "accent", self.tr("Tokens that all instances generate in a second, together")
        )
        self._active = Kpi(
            theme,
            self.tr("Active requests"),
            "ok",
            self.tr("Requests that instances work on now, of all slots there are"),
        )
        self._latency = Kpi(
            theme,
            self.tr("p95 first token"),
            "warn",
            self.tr("19 of 20 recent requests had their first token within this time, waiting included"),
        )
        self._memory = Kpi(
            theme, self.tr("Memory"), "info", self.tr("Memory that models can use, and how much of it is used")
        )
        self._movement = ("", "")
        self._cards = (self._throughput, self._active, self._latency, self._memory)
        for card in self._cards:
            self.addWidget(card, 1)

    def show_sample(self, snapshot: Snapshot) -> None:
        """Show the newest values, which are unknown before the first sample."""
        sample = snapshot.sample
        if sample is None:
            for card in self._cards:
                card.show_value(fmt.UNKNOWN, "")
            return
        self._throughput.show_value(fmt.rate(sample.tokens_per_s), self.tr("tokens/s"), *self._movement)
        self._show_active(sample)
        self._show_memory(sample)
        value, unit = fmt.seconds(sample.first_token_p95_s)
        self._latency.show_value(value, unit)

    def show_ring(self, ring: SampleRing, _span_s: float) -> None:
        """Draw the last two minutes, whatever the range of the charts, and compute the change of the throughput."""
        speed = ring.even("tokens_per_s", _CURVE_S, _STEP_S)
        self._throughput.show_curve(speed)
        self._active.show_curve(ring.even("in_flight", _CURVE_S, _STEP_S))
        self._latency.show_curve(ring.even("first_token_p95_s", _CURVE_S, _STEP_S))
        self._memory.show_curve(ring.even("memory_used", _CURVE_S, _STEP_S))
        self._movement = movement(speed)

    def _show_active(self, sample: Sample) -> None:
        note = self.tr("%n waiting", "", sample.queued) if sample.queued else self.tr("no queue")
        tone = "warn" if sample.queued else "ok"
        busy, slots = fmt.busy(sample.in_flight, sample.slots)
        self._active.show_value(busy, f"/ {slots}", note, tone)

    def _show_memory(self, sample: Sample) -> None:
        self._memory.set_title(sample.memory_name or memory_label(sample.memory_kind))
        used, total = sample.memory_used, sample.memory_total
        tone = "warn" if used is not None and total and used > _FULL * total else "muted"
        unit = f"/ {fmt.gibibytes(total)} GiB"
        note = fmt.percent(used, total)
        if sample.gpu_percent is not None:
            note = self.tr("{used}, GPU {busy} busy").format(used=note, busy=fmt.percent(sample.gpu_percent, 100))
        self._memory.show_value(fmt.gibibytes(used), unit, note, tone)


def movement(values: Floats) -> tuple[str, str]:
    """Return the change from the minute before to the last minute, and its tone; "" with too few values."""
    if len(values) < _MINUTE + _MINUTE // 2:
        return "", ""
    now, before = float(np.nanmean(values[-_MINUTE:])), float(np.nanmean(values[:-_MINUTE]))
    if not before or abs(change := 100 * (now - before) / before) < 1:
        return "", ""
    return ("▲ " if change > 0 else "▼ ") + f"{fmt.number(abs(change))} %", "ok" if change > 0 else "muted"
